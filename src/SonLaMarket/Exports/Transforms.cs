using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports;

/// <summary>Changes the values of one cell; several where a listing has several, none where it has none.</summary>
public delegate IReadOnlyList<string> Transform(IReadOnlyList<string> values, ExportListing listing, SiteOptions site);

/// <summary>The closed vocabulary of transforms: "name" or "name(argument, 'quoted argument')". No scripting.</summary>
public static partial class Transforms
{
    /// <param name="Quoted">A text as it stands; a bare word may name a field.</param>
    private readonly record struct Argument(string Text, bool Quoted);

    private sealed record Word(int Least, int Most, Func<Argument[], IReadOnlyDictionary<string, Dictionary<string, string>>, Transform> Make);

    private static readonly Dictionary<string, Word> Vocabulary = new(StringComparer.Ordinal)
    {
        ["trim"] = Each(0, 0, _ => v => v.Trim()),
        ["collapse"] = Each(0, 0, _ => v => string.Join(' ', v.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))),
        ["upper"] = Each(0, 0, _ => v => v.ToUpper(Vietnamese.Culture)),
        ["lower"] = Each(0, 0, _ => v => v.ToLower(Vietnamese.Culture)),
        ["cut"] = Each(1, 2, a => Cut(Whole(a[0], 1, 100_000), a.Length == 2 && Choice(a[1], "word"))),
        ["pad"] = Each(1, 2, a => Pad(Whole(a[0], 1, 100), a.Length == 2 ? a[1].Text : "0")),
        ["join"] = new(1, 1, (a, _) => (v, _, _) => v.Count < 2 ? v : [string.Join(a[0].Text, v)]),
        ["split"] = new(1, 1, (a, _) => (v, _, _) => [.. v.SelectMany(t => t.Split(a[0].Text, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))]),
        ["first"] = new(0, 0, (_, _) => (v, _, _) => v.Count < 2 ? v : [v[0]]),
        ["rest"] = new(0, 0, (_, _) => (v, _, _) => [.. v.Skip(1)]),
        ["nth"] = new(1, 1, (a, _) => Nth(Whole(a[0], 1, 100))),
        ["default"] = new(1, 1, (a, _) => (v, _, _) => v.Count > 0 ? v : [a[0].Text]),
        ["const"] = new(1, 1, (a, _) => (_, _, _) => [a[0].Text]),
        ["map"] = new(1, 200, (a, _) => Lookup(Pairs(a))),
        ["lookup"] = new(1, 1, (a, tables) => Lookup(tables.TryGetValue(a[0].Text, out var table) ? table : throw new ProfileException(new Said("Hồ sơ không có bảng tra “{0}”.", a[0].Text)))),
        ["number"] = Each(1, 1, a => Number(Whole(a[0], 0, 6))),
        ["money"] = Each(2, 2, a => Money(a[0].Text, Whole(a[1], 0, 3))),
        ["unit"] = Each(2, 2, a => Unit(a[0].Text, a[1].Text)),
        ["date"] = Each(1, 1, a => Date(a[0].Text)),
        ["iso8601"] = Each(1, 1, a => Iso8601(a[0].Text)),
        ["unix"] = Each(0, 0, _ => v => Second(v)?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) ?? v),
        ["boolean"] = new(2, 2, (a, _) => (v, _, _) => [v.Count > 0 && v[0] != "false" ? a[0].Text : a[1].Text]),
        ["yesNo"] = new(0, 0, (_, _) => (v, _, _) => [v.Count > 0 && v[0] != "false" ? ExportFields.Yes : ExportFields.No]),
        ["stripHtml"] = Each(0, 0, _ => v => WebUtility.HtmlDecode(Tag().Replace(v, " "))),
        ["safeHtml"] = Each(0, 20, SafeHtml),
        ["noDiacritics"] = Each(0, 0, _ => WithoutMarks),
        ["slug"] = Each(0, 0, _ => Vietnamese.Slug),
        ["absolute"] = new(0, 0, (_, _) => (v, _, site) => [.. v.Select(t => t.StartsWith('/') ? site.Absolute(t) : t)]),
        ["https"] = Each(0, 0, _ => v => v.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? "https" + v[4..] : v),
        ["urlEncode"] = Each(0, 0, _ => Uri.EscapeDataString),
        ["concat"] = new(1, 10, (a, _) => Concat(a)),
        ["ifEmpty"] = new(1, 1, (a, _) => IfEmpty(a[0].Text)),
        ["hash8"] = Each(0, 0, _ => v => Convert.ToHexStringLower(Codes.Hash(v).AsSpan(0, 4))),
    };

    public static IReadOnlyCollection<string> Names => Vocabulary.Keys;

    /// <exception cref="ProfileException">Unknown transform, or an argument that it cannot read.</exception>
    public static Transform Parse(string transform, IReadOnlyDictionary<string, Dictionary<string, string>> lookups)
    {
        if (Call().Match(transform) is not { Success: true } call)
            throw new ProfileException(new Said("Không hiểu phép biến đổi “{0}”.", transform));
        if (!Vocabulary.TryGetValue(call.Groups["name"].Value, out var word))
            throw new ProfileException(new Said("Không có phép biến đổi “{0}”.", call.Groups["name"].Value));
        var arguments = call.Groups["argument"].Captures.Select(c => c.Value is ['\'', .. var text, '\''] ? new Argument(text.Replace("''", "'", StringComparison.Ordinal), true) : new Argument(c.Value.TrimEnd(), false)).ToArray();
        if (arguments.Length < word.Least || arguments.Length > word.Most)
            throw new ProfileException(new Said("Phép biến đổi “{0}” thừa hoặc thiếu tham số.", transform));
        return word.Make(arguments, lookups);
    }

    private static Word Each(int least, int most, Func<Argument[], Func<string, string>> make) => new(least, most, (a, _) =>
    {
        var change = make(a);
        return (values, _, _) => values.Count switch
        {
            0 => values,
            1 => change(values[0]) is { Length: > 0 } one ? [one] : [],
            _ => [.. values.Select(change).Where(v => v.Length > 0)],
        };
    });

    private static int Whole(Argument argument, int least, int most) => int.TryParse(argument.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
        ? number : throw new ProfileException(new Said("“{0}” phải là một số từ {1} đến {2}.", argument.Text, least.ToString(CultureInfo.InvariantCulture), most.ToString(CultureInfo.InvariantCulture)));

    private static bool Choice(Argument argument, string word) => argument.Text == word ? true : throw new ProfileException(new Said("Không hiểu “{0}”; ở đây chỉ có thể là “{1}”.", argument.Text, word));

    /// <summary>At most so many UTF-16 units, never inside a surrogate pair; where whole words are asked for, at the end of one if that is near.</summary>
    private static Func<string, string> Cut(int most, bool wholeWords) => value =>
    {
        if (value.Length <= most)
            return value;
        var cut = value[..(char.IsHighSurrogate(value[most - 1]) ? most - 1 : most)];
        var word = wholeWords ? cut.LastIndexOf(' ') : -1;
        return word > most * 2 / 3 ? cut[..word] : cut;
    };

    private static Func<string, string> Pad(int length, string with) => with.Length == 1 ? v => v.PadLeft(length, with[0]) : throw new ProfileException(new Said("“pad” thêm đúng một ký tự."));

    private static Transform Nth(int n) => (values, _, _) => values.Count >= n ? [values[n - 1]] : [];

    private static Dictionary<string, string> Pairs(Argument[] arguments)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var argument in arguments)
        {
            if (argument.Text.Split('=', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } from, var to] || !pairs.TryAdd(from, to))
                throw new ProfileException(new Said("“map” không hiểu “{0}”.", argument.Text));
        }
        return pairs;
    }

    /// <summary>What the table does not know is left out.</summary>
    private static Transform Lookup(Dictionary<string, string> table) => (values, _, _) => [.. values.Select(v => table.GetValueOrDefault(v)).OfType<string>().Where(v => v.Length > 0)];

    private static decimal? Read(string value) => decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>What is no number stays, so that the check of the column names it.</summary>
    private static Func<string, string> Number(int decimals) => value => Read(value) is { } number ? decimal.Round(number, decimals, MidpointRounding.AwayFromZero).ToString("F" + decimals, CultureInfo.InvariantCulture) : value;

    private static Func<string, string> Money(string currency, int decimals)
    {
        var number = Number(decimals);
        return value => $"{number(value)} {currency}";
    }

    private static readonly Dictionary<string, (string Of, decimal Size)> Units = new(StringComparer.Ordinal)
    {
        ["mg"] = ("mass", 0.001m),
        ["g"] = ("mass", 1),
        ["kg"] = ("mass", 1_000),
        ["t"] = ("mass", 1_000_000),
        ["ml"] = ("volume", 1),
        ["cl"] = ("volume", 10),
        ["l"] = ("volume", 1_000),
        ["mm"] = ("length", 1),
        ["cm"] = ("length", 10),
        ["m"] = ("length", 1_000),
    };

    private static Func<string, string> Unit(string from, string to)
    {
        if (!Units.TryGetValue(from, out var a) || !Units.TryGetValue(to, out var b) || a.Of != b.Of)
            throw new ProfileException(new Said("Không đổi được từ “{0}” sang “{1}”.", from, to));
        return value => Read(value) is { } number ? (number * a.Size / b.Size).ToString("0.######", CultureInfo.InvariantCulture) : value;
    }

    private static DateOnly? Day(string value) => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    /// <summary>An instant, as fields of the record say it: to the second, with its distance from UTC.</summary>
    private static DateTimeOffset? Second(string value) => DateTimeOffset.TryParseExact(value, "yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : null;

    private static Func<string, string> Date(string format) => DayFormat().IsMatch(format)
        ? v => (Second(v) is { } at ? Vietnamese.Day(at) : Day(v))?.ToString(format.Replace("/", "'/'", StringComparison.Ordinal), CultureInfo.InvariantCulture) ?? v
        : throw new ProfileException(new Said("Không hiểu dạng ngày “{0}”.", format));

    private static Func<string, string> Iso8601(string offset) => OffsetFormat().IsMatch(offset)
        ? v => Day(v) is null ? v : $"{v}T00:00:00{offset}"
        : throw new ProfileException(new Said("Không hiểu múi giờ “{0}”.", offset));

    /// <summary>Text as HTML in which nothing works but the named tags without attributes.</summary>
    private static Func<string, string> SafeHtml(Argument[] tags)
    {
        var allowed = tags.Select(t => t.Text).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (allowed.FirstOrDefault(t => !SafeTags.Contains(t)) is { } unknown)
            throw new ProfileException(new Said("Không cho phép thẻ “{0}”.", unknown));
        return value => Encoded().Replace(
            value.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal),
            m => allowed.Contains(m.Groups["tag"].Value) ? $"<{m.Groups["slash"].Value}{m.Groups["tag"].Value.ToLowerInvariant()}>" : m.Value);
    }

    private static readonly HashSet<string> SafeTags = new(["p", "br", "ul", "ol", "li", "b", "strong", "i", "em", "u"], StringComparer.OrdinalIgnoreCase);

    private static string WithoutMarks(string value)
    {
        var letters = new StringBuilder(value.Length);
        foreach (var c in value.Normalize(NormalizationForm.FormD).Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark))
            letters.Append(c switch { 'đ' => 'd', 'Đ' => 'D', _ => c });
        return letters.ToString();
    }

    /// <summary>Adds texts and fields behind each value; to nothing it adds nothing.</summary>
    private static Transform Concat(Argument[] parts)
    {
        foreach (var part in parts.Where(p => !p.Quoted))
            ExportFields.Get(part.Text);
        return (values, listing, site) => values.Count == 0 ? values
            : [.. values.Select(v => v + string.Concat(parts.Select(p => p.Quoted ? p.Text : string.Join(", ", ExportFields.Get(p.Text).Values(listing, site)))))];
    }

    private static Transform IfEmpty(string field)
    {
        var other = ExportFields.Get(field);
        return (values, listing, site) => values.Count > 0 ? values : other.Values(listing, site);
    }

    [GeneratedRegex(@"^(?<name>[a-zA-Z0-9]+)(\(\s*(?<argument>'([^']|'')*'|[^',()]+)(\s*,\s*(?<argument>'([^']|'')*'|[^',()]+))*\s*\))?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Call();

    [GeneratedRegex("</?[a-zA-Z][^<>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex("&lt;(?<slash>/?)(?<tag>[a-zA-Z]+) ?/?&gt;", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Encoded();

    [GeneratedRegex("^(d{1,2}|M{1,2}|yyyy)([-/.](d{1,2}|M{1,2}|yyyy)){0,2}$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex DayFormat();

    [GeneratedRegex(@"^([+-]\d{2}:\d{2}|Z)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex OffsetFormat();
}
