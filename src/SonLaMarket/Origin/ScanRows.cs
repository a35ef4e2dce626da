using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Origin;

/// <summary>Puts what was seen in a second into its tables, each kind with one statement.</summary>
internal static class ScanRows
{
    /// <summary>More different codes than this are somebody's program, not somebody's labels.</summary>
    private const int MostUnknown = 20_000;

    public static async Task WriteAsync(Tx tx, IReadOnlyCollection<Seen> seen)
    {
        await LotsAsync(tx, [.. seen.OfType<Seen.Lot>()]);
        await ItemsAsync(tx, [.. seen.OfType<Seen.Item>()]);
        await PlacesAsync(tx, [.. seen.OfType<Seen.Place>()]);
        await UnknownAsync(tx, [.. seen.OfType<Seen.Unknown>()]);
    }

    private static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(Vietnamese.Local(at).DateTime);

    private static Task LotsAsync(Tx tx, List<Seen.Lot> lots)
    {
        const string upsert = """
            with counted as (
              select l.id, l.producer_id, c.day, c.n, c.first from unnest(@codes, @days, @counts, @firsts) as c (code, day, n, first) join origin.lot l on l.code = c.code),
            daily as (
              insert into origin.scan_day (lot_id, producer_id, day, scans) select id, producer_id, day, n from counted
              on conflict (lot_id, day) do update set scans = origin.scan_day.scans + excluded.scans)
            insert into origin.scan_total (lot_id, scans, first_at) select id, sum(n), min(first) from counted group by id
            on conflict (lot_id) do update set scans = origin.scan_total.scans + excluded.scans
            """;
        var days = lots.GroupBy(l => (l.Code, Day: Day(l.At))).ToList();
        return lots.Count == 0 ? Task.CompletedTask : tx.ExecuteAsync(upsert, new
        {
            codes = days.Select(d => d.Key.Code).ToArray(),
            days = days.Select(d => d.Key.Day).ToArray(),
            counts = days.Select(d => d.LongCount()).ToArray(),
            firsts = days.Select(d => d.Min(l => l.At).UtcDateTime).ToArray(),
        });
    }

    private static Task ItemsAsync(Tx tx, List<Seen.Item> items)
    {
        const string insert = """
            with seen as (select i.id, i.lot_id, i.producer_id, s.at, s.day from unnest(@ids, @ats, @days) as s (item_id, at, day) join origin.item i on i.id = s.item_id),
            kept as (insert into origin.scan (item_id, lot_id, producer_id, at) select id, lot_id, producer_id, at from seen),
            counted as (
              update origin.item i set scans = i.scans + p.n, first_scanned_at = coalesce(i.first_scanned_at, p.first), last_scanned_at = p.last
              from (select id, count(*) as n, min(at) as first, max(at) as last from seen group by id) p where i.id = p.id
              returning i.id, i.scans = p.n as fresh, p.first),
            daily as (
              insert into origin.scan_day (lot_id, producer_id, day, scans, item_scans, first_items)
              select s.lot_id, s.producer_id, s.day, 0, count(*), count(*) filter (where c.fresh and c.first = s.at) from seen s join counted c on c.id = s.id group by 1, 2, 3
              on conflict (lot_id, day) do update set item_scans = origin.scan_day.item_scans + excluded.item_scans, first_items = origin.scan_day.first_items + excluded.first_items)
            insert into origin.scan_total (lot_id, scans, item_scans, first_at) select lot_id, 0, count(*), min(at) from seen group by lot_id
            on conflict (lot_id) do update set item_scans = origin.scan_total.item_scans + excluded.item_scans
            """;
        return items.Count == 0 ? Task.CompletedTask : tx.ExecuteAsync(insert, new
        {
            ids = items.ConvertAll(i => i.ItemId).ToArray(),
            ats = items.ConvertAll(i => i.At.UtcDateTime).ToArray(),
            days = items.ConvertAll(i => Day(i.At)).ToArray(),
        });
    }

    private static Task PlacesAsync(Tx tx, List<Seen.Place> places)
    {
        const string update = """
            update origin.scan s set province_code = p.province
            from unnest(@ids, @provinces, @ats) as p (item_id, province, said_at)
              cross join lateral (select max(x.at) as at from origin.scan x where x.item_id = p.item_id and x.at between p.said_at - @Again and p.said_at) last
            where s.item_id = p.item_id and s.at = last.at and s.province_code is null
            """;
        return places.Count == 0 ? Task.CompletedTask : tx.ExecuteAsync(update, new
        {
            ids = places.ConvertAll(p => p.ItemId).ToArray(),
            provinces = places.ConvertAll(p => p.Province).ToArray(),
            ats = places.ConvertAll(p => p.At.UtcDateTime).ToArray(),
            Scans.Again,
        });
    }

    private static Task UnknownAsync(Tx tx, List<Seen.Unknown> unknown)
    {
        const string upsert = """
            insert into origin.unknown_scan (code, gtin, producer_id, scans, first_at, last_at)
            select u.code, u.gtin, (select p.producer_id from producers.product p where p.gtin = u.gtin limit 1), u.n, u.first, u.last
            from unnest(@codes, @gtins, @counts, @firsts, @lasts) as u (code, gtin, n, first, last)
            where exists (select 1 from origin.unknown_scan k where k.code = u.code) or (select count(*) from origin.unknown_scan) < @MostUnknown
            on conflict (code) do update set scans = origin.unknown_scan.scans + excluded.scans, last_at = excluded.last_at,
              gtin = coalesce(origin.unknown_scan.gtin, excluded.gtin), producer_id = coalesce(origin.unknown_scan.producer_id, excluded.producer_id)
            """;
        var codes = unknown.GroupBy(u => u.Code, StringComparer.Ordinal).ToList();
        return codes.Count == 0 ? Task.CompletedTask : tx.ExecuteAsync(upsert, new
        {
            codes = codes.ConvertAll(c => c.Key).ToArray(),
            gtins = codes.ConvertAll(c => c.Select(u => u.Gtin).FirstOrDefault(g => g is not null)).ToArray(),
            counts = codes.ConvertAll(c => c.LongCount()).ToArray(),
            firsts = codes.ConvertAll(c => c.Min(u => u.At).UtcDateTime).ToArray(),
            lasts = codes.ConvertAll(c => c.Max(u => u.At).UtcDateTime).ToArray(),
            MostUnknown,
        });
    }
}
