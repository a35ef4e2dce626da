using SonLaMarket.Accounts;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders;

/// <param name="FormKey">Made with the form; the same key places one order only.</param>
/// <param name="ShownTotalVnd">The total the buyer saw and agreed to; null when the form did not say.</param>
public sealed record PlaceOrder(byte[] CartToken, string FormKey, long? ShownTotalVnd, Placing Buyer, string Language);

public abstract record PlaceOutcome
{
    /// <param name="Token">The secret of the order's page, known from now on to the buyer alone.</param>
    /// <param name="OnlinePayments">Codes of the payments to make online.</param>
    public sealed record Placed(string Code, string Token, IReadOnlyList<string> OnlinePayments) : PlaceOutcome;

    /// <summary>This form was sent before.</summary>
    public sealed record Again(string Code, IReadOnlyList<string> OnlinePayments) : PlaceOutcome;

    /// <summary>Something can no longer be bought as it stands in the cart.</summary>
    public sealed record OutOfStock(PricedCart Cart) : PlaceOutcome;

    /// <summary>A price or fee is not what the buyer saw.</summary>
    public sealed record TotalChanged(PricedCart Cart) : PlaceOutcome;

    /// <summary>The buyer keeps enough goods that are not paid yet.</summary>
    public sealed record TooManyOpen(PricedCart Cart) : PlaceOutcome;

    /// <summary>The cart is empty, or its details must be gone through again.</summary>
    public sealed record Incomplete : PlaceOutcome;
}

/// <summary>Places orders: one purchase, one part for each seller, stock held and payments written in one transaction.</summary>
public sealed class OrderRegister(Carts carts, Stock stock, OpenHolds holds, PaymentRegister payments, OrderNotices notices, TimeProvider clock)
{
    /// <summary>Anything but <see cref="PlaceOutcome.Placed"/> must be rolled back by the caller.</summary>
    public async Task<PlaceOutcome> PlaceAsync(Tx tx, PlaceOrder order)
    {
        // Two sends of one form wait for each other here; the second finds what the first did.
        await tx.ExecuteAsync("select 1 from orders.cart where token_hash = @CartToken for update", new { order.CartToken });
        if (await PlacedBeforeAsync(tx, order.FormKey) is { } again)
            return again;
        var cart = await carts.PriceAsync(tx, order.CartToken);
        if (cart.Parts.Count == 0 || !cart.Details.Complete || await AddressAsync(tx, cart.Details) is not { } address)
            return new PlaceOutcome.Incomplete();
        if (!cart.CanBeBought)
            return new PlaceOutcome.OutOfStock(cart);
        if (order.ShownTotalVnd is { } shown && shown != cart.TotalVnd)
            return new PlaceOutcome.TotalChanged(cart);
        if (cart.Parts.Any(p => !Payable.Takes(p, p.Method)))
            return new PlaceOutcome.Incomplete();
        if (cart.Parts.Any(p => PaymentWindow.HoldFor(p.Method) is not null) && await holds.AreFullAsync(tx, order.Buyer, cart.Details.Tel))
            return new PlaceOutcome.TooManyOpen(cart);

        var token = Codes.Secret();
        var code = Codes.Random(8);
        var purchaseId = await InsertPurchaseAsync(tx, order, cart, address, code, token);
        var online = new List<string>();
        var number = 0;
        foreach (var part in cart.Parts.OrderBy(p => p.ProducerId))
        {
            var payment = await PlacePartAsync(tx, purchaseId, $"{code}-{++number}", part);
            if (payment is null)
                return new PlaceOutcome.OutOfStock(await carts.PriceAsync(tx, order.CartToken));
            if (part.Method == PaymentMethod.Vnpay)
                online.Add(payment.Code);
        }
        await notices.TellPlacedAsync(tx, order.Language, cart.Details.Tel, order.Buyer.PersonId, code, token, cart.TotalVnd);
        await Carts.DeleteAsync(tx, order.CartToken);
        return new PlaceOutcome.Placed(code, token, online);
    }

    private static async Task<PlaceOutcome.Again?> PlacedBeforeAsync(Tx tx, string formKey)
    {
        const string select = """
            select u.code, p.code as payment from orders.purchase u join orders.sub_order s on s.purchase_id = u.id
            left join payments.payment p on p.payable = 'sub-order:' || s.code and p.method = 'vnpay' and p.status = 'pending'
            where u.form_key = @formKey order by s.id
            """;
        var parts = await tx.QueryAsync<Before>(select, new { formKey });
        return parts.Count == 0 ? null : new PlaceOutcome.Again(parts[0].Code, [.. parts.Where(p => p.Payment is not null).Select(p => p.Payment!)]);
    }

