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

    /// <summary>The buyer has enough orders on their way that are paid in cash when they arrive.</summary>
    public sealed record TooMuchCash(PricedCart Cart) : PlaceOutcome;

    /// <summary>The cart is empty, or its details must be gone through again.</summary>
    public sealed record Incomplete : PlaceOutcome;
}

/// <summary>Places orders: one purchase, one part for each seller, stock held and payments written in one transaction.</summary>
public sealed class OrderRegister(Carts carts, Stock stock, OpenHolds holds, PaymentRegister payments, OrderNotices notices, TimeProvider clock)
{
    /// <summary>Anything but <see cref="PlaceOutcome.Placed"/> must be rolled back by the caller.</summary>
    public async Task<PlaceOutcome> PlaceAsync(Tx tx, PlaceOrder order)
    {
        if (await PlacedBeforeAsync(tx, order) is { } again)
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
        if (cart.Parts.Any(p => p.Method == PaymentMethod.Cod) && await holds.IsCashFullAsync(tx, order.Buyer, cart.Details.Tel))
            return new PlaceOutcome.TooMuchCash(cart);

        var token = Codes.Secret();
        var code = Codes.Random(8);
        var now = clock.GetUtcNow();
        List<Part> parts = [.. cart.Parts.OrderBy(p => p.ProducerId).Select((p, at) => new Part($"{code}-{at + 1}", p, now))];
        var lines = await InsertAsync(tx, order, cart, address, code, token, parts);
        var started = await StartPaymentsAsync(tx, parts);
        await notices.TellNewAsync(tx, [.. parts.Where(p => p.HoldUntil is null).Select(p => p.Code)]);
        // Last, since from here on everybody else waits for these lots. A payment ends its hold, after VNPAY was asked: until then even a hold whose time is over stays.
        if (await stock.ReserveAsync(tx, [.. parts.Select(p => p.Hold)]) is not ReserveOutcome.Reserved reserved)
            return new PlaceOutcome.OutOfStock(await carts.PriceAsync(tx, order.CartToken));
        LineLots.Write(tx, lines, reserved.Shares);
        await notices.TellPlacedAsync(tx, order.Language, cart.Details.Tel, order.Buyer.PersonId, code, token, cart.TotalVnd);
        Carts.Delete(tx, order.CartToken);
        return new PlaceOutcome.Placed(code, token, [.. parts.Where(p => p.Of.Method == PaymentMethod.Vnpay).Select(p => started[p.Name])]);
    }

    private static async Task<PlaceOutcome.Again?> PlacedBeforeAsync(Tx tx, PlaceOrder order)
    {
        // Two sends of one form wait for each other here; the second finds what the first did.
        const string select = """
            select 1 from orders.cart where token_hash = @CartToken for update;
            select u.code, p.code as payment from orders.purchase u join orders.sub_order s on s.purchase_id = u.id
            left join payments.payment p on p.payable = 'sub-order:' || s.code and p.method = 'vnpay' and p.status = 'pending'
            where u.form_key = @FormKey order by s.id
            """;
        var parts = await tx.MultipleAsync(select, new { order.CartToken, order.FormKey }, async grid =>
        {
            await grid.ReadAsync<int>();
            return (await grid.ReadAsync<Before>()).ToList();
        });
        return parts.Count == 0 ? null : new PlaceOutcome.Again(parts[0].Code, [.. parts.Where(p => p.Payment is not null).Select(p => p.Payment!)]);
    }

    private static async Task<PlaceFound.One?> AddressAsync(Tx tx, BuyerDetails details) =>
        await Addresses.CommuneAsync(tx, details.Province, details.Commune, CancellationToken.None) as PlaceFound.One;

