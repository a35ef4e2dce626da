namespace SonLaMarket.Checker;

/// <summary>What the database alone must never show. Each query gives one line of text for each case.</summary>
internal static class Rules
{
    public static readonly IReadOnlyList<(string Invariant, string Sql)> All =
    [
        ("I1", """
            select format('lot %s: %s supplied, %s available, %s held, %s sold, %s written off', lot_id, supplied, available, held, sold, written_off) from catalog.lot_stock
            where available < 0 or held < 0 or sold < 0 or written_off < 0 or supplied <> available + held + sold + written_off
            """),
        ("I1", """
            select format('lot %s: %s is held or sold, orders have %s', k.lot_id, k.held + k.sold, coalesce(o.quantity, 0)) from catalog.lot_stock k
            left join (select x.lot_id, sum(x.quantity_base)::bigint as quantity from orders.line_lot x join orders.line l on l.id = x.line_id join orders.sub_order s on s.id = l.sub_order_id
              where s.status in ('awaiting_payment', 'confirmed', 'packed', 'shipped', 'failed', 'delivered') group by x.lot_id) o on o.lot_id = k.lot_id
            where k.held + k.sold <> coalesce(o.quantity, 0) and not exists (select 1 from orders.line_lot x join orders.line l on l.id = x.line_id join orders.sub_order s on s.id = l.sub_order_id where x.lot_id = k.lot_id and s.status = 'on_hold')
            """),
        ("I1", """
            select format('order %s: %s ordered, its lots give %s', s.code, sum(l.base), sum(l.lots)) from orders.sub_order s
            join (select sub_order_id, coalesce(packed_base, quantity * base_per_unit) as base, (select coalesce(sum(x.quantity_base), 0) from orders.line_lot x where x.line_id = n.id) as lots from orders.line n) l on l.sub_order_id = s.id
            where s.status in ('confirmed', 'packed', 'shipped', 'delivered') group by s.code having bool_or(l.base <> l.lots)
            """),
        ("I2", "select format('posting %s adds up to %s', posting_id, sum(amount_vnd)) from payments.ledger_line group by posting_id having sum(amount_vnd) <> 0"),
        ("I2", """
            select format('payment %s: %s came in, the ledger has %s', p.code, c.vnd, coalesce(l.vnd, 0)) from payments.payment p
            join (select payment_id, sum(amount_vnd)::bigint as vnd from payments.attempt where status in ('paid', 'paid_late') group by payment_id) c on c.payment_id = p.id
            left join (select g.payment_id, sum(n.amount_vnd)::bigint as vnd from payments.posting g join payments.ledger_line n on n.posting_id = g.id and n.amount_vnd > 0 where g.kind = 'payment' group by g.payment_id) l on l.payment_id = p.id
            where c.vnd <> coalesce(l.vnd, 0)
            """),
        ("I2", """
            select format('try %s: %s came, %s went back', a.txn_ref, a.amount_vnd, sum(f.amount_vnd)) from payments.refund f join payments.attempt a on a.id = f.attempt_id
            where f.status not in ('rejected', 'refused', 'withdrawn') group by a.id having sum(f.amount_vnd) > a.amount_vnd or a.status not in ('paid', 'paid_late')
            """),
        ("I3", """
            select format('payment %s: %s captures, %s refund cases of a second one', p.code, count(a.id), (select count(*) from payments.refund_case r where r.payment_id = p.id and r.cause in ('second_success', 'overpaid')))
            from payments.payment p join payments.attempt a on a.payment_id = p.id and a.status in ('paid', 'paid_late') group by p.id
            having count(a.id) - 1 <> (select count(*) from payments.refund_case r where r.payment_id = p.id and r.cause in ('second_success', 'overpaid'))
            """),
        ("I5", """
            select format('order %s is %s and its payment is paid', s.code, s.status) from orders.sub_order s join payments.payment p on p.payable = 'sub-order:' || s.code
            where p.status in ('paid', 'paid_late') and s.status in ('awaiting_payment', 'expired', 'cancelled') and not exists (select 1 from payments.refund_case r where r.payment_id = p.id)
            """),
        ("I6", "select format('order %s is %s and nothing was paid', s.code, s.status) from orders.sub_order s join payments.payment p on p.payable = 'sub-order:' || s.code where s.method = 'vnpay' and s.status in ('confirmed', 'packed', 'shipped', 'delivered') and p.status not in ('paid', 'paid_late')"),
        ("I7", """
            select format('order %s: a step from %s after one to %s', sub_order_id, coalesce(from_status, 'nothing'), coalesce(before, 'nothing'))
            from (select sub_order_id, from_status, lag(to_status) over (partition by sub_order_id order by id) as before from orders.status_change) h where from_status is distinct from before
            """),
        ("I7", "select format('order %s is %s, the history says %s', s.code, s.status, h.to_status) from orders.sub_order s join lateral (select to_status from orders.status_change c where c.sub_order_id = s.id order by c.id desc limit 1) h on true where h.to_status <> s.status"),
        ("I8", "select format('payment %s has two postings of one try', payment_id) from payments.posting where kind = 'payment' group by payment_id, key having count(*) > 1"),
        ("I8", "select format('refund %s goes by the request of another', f.code) from payments.refund f where exists (select 1 from payments.refund o where o.request_id = f.request_id and o.id <> f.id)"),
        ("I8", "select format('case %s is done, %s postings say so', r.key, count(g.id)) from payments.refund_case r left join payments.posting g on g.key = 'refund:' || r.key where r.status = 'done' group by r.key having count(g.id) <> 1"),
        ("I8", """
            select format('order %s was confirmed and nobody was told', s.code) from orders.sub_order s join orders.status_change c on c.sub_order_id = s.id and c.to_status = 'confirmed' and c.from_status is not null
            where not exists (select 1 from accounts.message m where m.key = 'sub-order-paid:' || s.code)
            """),
    ];
}
