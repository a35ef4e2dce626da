namespace SonLaMarket.Orders;

/// <summary>Who moves a part from one state to another.</summary>
public static class OrderMover
{
    public const string Buyer = "buyer";
    public const string Seller = "seller";

    /// <summary>What a payment's outcome does.</summary>
    public const string Payment = "payment";

    /// <summary>A recall of a lot that the part was filled from.</summary>
    public const string Recall = "recall";

    /// <summary>A deadline that passed.</summary>
    public const string Clock = "clock";

    public const string Officer = "officer";
}

/// <summary>The life of a seller's part as data: every way there is from one state to another, and whose it is. There is no other.</summary>
public static class OrderLife
{
    public sealed record Way(string From, string To, params string[] By);

    public static readonly IReadOnlyList<Way> Ways =
    [
        new(OrderState.AwaitingPayment, OrderState.Confirmed, OrderMover.Payment),
        new(OrderState.AwaitingPayment, OrderState.Expired, OrderMover.Payment),
        new(OrderState.AwaitingPayment, OrderState.Cancelled, OrderMover.Buyer, OrderMover.Seller),
        new(OrderState.AwaitingPayment, OrderState.OnHold, OrderMover.Recall),
        // Money that came late, and a buyer who pays again.
        new(OrderState.Expired, OrderState.Confirmed, OrderMover.Payment),
        new(OrderState.Expired, OrderState.AwaitingPayment, OrderMover.Buyer),
        new(OrderState.Confirmed, OrderState.Packed, OrderMover.Seller),
        new(OrderState.Confirmed, OrderState.Cancelled, OrderMover.Buyer, OrderMover.Seller),
        new(OrderState.Confirmed, OrderState.OnHold, OrderMover.Recall),
        // Once it is packed only the seller can stop it.
        new(OrderState.Packed, OrderState.Shipped, OrderMover.Seller),
        // Fetched by the buyer: only where a place and a time were chosen.
        new(OrderState.Packed, OrderState.Delivered, OrderMover.Seller),
        new(OrderState.Packed, OrderState.Cancelled, OrderMover.Seller),
        new(OrderState.Packed, OrderState.OnHold, OrderMover.Recall),
        new(OrderState.Shipped, OrderState.Delivered, OrderMover.Seller),
        new(OrderState.Shipped, OrderState.Failed, OrderMover.Seller),
        // Sent once more, or given up.
        new(OrderState.Failed, OrderState.Shipped, OrderMover.Seller),
        new(OrderState.Failed, OrderState.Cancelled, OrderMover.Seller),
        new(OrderState.OnHold, OrderState.Cancelled, OrderMover.Buyer, OrderMover.Seller),
    ];

    public static bool Allows(string from, string to, string by) => Ways.Any(w => w.From == from && w.To == to && w.By.Contains(by));

    /// <summary>The states that this mover may lead to <paramref name="to"/>: what a change names as the state it leaves.</summary>
    public static string[] Before(string to, string by) => [.. Ways.Where(w => w.To == to && w.By.Contains(by)).Select(w => w.From)];
}
