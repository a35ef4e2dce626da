using System.Globalization;
using SonLaMarket.Catalog.Search;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Catalog.Browse;

/// <summary>The filters of /san-pham as its address carries them; what is not understood is named in <see cref="Bad"/>.</summary>
/// <param name="Groups">The category asked for and those below it.</param>
/// <param name="Verbatim">Search for what was typed even where nothing is found.</param>
public sealed record Query(
    string? Text, string? Group, string[]? Groups, string? Commune, string? Certificate, int? Stars, int? Month, long? PriceFrom, long? PriceTo, string Order, After? After, bool Verbatim,
    IReadOnlyList<string> Bad)
{
    public const int Take = 24;
    public const int LongestText = 100;
    private static readonly string[] Orders = ["phu-hop", "moi", "gia-tang", "gia-giam"];

    public static Query Of(IQueryCollection q, Lexicon lexicon)
    {
        var bad = new List<string>();
        var text = Vietnamese.Clean(q["q"]);
        if (text.Length > LongestText)
            text = Vietnamese.Clean(text[..LongestText]);
        var hasText = Word.Of(text, 1).Count > 0;
        var order = Known(q, "xep", Orders.Contains, bad) ?? "";
        if (order.Length == 0 || (order == "phu-hop" && !hasText))
            order = hasText ? "phu-hop" : "moi";
        var after = q["sau"].ToString();
        var row = Browse.After.Parse(after, order);
        if (after.Length > 0 && row is null)
            bad.Add("sau");
        var group = Known(q, "nhom", v => lexicon.Groups.Any(g => g.Slug == v), bad);
        var (from, to) = (Money(q, "gia-tu", bad), Money(q, "gia-den", bad));
        if (from > to)
        {
            bad.Add("gia-den");
            to = null;
        }
        return new(
            hasText ? text : null, group, group is null ? null : [.. lexicon.Groups.Where(g => g.Slug == group || g.ParentSlug == group).Select(g => g.Slug)], Known(q, "xa", v => v.Length == 5 && v.All(char.IsAsciiDigit), bad),
            Known(q, "chung-nhan", v => lexicon.Certificates.Any(c => c.Code == v), bad), Number(q, "sao", 1, 5, bad), Number(q, "mua", 1, 12, bad), from, to, order, row,
            Known(q, "nguyen-van", v => v == "1", bad) is not null, bad);
    }

    /// <summary>Every word must be there: where the order does not put the fullest first, or the reader insists.</summary>
    public bool Strict => Verbatim || Order != "phu-hop";

    /// <summary>Something besides the text leaves goods out.</summary>
    public bool Narrowed => Group is not null || Commune is not null || Certificate is not null || Stars is not null || Month is not null || PriceFrom is not null || PriceTo is not null;

    public bool Filtered => Text is not null || Narrowed;

    private static string? Known(IQueryCollection q, string name, Func<string, bool> known, List<string> bad)
    {
        var value = q[name].ToString();
        if (value.Length == 0)
            return null;
        if (known(value))
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
        // Nothing costs less than a thousand đồng: who types 100 means 100 thousand, as prices are said.
        if (Vietnamese.ParseMoney(value) is { } vnd)
            return vnd is > 0 and < 1_000 ? vnd * 1_000 : vnd;
        bad.Add(name);
        return null;
    }
}
