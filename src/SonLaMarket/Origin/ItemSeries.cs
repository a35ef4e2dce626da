using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin;

/// <summary>Codes for the packages of a lot, made together.</summary>
/// <param name="NetWeightG">What a package of a lot by weight holds; null for pieces.</param>
/// <param name="MadeAt">When the last code was made; null while they are being made.</param>
/// <param name="Scanned">Packages whose code was scanned at least once.</param>
/// <param name="Voided">Codes of it that were taken back.</param>
public sealed record CodeSeries(Guid Key, int Items, long? NetWeightG, string Note, DateTimeOffset CreatedAt, DateTimeOffset? MadeAt, long Scanned, long Voided);

/// <param name="Scans">How often the code was scanned before.</param>
/// <param name="VoidedAs">Who took the code back: "seller" or "officer"; null while it stands.</param>
public sealed record Item(
    long Id, string Code, string LotCode, long LotId, string? Gtin, int Place, int Items, long? NetWeightG, long Scans, DateTimeOffset? FirstScannedAt, DateTimeOffset? LastScannedAt, DateTimeOffset? VoidedAt, string? VoidedAs, string? VoidReason);

/// <summary>A code that was taken back.</summary>
public sealed record VoidedItem(string Code, int Place, DateTimeOffset VoidedAt, string VoidedAs, string VoidReason);

public abstract record SeriesOutcome
{
    public sealed record Opened(Guid Key) : SeriesOutcome;

    public sealed record NotYours : SeriesOutcome;

    public sealed record Blocked : SeriesOutcome;

    /// <param name="Left">So many codes the lot may still have: one for each package, and a tenth more for labels that are spoilt.</param>
    public sealed record TooMany(long Left) : SeriesOutcome;
}

/// <summary>Series of item codes: no more than the lot can fill packages, none for a lot that may not be sold.</summary>
public sealed class ItemSeries(OriginEvents events, Audit audit, SiteOptions site, TimeProvider clock)
{
    public const int Most = 10_000;
    private const int AtOnce = 2_000;

    public async Task<SeriesOutcome> OpenAsync(Tx tx, string lotCode, long memberId, int items, long? netWeightG, string note, Actor actor)
    {
        const string own = """
            select l.id, l.base_unit, l.quantity_base, (select coalesce(sum(s.items - (select count(*) from origin.item i where i.series_id = s.id and i.voided_at is not null)), 0) from origin.item_series s where s.lot_id = l.id)::bigint as given,
              exists (select 1 from origin.lot_block b where b.lot_id = l.id and b.lifted_at is null) as blocked
            from origin.lot l join producers.acting m on m.producer_id = l.producer_id and m.person_id = @memberId where l.code = @lotCode and l.taken_back_at is null for update of l
            """;
        const string insert = """
            insert into origin.item_series (key, lot_id, producer_id, items, net_weight_g, note, created_at, created_by)
            select @key, l.id, l.producer_id, @items, @netWeightG, @note, @now, @memberId from origin.lot l where l.id = @Id
            """;
        if (await tx.FirstOrDefaultAsync<OwnLot>(own, new { lotCode, memberId }) is not { } lot)
            return new SeriesOutcome.NotYours();
        if (lot.Blocked)
            return new SeriesOutcome.Blocked();
        var packages = lot.BaseUnit == "g" ? lot.QuantityBase / netWeightG!.Value : lot.QuantityBase;
        var left = Math.Max(0, packages + (packages + 9) / 10 - lot.Given);
        if (items > left)
            return new SeriesOutcome.TooMany(left);
        var now = clock.GetUtcNow();
        var key = Guid.CreateVersion7(now);
        await tx.ExecuteAsync(insert, new { key, lot.Id, items, netWeightG, note, now, memberId });
        // How many labels, never which: whoever reads a code can print it.
        await events.AppendAsync(tx, new NewEvent(lot.Id, "AssociationEvent", "ADD", now, "commissioning", null, null, "producer", null) { Labels = (SeriesUri(key), items) }, actor);
        await audit.WriteAsync(tx, actor, "item.series", $"lot:{lotCode}", detail: new { key, items, netWeightG });
        return new SeriesOutcome.Opened(key);
    }

    /// <summary>Makes the codes that the series still lacks, and says after each portion how many there are. Cut off and begun again it goes on.</summary>
    public async IAsyncEnumerable<int> MakeAsync(Sql sql, Guid key)
    {
        const string lacking = """
            select p.place from origin.item_series s cross join lateral generate_series(1, s.items) as p (place)
            where s.key = @key and not exists (select 1 from origin.item i where i.series_id = s.id and i.place = p.place) order by 1 limit @AtOnce
            """;
        const string insert = """
            insert into origin.item (code, series_id, place, lot_id, producer_id)
            select c.code, s.id, c.place, s.lot_id, s.producer_id from origin.item_series s cross join unnest(@codes, @places) as c (code, place) where s.key = @key
            on conflict do nothing
            """;
        while (await sql.QueryAsync<int>(lacking, new { key, AtOnce }, CancellationToken.None) is { Count: > 0 } places)
        {
            await sql.ExecuteAsync(insert, new { key, codes = places.ConvertAll(_ => Gs1.ItemSerial.New()).ToArray(), places = places.ToArray() }, CancellationToken.None);
            yield return places[^1];
        }
        await sql.ExecuteAsync("update origin.item_series set made_at = @now where key = @key and made_at is null", new { key, now = clock.GetUtcNow() }, CancellationToken.None);
    }

