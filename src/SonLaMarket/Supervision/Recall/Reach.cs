using Dapper;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Origin;

namespace SonLaMarket.Supervision.Recall;

/// <param name="HeldBase">Kept for orders that were not sent yet.</param>
/// <param name="OpenBase">Still on the shelf.</param>
/// <param name="Named">The recall names it; else it came of one that is named.</param>
public sealed record ReachedLot(string Code, string ProductName, string ProductNameEn, string ProducerName, bool Named, string BaseUnit, long QuantityBase, long SoldBase, long HeldBase, long OpenBase, bool Blocked)
{
    /// <summary>Of the whole: what was never put on sale, was lost, or became another lot.</summary>
    public long OtherBase => QuantityBase - SoldBase - HeldBase - OpenBase;
}

/// <param name="ToldAt">When the buyer was told; the phone is on the seller's own page of the order.</param>
public sealed record ReachedLine(string Code, string Status, string Title, string TitleEn, string LotCode, string BaseUnit, long QuantityBase, DateTimeOffset? ToldAt, DateTimeOffset? AcknowledgedAt, string? RefundStatus);

/// <summary>Packages with codes of their own: a series of them, made of one lot.</summary>
/// <param name="Scanned">So many of them somebody has scanned.</param>
public sealed record ReachedSeries(Guid Key, string LotCode, int Items, string Note, DateTimeOffset CreatedAt, long Scanned, long Voided);

public sealed record ReachedListing(string Slug, string Title, string TitleEn);

/// <summary>A feed that other marketplaces fetch, and when its last file was made.</summary>
public sealed record ReachedFeed(string Code, string Name, DateTimeOffset? MadeAt);

/// <summary>Everything that a recall of these lots touches: lots through the graph, packages with codes, order lines, listings, feeds. The lists are cut for a page; the counts are whole.</summary>
public sealed record Reach(List<ReachedLot> Lots, List<ReachedSeries> Series, List<ReachedLine> Lines, List<ReachedListing> Listings, List<ReachedFeed> Feeds, ReachCounts Counts)
{
    public const int Shown = 200;

    /// <summary>Part <c>s</c> has goods for somebody, or had until this recall (its notice <c>t</c>): what was cancelled or expired before is nobody's.</summary>
    internal const string Touched = "(s.status not in ('cancelled', 'expired') or t.recall_id is not null)";

    /// <summary>Of purchase <c>u</c>, by phone: who bought twice is one.</summary>
    internal const string Buyer = "coalesce(nullif(u.buyer_phone, ''), u.code)";

