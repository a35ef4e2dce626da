using System.Diagnostics;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Orders;
using SonLaMarket.Payments;

namespace SonLaMarket.Supervision;

/// <summary>Something that must always hold.</summary>
/// <param name="Says">In one sentence, Vietnamese.</param>
/// <param name="English">The same for the command line.</param>
/// <param name="Sql">One row of text for each case in which it does not hold: codes, never personal data.</param>
public sealed record Invariant(string Id, string Says, string English, string Sql);

/// <param name="Faults">Empty when it holds; at most <see cref="Invariants.Shown"/>.</param>
public sealed record InvariantResult(Invariant Invariant, IReadOnlyList<string> Faults, int TookMs);

/// <summary>
/// The invariants of the market as queries that find what breaks them, whatever path led there: they trust no verb and no
/// constraint. Asked by <c>check</c>, every five minutes, and after each fault of the tests.
/// </summary>
public static class Invariants
{
    public const int Shown = 20;

    private const string Stock = """
        select 'lot ' || o.code || ': supplied ' || s.supplied || ', available ' || s.available || ', held ' || s.held || ' (reserved ' || coalesce(r.held, 0) || '), sold ' || s.sold || ' (reserved ' || coalesce(r.sold, 0) || '), written off ' || s.written_off
        from catalog.lot_stock s join origin.lot o on o.id = s.lot_id
          left join (select lot_id, sum(quantity_base) filter (where state = 'held') as held, sum(quantity_base) filter (where state = 'sold') as sold
            from catalog.reservation where state <> 'released' group by lot_id) r on r.lot_id = s.lot_id
        where s.supplied <> s.available + s.held + s.sold + s.written_off or least(s.available, s.held, s.sold, s.written_off) < 0
          or s.held <> coalesce(r.held, 0) or s.sold <> coalesce(r.sold, 0)
        union all
        select 'lot ' || o.code || ': its movements add up to other sums' from catalog.lot_stock s join origin.lot o on o.id = s.lot_id
          join (select lot_id, count(*) as count, sum(supplied) as supplied, sum(available) as available, sum(held) as held, sum(sold) as sold, sum(written_off) as written_off from catalog.stock_movement group by lot_id) m on m.lot_id = s.lot_id
        where (m.count, m.supplied, m.available, m.held, m.sold, m.written_off) is distinct from (s.movements, s.supplied, s.available, s.held, s.sold, s.written_off)
        union all
        select 'order ' || s.code || ': the lots of a line are not its quantity'
        from orders.sub_order s join orders.line l on l.sub_order_id = s.id
        where s.status in ('confirmed', 'packed', 'shipped', 'delivered')
          and coalesce(l.packed_base, l.quantity * l.base_per_unit) <> (select coalesce(sum(x.quantity_base), 0) from orders.line_lot x where x.line_id = l.id)
        limit @shown
        """;

    /// <summary>What came is told by the tries, of cash by the payment itself: books, refund cases and orders have to agree with it.</summary>
    private const string Money = """
        with tries as (select payment_id, sum(amount_vnd) as vnd from payments.attempt where status in ('paid', 'paid_late') group by payment_id),
        books as (
          select g.payment_id, -coalesce(sum(l.amount_vnd) filter (where l.account = 'buyer-paid'), 0) as vnd, -coalesce(sum(l.amount_vnd) filter (where l.account = 'refund-due'), 0) as due_vnd
          from payments.ledger_line l join payments.posting g on g.id = l.posting_id where l.account in ('buyer-paid', 'refund-due') group by g.payment_id),
        back as (
          select payment_id, sum(amount_vnd) as vnd, coalesce(sum(amount_vnd) filter (where status = 'open'), 0) as open_vnd, coalesce(sum(amount_vnd) filter (where cause not in ('second_success', 'overpaid')), 0) as own_vnd
          from payments.refund_case group by payment_id),
        told as (
          select p.code, p.status, p.amount_vnd, s.code as part, s.status as part_status, s.total_vnd, s.less_vnd,
            case when p.method <> 'cod' then coalesce(t.vnd, 0) when p.status in ('paid', 'paid_late') then p.amount_vnd else 0 end as vnd,
            coalesce(k.vnd, 0) as booked_vnd, coalesce(k.due_vnd, 0) as due_vnd, coalesce(b.vnd, 0) as back_vnd, coalesce(b.open_vnd, 0) as open_vnd, s.total_vnd - p.amount_vnd + coalesce(b.own_vnd, 0) as told_less_vnd
          from payments.payment p left join tries t on t.payment_id = p.id left join books k on k.payment_id = p.id left join back b on b.payment_id = p.id
            left join orders.sub_order s on 'sub-order:' || s.code = p.payable),
        judged as (
          select t.code, t.status, t.part, t.part_status, t.less_vnd, t.vnd, t.booked_vnd, t.due_vnd, t.back_vnd, t.open_vnd, t.told_less_vnd,
            t.vnd <> t.booked_vnd as unbooked, t.due_vnd <> t.open_vnd as undue, t.less_vnd > t.told_less_vnd as lessened,
            t.part is not null and (t.back_vnd > t.vnd or t.vnd - t.back_vnd > case when t.part_status in ('confirmed', 'packed', 'shipped', 'failed', 'delivered', 'on_hold') then t.amount_vnd else 0 end) as adrift
          from told t)
        select 'posting ' || g.key || ' does not balance' from (select posting_id from payments.ledger_line group by posting_id having sum(amount_vnd) <> 0) l join payments.posting g on g.id = l.posting_id
        union all
        select 'payment ' || p.code || ': ' || a.txn_ref || ' is paid and not in the ledger' from payments.attempt a join payments.payment p on p.id = a.payment_id
        where a.status in ('paid', 'paid_late') and not exists (select 1 from payments.posting g where g.payment_id = p.id and g.key = 'paid:' || a.txn_ref)
        union all
        select f.fault from judged j cross join lateral (values
          (j.unbooked, 'payment ' || j.code || ' is ' || j.status || ': ' || j.vnd || ' came, ' || j.booked_vnd || ' by the ledger'),
          (j.undue, 'payment ' || j.code || ': ' || j.due_vnd || ' to go back by the ledger, ' || j.open_vnd || ' by open refund cases'),
          (j.adrift, 'payment ' || j.code || ': captured ' || j.vnd || ', going back ' || j.back_vnd || ', order ' || j.part_status),
          (j.lessened, 'order ' || j.part || ' costs ' || j.less_vnd || ' less, and its payment tells of ' || j.told_less_vnd)) as f (broken, fault)
        where (j.unbooked or j.undue or j.adrift or j.lessened) and f.broken
        limit @shown
        """;

