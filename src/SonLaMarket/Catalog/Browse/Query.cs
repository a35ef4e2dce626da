using System.Globalization;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Catalog.Browse;

/// <summary>The filters of /san-pham as its address carries them; what is not understood is named in <see cref="Bad"/>.</summary>
public sealed record Query(
    string? Text, string? Group, string? Commune, string? Certificate, int? Stars, int? Month, long? PriceFrom, long? PriceTo, string Order, After? After, IReadOnlyList<string> Bad)
{
    public const int Take = 24;
    private static readonly string[] Orders = ["phu-hop", "moi", "gia-tang", "gia-giam"];

    public static Query Of(IQueryCollection q)
    {
        var bad = new List<string>();
        var text = Vietnamese.Clean(q["q"]);
        if (text.Length > 100)
            text = Vietnamese.Clean(text[..100]);
        var hasText = Vietnamese.Fold(text).Any(char.IsLetterOrDigit);
        var order = q["xep"].ToString();
        if (order.Length > 0 && !Orders.Contains(order))
        {
            bad.Add("xep");
            order = "";
        }
        if (order.Length == 0 || (order == "phu-hop" && !hasText))
            order = hasText ? "phu-hop" : "moi";
        var after = q["sau"].ToString();
        var row = Browse.After.Parse(after, order);
        if (after.Length > 0 && row is null)
            bad.Add("sau");
        return new(
            hasText ? text : null, Word(q, "nhom", 40, bad), Code(q, "xa", bad), Word(q, "chung-nhan", 40, bad), Number(q, "sao", 1, 5, bad), Number(q, "mua", 1, 12, bad),
            Money(q, "gia-tu", bad), Money(q, "gia-den", bad), order, row, bad);
    }

    public bool Filtered => Text is not null || Group is not null || Commune is not null || Certificate is not null || Stars is not null || Month is not null || PriceFrom is not null || PriceTo is not null;

    private static string? Word(IQueryCollection q, string name, int max, List<string> bad)
    {
        var value = q[name].ToString();
        if (value.Length == 0)
            return null;
        if (value.Length <= max && value.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            return value;
        bad.Add(name);
        return null;
    }

    private static string? Code(IQueryCollection q, string name, List<string> bad)
    {
        var value = q[name].ToString();
        if (value.Length == 0)
            return null;
        if (value.Length == 5 && value.All(char.IsAsciiDigit))
            return value;
        bad.Add(name);
        return null;
    }

    private static int? Number(IQueryCollection q, string name, int min, int max, List<string> bad)
    {
        var value = q[name].ToString();
        if (value.Length == 0)
            return null;
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            return number;
        bad.Add(name);
        return null;
    }

    private static long? Money(IQueryCollection q, string name, List<string> bad)
    {
        var value = q[name].ToString();
        if (value.Length == 0)
            return null;
        if (Vietnamese.ParseMoney(value) is { } vnd)
            return vnd;
        bad.Add(name);
        return null;
    }
}