    /// <param name="recallId">The recall whose notices are meant; null before one is open.</param>
    public static async Task<Reach> LoadAsync(Sql sql, long[] lotIds, long? recallId, int take, CancellationToken ct)
    {
        // The graph is walked once; what hangs on its lots is read by their ids.
        long[] reached = [.. await sql.QueryAsync<long>($"{LotGraph.Forward} select lot_id from reached", new { lotIds }, ct)];
        const string select = $"""
            select l.code, p.name as product_name, p.name_en as product_name_en, r.name as producer_name, l.id = any(@lotIds) as named, l.base_unit, l.quantity_base, coalesce(s.sold, 0) as sold_base, coalesce(s.held, 0) as held_base, coalesce(s.available, 0) as open_base,
              exists (select 1 from origin.lot_block b where b.lot_id = l.id and b.lifted_at is null) as blocked
            from unnest(@reached) as x (lot_id) join origin.lot l on l.id = x.lot_id join producers.product p on p.id = l.product_id join producers.producer r on r.id = l.producer_id left join catalog.lot_stock s on s.lot_id = l.id
            order by l.id limit @take;
            select s.key, l.code as lot_code, s.items, s.note, s.created_at, (select count(*) from origin.item i where i.series_id = s.id and i.first_scanned_at is not null) as scanned,
              (select count(*) from origin.item i where i.series_id = s.id and i.voided_at is not null) as voided
            from (select s.id, s.key, s.lot_id, s.items, s.note, s.created_at from unnest(@reached) as x (lot_id) join origin.item_series s on s.lot_id = x.lot_id order by s.id limit @take) s join origin.lot l on l.id = s.lot_id order by s.id;
            with line as materialized (
              select s.id, s.code, s.status, n.title, n.title_en, l.code as lot_code, l.base_unit, y.quantity_base, l.id as lot_id
              from unnest(@reached) as x (lot_id) join orders.line_lot y on y.lot_id = x.lot_id join orders.line n on n.id = y.line_id join orders.sub_order s on s.id = n.sub_order_id join origin.lot l on l.id = y.lot_id),
            part as materialized (
              select s.id, t.recall_id, t.told_at, t.acknowledged_at,
                (select c.status from payments.payment p join payments.refund_case c on c.payment_id = p.id where p.payable = 'sub-order:' || s.code order by c.id desc limit 1) as refund_status
              from (select distinct id, code from line) s left join orders.recall_notice t on t.sub_order_id = s.id and t.recall_id = @recallId)
            select s.code, s.status, s.title, s.title_en, s.lot_code, s.base_unit, s.quantity_base, t.told_at, t.acknowledged_at, t.refund_status from line s join part t on t.id = s.id
            where {Touched}
            order by t.acknowledged_at nulls first, s.id, s.lot_id limit @take;
            select g.slug, v.title, v.title_en from (select distinct product_id from origin.lot where id = any(@reached)) l join catalog.listing g on g.product_id = l.product_id join catalog.listing_version v on v.listing_id = g.id and v.version = g.public_version
            order by g.slug limit @take;
            select p.code, p.name, (select r.finished_at from exports.newest_run r where r.profile_code = p.code) as made_at
            from exports.newest_profile p where exists (select 1 from exports.feed_token k where k.profile_code = p.code and k.revoked_at is null) order by p.code;
            select cardinality(@reached)::bigint as lots, i.items, i.series, o.lines, o.orders, o.parcels, o.buyers,
              (select count(*) from orders.recall_notice t where t.recall_id = @recallId) as told, (select count(*) from orders.recall_notice t where t.recall_id = @recallId and t.acknowledged_at is not null) as acknowledged
            from (
              select coalesce(sum(x.lines), 0)::bigint as lines, count(distinct x.purchase_id) as orders, count(*) as parcels, count(distinct {Buyer}) as buyers
              from (
                select s.id, s.purchase_id, count(*) as lines
                from unnest(@reached) as x (lot_id) join orders.line_lot y on y.lot_id = x.lot_id join orders.line n on n.id = y.line_id join orders.sub_order s on s.id = n.sub_order_id
                  left join orders.recall_notice t on t.sub_order_id = s.id and t.recall_id = @recallId
                where {Touched} group by s.id, s.purchase_id) x join orders.purchase u on u.id = x.purchase_id) o,
              (select coalesce(sum(s.items), 0)::bigint as items, count(*) as series from origin.item_series s where s.lot_id = any(@reached)) i
            """;
        return await sql.MultipleAsync(select, new { lotIds, reached, recallId, take }, async g =>
            new Reach((await g.ReadAsync<ReachedLot>()).AsList(), (await g.ReadAsync<ReachedSeries>()).AsList(), (await g.ReadAsync<ReachedLine>()).AsList(), (await g.ReadAsync<ReachedListing>()).AsList(), (await g.ReadAsync<ReachedFeed>()).AsList(), await g.ReadSingleAsync<ReachCounts>()), ct);
    }
}

/// <param name="Items">Packages with codes of their own, of so many <paramref name="Series"/>.</param>
/// <param name="Orders">Purchases; <paramref name="Parcels"/> are the parts of them that hold these lots, one of each seller.</param>
/// <param name="Buyers">By phone: who bought twice is one.</param>
public sealed record ReachCounts(long Lots, long Items, long Series, long Lines, long Orders, long Parcels, long Buyers, long Told, long Acknowledged)
{
    /// <summary>What is asked before a recall is opened.</summary>
    public string Question(string codes, Texts t) => t["Mở thu hồi lô {0}? Chặn bán ngay {1} lô và báo cho người mua: {2} đơn, {3} kiện, {4} người mua.", codes, Lots, Orders, Parcels, Buyers];
}
