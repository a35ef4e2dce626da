using SonLaMarket.Benchmarks.Support;

namespace SonLaMarket.Benchmarks.Workloads;

/// <summary>P7: the button that places an order: order, lines, stock, payment and the first try to pay, of a thousand listings or all of the same one.</summary>
public sealed class CheckOut : IWorkload
{
    private const int Listings = 1000;

    public string Name => "check-out";

    public async Task RunAsync(Bench bench)
    {
        var slugs = bench.Market.Slugs.Take(Listings).ToArray();
        await bench.Market.OwnAsync(Market.Large, $"""
            create schema if not exists bench;
            drop table if exists bench.item;
            create table bench.item as select row_number() over (order by l.slug) as n, l.id as listing_id, l.slug, t.lot_id, l.producer_id, l.price_vnd, l.base_per_unit, v.title, v.sale_unit, v.base_unit, p.id as terminal_id
            from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version
              join lateral (select lot_id from catalog.lot_stock s where s.product_id = l.product_id limit 1) t on true join payments.terminal p on p.producer_id = l.producer_id
            where l.slug = any(array['{string.Join("','", slugs)}']);
            create index on bench.item (n);
            grant usage on schema bench to public;
            grant select on bench.item to public;
            analyze bench.item
            """);
        var shoppers = await Shoppers.ComeAsync(bench);
        // As many as the rounds can use on a quick machine; the loop of a round ends with its orders.
        var each = (int)((bench.Seconds * bench.Rounds + Comparison.WarmUp) * 300);
        Console.Error.WriteLine($"filling {2 * each} baskets");
        var random = await shoppers.ReadyAsync(each, r => Bench.Any(r, slugs));
        var hot = await shoppers.ReadyAsync(each, _ => slugs[0]);
        var before = await bench.Market.Db.SingleAsync<long>("select count(*) from orders.purchase where not buyer_name like 'pgbench%'");
        var waiting = random.Count + hot.Count;
        var figures = await bench.Comparison.RunAsync(
            Target.Sql("pgbench, the same transaction", bench.Market, Transaction("random(1, 1000)")),
            Target.Sql("pgbench, one listing", bench.Market, Transaction("1")),
            Target.Http("product, of 1,000 listings", bench.Product, _ => random.TryDequeue(out var request) ? request : null, 303),
            Target.Http("product, all of one listing", bench.Product, _ => hot.TryDequeue(out var request) ? request : null, 303));
        bench.Report.Table("Check-out", figures);
        bench.Report.AtLeast("P7 check-out, orders/s of pgbench's", figures[2].Ratio, 0.3);
        bench.Report.AtLeast("P7 everybody buys one thing, orders/s of the random case", Statistics.Median(figures[3].Ratios.Zip(figures[2].Ratios, (h, r) => h / r)), 0.5);
        var placed = await bench.Market.Db.SingleAsync<long>("select count(*) from orders.purchase where not buyer_name like 'pgbench%'") - before;
        var oversold = await bench.Market.Db.SingleAsync<long>("""
            select count(*) from catalog.lot_stock s where s.available < 0 or s.held + s.sold > s.supplied
            """);
        bench.Report.Budget("P7 lots oversold, orders missing", $"{oversold}, {waiting - random.Count - hot.Count - placed}", oversold == 0 && placed == waiting - random.Count - hot.Count);
        bench.Report.Line();
    }

    /// <summary>The rows that an order leaves behind, written by PostgreSQL's own client without a thought.</summary>
    private static string Transaction(string which) => $"""
        \set n {which}
        begin;
        select listing_id, lot_id, producer_id, price_vnd, base_per_unit, terminal_id from bench.item where n = :n \gset
        select 1 from origin.lot where id = :lot_id for share;
        update catalog.lot_stock set available = available - :base_per_unit, held = held + :base_per_unit, movements = movements + 1, moved_at = now(), moved_for = 'pgbench' where lot_id = :lot_id and available >= :base_per_unit;
        insert into catalog.reservation (id, lot_id, holder, quantity_base, state, created_at) values (gen_random_uuid(), :lot_id, 'pgbench', :base_per_unit, 'held', now());
        insert into orders.purchase (code, token_hash, form_key, buyer_name, buyer_phone, province_code, commune_code, address_line, method, language, total_vnd, placed_at)
          values (gen_random_uuid()::text, '\x00', gen_random_uuid()::text, 'pgbench', '0001234567', '14', '03646', 'Số 1', 'vnpay', 'vi', :price_vnd, now()) returning id as purchase_id, code as purchase_code \gset
        insert into orders.sub_order (purchase_id, code, producer_id, status, goods_vnd, shipping_vnd, total_vnd, method, changed_at)
          values (:purchase_id, gen_random_uuid()::text, :producer_id, 'awaiting_payment', :price_vnd, 0, :price_vnd, 'vnpay', now()) returning id as sub_order_id \gset
        insert into orders.status_change (sub_order_id, to_status, at) values (:sub_order_id, 'awaiting_payment', now());
        insert into orders.line (sub_order_id, listing_id, listing_slug, title, sale_unit, base_unit, base_per_unit, quantity, unit_price_vnd, total_vnd)
          select :sub_order_id, listing_id, slug, title, sale_unit, base_unit, base_per_unit, 1, price_vnd, price_vnd from bench.item where n = :n returning id as line_id \gset
        insert into orders.line_lot (line_id, lot_id, quantity_base) values (:line_id, :lot_id, :base_per_unit);
        insert into payments.payment (code, payable, producer_id, terminal_id, method, amount_vnd, description, status, created_at)
          values (gen_random_uuid()::text, gen_random_uuid()::text, :producer_id, :terminal_id, 'vnpay', :price_vnd, 'pgbench', 'pending', now()) returning id as payment_id \gset
        insert into payments.attempt (payment_id, method, terminal_id, txn_ref, amount_vnd, create_date, started_at, expires_at, status)
          values (:payment_id, 'vnpay', :terminal_id, replace(gen_random_uuid()::text, '-', ''), :price_vnd, '20260101000000', now(), now(), 'initiated');
        insert into accounts.message (key, channel, recipient, subject, body, created_at) values (gen_random_uuid()::text, 'sms', '0001234567', 'pgbench', 'pgbench', now());
        update catalog.search_entry set stock_units = stock_units where listing_id = :listing_id;
        update origin.lot_offer set available_units = available_units where lot_id = :lot_id;
        insert into jobs.job (kind, payload, run_at, created_at, done_at) values ('pgbench', jsonb_build_object(), now(), now(), now()), ('pgbench', jsonb_build_object(), now(), now(), now());
        select pg_notify('pgbench', n::text) from generate_series(1, 5) n;
        commit;
        """;
}