    /// <summary>The purchase, each seller's part of it with the first state of its history, and their lines, whose lots are not known yet.</summary>
    private static Task<List<OrderedLine>> InsertAsync(Tx tx, PlaceOrder order, PricedCart cart, PlaceFound.One address, string code, string token, List<Part> parts)
    {
        const string insert = """
            with purchase as (
              insert into orders.purchase (code, token_hash, form_key, person_id, buyer_name, buyer_phone, province_code, commune_code, address_line, note, method, language, total_vnd, placed_at, placed_from)
              values (@code, @tokenHash, @FormKey, @PersonId, @Name, @Tel, @ProvinceCode, @CommuneCode, @Street, @Note, @Payment, @Language, @TotalVnd, @now, @Browser) returning id),
            part as (
              insert into orders.sub_order (purchase_id, code, producer_id, status, goods_vnd, shipping_vnd, total_vnd, method, deliver_by, changed_at, pickup_place, pickup_from, pickup_until)
              select u.id, p.code, p.producer_id, p.status, p.goods_vnd, p.shipping_vnd, p.total_vnd, p.method, p.deliver_by, @now, p.place, p.pickup_from, p.pickup_until
              from purchase u, unnest(@codes, @producers, @states, @goods, @fees, @totals, @methods, @days, @places, @froms, @untils)
                as p (code, producer_id, status, goods_vnd, shipping_vnd, total_vnd, method, deliver_by, place, pickup_from, pickup_until)
              order by p.code returning id, producer_id, status),
            noted as (insert into orders.status_change (sub_order_id, from_status, to_status, at, by_role) select id, null, status, @now, @mover from part)
            insert into orders.line (sub_order_id, listing_id, listing_slug, title, title_en, sale_unit, base_unit, base_per_unit, quantity, unit_price_vnd, total_vnd)
            select p.id, l.listing_id, l.slug, l.title, l.title_en, l.sale_unit, l.base_unit, l.base_per_unit, l.quantity, l.price_vnd, l.price_vnd * l.quantity
            from unnest(@sellers, @listings, @slugs, @titles, @titlesEn, @saleUnits, @baseUnits, @basesPerUnit, @quantities, @prices) with ordinality
              as l (producer_id, listing_id, slug, title, title_en, sale_unit, base_unit, base_per_unit, quantity, price_vnd, place) join part p on p.producer_id = l.producer_id
            order by l.place returning id, listing_id, quantity
            """;
        var details = cart.Details;
        var lines = parts.SelectMany(p => p.Of.Lines).ToList();
        return tx.QueryAsync<OrderedLine>(insert, new
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
            now = parts[0].PlacedAt,
            mover = OrderMover.Buyer,
            codes = parts.Select(p => p.Code).ToArray(),
            producers = parts.Select(p => p.Of.ProducerId).ToArray(),
            states = parts.Select(p => p.HoldUntil is null ? OrderState.Confirmed : OrderState.AwaitingPayment).ToArray(),
            goods = parts.Select(p => p.Of.GoodsVnd).ToArray(),
            fees = parts.Select(p => p.Of.ShippingVnd!.Value).ToArray(),
            totals = parts.Select(p => p.Of.TotalVnd).ToArray(),
            methods = parts.Select(p => p.Of.Method).ToArray(),
            days = parts.Select(p => p.Of.DeliverBy).ToArray(),
            places = parts.Select(p => p.Of.Pickup?.Place).ToArray(),
            froms = parts.Select(p => p.Of.Pickup?.From.ToUniversalTime()).ToArray(),
            untils = parts.Select(p => p.Of.Pickup?.Until.ToUniversalTime()).ToArray(),
            sellers = lines.Select(l => l.ProducerId).ToArray(),
            listings = lines.Select(l => l.ListingId).ToArray(),
            slugs = lines.Select(l => l.Slug).ToArray(),
            titles = lines.Select(l => l.Title).ToArray(),
            titlesEn = lines.Select(l => l.TitleEn).ToArray(),
            saleUnits = lines.Select(l => l.SaleUnit).ToArray(),
            baseUnits = lines.Select(l => l.BaseUnit).ToArray(),
            basesPerUnit = lines.Select(l => l.BasePerUnit).ToArray(),
            quantities = lines.Select(l => l.Quantity).ToArray(),
            prices = lines.Select(l => l.PriceVnd).ToArray(),
        });
    }

    /// <summary>Codes of the payments by what is paid for.</summary>
    private async Task<Dictionary<string, string>> StartPaymentsAsync(Tx tx, List<Part> parts)
    {
        var started = await payments.StartAsync(tx, [.. parts.Select(p => new StartPayment(p.Name, p.Of.ProducerId, p.Of.TotalVnd, p.Of.Method, $"Thanh toan don hang {p.Code}", p.HoldUntil))]);
        return started.Count == parts.Count
            ? started.ToDictionary(s => s.Payable, s => s.Code, StringComparer.Ordinal)
            : throw new InvalidOperationException("A producer lost its terminal while an order was placed.");
    }

    /// <summary>One seller's part while it is placed.</summary>
    private sealed record Part(string Code, SellerPart Of, DateTimeOffset PlacedAt)
    {
        public string Name => SubOrderName.Of(Code);

        public DateTimeOffset? HoldUntil => PlacedAt + PaymentWindow.HoldFor(Of.Method);

        public StockHold Hold => new(Name, [.. Of.Lines.Select(l => new StockWish(l.ListingId, l.Quantity))], HoldUntil, Of.DeliverBy);
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

    private static Task NoteAsync(Tx tx, long subOrderId, string? from, string to, DateTimeOffset at, string mover, Actor? actor, Told told)
    {
        tx.Add("""
            insert into orders.status_change (sub_order_id, from_status, to_status, at, by_role, person_id, note, note_args) values (@subOrderId, @from, @to, @at, @mover, @PersonId, @Note, @Args)
            """, new { subOrderId, from, to, at, mover, actor?.PersonId, told.Note, told.Args });
        return Task.CompletedTask;
    }
}

/// <param name="DeliverBy">The day on which the buyer has the goods: they are good until then.</param>
internal sealed record KeptPart(long Id, DateOnly? DeliverBy);

internal sealed record OrderedLine(long Id, long ListingId, int Quantity)
{
    public static async Task<List<OrderedLine>> OfAsync(Tx tx, string subOrderCode) =>
        await tx.QueryAsync<OrderedLine>("select l.id, l.listing_id, l.quantity from orders.line l join orders.sub_order s on s.id = l.sub_order_id where s.code = @subOrderCode order by l.id", new { subOrderCode });

    public static IReadOnlyList<StockWish> Wishes(IEnumerable<OrderedLine> lines) => [.. lines.Select(l => new StockWish(l.ListingId, l.Quantity))];
}
