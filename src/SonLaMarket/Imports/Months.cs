using System.Globalization;
using System.Text.RegularExpressions;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Imports;

/// <summary>Months as people write them in one cell: "5-7", "10-2" over the turn of the year, "3, 9, 10", "tháng 5 đến tháng 7", "quanh năm".</summary>
public static partial class Months
{
    /// <summary>In their order; none for all year. Null: cannot be read.</summary>
    public static int[]? Parse(string text)
    {
        var folded = Vietnamese.Fold(text);
        if (string.IsNullOrWhiteSpace(folded) || folded is "quanh nam" or "ca nam" or "all year")
            return [];
        var months = new List<int>();
        foreach (var part in Word().Replace(To().Replace(folded, "-"), "").Split([',', ';', '/', '+', '&'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (Range().Match(part) is not { Success: true } match || Month(match.Groups["from"].Value) is not { } from || Month(match.Groups["to"].Success ? match.Groups["to"].Value : match.Groups["from"].Value) is not { } to)
                return null;
            for (var month = from; ; month = month % 12 + 1)
            {
                months.Add(month);
                if (month == to)
                    break;
            }
        }
        return months.Count == 0 ? null : [.. months.Distinct().Order()];
    }

    /// <summary>The nearest months that there are: "0-3" is 1-3, "13" is 12. Null where no numbers stand.</summary>
    public static string? Near(string text) => Digits().Replace(text, m => m.Value.Length > 2 || int.Parse(m.Value, CultureInfo.InvariantCulture) is > 12 ? "12" : m.Value.Trim('0').Length == 0 ? "1" : m.Value) is var near && near != text && Parse(near) is not null ? near : null;

    [GeneratedRegex("[0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Digits();

    /// <summary>What <see cref="Parse"/> reads: "5-7", "10-2", "3, 9, 10".</summary>
    public static string Say(int[] months, Texts t)
    {
        if (months.Length is 0 or 12)
            return t["quanh năm"];
        var starts = months.Where(m => !months.Contains(Before(m)));
        return string.Join(", ", starts.Order().Select(from =>
        {
            var to = from;
            while (months.Contains(to % 12 + 1))
                to = to % 12 + 1;
            return from == to ? $"{from}" : $"{from}-{to}";
        }));
    }

    private static int Before(int month) => (month + 10) % 12 + 1;

    private static int? Month(string text) => int.Parse(text, CultureInfo.InvariantCulture) is >= 1 and <= 12 and var month ? month : null;

    [GeneratedRegex(@"\s*(den|toi|to|–|->)\s*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex To();

    [GeneratedRegex(@"thang|month|\bt(?=[0-9])|\s", RegexOptions.None, 1000)]
    private static partial Regex Word();

    [GeneratedRegex("^(?<from>[0-9]{1,2})(-(?<to>[0-9]{1,2}))?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Range();
}
