using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports;

public sealed record Period(DateOnly From, DateOnly Until);

/// <param name="Kept">So many listings of ours the file told of.</param>
/// <param name="Unknown">Codes that are none of ours.</param>
/// <param name="Overlap">A period that was told before and shares days with this one without being the same; nothing was kept then.</param>
public sealed record KeptReport(int Kept, List<string> Unknown, Period? Overlap = null);

/// <summary>Keeps what platforms say of our listings. Said again, it replaces what was said before: of a listing, or of a listing in a period. No day of a listing counts twice.</summary>
public sealed class PartnerReports(Audit audit, TimeProvider clock)
{
    /// <summary>
    /// What a platform still offers, as it said last, though it must not be offered any more: suspended, closed, or with everything blocked that is left of it. Platforms that fetch their file by a
    /// token, and did so within two days, take it down by themselves; on the others somebody has to.
    /// </summary>
    /// <remarks>Asks for @today, and for @fetched, <see cref="FetchedWithin"/> ago.</remarks>
    internal const string StillThere = """
        from exports.partner_result r join catalog.listing l on l.id = r.listing_id join producers.producer p on p.id = l.producer_id
        where r.status in ('accepted', 'waiting') and (l.public_version is null or p.public_version is null
            or (exists (select 1 from catalog.lot_stock t join origin.lot_block b on b.lot_id = t.lot_id and b.lifted_at is null where t.product_id = l.product_id and t.available > 0)
              and not exists (select 1 from catalog.lot_stock t join origin.lot o on o.id = t.lot_id where t.product_id = l.product_id and t.available > 0 and (o.best_before is null or o.best_before >= @today)
                and not exists (select 1 from origin.lot_block b where b.lot_id = t.lot_id and b.lifted_at is null))))
          and not exists (select 1 from exports.feed_token k where k.profile_code = r.profile_code and k.revoked_at is null and k.used_at > @fetched and (k.producer_id is null or k.producer_id = l.producer_id))
        """;

    internal static readonly TimeSpan FetchedWithin = TimeSpan.FromDays(2);

    /// <param name="period">Of sales.</param>
    /// <param name="producerId">Only listings of this producer are meant; null for all.</param>
    /// <param name="replaces">What was told of other periods that share days with this one goes.</param>
    public async Task<KeptReport> KeepAsync(Tx tx, string profile, PartnerLines report, Period? period, long? producerId, bool replaces, Actor actor)
    {
        const string match = """
            select n.place, o.id from unnest(@skus) with ordinality as n (sku, place) left join (
              select l.id, k.sku from catalog.listing l join producers.product p on p.id = l.product_id
                cross join lateral (values (l.slug), (p.code || '-' || upper(encode(substr(sha256(convert_to(l.slug, 'UTF8')), 1, 4), 'hex')))) as k (sku)
              where @producerId::bigint is null or l.producer_id = @producerId) o on o.sku = n.sku
            order by n.place
            """;
        var found = await tx.QueryAsync<(long Place, long? Listing)>(match, new { skus = report.Lines.Select(l => l.Sku).ToArray(), producerId });
        // The last of several rows of one listing counts.
        var lines = found.Where(f => f.Listing is not null).GroupBy(f => f.Listing!.Value).ToDictionary(g => g.Key, g => report.Lines[(int)g.Last().Place - 1]);
        var unknown = found.Where(f => f.Listing is null).Select(f => report.Lines[(int)f.Place - 1].Sku).Distinct(StringComparer.Ordinal).ToList();
        if (lines.Count == 0)
            return new(0, unknown);
        if (report.IsSales)
        {
            if (await OverlapAsync(tx, profile, [.. lines.Keys], period!, replaces) is { } overlap)
                return new(0, unknown, overlap);
            await SalesAsync(tx, profile, lines, period!);
            await audit.WriteAsync(tx, actor, "export.sales", $"feed:{profile}", detail: new { rows = lines.Count, period, replaces });
        }
        else
        {
            await ResultsAsync(tx, profile, lines);
            // A producer tells of files of the own, which are of no run; that somebody took a listing down there is no answer of the platform.
            if (producerId is null && lines.Values.Any(l => l.Status != "removed"))
                await ExportRuns.AcknowledgedAsync(tx, profile, null, clock.GetUtcNow());
            await audit.WriteAsync(tx, actor, "export.results", $"feed:{profile}", detail: new { rows = lines.Count });
        }
        return new(lines.Count, unknown);
    }

    private static async Task<Period?> OverlapAsync(Tx tx, string profile, long[] listings, Period period, bool replaces)
    {
        const string shared = "from exports.partner_sale s where s.profile_code = @profile and s.listing_id = any(@listings) and s.from_on <= @Until and s.until_on >= @From and (s.from_on <> @From or s.until_on <> @Until)";
        var args = new { profile, listings, period.From, period.Until };
        // Two files that come at once would not see each other's rows.
        await tx.ExecuteAsync("select pg_advisory_xact_lock(hashtext('exports.partner_sale'), hashtext(@profile))", new { profile });
        if (replaces)
            await tx.ExecuteAsync($"delete {shared}", args);
        return await tx.FirstOrDefaultAsync<(DateOnly? From, DateOnly? Until)>($"select s.from_on, s.until_on {shared} order by s.from_on, s.until_on limit 1", args) is ({ } first, { } last) ? new(first, last) : null;
    }

    private Task ResultsAsync(Tx tx, string profile, Dictionary<long, PartnerLine> lines)
    {
        const string save = """
            insert into exports.partner_result (profile_code, listing_id, status, reason, platform_id, url, reported_at)
            select @profile, n.listing_id, n.status, n.reason, n.platform_id, n.url, @now from unnest(@listings, @statuses, @reasons, @ids, @urls) as n (listing_id, status, reason, platform_id, url)
            on conflict (profile_code, listing_id) do update set status = excluded.status, reason = excluded.reason, reported_at = excluded.reported_at,
              platform_id = coalesce(nullif(excluded.platform_id, ''), partner_result.platform_id), url = coalesce(nullif(excluded.url, ''), partner_result.url)
            """;
        string[] Of(Func<PartnerLine, string> part) => [.. lines.Values.Select(part)];
        return tx.ExecuteAsync(save, new { profile, listings = lines.Keys.ToArray(), statuses = Of(l => l.Status!), reasons = Of(l => l.Reason), ids = Of(l => l.PlatformId), urls = Of(l => l.Url), now = clock.GetUtcNow() });
    }

    private Task SalesAsync(Tx tx, string profile, Dictionary<long, PartnerLine> lines, Period period)
    {
        const string save = """
            insert into exports.partner_sale (profile_code, listing_id, from_on, until_on, orders, value_vnd, reported_at)
            select @profile, n.listing_id, @From, @Until, n.orders, n.value_vnd, @now from unnest(@listings, @orders, @values) as n (listing_id, orders, value_vnd)
            on conflict (profile_code, listing_id, from_on, until_on) do update set orders = excluded.orders, value_vnd = excluded.value_vnd, reported_at = excluded.reported_at
            """;
        return tx.ExecuteAsync(save, new { profile, period.From, period.Until, listings = lines.Keys.ToArray(), orders = lines.Values.Select(l => l.Orders!.Value).ToArray(), values = lines.Values.Select(l => l.ValueVnd!.Value).ToArray(), now = clock.GetUtcNow() });
    }
}