    private const string OneCapture = """
        select 'payment ' || p.code || ': ' || count(*) || ' captures, ' || count(*) filter (where a.status = 'paid') || ' of them on time, ' ||
          (select count(*) from payments.refund_case r where r.payment_id = p.id and r.cause in ('second_success', 'overpaid')) || ' refund cases for a second one'
        from payments.payment p join payments.attempt a on a.payment_id = p.id and a.status in ('paid', 'paid_late') group by p.id
        having count(*) - 1 > (select count(*) from payments.refund_case r where r.payment_id = p.id and r.cause in ('second_success', 'overpaid'))
        limit @shown
        """;

    private const string Acknowledged = """
        select 'notification ' || n.txn_ref || ' was answered 00 and is not recorded' from payments.notification n
        where n.rsp_code = '00' and n.channel = 'ipn'
          and not exists (select 1 from payments.attempt a where a.terminal_id = n.terminal_id and a.txn_ref = n.txn_ref and a.status <> 'initiated')
        union all
        select 'purchase ' || u.code || ' has no parts' from orders.purchase u where not exists (select 1 from orders.sub_order s where s.purchase_id = u.id)
        union all
        select 'purchase ' || u.code || ' is not the sum of its parts' from orders.purchase u
        where exists (select 1 from orders.sub_order s where s.purchase_id = u.id) and u.total_vnd <> (select sum(s.total_vnd) from orders.sub_order s where s.purchase_id = u.id)
        union all
        select 'order ' || s.code || ' has no payment to its seller over its total' from orders.sub_order s
        where not exists (select 1 from payments.payment p where p.payable = 'sub-order:' || s.code and p.producer_id = s.producer_id and p.amount_vnd in (s.total_vnd, s.total_vnd - s.less_vnd))
        limit @shown
        """;

    private const string NoneLost = """
        select 'attempt ' || a.txn_ref || ': VNPAY said paid, here it is ' || a.status from payments.notification n
          join payments.attempt a on a.terminal_id = n.terminal_id and a.txn_ref = n.txn_ref
        where n.verdict = 'paid' and a.status not in ('paid', 'paid_late') and n.received_at < @settled
        union all
        select 'payment ' || p.code || ': a try is paid, the payment is ' || p.status from payments.payment p
        where p.status not in ('paid', 'paid_late') and exists (select 1 from payments.attempt a where a.payment_id = p.id and a.status in ('paid', 'paid_late'))
        limit @shown
        """;

