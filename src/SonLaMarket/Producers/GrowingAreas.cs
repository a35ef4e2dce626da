using Npgsql;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Producers;

/// <param name="Code">The growing-area code (mã số vùng trồng) where one was given.</param>
/// <param name="AreaM2">Square metres.</param>
/// <param name="Status">Of the code: a word of <see cref="AreaState"/>.</param>
/// <param name="Scheme">Of the code: a word of <see cref="AreaScheme"/>.</param>
/// <param name="CheckedAt">When an officer first compared the code with its decision.</param>
/// <param name="OwnPlace">Made by us with the producer (<see cref="ProducerRegister"/>): where the producer is, for what is of none that they named. What was sprayed there is asked of all of it; it is told nobody as one of those.</param>
public sealed record GrowingArea(
    Guid Id, string Name, string? Code, string CommuneCode, string CommuneName, long? AreaM2, string? SpecialitySlug, string Status, string? Scheme, string[] Markets, DateOnly? IssuedOn, DateTimeOffset? CheckedAt, bool OwnPlace);

public sealed record GrowingAreaDraft(string Name, string? Code, string CommuneCode, long? AreaM2, string? SpecialitySlug)
{
    /// <summary>A word of <see cref="AreaScheme"/>; only with a code.</summary>
    public string? Scheme { get; init; }

    /// <summary>Words of <see cref="AreaScheme.Markets"/>; only of a code for export.</summary>
    public string[] Markets { get; init; } = [];

    public DateOnly? IssuedOn { get; init; }
}

public sealed class GrowingAreas(ProducerNotices notices, Audit audit, TimeProvider clock)
{
    /// <summary>What the producer's own place is called where it stands among the areas that they named.</summary>
    public const string OwnPlaceName = "Nơi cơ sở khai báo";

    private const string Columns = """
        a.id, a.name, a.code, a.commune_code, c.full_name as commune_name, a.area_m2, a.speciality_slug, a.status, a.scheme, a.markets, a.issued_on, a.checked_at, a.own_place
        from producers.growing_area a join foundation.commune c on c.code = a.commune_code where a.producer_id = @producerId
        """;

    /// <summary>By their names, and the producer's own place behind them.</summary>
    public Task<List<GrowingArea>> OfProducerAsync(Sql sql, long producerId, CancellationToken ct = default) =>
        sql.QueryAsync<GrowingArea>($"""select {Columns} order by a.own_place, a.name collate "vi-x-icu", a.id""", new { producerId }, ct);

    /// <summary>Null when the growing-area code is already another's.</summary>
    public async Task<Guid?> AddAsync(Tx tx, long producerId, GrowingAreaDraft draft, Actor actor)
    {
        const string insert = """
            insert into producers.growing_area (id, producer_id, name, code, commune_code, area_m2, speciality_slug, scheme, markets, issued_on, created_at)
            values (@id, @producerId, @Name, @Code, @CommuneCode, @AreaM2, @SpecialitySlug, @Scheme, @Markets, @IssuedOn, @now) on conflict do nothing
            """;
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        if (await tx.ExecuteAsync(insert, new { id, producerId, draft.Name, draft.Code, draft.CommuneCode, draft.AreaM2, draft.SpecialitySlug, draft.Scheme, draft.Markets, draft.IssuedOn, now = clock.GetUtcNow() }) == 0)
            return null;
        await audit.WriteAsync(tx, actor, "growing-area.create", $"growing-area:{id}");
        return id;
    }

    /// <summary>One area of the producer, its row locked; null where it is none of theirs, or one that we made.</summary>
    public static Task<GrowingArea?> LockAsync(Tx tx, Guid id, long producerId) => tx.FirstOrDefaultAsync<GrowingArea>($"select {Columns} and a.id = @id and not a.own_place for update of a", new { id, producerId });

    /// <summary>
    /// Changes what its producer says of an area, the row locked by now. A code or terms that no officer has compared wait for one again; lots keep what was copied to them.
    /// False when the growing-area code is already another's: the caller rolls back.
    /// </summary>
    public async Task<bool> ChangeAsync(Tx tx, GrowingArea before, GrowingAreaDraft draft, string producerSlug, Actor actor)
    {
        const string update = """
            update producers.growing_area a set name = @Name, code = @Code, commune_code = @CommuneCode, area_m2 = @AreaM2, speciality_slug = @SpecialitySlug, scheme = @Scheme, markets = @Markets, issued_on = @IssuedOn,
              checked_at = case when (a.code, a.scheme, a.markets, a.issued_on, a.speciality_slug) is not distinct from (@Code, @Scheme, @Markets, @IssuedOn::date, @SpecialitySlug) then a.checked_at end
            where a.id = @Id
            """;
        try
        {
            await tx.ExecuteAsync(update, new { before.Id, draft.Name, draft.Code, draft.CommuneCode, draft.AreaM2, draft.SpecialitySlug, draft.Scheme, draft.Markets, draft.IssuedOn });
        }
        catch (PostgresException e) when (e.ConstraintName == "growing_area_code_key")
        {
            return false;
        }
        var was = new GrowingAreaDraft(before.Name, before.Code, before.CommuneCode, before.AreaM2, before.SpecialitySlug) { Scheme = before.Scheme, Markets = before.Markets, IssuedOn = before.IssuedOn };
        await audit.WriteAsync(tx, actor, "growing-area.change", $"growing-area:{before.Id}", detail: new { from = was, to = draft });
        await PageCache.EvictAsync(tx, PageCache.Producer(producerSlug));
        return true;
    }

    /// <summary>An officer found the code valid, suspended or revoked, from today on. False when there is no such code, it is revoked, or it is so already.</summary>
    /// <param name="status">A word of <see cref="AreaState"/>.</param>
    public async Task<bool> FindAsync(Tx tx, Guid id, string status, string reason, Actor officer)
    {
        const string update = """
            update producers.growing_area set status = @status, checked_at = coalesce(checked_at, @now)
            where id = @id and code is not null and status <> 'revoked' and (status <> @status or checked_at is null) returning producer_id, code
            """;
        const string insert = "insert into producers.growing_area_finding (growing_area_id, code, status, reason, decided_at, decided_by) values (@id, @Code, @status, @reason, @now, @PersonId) returning id";
        var now = clock.GetUtcNow();
        if (await tx.FirstOrDefaultAsync<Coded>(update, new { id, status, now }) is not { } area)
            return false;
        var finding = await tx.SingleAsync<long>(insert, new { id, area.Code, status, reason, now, officer.PersonId });
        await audit.WriteAsync(tx, officer, "growing-area." + status, $"growing-area:{id}", reason);
        if (status != AreaState.Active)
            await notices.TellAsync(tx, area.ProducerId, ProducerNotice.AreaCodeEnded, $"{finding}", area.Code, "/quan-ly/vung-trong", reason);
        return true;
    }

    private sealed record Coded(long ProducerId, string Code);
}