    /// <summary>
    /// Takes codes back, for a reason that everybody reads who scans one: how many there were. A code that is not there, not the member's, or was taken back before is left out.
    /// </summary>
    /// <param name="memberId">A seller takes back codes of their own producer; null for an officer.</param>
    public async Task<int> VoidAsync(Tx tx, IReadOnlyCollection<string> codes, string reason, Actor actor, long? memberId = null)
    {
        const string update = """
            with given as (
              select i.id from origin.item i where i.code = any(@codes) and i.voided_at is null
                and (@memberId::bigint is null or exists (select 1 from producers.acting m where m.producer_id = i.producer_id and m.person_id = @memberId))
              order by i.id for update of i),
            voided as (
              update origin.item i set voided_at = @now, voided_as = @role, voided_by = @PersonId::bigint, void_reason = @reason from given g where g.id = i.id returning i.series_id, i.lot_id, i.place)
            select s.key, v.lot_id, l.code as lot_code, array_agg(v.place order by v.place) as places from voided v join origin.item_series s on s.id = v.series_id join origin.lot l on l.id = v.lot_id
            group by s.key, v.lot_id, l.code order by s.key
            """;
        var (now, role) = (clock.GetUtcNow(), memberId is null ? "officer" : "seller");
        var all = await tx.QueryAsync<Voided>(update, new { codes = codes.ToArray(), memberId, reason, role, actor.PersonId, now });
        foreach (var (key, lotId, lotCode, places) in all)
        {
            await events.AppendAsync(tx, new NewEvent(lotId, "AssociationEvent", "DELETE", now, "decommissioning", "inactive", null, memberId is null ? "officer" : "producer", null) { Labels = (SeriesUri(key), places.Length) }, actor);
            await audit.WriteAsync(tx, actor, "item.void", $"lot:{lotCode}", reason, new { key, places });
            await PageCache.EvictAsync(tx, PageCache.Lot(lotCode));
        }
        return all.Sum(v => v.Places.Length);
    }

    private string SeriesUri(Guid key) => site.Absolute($"/day-ma/{key}");

    /// <summary>The codes of a series with these places; those of which <paramref name="codes"/> are.</summary>
    public Task<List<string>> OfPlacesAsync(Sql sql, Guid key, IReadOnlyCollection<int> places, IReadOnlyCollection<string> codes, CancellationToken ct) =>
        sql.QueryAsync<string>("select i.code from origin.item i join origin.item_series s on s.id = i.series_id where s.key = @key and (i.place = any(@places) or i.code = any(@codes))", new { key, places = places.ToArray(), codes = codes.ToArray() }, ct);

    /// <summary>Codes of a series that were taken back, the latest first.</summary>
    public Task<List<VoidedItem>> VoidedAsync(Sql sql, Guid key, CancellationToken ct) =>
        sql.QueryAsync<VoidedItem>("select i.code, i.place, i.voided_at, i.voided_as, i.void_reason from origin.item i join origin.item_series s on s.id = i.series_id where s.key = @key and i.voided_at is not null order by i.voided_at desc, i.place limit 100", new { key }, ct);

    private const string Columns = """
        select s.key, s.items, s.net_weight_g, s.note, s.created_at, s.made_at
        """;

    /// <summary>Of a lot of the member's producer, newest first.</summary>
    public Task<List<CodeSeries>> OfLotAsync(Sql sql, long lotId, CancellationToken ct) =>
        sql.QueryAsync<CodeSeries>($"{Columns}, 0::bigint as scanned, 0::bigint as voided from origin.item_series s where s.lot_id = @lotId order by s.id desc limit 100", new { lotId }, ct);

    public Task<CodeSeries?> FindAsync(Sql sql, long lotId, Guid key, CancellationToken ct) =>
        sql.FirstOrDefaultAsync<CodeSeries>($"{Columns}, (select count(*) from origin.item i where i.series_id = s.id and i.first_scanned_at is not null) as scanned, (select count(*) from origin.item i where i.series_id = s.id and i.voided_at is not null) as voided from origin.item_series s where s.lot_id = @lotId and s.key = @key", new { lotId, key }, ct);

    /// <summary>The codes of a series that stand, in the order of their labels.</summary>
    /// <param name="first">From 1.</param>
    /// <param name="count">So many labels, those that were taken back counted.</param>
    public IAsyncEnumerable<(int Place, string Code)> CodesAsync(Db db, Guid key, int first, int count, CancellationToken ct) =>
        db.StreamAsync<(int, string)>("select i.place, i.code from origin.item i join origin.item_series s on s.id = i.series_id where s.key = @key and i.place >= @first and i.place < @first + @count and i.voided_at is null order by i.place", new { key, first, count }, ct);

    /// <summary>One row however often the package was scanned: read at each look at its page.</summary>
    public const string FindStatement = """
        select i.id, i.code, l.code as lot_code, i.lot_id, p.gtin, i.place, s.items, s.net_weight_g, i.scans, i.first_scanned_at, i.last_scanned_at, i.voided_at, i.voided_as, i.void_reason
        from origin.item i join origin.item_series s on s.id = i.series_id join origin.lot l on l.id = i.lot_id join producers.product p on p.id = l.product_id where i.code = @code
        """;

    /// <summary>The package with this code, whoever asks.</summary>
    public static Task<Item?> FindItemAsync(Sql sql, string code, CancellationToken ct) => sql.FirstOrDefaultAsync<Item>(FindStatement, new { code }, ct);

    private sealed record Voided(Guid Key, long LotId, string LotCode, int[] Places);

    private sealed record OwnLot(long Id, string BaseUnit, long QuantityBase, long Given, bool Blocked);
}