    private static async Task<PlaceFound.One?> AddressAsync(Tx tx, BuyerDetails details) =>
        await Addresses.CommuneAsync(tx, details.Province, details.Commune, CancellationToken.None) as PlaceFound.One;

    private Task<long> InsertPurchaseAsync(Tx tx, PlaceOrder order, PricedCart cart, PlaceFound.One address, string code, string token)
    {
        const string insert = """
            insert into orders.purchase (code, token_hash, form_key, person_id, buyer_name, buyer_phone, province_code, commune_code, address_line, note, method, language, total_vnd, placed_at, placed_from)
            values (@code, @tokenHash, @FormKey, @PersonId, @Name, @Tel, @ProvinceCode, @CommuneCode, @Street, @Note, @Payment, @Language, @TotalVnd, @now, @Browser) returning id
            """;
        var details = cart.Details;
        return tx.SingleAsync<long>(insert, new
        {
            code,
            tokenHash = Codes.Hash(token),
            order.FormKey,
            order.Buyer.PersonId,
            order.Buyer.Browser,
            details.Name,
            details.Tel,
            address.ProvinceCode,
            address.CommuneCode,
            details.Street,
            details.Note,
            details.Payment,
            order.Language,
            cart.TotalVnd,
            now = clock.GetUtcNow(),
        });
    }

    /// <summary>One seller's part with its lines, its stock and its payment; null when the stock went to somebody else meanwhile.</summary>
    private async Task<StartedPayment?> PlacePartAsync(Tx tx, long purchaseId, string code, SellerPart part)
    {
        const string insert = """
            insert into orders.sub_order (purchase_id, code, producer_id, status, goods_vnd, shipping_vnd, total_vnd, method, deliver_by, changed_at, pickup_place, pickup_from, pickup_until)
            values (@purchaseId, @code, @ProducerId, @status, @GoodsVnd, @ShippingVnd, @TotalVnd, @Method, @deliverBy, @now, @Place, @From, @Until) returning id
            """;
        var now = clock.GetUtcNow();
        var holdUntil = now + PaymentWindow.HoldFor(part.Method);
        var name = SubOrderName.Of(code);
        // The payment ends the hold, after VNPAY was asked: until then even a hold whose time is over stays.
        if (await stock.ReserveAsync(tx, name, [.. part.Lines.Select(l => new StockWish(l.ListingId, l.Quantity))], holdUntil) is not ReserveOutcome.Reserved reserved)
            return null;
        var status = holdUntil is null ? OrderState.Confirmed : OrderState.AwaitingPayment;
        var id = await tx.SingleAsync<long>(insert, new
        {
            purchaseId,
            code,
            part.ProducerId,
            status,
            part.GoodsVnd,
            part.ShippingVnd,
            part.TotalVnd,
            part.Method,
            part.DeliverBy,
            now,
            part.Pickup?.Place,
            part.Pickup?.From,
            part.Pickup?.Until,
        });
        await StatusChanges.NoteAsync(tx, id, null, status, now, OrderMover.Buyer, null, "");
        foreach (var line in part.Lines)
            await InsertLineAsync(tx, id, line, reserved.Shares.Where(s => s.ListingId == line.ListingId));
        if (holdUntil is null)
            await notices.TellSellerAsync(tx, code, OrderNotice.New, "", PaymentWords.Label(part.Method));
        return await payments.StartAsync(tx, new StartPayment(name, part.ProducerId, part.TotalVnd, part.Method, $"Thanh toan don hang {code}", holdUntil))
            ?? throw new InvalidOperationException($"Producer {part.ProducerId} lost its terminal while an order was placed.");
    }

