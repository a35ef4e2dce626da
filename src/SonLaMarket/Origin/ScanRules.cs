using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin;

/// <summary>When scans of a package are worth an officer's look.</summary>
/// <param name="Label">What the number says.</param>
/// <param name="Most">The greatest number; 0 switches the rule off.</param>
public sealed record ScanRule(string Name, string Label, string Hint, int Most)
{
    public static readonly ScanRule[] All =
    [
        new("many", "Quét nhiều: số lần một mã được quét trong 30 ngày", "Người mua quét lại cùng máy trong nửa giờ không tính.", 10_000),
        new("far-km", "Quá xa: số km giữa hai tỉnh", "Chỉ khi người quét tự cho biết tỉnh.", 3_000),
        new("far-hours", "Quá xa: trong bao nhiêu giờ", "Cùng một mã ở hai tỉnh cách nhau như trên trong chừng này giờ.", 720),
        new("sold-out-days", "Hết hàng đã lâu: số ngày từ khi lô bán hết đến lần quét đầu tiên của một gói", "Tem dùng lại cho hàng khác thường lộ ra như vậy.", 3_650),
        new("recalled", "Quét sau khi lô bị thu hồi (1: bật, 0: tắt)", "Hàng vẫn còn trong tay ai đó.", 1),
        new("voided", "Quét sau khi mã bị hủy (1: bật, 0: tắt)", "Tem mất hoặc bị lấy cắp vẫn đang dán trên hàng.", 1),
        new("expired", "Lần quét đầu tiên sau hạn dùng (1: bật, 0: tắt)", "Hàng quá hạn vẫn được bán, hoặc tem dán cho hàng khác.", 1),
    ];

    public static string AlertLabel(string rule) => rule switch
    {
        "many" => "Được quét {0} lần trong 30 ngày",
        "far" => "Được quét ở hai tỉnh cách nhau khoảng {0} km trong ít giờ",
        "sold_out" => "Quét lần đầu {0} ngày sau khi lô bán hết",
        "recalled" => "Được quét sau khi lô bị thu hồi",
        "voided" => "Được quét sau khi mã bị hủy",
        _ => "Quét lần đầu sau hạn dùng {0} ngày",
    };
}

/// <summary>The rules in force, and what they find.</summary>
public sealed class ScanRules(Audit audit, TimeProvider clock)
{
    public static async Task<Dictionary<string, int>> AllAsync(Sql sql, CancellationToken ct) =>
        (await sql.QueryAsync<(string Name, int Value)>("select name, value from origin.scan_rule order by name", ct: ct)).ToDictionary(r => r.Name, r => r.Value, StringComparer.Ordinal);

    /// <summary>The same, and nobody else sets any until the transaction ends.</summary>
    public static async Task<Dictionary<string, int>> LockAllAsync(Tx tx)
    {
        await tx.QueryAsync<string>("select name from origin.scan_rule order by name for update");
        return await AllAsync(tx, CancellationToken.None);
    }

    /// <summary>Sets a rule; what was found before stays.</summary>
    public async Task SetAsync(Tx tx, string name, int value, Actor officer)
    {
        const string update = """
            update origin.scan_rule r set value = @value, changed_at = @now from (select value from origin.scan_rule where name = @name for update) b where r.name = @name and r.value <> @value returning b.value
            """;
        if (await tx.FirstOrDefaultAsync<int?>(update, new { name, value, now = clock.GetUtcNow() }) is { } before)
            await audit.WriteAsync(tx, officer, "scan-rule.change", "scan-rule:" + name, detail: new { before, after = value });
    }

