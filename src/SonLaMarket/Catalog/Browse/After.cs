using System.Globalization;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Catalog.Browse;

/// <summary>The last row seen: its key in the order of the list (fit, seconds of publication or đồng) and its number. Belongs to one order.</summary>
public sealed record After(decimal Key, long Id)
{
    /// <summary>Greater than every key of the order: a score with the second of approval, a price or a time in seconds.</summary>
    private static decimal Limit(string order) => order == "phu-hop" ? 1_000_000_000_000_000m : 1_000_000_000_000m;

    /// <summary>Null when it is not a cursor of this order.</summary>
    public static After? Parse(string? text, string order) =>
        Cursor.Parse(text, 3) is [var of, var key, var id] && of == order
        && decimal.TryParse(key, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var k) && k < Limit(order)
        && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var i) ? new(k, i) : null;

    public static string Text(string order, decimal key, long id) => Cursor.Of(order, key.ToString(CultureInfo.InvariantCulture), id.ToString(CultureInfo.InvariantCulture));
}
