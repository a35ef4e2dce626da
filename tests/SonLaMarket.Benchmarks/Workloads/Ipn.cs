using System.Collections.Concurrent;
using SonLaMarket.Benchmarks.Support;
using SonLaMarket.Home.Demonstration;
using Vnpay;

namespace SonLaMarket.Benchmarks.Workloads;

/// <summary>P8: VNPAY's notification: signature, raw copy, payment, order, stock, ledger; and the same one again.</summary>
public sealed class Ipn : IWorkload
{
    private const int Signatures = 50_000;

    /// <summary>Notifications sent before the rounds: they come again in the rounds, and pgbench writes over their rows.</summary>
    private const int Known = 500;

    public string Name => "ipn";

    public async Task RunAsync(Bench bench)
    {
        var count = Known + (int)((bench.Seconds * bench.Rounds + Comparison.WarmUp) * 300);
        Console.Error.WriteLine($"placing {count} orders");
        var attempts = await (await Shoppers.ComeAsync(bench)).PlacedAsync(count);
        var notifications = attempts.Select(a => HttpConnection.Get(bench.Product.Url, Notification(a))).ToArray();
        var waiting = new ConcurrentQueue<byte[]>(notifications);
        var known = notifications[..Known];
        using (var connection = await HttpConnection.OpenAsync(bench.Product.Url))
        {
            for (var i = 0; i < known.Length; i++)
            {
                waiting.TryDequeue(out var request);
                Expect("\"00\"", (await connection.SendAsync(request, read: true)).Body!);
            }
            Expect("\"02\"", (await connection.SendAsync(known[0], read: true)).Body!);
        }
        await bench.Market.OwnAsync(Market.Large, $"""
            create schema if not exists bench;
            drop table if exists bench.paid;
            create table bench.paid as select row_number() over () as n, a.id as attempt_id, p.id as payment_id, p.producer_id, p.amount_vnd, s.id as sub_order_id, r.id as reservation_id, r.lot_id, u.buyer_phone, o.phone as seller_phone, o.email as seller_email
            from payments.attempt a join payments.payment p on p.id = a.payment_id join orders.sub_order s on 'sub-order:' || s.code = p.payable join orders.purchase u on u.id = s.purchase_id
              join producers.producer o on o.id = p.producer_id join catalog.reservation r on r.holder = p.payable
            where a.txn_ref = any(array['{string.Join("','", attempts.Take(Known).Select(a => a.TxnRef))}']);
            create index on bench.paid (n);
            grant usage on schema bench to public;
            grant select on bench.paid to public;
            analyze bench.paid
            """);
        var sent = notifications.Length - known.Length;
        var figures = await bench.Comparison.RunAsync(
            Target.Sql("pgbench, the same transactions", bench.Market, Transaction),
            Target.Http("product, first notification", bench.Product, _ => waiting.TryDequeue(out var request) ? request : null),
            Target.Http("product, the same again", bench.Product, r => known[r.Next(known.Length)]));
        bench.Report.Table("Notification of a payment (IPN)", figures);
        bench.Report.AtLeast("P8 IPN, notifications/s of pgbench's", figures[1].Ratio, 0.4);
        bench.Report.AtMost("P8 the same IPN again, CPU of the first", figures[2].Cpu / figures[1].Cpu, 0.5);
        bench.Report.AtMost("P8 check of a signature, µs", Signature(attempts.First()), 20, 1);
        var paid = await bench.Market.Db.SingleAsync<long>("""
            select count(*) from payments.payment p join payments.attempt a on a.payment_id = p.id join unnest(@refs) as r (txn_ref) on r.txn_ref = a.txn_ref
            where p.status = 'paid' and (select sum(l.amount_vnd) from payments.posting g join payments.ledger_line l on l.posting_id = g.id where g.payment_id = p.id and l.account = 'seller-receivable') = p.amount_vnd
            """, new { refs = attempts.Select(a => a.TxnRef).ToArray() });
        var expected = sent - waiting.Count + known.Length;
        bench.Report.Budget("P8 payments recorded once with their ledger", $"{paid} of {expected}", paid == expected);
        bench.Report.Line();
    }

    private static string Notification(Attempt attempt) => VnpaySignature.SignUrl("/vnpay/ipn", Fields(attempt), Secret(attempt));

