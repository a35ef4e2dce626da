namespace Vnpay;

/// <summary><c>vnp_OrderType</c>: category of goods ("Danh mục hàng hóa"). An open set: finer codes exist below these.</summary>
/// <param name="Value">Six digits, or <c>other</c>.</param>
public readonly record struct OrderType(string Value)
{
    /// <summary>Food and consumer goods.</summary>
    public static readonly OrderType FoodAndConsumerGoods = new("100000");

    /// <summary>Books, newspapers, magazines.</summary>
    public static readonly OrderType Books = new("150000");

    /// <summary>Hotels and travel.</summary>
    public static readonly OrderType Travel = new("170000");

    /// <summary>Restaurants and dishes.</summary>
    public static readonly OrderType Cuisine = new("180000");

    /// <summary>Fashion.</summary>
    public static readonly OrderType Fashion = new("200000");

    /// <summary>Bills.</summary>
    public static readonly OrderType Bills = new("250000");

    /// <summary>Anything else.</summary>
    public static readonly OrderType Other = new("other");

    /// <summary>The code itself.</summary>
    public override string ToString() => Value ?? "";
}
