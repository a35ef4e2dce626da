using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Producers;

/// <summary>A certificate as its producer handed it in. It counts from an officer's check to the day it ends.</summary>
public sealed record Certificate(
    Guid Id, string KindCode, string KindName, string KindNameEn, string Number, string Issuer, string Scope, int? Stars, DateOnly IssuedOn,
    DateOnly ValidUntil, Guid? FileId, string Status, string Reason, DateTimeOffset? DecidedAt);

public sealed record CertificateDraft(string KindCode, string Number, string Issuer, string Scope, int? Stars, DateOnly IssuedOn, DateOnly ValidUntil, Guid? FileId)
{
    /// <summary>Where the issuer shows that it is in force.</summary>
    public string? LookupUrl { get; init; }
}

/// <summary>How near the end of a certificate is: said to its producer and shown to officers from the same days on.</summary>
public static class CertificateEnd
{
    /// <summary>So many days before the last one a warning begins.</summary>
    public static readonly int[] Warnings = [90, 60, 30];

    /// <param name="daysLeft">0 on the last day that it counts.</param>
    public static string Badge(int daysLeft) => daysLeft switch { <= 30 => "bad", <= 60 => "warn", _ => "info" };
}

/// <summary>Announced when a certificate was checked or lost its force: pages and feeds that show it change.</summary>
public sealed record CertificateDecided(long ProducerId, Guid CertificateId);

public sealed class Certificates(Audit audit, Queue queue, TimeProvider clock)
{
    public const string Columns = "c.id, c.kind_code, k.name as kind_name, k.name_en as kind_name_en, c.number, c.issuer, c.scope, c.stars, c.issued_on, c.valid_until, c.file_id, c.status, c.reason, c.decided_at";

    public Task<List<Certificate>> OfProducerAsync(Sql sql, long producerId, CancellationToken ct = default) =>
        sql.QueryAsync<Certificate>($"select {Columns} from producers.certificate c join producers.certificate_kind k on k.code = c.kind_code where c.producer_id = @producerId order by c.valid_until desc, c.id", new { producerId }, ct);

    /// <summary>The new certificate's id. Null when the producer already handed in this number.</summary>
    public async Task<Guid?> SubmitAsync(Tx tx, long producerId, CertificateDraft draft, Actor actor)
    {
        const string insert = """
            insert into producers.certificate (id, producer_id, kind_code, number, issuer, scope, stars, issued_on, valid_until, file_id, lookup_url, status, submitted_at)
            values (@id, @producerId, @KindCode, @Number, @Issuer, @Scope, @Stars, @IssuedOn, @ValidUntil, @FileId, @LookupUrl, 'submitted', @now)
            on conflict do nothing
            """;
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var added = await tx.ExecuteAsync(insert, new { id, producerId, draft.KindCode, draft.Number, draft.Issuer, draft.Scope, draft.Stars, draft.IssuedOn, draft.ValidUntil, draft.FileId, draft.LookupUrl, now = clock.GetUtcNow() });
        if (added == 0)
            return null;
        await audit.WriteAsync(tx, actor, "certificate.submit", $"certificate:{id}");
        return id;
    }

    /// <summary>An officer compared it with its paper: "verified", or "rejected" with a reason. False when it is no longer waiting.</summary>
    public Task<bool> DecideAsync(Tx tx, Guid id, bool verified, string reason, Actor officer) =>
        ChangeAsync(tx, id, "submitted", verified ? "verified" : "rejected", reason, officer);

    /// <summary>Takes the force from a checked certificate.</summary>
    public Task<bool> RevokeAsync(Tx tx, Guid id, string reason, Actor officer) => ChangeAsync(tx, id, "verified", "revoked", reason, officer);

    private async Task<bool> ChangeAsync(Tx tx, Guid id, string from, string to, string reason, Actor officer)
    {
        const string update = """
            update producers.certificate set status = @to, reason = @reason, decided_at = @now, decided_by = @PersonId
            where id = @id and status = @from returning producer_id
            """;
        var producerId = await tx.FirstOrDefaultAsync<long?>(update, new { id, from, to, reason, officer.PersonId, now = clock.GetUtcNow() });
        if (producerId is null)
            return false;
        await audit.WriteAsync(tx, officer, "certificate." + to, $"certificate:{id}", reason);
        await queue.AnnounceAsync(tx, new CertificateDecided(producerId.Value, id));
        return true;
    }
}