    private static async Task InsertLineAsync(Tx tx, long subOrderId, CartLine line, IEnumerable<LotShare> shares)
    {
        const string insert = """
            insert into orders.line (sub_order_id, listing_id, listing_slug, title, title_en, sale_unit, base_unit, base_per_unit, quantity, unit_price_vnd, total_vnd)
            values (@subOrderId, @ListingId, @Slug, @Title, @TitleEn, @SaleUnit, @BaseUnit, @BasePerUnit, @Quantity, @PriceVnd, @TotalVnd) returning id
            """;
        var lineId = await tx.SingleAsync<long>(insert, new
        {
            subOrderId,
            line.ListingId,
            line.Slug,
            line.Title,
            line.TitleEn,
            line.SaleUnit,
            line.BaseUnit,
            line.BasePerUnit,
            line.Quantity,
            line.PriceVnd,
            line.TotalVnd,
        });
        await LineLots.WriteAsync(tx, lineId, shares);
    }

    private sealed record Before(string Code, string? Payment);
}

/// <summary>What a seller's part can be paid with.</summary>
public static class Payable
{
    /// <summary>VNPAY's page takes 5,000 to below 1,000,000,000 VND.</summary>
    public const long LeastOnlineVnd = 5_000;

    public const long MostOnlineVnd = 999_999_999;

    public static readonly string[] Methods = [PaymentMethod.Vnpay, PaymentMethod.Transfer, PaymentMethod.Cod];

    public static bool Takes(SellerPart part, string method) => method switch
    {
        PaymentMethod.Vnpay => part.TakesVnpay && part.TotalVnd is >= LeastOnlineVnd and <= MostOnlineVnd,
        PaymentMethod.Cod => part.TakesCash,
        _ => part.Awaited.Contains(method),
    };

    /// <summary>The ways that this part may be paid, the first being the one that waits for nobody.</summary>
    public static IReadOnlyList<string> Of(SellerPart part) => [.. Methods.Where(m => Takes(part, m))];

    /// <summary>The ways that all parts may be paid.</summary>
    public static IReadOnlyList<string> OfAll(IReadOnlyList<SellerPart> parts) => [.. Methods.Where(m => parts.All(p => Takes(p, m)))];
}

/// <summary>The history of a part: every transition, with who and why.</summary>
internal static class StatusChanges
{
    /// <param name="note">What somebody wrote; may be empty.</param>
    public static Task NoteAsync(Tx tx, long subOrderId, string? from, string to, DateTimeOffset at, string mover, Actor? actor, string note) =>
        NoteAsync(tx, subOrderId, from, to, at, mover, actor, new Told(note, null));

    public static Task NoteAsync(Tx tx, long subOrderId, string? from, string to, DateTimeOffset at, string mover, Said said) =>
        NoteAsync(tx, subOrderId, from, to, at, mover, null, new Told(said.Text, said.Args));

    /// <summary>Many that are led to one state for one reason, each with the reason's value of its own.</summary>
    public static Task NoteAsync(Tx tx, IReadOnlyCollection<(long SubOrderId, string From, string Value)> parts, string to, DateTimeOffset at, string mover, string note) =>
        tx.ExecuteAsync("""
            insert into orders.status_change (sub_order_id, from_status, to_status, at, by_role, note, note_args)
            select p.id, p.from_status, @to, @at, @mover, @note, array[p.value] from unnest(@ids, @from, @values) as p (id, from_status, value)
            """, new { ids = parts.Select(p => p.SubOrderId).ToArray(), from = parts.Select(p => p.From).ToArray(), values = parts.Select(p => p.Value).ToArray(), to, at, mover, note });

    private static Task NoteAsync(Tx tx, long subOrderId, string? from, string to, DateTimeOffset at, string mover, Actor? actor, Told told) =>
        tx.ExecuteAsync("""
            insert into orders.status_change (sub_order_id, from_status, to_status, at, by_role, person_id, note, note_args) values (@subOrderId, @from, @to, @at, @mover, @PersonId, @Note, @Args)
            """, new { subOrderId, from, to, at, mover, actor?.PersonId, told.Note, told.Args });
}

internal sealed record OrderedLine(long Id, long ListingId, int Quantity)
{
    public static async Task<List<OrderedLine>> OfAsync(Tx tx, string subOrderCode) =>
        await tx.QueryAsync<OrderedLine>("select l.id, l.listing_id, l.quantity from orders.line l join orders.sub_order s on s.id = l.sub_order_id where s.code = @subOrderCode order by l.id", new { subOrderCode });

    public static IReadOnlyList<StockWish> Wishes(IEnumerable<OrderedLine> lines) => [.. lines.Select(l => new StockWish(l.ListingId, l.Quantity))];
}