    private const string NoneForged = """
        select 'attempt ' || a.txn_ref || ' is ' || a.status || ' and VNPAY never said so' from payments.attempt a
        where a.terminal_id is not null and a.status in ('paid', 'paid_late') and a.settled_at < @settled
          and not exists (select 1 from payments.notification n where n.terminal_id = a.terminal_id and n.txn_ref = a.txn_ref and n.verdict in ('paid', 'repeated'))
        union all
        select 'attempt ' || a.txn_ref || ' is ' || a.status || ' by no transfer' from payments.attempt a
        where a.method = 'transfer' and a.status in ('paid', 'paid_late') and not exists (select 1 from payments.bank_credit c where c.payment_id = a.payment_id and c.status = 'matched')
        union all
        select 'payment ' || p.code || ' is paid by no try' from payments.payment p
        where p.method = 'vnpay' and p.status in ('paid', 'paid_late') and not exists (select 1 from payments.attempt a where a.payment_id = p.id and a.status in ('paid', 'paid_late'))
        limit @shown
        """;

    private const string Histories = """
        with ways (kind, a, b) as (select k.kind, k.a, k.b from unnest(@kinds::text[], @from::text[], @to::text[]) as k (kind, a, b)),
        refund_steps as (
          select c.refund_id as id, c.from_status, c.to_status, lag(c.to_status) over (partition by c.refund_id order by c.id) as before, lead(c.id) over (partition by c.refund_id order by c.id) is null as last
          from payments.refund_change c),
        complaint_steps as (
          select c.complaint_id as id, c.status as to_status, lag(c.status) over (partition by c.complaint_id order by c.id) as before, lead(c.id) over (partition by c.complaint_id order by c.id) is null as last
          from orders.complaint_step c),
        steps as (
          select c.sub_order_id, c.id, c.from_status, c.to_status,
            lag(c.to_status) over (partition by c.sub_order_id order by c.id) as before, lead(c.id) over (partition by c.sub_order_id order by c.id) is null as last
          from orders.status_change c)
        select 'order ' || s.code || ': ' || coalesce(c.from_status, 'nothing') || ' to ' || c.to_status || ' after ' || coalesce(c.before, 'nothing') from steps c join orders.sub_order s on s.id = c.sub_order_id
        where c.from_status is distinct from c.before
          or c.from_status is not null and not exists (select 1 from ways w where w.kind = 'order' and w.a = c.from_status and w.b = c.to_status)
        union all
        select 'order ' || s.code || ' is ' || s.status || ', its history ends with ' || c.to_status from steps c join orders.sub_order s on s.id = c.sub_order_id where c.last and c.to_status <> s.status
        union all
        select 'order ' || s.code || ' has no history' from orders.sub_order s where not exists (select 1 from orders.status_change c where c.sub_order_id = s.id)
        union all
        select 'order ' || s.code || ' still waits, the hold of its payment ended ' || p.hold_until from orders.sub_order s join payments.payment p on p.payable = 'sub-order:' || s.code
        where s.status = 'awaiting_payment' and p.status = 'pending' and p.hold_until < @stuck
        union all
        select 'order ' || s.code || ' is ' || s.status || ', its payment ' || p.status || ' (' || p.method || ')' from orders.sub_order s join payments.payment p on p.payable = 'sub-order:' || s.code
        where (s.status, case when p.method = 'cod' and p.status = 'pending' then 'to collect' when p.method = 'transfer' and p.status = 'paid' and s.status = 'expired' then 'in time' else p.status end) not in (values
          ('awaiting_payment', 'pending'), ('awaiting_payment', 'review'), ('expired', 'expired'), ('expired', 'in time'), ('expired', 'paid_late'),
          ('confirmed', 'paid'), ('confirmed', 'paid_late'), ('confirmed', 'to collect'), ('packed', 'paid'), ('packed', 'paid_late'), ('packed', 'to collect'),
          ('shipped', 'paid'), ('shipped', 'paid_late'), ('shipped', 'to collect'), ('failed', 'paid'), ('failed', 'paid_late'), ('failed', 'to collect'), ('delivered', 'paid'), ('delivered', 'paid_late'),
          ('on_hold', 'cancelled'), ('on_hold', 'paid'), ('on_hold', 'paid_late'), ('on_hold', 'to collect'), ('cancelled', 'cancelled'), ('cancelled', 'paid'), ('cancelled', 'paid_late'))
        union all
        select 'attempt ' || a.txn_ref || ' is in doubt since ' || a.settled_at from payments.attempt a where a.status = 'review' and a.settled_at < @undecided
        union all
        select 'refund ' || f.code || ' is in doubt since ' || max(c.at) from payments.refund f join payments.refund_change c on c.refund_id = f.id where f.status = 'review' group by f.code having max(c.at) < @undecided
        union all
        select 'refund ' || f.code || ': ' || coalesce(c.from_status, 'nothing') || ' to ' || c.to_status || ' after ' || coalesce(c.before, 'nothing') from refund_steps c join payments.refund f on f.id = c.id
        where c.from_status is distinct from c.before or c.from_status is not null and not exists (select 1 from ways w where w.kind = 'refund' and w.a = c.from_status and w.b = c.to_status)
        union all
        select 'refund ' || f.code || ' is ' || f.status || ', its history ends with ' || c.to_status from refund_steps c join payments.refund f on f.id = c.id where c.last and c.to_status <> f.status
        union all
        select 'complaint ' || k.code || ': ' || c.to_status || ' after ' || coalesce(c.before, 'nothing') from complaint_steps c join orders.complaint k on k.id = c.id
        where not exists (select 1 from ways w where w.kind = 'complaint' and w.a = coalesce(c.before, '') and w.b = c.to_status)
        union all
        select 'complaint ' || k.code || ' is ' || k.status || ', its history ends with ' || c.to_status from complaint_steps c join orders.complaint k on k.id = c.id where c.last and c.to_status <> k.status
        union all
        select 'listing ' || l.slug || ': its versions have a gap' from catalog.listing l
        where (select count(*) from catalog.listing_version v where v.listing_id = l.id) <> l.version
          or l.version > 0 and (select min(v.version) || '-' || max(v.version) from catalog.listing_version v where v.listing_id = l.id) <> '1-' || l.version
        limit @shown
        """;

