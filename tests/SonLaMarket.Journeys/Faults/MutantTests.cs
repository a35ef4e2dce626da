using SonLaMarket.Checker;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys.Faults;

/// <summary>
/// The judge is judged: the same trade on the real program breaks nothing, and on each program with one deliberate mistake it is seen. Where the database
/// has a second wall behind the mistake, that wall is taken away first.
/// </summary>
public sealed class MutantTests(PostgresFixture postgres)
{
    [Fact]
    public async Task The_real_program_breaks_nothing()
    {
        var verdict = await TradeAsync(null, null);
        Assert.True(verdict.Count == 0, verdict.ToString());
        Assert.True(verdict.Ok > 20, verdict.ToString());
    }

    private static readonly (string Mistake, string Invariant)[] All =
    [
        ("stock taken without looking", "I1"),
        ("row lock off", "I4"),
        ("signature not checked", "I6"),
        ("state condition off", "I8"),
        ("answered before the commit", "I4"),
        ("one minute more to pay", "I7"),
        ("held one minute longer", "I7"),
        ("paid to another seller", "I2"),
        ("amount off by one in a hundred", "I2"),
        ("amount compared off by one in a hundred", "I5"),
        ("both sides of the ledger alike", "I2"),
        ("history written wrongly", "I7"),
    ];

    /// <summary>Each costs a start of a program that nobody has run before: a few a run, all of them in the long one.</summary>
    public static TheoryData<string, string> Mutants
    {
        get
        {
            var chosen = All.ToArray();
            Seeds.For("mutants").Random.Shuffle(chosen);
            return [.. chosen.Take(Seeds.Rounds(3, All.Length))];
        }
    }

    [Theory]
    [MemberData(nameof(Mutants))]
    public async Task Each_mistake_is_seen(string mistake, string invariant)
    {
        using var mutant = new Mutant(RunningSite.Program());
        string? wall = null;
        switch (mistake)
        {
            case "stock taken without looking":
                mutant.Sql("and s.available >= w.quantity", "").Sql("order by s.lot_id for update of s", "order by s.lot_id").Sql("o.harvested_on nulls last, o.id\nfor share of o", "o.harvested_on nulls last, o.id");
                wall = "alter table catalog.lot_stock drop constraint lot_stock_available";
                break;
            case "row lock off":
                mutant.Sql("from orders.cart where token_hash = @CartToken for update", "from orders.cart where token_hash = @CartToken");
                wall = "alter table orders.purchase drop constraint purchase_form_key";
                break;
            case "signature not checked":
                mutant.AlwaysTrue("Vnpay.Net.dll", "Vnpay.VnpaySignature", "Verify");
                break;
            case "state condition off":
                mutant.Sql("where id = @attemptId and status in ('initiated', 'failed', 'expired', 'review')", "where id = @attemptId").Sql("a.status in ('paid', 'paid_late') as paid", "false as paid");
                wall = "alter table payments.posting drop constraint posting_key";
                break;
            case "answered before the commit":
                mutant.Nothing("SonLaMarket.dll", "SonLaMarket.Foundation.Data.Tx", "CommitAsync");
                break;
            case "one minute more to pay":
                mutant.Number("SonLaMarket.dll", "SonLaMarket.Payments.PaymentWindow", ".cctor", 15, 16);
                break;
            case "held one minute longer":
                mutant.Number("SonLaMarket.dll", "SonLaMarket.Payments.PaymentWindow", ".cctor", 5, 6);
                break;
            case "paid to another seller":
                mutant.Sql("t.active and (t.producer_id = n.producer_id or", "t.active and (t.producer_id is not null or");
                break;
            case "amount off by one in a hundred":
                mutant.Number("Vnpay.Net.dll", "Vnpay.PaymentService", "Amount", 100, 99);
                break;
            case "amount compared off by one in a hundred":
                mutant.Number("SonLaMarket.dll", "SonLaMarket.Payments.Vnpay.IpnController+<SettleAsync>", "MoveNext", 100, 99);
                break;
            case "both sides of the ledger alike":
                mutant.SameSign("SonLaMarket.dll", "SonLaMarket.Payments.Ledger+<SaleAsync>", "MoveNext");
                wall = "drop trigger ledger_line_balance on payments.ledger_line";
                break;
            default:
                mutant.Sql("values (@subOrderId, @from, @to, @at,", "values (@subOrderId, @to, @to, @at,");
                break;
        }
        var verdict = await TradeAsync(mutant.Program, wall);
        Assert.True(verdict.Violations.ContainsKey(invariant), $"{mistake} was not seen as {invariant}: {verdict}");
    }

    /// <summary>Orders made by the real program, notifications of every kind, a race for the last box, and orders made by the program under test; then the judge.</summary>
    private async Task<Verdict> TradeAsync(string? program, string? wall)
    {
        await using var database = await postgres.CloneAsync("trade", FillAsync);
        var history = new History();
        var (last, many, waiting) = shelf!;
        if (wall is not null)
            await database.OwnerAsync(wall);
        var files = Directory.CreateTempSubdirectory("slm-mutant-files-");
        var settings = new Dictionary<string, string?>(database.Settings, StringComparer.Ordinal) { ["Files:Folder"] = files.FullName };
        await using (var running = await RunningSite.StartAsync(settings, RunningSite.FreePort(), 0, program, ["--data", "reference"]))
        {
            var vnpay = new Notifier(running.Url, history);
            await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => vnpay.SendAsync(many.Seller, waiting[0].TxnRef, waiting[0].AmountVnd)));
            foreach (var kind in Tests.Support.Vnpay.Wrong)
                await vnpay.SendAsync(many.Seller, waiting[1].TxnRef, waiting[1].AmountVnd, kind: kind);
            await vnpay.SendAsync(many.Seller, waiting[2].TxnRef, waiting[2].AmountVnd, "24");
            await vnpay.SendAsync(many.Seller, waiting[2].TxnRef, waiting[2].AmountVnd);
            await RecordedBuyer.RaceAsync(history, _ => running.Url, 10, last.Slug);
            var online = await RecordedBuyer.PlaceAsync(history, running.Url, "patient", many.Slug, "vnpay", quantity: 3, sends: 6);
            if (online is { TxnRef.Length: > 0 })
                await vnpay.SendAsync(many.Seller, online.TxnRef, online.AmountVnd);
        }
        files.Delete(recursive: true);
        return await Judge.JudgeAsync(history, database.OwnerConnectionString);
    }

    private sealed record Shelf(Goods Last, Goods Many, List<(string TxnRef, long AmountVnd)> Waiting);

    private static Shelf? shelf;

    /// <summary>Goods of two sellers and three orders that wait for their payment: what each trade begins with.</summary>
    private static async Task FillAsync(TestDatabase database)
    {
        await using var site = new Site(database);
        var shop = new Shop(site);
        var last = await shop.GoodsAsync(await shop.SellerAsync(), 1);
        var many = await shop.GoodsAsync(await shop.SellerAsync(), 60);
        var waiting = new List<(string TxnRef, long AmountVnd)>();
        for (var i = 0; i < 3; i++)
        {
            var placed = Tests.Support.Vnpay.Fields((await (await new Buyer(site).WithAsync(many)).PlaceAsync()).Location);
            waiting.Add((placed["vnp_TxnRef"], long.Parse(placed["vnp_Amount"], System.Globalization.CultureInfo.InvariantCulture) / 100));
        }
        shelf = new(last, many, waiting);
    }
}