    private static Dictionary<string, string?> Fields(Attempt attempt) => new(StringComparer.Ordinal)
    {
        ["vnp_Amount"] = attempt.AmountTimes100,
        ["vnp_BankCode"] = "NCB",
        ["vnp_BankTranNo"] = "VNP01234567",
        ["vnp_CardType"] = "ATM",
        ["vnp_OrderInfo"] = "Thanh toan don hang",
        ["vnp_PayDate"] = "20260101120000",
        ["vnp_ResponseCode"] = "00",
        ["vnp_TmnCode"] = attempt.TmnCode,
        ["vnp_TransactionNo"] = "14000000",
        ["vnp_TransactionStatus"] = "00",
        ["vnp_TxnRef"] = attempt.TxnRef,
    };

    private static string Secret(Attempt attempt) => SampleTerminal.Secret(int.Parse(attempt.TmnCode[^3..], System.Globalization.CultureInfo.InvariantCulture) - 1);

    /// <summary>Microseconds of processor time for parsing and checking one query.</summary>
    private static double Signature(Attempt attempt)
    {
        var query = Notification(attempt)["/vnpay/ipn".Length..];
        var secret = Secret(attempt);
        for (var i = 0; i < Signatures / 5; i++)
            VnpayEventUtility.ConstructEvent(query, secret);
        var start = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Signatures; i++)
            VnpayEventUtility.ConstructEvent(query, secret);
        return (Environment.CpuUsage.TotalTime - start).TotalMicroseconds / Signatures;
    }

    private static void Expect(string code, string body)
    {
        if (!body.Contains(code, StringComparison.Ordinal))
            throw new InvalidOperationException($"{body} instead of {code}");
    }

    /// <summary>The rows that a notification leaves behind, and the locks that it takes: the shelf is no part of it, what is sold was off it already. The seller of the province has a telephone and an address for mail.</summary>
    private const string Transaction = """
        \set n random(1, 500)
        insert into payments.notification (received_at, channel, verdict, rsp_code, terminal_id, txn_ref, payload)
          values (now(), 'ipn', 'paid', '00', 1, 'pgbench', 'vnp_Amount=10000000&vnp_BankCode=NCB&vnp_OrderInfo=Thanh+toan+don+hang&vnp_ResponseCode=00&vnp_TransactionStatus=00');
        begin;
        select attempt_id, payment_id, producer_id, amount_vnd, sub_order_id, reservation_id, lot_id, buyer_phone, seller_phone, seller_email from bench.paid where n = :n \gset
        select 1 from payments.payment where id = :payment_id for update;
        update payments.attempt set status = 'paid', response_code = '00', transaction_status = '00', transaction_no = '14000000', bank_code = 'NCB', pay_date = '20260101120000', settled_at = now(), next_query_at = null where id = :attempt_id;
        update payments.payment set status = 'paid', paid_at = now() where id = :payment_id;
        insert into payments.posting (key, kind, payment_id, posted_at) values (gen_random_uuid()::text, 'pgbench', :payment_id, now()) returning id as posting_id, posted_at \gset
        insert into payments.ledger_line (posting_id, line, account, producer_id, amount_vnd, posted_at) values (:posting_id, 1, 'pgbench', :producer_id, :amount_vnd, :posted_at::timestamptz), (:posting_id, 2, 'pgbench', :producer_id, 0 - :amount_vnd, :posted_at::timestamptz);
        update orders.sub_order set status = status, changed_at = now() where id = :sub_order_id;
        insert into orders.status_change (sub_order_id, from_status, to_status, at, by_role) values (:sub_order_id, 'awaiting_payment', 'confirmed', now(), 'payment');
        select 1 from catalog.lot_stock where lot_id = :lot_id for update;
        update catalog.reservation set state = 'sold', ended_at = now() where id = :reservation_id;
        update catalog.lot_stock set supplied = supplied + 1, sold = sold + 1, movements = movements + 1, moved_at = now(), moved_for = 'pgbench' where lot_id = :lot_id;
        insert into accounts.message (key, channel, recipient, subject, body, created_at) values (gen_random_uuid()::text, 'sms', :buyer_phone, 'pgbench', 'pgbench', now());
        insert into accounts.message (key, channel, recipient, subject, body, created_at) values (gen_random_uuid()::text, 'sms', :seller_phone, 'pgbench', 'pgbench', now());
        insert into accounts.message (key, channel, recipient, subject, body, created_at) values (gen_random_uuid()::text, 'email', :seller_email, 'pgbench', 'pgbench', now());
        insert into jobs.job (kind, payload, key, run_at, created_at, done_at) values ('pgbench', '{}', gen_random_uuid()::text, now(), now(), now());
        select pg_notify('pgbench', '');
        commit;
        """;
}
