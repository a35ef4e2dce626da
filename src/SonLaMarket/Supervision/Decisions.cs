using System.Text.Json;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Supervision;

/// <summary>What an officer decides. The change is a verb of the subject's own room; the decision with its checklist is kept here, in the same transaction.</summary>
public sealed class Decisions(ProducerRegister producers, Listings listings, Certificates certificates, TimeProvider clock)
{
    public const string Approve = "approve";
    public const string Return = "return";
    public const string Suspend = "suspend";

    /// <summary>False when the version is no longer the one waiting: nothing was changed.</summary>
    /// <param name="parts">What has to change, where it is returned.</param>
    public async Task<bool> OnProducerAsync(Tx tx, string slug, int? version, string decision, string reason, string[] checks, string[] parts, Actor officer)
    {
        var done = decision switch
        {
            Approve => await producers.ApproveAsync(tx, slug, version!.Value, officer),
            Return => await producers.ReturnAsync(tx, slug, version!.Value, reason, parts, officer),
            Suspend => await producers.SuspendAsync(tx, slug, reason, officer),
            _ => false,
        };
        return done && await KeepAsync(tx, "producer", slug, version, decision, reason, checks, officer);
    }

    /// <inheritdoc cref="OnProducerAsync"/>
    public async Task<bool> OnListingAsync(Tx tx, string slug, int? version, string decision, string reason, string[] checks, string[] parts, Actor officer)
    {
        var done = decision switch
        {
            Approve => await listings.ApproveAsync(tx, slug, version!.Value, officer),
            Return => await listings.ReturnAsync(tx, slug, version!.Value, reason, parts, officer),
            Suspend => await listings.SuspendAsync(tx, slug, reason, officer),
            _ => false,
        };
        return done && await KeepAsync(tx, "listing", slug, version, decision, reason, checks, officer);
    }

    /// <summary>A certificate is verified, rejected while it waits, or loses its force afterwards.</summary>
    public async Task<bool> OnCertificateAsync(Tx tx, Guid id, string decision, string reason, string[] checks, Actor officer)
    {
        var done = decision switch
        {
            Approve => await certificates.DecideAsync(tx, id, verified: true, reason, officer),
            Return => await certificates.DecideAsync(tx, id, verified: false, reason, officer),
            Suspend => await certificates.RevokeAsync(tx, id, reason, officer),
            _ => false,
        };
        return done && await KeepAsync(tx, "certificate", id.ToString(), null, decision, reason, checks, officer);
    }

    private async Task<bool> KeepAsync(Tx tx, string kind, string subject, int? version, string decision, string reason, string[] checks, Actor officer)
    {
        const string insert = """
            insert into supervision.decision (subject_kind, subject, version, decision, reason, checklist, officer_id, decided_at)
            values (@kind, @subject, @version, @decision, @reason, @checklist::jsonb, @PersonId, @now)
            """;
        return await tx.ExecuteAsync(insert, new { kind, subject, version, decision, reason, checklist = JsonSerializer.Serialize(checks), officer.PersonId, now = clock.GetUtcNow() }) == 1;
    }
}

public sealed record DecisionRow(string Decision, int? Version, string Reason, DateTimeOffset DecidedAt, string OfficerName)
{
    public static string Label(string decision) => decision switch
    {
        Decisions.Approve => "Duyệt",
        Decisions.Return => "Trả lại",
        Decisions.Suspend => "Tạm ngừng",
        _ => decision,
    };
}
