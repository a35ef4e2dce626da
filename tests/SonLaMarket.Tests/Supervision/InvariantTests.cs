using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Supervision;
using SonLaMarket.Tests.Payments;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Supervision;

/// <summary>Each invariant is broken in the database itself, past every verb and constraint, and must be named.</summary>
public sealed class InvariantTests(InvariantTests.Honest honest) : IClassFixture<InvariantTests.Honest>
{
    private readonly Trade trade = honest.Trade;

    /// <summary>A market with a paid order.</summary>
    public sealed class Honest(PostgresFixture postgres) : IAsyncLifetime
    {
        public TestDatabase Database { get; private set; } = null!;

        public Trade Trade { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Database = await postgres.CloneAsync();
            Trade = new Trade(Database);
            await Trade.IpnAsync((await Trade.StartAsync(quantity: 2)).Paid());
        }

        public async ValueTask DisposeAsync()
        {
            await Trade.DisposeAsync();
            await Database.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_honest_market_breaks_none()
    {
        await trade.SweepAsync(TimeSpan.FromMinutes(2));
        Assert.Empty((await Invariants.AskAllAsync(trade.Site.Db, trade.Site.Clock.GetUtcNow())).SelectMany(r => r.Faults));
    }

    [Theory]
    [InlineData("I1", "supplied", "alter table catalog.lot_stock drop constraint lot_stock_balance, drop constraint lot_stock_available; update catalog.lot_stock set available = -5000")]
    [InlineData("I1", "reserved", "update catalog.reservation set quantity_base = quantity_base + 1")]
    [InlineData("I1", "movements add up", "update catalog.stock_movement set sold = sold + 1, available = available - 1")]
    [InlineData("I1", "lots of a line", "update orders.line_lot set quantity_base = quantity_base + 1")]
    [InlineData("I2", "does not balance", "update payments.ledger_line set amount_vnd = amount_vnd + 1 where line = 1")]
    [InlineData("I2", "not in the ledger", "delete from payments.ledger_line; delete from payments.posting")]
    [InlineData("I2", "captured", "update orders.sub_order set status = 'cancelled'")]
    [InlineData("I2", "going back", "insert into payments.refund_case (payment_id, cause, amount_vnd, status, opened_at, key) select id, 'recall', amount_vnd, 'open', now(), 'a' || n from payments.payment, generate_series(1, 2) n")]
    [InlineData("I2", "by the ledger", "update payments.payment set method = 'cod', terminal_id = null; delete from payments.attempt; delete from payments.ledger_line; delete from payments.posting")]
    [InlineData("I2", "by open refund cases", "insert into payments.refund_case (payment_id, cause, amount_vnd, status, opened_at, key) select id, 'complaint', 1000, 'open', now(), 'a' from payments.payment")]
    [InlineData("I2", "costs 1000 less", "update orders.sub_order set less_vnd = 1000")]
    [InlineData("I3", "2 captures", Second)]
    [InlineData("I4", "answered 00", "update payments.attempt set status = 'initiated'")]
    [InlineData("I4", "no parts", "delete from orders.sub_order")]
    [InlineData("I4", "sum of its parts", "update orders.purchase set total_vnd = total_vnd - 1")]
    [InlineData("I4", "payment to its seller", "update payments.payment set producer_id = producer_id + 1")]
    [InlineData("I5", "VNPAY said paid", "update payments.attempt set status = 'failed'")]
    [InlineData("I5", "the payment is", "update payments.payment set status = 'pending', paid_at = null")]
    [InlineData("I6", "never said so", "delete from payments.notification")]
    [InlineData("I6", "by no transfer", "update payments.attempt set method = 'transfer', terminal_id = null")]
    [InlineData("I6", "paid by no try", "update payments.attempt set status = 'failed'")]
    [InlineData("I7", "its history ends", "update orders.sub_order set status = 'shipped'")]
    [InlineData("I7", "after awaiting_payment", "update orders.status_change set to_status = 'delivered' where from_status = 'awaiting_payment'")]
    [InlineData("I7", "no history", "delete from orders.status_change")]
    [InlineData("I7", "still waits", "update orders.sub_order set status = 'awaiting_payment'; update payments.payment set status = 'pending', paid_at = null, hold_until = now() - interval '1 hour'")]
    [InlineData("I7", "its payment expired", "update orders.sub_order set status = 'awaiting_payment'; update payments.payment set status = 'expired', paid_at = null")]
    [InlineData("I7", "its payment paid (vnpay)", "update orders.sub_order set status = 'expired'")]
    [InlineData("I7", "its payment pending (cod)", "update orders.sub_order set status = 'delivered'; update payments.payment set method = 'cod', terminal_id = null, status = 'pending', paid_at = null")]
    [InlineData("I7", "in doubt since", "update payments.attempt set status = 'review', settled_at = now() - interval '26 hours'")]
    [InlineData("I7", "done to requested", RefundOnce + "insert into payments.refund_change (refund_id, from_status, to_status, at, note) select id, s.a, s.b, now(), '' from payments.refund, (values (1, null, 'requested'), (2, 'requested', 'done'), (3, 'done', 'requested')) s (n, a, b) order by s.n")]
    [InlineData("I7", "its history ends with done", RefundOnce + "insert into payments.refund_change (refund_id, from_status, to_status, at, note) select id, null, 'done', now(), '' from payments.refund")]
    [InlineData("I7", "settled after refused", ComplaintOnce + "insert into orders.complaint_step (complaint_id, at, status, by_role) select id, now(), s.a, 'seller' from orders.complaint, (values (1, 'open'), (2, 'refused'), (3, 'settled')) s (n, a) order by s.n")]
    [InlineData("I7", "is refused, its history ends with open", ComplaintOnce + "insert into orders.complaint_step (complaint_id, at, status, by_role) select id, now(), 'open', 'buyer' from orders.complaint")]
    [InlineData("I7", "versions have a gap", "delete from catalog.listing_version")]
    [InlineData("I8", "gave up", "insert into jobs.job (kind, payload, run_at, attempts, dead_at, created_at) values ('A>B', '{}', now(), 8, now(), now())")]
    [InlineData("I8", "twice under one key", "alter table accounts.message drop constraint message_key; insert into accounts.message (key, channel, recipient, subject, body, created_at) select key, channel, recipient, subject, body, created_at from accounts.message")]
    [InlineData("I8", "refund case", "insert into payments.refund_case (payment_id, cause, amount_vnd, status, opened_at, key) select id, 'recall', amount_vnd, 'done', now(), 'a' from payments.payment")]
    public async Task What_breaks_one_is_named(string id, string said, string breaking)
    {
        await using var source = NpgsqlDataSource.Create(honest.Database.OwnerConnectionString);
        await using var tx = await new Db(source).BeginAsync(TestContext.Current.CancellationToken);
        // No trigger and no foreign key stands in the way; nothing of this is committed.
        await tx.ExecuteAsync("set local session_replication_role = replica");
        await tx.ExecuteAsync(breaking);
        var broken = (await Invariants.AskAllAsync(tx, trade.Site.Clock.GetUtcNow().AddMinutes(5), TestContext.Current.CancellationToken)).Where(r => r.Faults.Count > 0).ToDictionary(r => r.Invariant.Id, r => string.Join('\n', r.Faults), StringComparer.Ordinal);
        Assert.Contains(said, Assert.Contains(id, broken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transfer_that_was_in_time_for_goods_that_are_gone_is_no_fault_of_order_and_payment()
    {
        await using var source = NpgsqlDataSource.Create(honest.Database.OwnerConnectionString);
        await using var tx = await new Db(source).BeginAsync(TestContext.Current.CancellationToken);
        await tx.ExecuteAsync("set local session_replication_role = replica; update orders.sub_order set status = 'expired'; update payments.payment set method = 'transfer', terminal_id = null");
        var faults = await Invariants.AskAsync(tx, Invariants.All.Single(i => i.Id == "I7"), trade.Site.Clock.GetUtcNow(), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("its payment", string.Join('\n', faults.Faults), StringComparison.Ordinal);
    }

    private const string RefundOnce = """
        insert into payments.refund (code, case_id, attempt_id, amount_vnd, transaction_type, request_id, status, four_eyes, requested_at) select 'RF1', 1, id, 1000, '03', 'RF1', 'requested', false, now() from payments.attempt;
        """;

    private const string ComplaintOnce = """
        insert into orders.complaint (code, sub_order_id, kind, matter, wish, status, opened_at, answer_by, changed_at) select 'KN1', id, 'complaint', 'late', 'Quá ngày hẹn mà chưa tới.', 'refused', now(), now(), now() from orders.sub_order;
        """;

    /// <summary>A second captured try of the same payment.</summary>
    private const string Second = """
        insert into payments.attempt (payment_id, method, terminal_id, txn_ref, amount_vnd, create_date, started_at, expires_at, status, settled_at)
        select payment_id, method, terminal_id, txn_ref || 'B', amount_vnd, create_date, started_at, expires_at, status, settled_at from payments.attempt
        """;

    [Fact]
    public async Task The_operator_sees_what_broke_and_since_when()
    {
        var market = trade.Site;
        await market.RunDueAsync();
        Assert.Equal(8, await market.Db.SingleAsync<long>("select count(*) from supervision.invariant where broken_since is null"));
        await market.Db.ExecuteAsync("insert into jobs.job (kind, payload, run_at, attempts, dead_at, created_at) values ('A>B', '{}', now(), 8, now(), now())");
        market.Clock.Advance(TimeSpan.FromMinutes(6));
        await market.RunDueAsync();
        var found = market.Clock.GetUtcNow();
        market.Clock.Advance(TimeSpan.FromMinutes(6));
        await market.RunDueAsync();
        Assert.Equal(("I8", found), await market.Db.SingleAsync<(string, DateTimeOffset)>("select id, broken_since from supervision.invariant where broken_since is not null"));
        var page = await (await OperatorAsync(market)).GetAsync("/quan-tri/kiem-tra");
        Assert.Contains("gave up", page.Text, StringComparison.Ordinal);
        Assert.Contains("Chưa có bản sao lưu nào.", page.Text, StringComparison.Ordinal);
        Assert.Single(page.Page.QuerySelectorAll(".badge--bad"));
        await market.Db.ExecuteAsync("delete from jobs.job where kind = 'A>B'");
        market.Clock.Advance(TimeSpan.FromMinutes(6));
        await market.RunDueAsync();
        Assert.Equal(0, await market.Db.SingleAsync<long>("select count(*) from supervision.invariant where broken_since is not null"));
    }

    /// <summary>F24: from two weeks before its end on the operator is told of a certificate, of the database's as well as the site's, and still after it.</summary>
    [Fact]
    public async Task A_certificate_of_a_server_that_ends_within_two_weeks_is_told_of()
    {
        var (market, now) = (trade.Site, trade.Site.Clock.GetUtcNow());
        var page = await OperatorAsync(market);
        var seeds = Seeds.For("certificates");
        foreach (var (soon, days) in new[] { (true, -seeds.Random.Next(1, 60)), (true, seeds.Random.Next(0, 14)), (false, seeds.Random.Next(15, 80)) })
        {
            var until = now.AddDays(days);
            await using (var database = new TlsServer(until, postgres: true))
                Assert.InRange((await CertificateWatch.ReadAsync("127.0.0.1", database.Port, true, TestContext.Current.CancellationToken))!.Value, until.AddSeconds(-1), until);
            await using var server = new TlsServer(until);
            await new CertificateWatch(market.Db, new() { PublicBaseUrl = $"https://localhost:{server.Port}" }, market.Clock, NullLogger<CertificateWatch>.Instance).RunAsync(TestContext.Current.CancellationToken);
            seeds.Equal(soon, (await page.GetAsync("/quan-tri")).Page.QuerySelectorAll(".counts__bad").Any(t => t.TextContent.Contains("chứng chỉ TLS", StringComparison.Ordinal)), $"{days} days, first page");
            var shown = await page.GetAsync("/quan-tri/kiem-tra");
            Assert.Contains($"localhost:{server.Port}", shown.Text, StringComparison.Ordinal);
            seeds.Equal(soon ? days < 0 ? "Hết hạn" : "Sắp hết hạn" : null, shown.Page.QuerySelector("tr:has(code) .badge--bad")?.TextContent.Trim(), $"{days} days");
        }
    }

    private static async Task<Browser> OperatorAsync(Site site)
    {
        const string signIn = "mau-van-hanh@example.invalid";
        await using (var tx = await site.Db.BeginAsync())
        {
            await site.Get<SonLaMarket.Accounts.People>().AddAsync(tx, new(signIn, null, "Người vận hành mẫu", Seller.Password, [Roles.Operator], IsSample: true, SecondFactorDemanded: false), SonLaMarket.Foundation.Web.Actor.System);
            await tx.CommitAsync();
        }
        return await site.Open().SignInAsync(signIn, Seller.Password);
    }
}