    private const string Effects = """
        select 'job ' || j.id || ' (' || j.kind || ') gave up: its effect is missing' from jobs.job j where j.dead_at is not null
        union all
        select 'message ' || m.id || ' stands twice under one key' from accounts.message m where exists (select 1 from accounts.message o where o.key = m.key and o.id < m.id)
        union all
        select 'refund case ' || r.key || ' is done and its posting is not there once' from payments.refund_case r
        where r.status = 'done' and (select count(*) from payments.posting g where g.key = 'refund:' || r.key) <> 1
        limit @shown
        """;

    public static readonly IReadOnlyList<Invariant> All =
    [
        new("I1", "Mỗi lô: số cung cấp bằng còn bán, đang giữ, đã bán và đã loại cộng lại; không bán quá số có.", "No lot is sold beyond what it holds; its sums agree with its reservations.", Stock),
        new("I2", "Mỗi bút toán cân bằng; tiền đã thu có trong sổ, bằng đơn đã trả cộng tiền hoàn.", "Every posting balances; captured money is in the books, and is a paid order or goes back.", Money),
        new("I3", "Một đơn chỉ thu tiền một lần; lần thứ hai có hồ sơ hoàn tiền.", "An order has one capture; a second one has its refund case.", OneCapture),
        new("I4", "Điều đã trả lời là đã nhận thì có trong cơ sở dữ liệu.", "What was acknowledged is in the database.", Acknowledged),
        new("I5", "Không mất khoản trả nào mà VNPAY đã báo.", "No payment that VNPAY told of is lost.", NoneLost),
        new("I6", "Không khoản nào thành đã trả mà VNPAY không báo.", "Nothing is paid that VNPAY did not say.", NoneForged),
        new("I7", "Lịch sử đơn, hoàn tiền, khiếu nại theo đúng các bước cho phép; đơn khớp với khoản thanh toán; không gì kẹt; phiên bản tin đăng liền nhau.", "Histories follow the state machines, orders agree with their payments, nothing is stuck, versions have no gap.", Histories),
        new("I8", "Việc nền có tác dụng đúng một lần: không mất, không lặp.", "Background effects happen once: none lost, none twice.", Effects),
    ];

    /// <summary>A notification is kept a moment after its effect; hold and sweeper need theirs (docs/contract.md, section 4).</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Unstable = TimeSpan.FromMinutes(20);

    /// <summary>What the rooms say of their own states; a complaint begins open.</summary>
    private static readonly (string Kind, string From, string To)[] Ways =
    [
        .. OrderLife.Ways.Select(w => ("order", w.From, w.To)),
        .. RefundStatus.Steps.Select(w => ("refund", w.From, w.To)),
        ("complaint", "", ComplaintState.Open),
        .. ComplaintState.Ways.Select(w => ("complaint", w.From, w.To)),
    ];

    public static async Task<InvariantResult> AskAsync(Sql sql, Invariant invariant, DateTimeOffset now, CancellationToken ct = default)
    {
        var clock = Stopwatch.StartNew();
        var faults = await sql.QueryAsync<string>(invariant.Sql, new
        {
            shown = Shown,
            settled = now - Moment,
            stuck = now - Unstable,
            undecided = now - PaymentWindow.Decide,
            kinds = Ways.Select(w => w.Kind).ToArray(),
            from = Ways.Select(w => w.From).ToArray(),
            to = Ways.Select(w => w.To).ToArray(),
        }, ct);
        return new(invariant, faults, (int)clock.ElapsedMilliseconds);
    }

    public static async Task<IReadOnlyList<InvariantResult>> AskAllAsync(Sql sql, DateTimeOffset now, CancellationToken ct = default)
    {
        var results = new List<InvariantResult>();
        foreach (var invariant in All)
            results.Add(await AskAsync(sql, invariant, now, ct));
        return results;
    }
}
