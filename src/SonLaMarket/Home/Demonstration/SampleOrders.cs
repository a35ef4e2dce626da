using System.Globalization;
using System.Net;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Orders;
using SonLaMarket.Payments;

namespace SonLaMarket.Home.Demonstration;

/// <summary>Forty sample orders, some in each state, placed and moved on by the verbs of the shop.</summary>
public sealed class SampleOrders(IServiceProvider services, SampleClock clock, Random random)
{
    private const int OrderCount = 40;

    private static readonly string[] Fates =
        [.. Enumerable.Repeat(OrderState.Delivered, 10), OrderState.Failed, .. Enumerable.Repeat(OrderState.Shipped, 6), .. Enumerable.Repeat(OrderState.Packed, 6), .. Enumerable.Repeat(OrderState.Confirmed, 8), .. Enumerable.Repeat(OrderState.Cancelled, 3), .. Enumerable.Repeat(OrderState.Expired, 3), .. Enumerable.Repeat(OrderState.AwaitingPayment, 3)];

    /// <param name="recalled">The listing whose lot will be recalled: two of its orders wait to be sent.</param>
    public async Task AddAsync(Tx tx, IReadOnlyList<SampleListing> listings, SampleListing recalled, long buyerId, DateTimeOffset now)
    {
        var stocked = listings.Where(l => l.Supplied > 0 && l != recalled).OrderBy(l => l.Producer.Index).ToList();
        for (var i = 0; i < OrderCount; i++)
        {
            var fate = Fates[i];
            var placed = fate == OrderState.AwaitingPayment ? now.AddMinutes(-2) : now.AddDays(-2.6 + i * 0.06);
            clock.MoveTo(placed);
            // The first two sellers have enough to look at; every fifth order buys from two sellers.
            var first = i is 25 or 26 ? recalled : i % 4 == 0 ? stocked[0] : i % 4 == 1 ? stocked[1] : stocked[random.Next(stocked.Count)];
            var second = i % 5 == 3 ? stocked[random.Next(stocked.Count)] : null;
            await PlaceAsync(tx, i, fate, first, second, buyerId);
        }
    }

    private T Of<T>() where T : notnull => services.GetRequiredService<T>();

    private async Task PlaceAsync(Tx tx, int i, string fate, SampleListing first, SampleListing? second, long buyerId)
    {
        var token = Codes.Hash(Codes.Secret());
        var carts = Of<Carts>();
        await carts.AddAsync(tx, token, first.Slug, 1 + i % 3);
        if (second is not null)
            await carts.AddAsync(tx, token, second.Slug, 1);
        var online = fate is OrderState.Expired or OrderState.AwaitingPayment || i % 3 != 0;
        var communes = await tx.QueryAsync<(string Province, string Commune)>("select province_code, code from foundation.commune where province_code in ('01', '14', '31', '79') order by md5(code || @i) limit 1", new { i = i.ToString(CultureInfo.InvariantCulture) });
        await carts.KeepDetailsAsync(tx, token, new BuyerDetails
        {
            Name = $"Người mua mẫu {i + 1}",
            Tel = string.Create(CultureInfo.InvariantCulture, $"0003{i:D6}"),
            Province = communes[0].Province,
            Commune = communes[0].Commune,
            Street = $"Số nhà mẫu {i + 1}",
            Payment = online ? PaymentMethod.Vnpay : PaymentMethod.Cod,
            Complete = true,
        });
        var outcome = await Of<OrderRegister>().PlaceAsync(tx, new PlaceOrder(token, $"sample-{i}", null, new Placing(i % 4 == 0 ? buyerId : null, null, false), Texts.Vi));
        if (outcome is not PlaceOutcome.Placed placed)
            throw new InvalidOperationException($"sample order {i}: {outcome.GetType().Name}");
        await SettleAsync(tx, i, fate, placed);
        await MoveOnAsync(tx, fate, placed.Code);
    }

    private async Task SettleAsync(Tx tx, int i, string fate, PlaceOutcome.Placed placed)
    {
        foreach (var code in placed.OnlinePayments)
        {
            await Of<PaymentRegister>().NewAttemptAsync(tx, code, new Payer(Texts.Vi, IPAddress.Loopback));
            var (payment, attempt, terminal, txnRef) = await tx.SingleAsync<(long, long, long, string)>("select p.id, a.id, a.terminal_id, a.txn_ref from payments.payment p join payments.attempt a on a.payment_id = p.id where p.code = @code order by a.id desc limit 1", new { code });
            if (fate == OrderState.AwaitingPayment)
                continue;
            clock.MoveTo(clock.GetUtcNow().AddMinutes(3));
            if (fate == OrderState.Expired)
            {
                await Of<Settlement>().RecordAsync(tx, attempt, new GatewayOutcome(GatewayVerdict.Failed, "24", "02", "0", "VNPAY", null));
                clock.MoveTo(clock.GetUtcNow().AddMinutes(20));
                await Of<Settlement>().ExpireAsync(tx, payment);
                continue;
            }
            var paid = Vietnamese.Local(clock.GetUtcNow()).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
            await Of<Notifications>().KeepAsync("ipn", "paid", "00", terminal, txnRef, "vnp_TxnRef=" + txnRef, IPAddress.Loopback, tx);
            await Of<Settlement>().RecordAsync(tx, attempt, new GatewayOutcome(GatewayVerdict.Paid, "00", "00", (99_000_000 + i * 10 + attempt % 10).ToString(CultureInfo.InvariantCulture), "NCB", paid));
        }
    }

    private async Task MoveOnAsync(Tx tx, string fate, string purchase)
    {
        const string parts = """
            select s.code, (select m.person_id from producers.member m where m.producer_id = s.producer_id order by m.joined_at limit 1) as member
            from orders.sub_order s join orders.purchase u on u.id = s.purchase_id where u.code = @purchase order by s.id
            """;
        var orders = Of<SubOrders>();
        foreach (var (code, member) in await tx.QueryAsync<(string, long)>(parts, new { purchase }))
        {
            var seller = new Actor(member, Roles.Seller);
            if (fate == OrderState.Cancelled)
                await orders.CancelAsync(tx, code, "Hết hàng đạt cỡ (tình huống mẫu).", seller);
            if (fate is not (OrderState.Packed or OrderState.Shipped or OrderState.Failed or OrderState.Delivered))
                continue;
            clock.MoveTo(clock.GetUtcNow().AddHours(4));
            await orders.PackAsync(tx, code, seller);
            if (fate == OrderState.Packed)
                continue;
            clock.MoveTo(clock.GetUtcNow().AddHours(2));
            await orders.ShipAsync(tx, code, new Shipment("VNPost", "MAU" + code), seller);
            if (fate == OrderState.Shipped)
                continue;
            clock.MoveTo(clock.GetUtcNow().AddHours(20));
            if (fate == OrderState.Failed)
                await orders.FailAsync(tx, code, "Gọi ba lần không ai nghe máy (tình huống mẫu).", seller);
            else
                await orders.DeliverAsync(tx, code, seller);
        }
    }
}