    /// <summary>Notes once for each package and rule what its scans break.</summary>
    internal static Task ApplyAsync(Tx tx, long[] itemIds, DateTimeOffset now)
    {
        // Distances between the middles of provinces (the mean point of their communes) on a sphere: no nearer is known, and no nearer is asked.
        const string insert = """
            with rule as (
              select max(value) filter (where name = 'many') as many, max(value) filter (where name = 'far-km') as km, max(value) filter (where name = 'far-hours') as hours,
                max(value) filter (where name = 'sold-out-days') as sold_out, max(value) filter (where name = 'recalled') as recalled, max(value) filter (where name = 'expired') as expired, max(value) filter (where name = 'voided') as voided
              from origin.scan_rule),
            item as (
              select i.id, i.lot_id, i.producer_id, i.first_scanned_at, i.voided_at, l.sold_out_at, l.best_before from origin.item i join origin.lot l on l.id = i.lot_id where i.id = any(@itemIds)),
            placed as (
              select s.item_id, s.at, avg(c.lat)::float8 as lat, avg(c.lon)::float8 as lon from origin.scan s join foundation.commune c on c.province_code = s.province_code and c.lat is not null
              where s.item_id = any(@itemIds) and s.at > @since and s.province_code is not null group by s.item_id, s.at, s.province_code),
            found as (
              select i.id, 'many' as rule, (select count(*) from origin.scan s where s.item_id = i.id and s.at > @since) as figure from item i
              where (select many from rule) > 0 and (select count(*) from origin.scan s where s.item_id = i.id and s.at > @since) >= (select many from rule)
              union all
              select a.item_id, 'far', max(d.km) from placed a join placed b on b.item_id = a.item_id and b.at > a.at
                cross join lateral (select (6371 * 2 * asin(sqrt(least(1, power(sin(radians(b.lat - a.lat) / 2), 2) + cos(radians(a.lat)) * cos(radians(b.lat)) * power(sin(radians(b.lon - a.lon) / 2), 2)))))::int as km) d
                cross join rule where rule.km > 0 and rule.hours > 0 and d.km >= rule.km and b.at <= a.at + make_interval(hours => rule.hours) group by a.item_id
              union all
              select i.id, 'sold_out', extract(day from i.first_scanned_at - i.sold_out_at)::int from item i cross join rule
              where rule.sold_out > 0 and i.first_scanned_at > i.sold_out_at + make_interval(days => rule.sold_out)
              union all
              select i.id, 'recalled', 0 from item i cross join rule
              where rule.recalled > 0 and exists (select 1 from origin.recall r join origin.recall_lot x on x.recall_id = r.id join origin.scan s on s.item_id = i.id and s.at > r.opened_at where x.lot_id = i.lot_id)
              union all
              select i.id, 'voided', 0 from item i cross join rule where rule.voided > 0 and exists (select 1 from origin.scan s where s.item_id = i.id and s.at > i.voided_at)
              union all
              select i.id, 'expired', (i.first_scanned_at at time zone 'Asia/Ho_Chi_Minh')::date - i.best_before from item i cross join rule
              where rule.expired > 0 and (i.first_scanned_at at time zone 'Asia/Ho_Chi_Minh')::date > i.best_before)
            insert into origin.scan_alert (item_id, lot_id, producer_id, rule, figure, found_at)
            select i.id, i.lot_id, i.producer_id, f.rule, least(f.figure, 2000000000)::int, @now from found f join item i on i.id = f.id
            on conflict (item_id, rule) do nothing
            """;
        return itemIds.Length == 0 ? Task.CompletedTask : tx.ExecuteAsync(insert, new { itemIds, now, since = now - Scans.Kept });
    }

    /// <summary>An officer has looked at it. False when somebody had before.</summary>
    public async Task<bool> HandleAsync(Tx tx, long id, Actor officer)
    {
        if (await tx.ExecuteAsync("update origin.scan_alert set handled_at = @now, handled_by = @PersonId where id = @id and handled_at is null", new { id, officer.PersonId, now = clock.GetUtcNow() }) == 0)
            return false;
        await audit.WriteAsync(tx, officer, "scan-alert.handle", $"scan-alert:{id}");
        return true;
    }
}
