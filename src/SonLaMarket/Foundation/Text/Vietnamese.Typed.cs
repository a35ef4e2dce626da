using System.Globalization;
using System.Text.RegularExpressions;

namespace SonLaMarket.Foundation.Text;

/// <summary>What people type for money, quantities, weights and days. Null is always "none of these": nothing is guessed.</summary>
public static partial class Vietnamese
{
    /// <summary>đồng, up to 999.999.999.999: 35000, 35.000, 35,000, 35k, 35 nghìn, 1tr2, 1,5 triệu, 2 triệu rưỡi, 1,2 tỷ; with or without đ, đồng, VND.</summary>
    public static long? ParseMoney(string? typed)
    {
        if (typed is { Length: > 60 })
            return null;
        var text = CurrencyWord().Replace(Fold(Clean(typed)).Replace(" ", "", StringComparison.Ordinal), "");
        if (text.Length is 0 or > 24)
            return null;
        if (GroupedMoney().IsMatch(text))
            return Whole(text) is <= MostMoney and var whole ? whole : null;
        var match = ShortMoney().Match(text);
        if (!match.Success || Number(match, match.Groups["unit"].Value switch { "k" or "n" or "nghin" or "ngan" => 1_000m, "ty" or "ti" => 1_000_000_000m, _ => 1_000_000m }) is not { } amount)
            return null;
        return amount == decimal.Truncate(amount) && amount <= MostMoney ? (long)amount : null;
    }

    private const long MostMoney = 999_999_999_999;

    /// <summary>A number in the Vietnamese writing: the comma is decimal, points group: "12,5", "1.200", "1.200,5". A point that cannot group is decimal too: "12.5".</summary>
    public static decimal? ParseQuantity(string? typed)
    {
        if (typed is { Length: > 60 })
            return null;
        var text = Clean(typed).Replace(" ", "", StringComparison.Ordinal);
        if (text.Length is 0 or > 16)
            return null;
        text = GroupedQuantity().IsMatch(text) ? text.Replace(".", "", StringComparison.Ordinal) : text;
        return decimal.TryParse(text.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    /// <summary>Kilograms: "12,5", "12,5 kg", "800 g", "3 lạng", "2 yến", "1,5 tạ", "2 tạ rưỡi", "1 tấn 2"; a bare number is kilograms. The second value: a unit was typed.</summary>
    public static (decimal Kilograms, bool UnitTyped)? ParseWeight(string? typed)
    {
        if (ParseQuantity(typed) is { } bare)
            return (bare, false);
        if (typed is { Length: > 60 })
            return null;
        var match = Weighed().Match(Clean(typed).ToLowerInvariant().Replace(" ", "", StringComparison.Ordinal));
        if (!match.Success)
            return null;
        var unit = match.Groups["unit"].Value switch
        {
            "g" or "gr" or "gam" or "gram" => 0.001m,
            "lạng" or "lang" => 0.1m,
            "yến" or "yen" => 10m,
            "tạ" or "ta" => 100m,
            "tấn" or "tan" => 1_000m,
            _ => 1m,
        };
        return Number(match, unit) is { } kilograms ? (kilograms, true) : null;
    }

    /// <summary>"7 ngày" without its word.</summary>
    public static string WithoutDays(string typed) => Clean(typed) is var text && DayWords.FirstOrDefault(w => text.EndsWith(w, StringComparison.OrdinalIgnoreCase)) is { } word ? text[..^word.Length] : typed;

    private static readonly string[] DayWords = ["ngày", "ngay", "days", "day"];

    /// <summary>Whole grams, of what is small: "500", "500 g", "1,2 kg"; a bare number is grams.</summary>
    public static long? ParseGrams(string? typed) =>
        ParseWeight(typed) is var (weight, said) && weight * (said ? 1000 : 1) is <= 1_000_000_000 and var grams && grams == decimal.Truncate(grams) ? (long)grams : null;

    /// <summary>
    /// A day: 05/07/2026, 5-7-26, 5.7.2026, 05072026, 2026-07-05, "5 tháng 7 năm 2026", "5/7" (the year in which it is nearest to today), hôm nay, hôm qua, hôm kia, ngày mai;
    /// a time behind it, as copied from a spreadsheet, is left out. Day before month, always.
    /// </summary>
    public static DateOnly? ParseDate(string? typed, DateOnly today)
    {
        if (typed is { Length: > 60 })
            return null;
        var text = Fold(Clean(typed));
        switch (text)
        {
            case "hom nay" or "nay":
                return today;
            case "hom qua" or "qua":
                return today.AddDays(-1);
            case "hom kia":
                return today.AddDays(-2);
            case "mai" or "ngay mai":
                return today.AddDays(1);
        }
        var match = DateIn(text);
        if (!match.Success)
            return null;
        var (d, m, y) = (Part(match, "d"), Part(match, "m"), match.Groups["y"].Success ? Part(match, "y") : (int?)null);
        if (y is null)
            return new[] { today.Year - 1, today.Year, today.Year + 1 }.Select(year => Day(year, m, d)).OfType<DateOnly>().OrderBy(x => Math.Abs(x.DayNumber - today.DayNumber)).Cast<DateOnly?>().FirstOrDefault();
        return Day(y < 100 ? 2000 + y.Value : y.Value, m, d);
    }

    /// <summary>What to say of a text that <see cref="ParseDate"/> does not read, as a key of <see cref="Texts"/>: of one that is written as a day, and no calendar has it (31/2/2026), that.</summary>
    public static string NoDate(string? typed) => typed is { Length: <= 60 } && DateIn(Fold(Clean(typed))) is { Success: true } match && Part(match, "m") is >= 1 and <= 12 && Part(match, "d") is >= 29 and <= 31
        ? "Không có ngày này trong lịch. Hãy xem lại ngày và tháng."
        : "Hãy nhập ngày, tháng, năm, ví dụ 05/07/2026.";

    private static Match DateIn(string text) =>
        YearFirst().Match(text) is { Success: true } iso ? iso : DayFirst().Match(text) is { Success: true } day ? day : DaySpelt().Match(text) is { Success: true } spelt ? spelt : DayRun().Match(text);

    private static int Part(Match match, string name) => int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);

    private static DateOnly? Day(int year, int month, int day) =>
        year is >= 1900 and <= 2199 && month is >= 1 and <= 12 && day >= 1 && day <= System.DateTime.DaysInMonth(year, month) ? new DateOnly(year, month, day) : null;

    private static long? Whole(string text) =>
        long.TryParse(text.Replace(".", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? whole : null;

    /// <summary>A number with its unit and what is said after it: "1tr2" is 1.200.000, "1tr25" 1.250.000, "2 tạ rưỡi" 250 kg.</summary>
    private static decimal? Number(Match match, decimal unit)
    {
        var (number, tail) = (match.Groups["number"].Value, match.Groups["tail"].Value);
        if (ParseQuantity(number) is not { } value || (tail.Length > 0 && number.AsSpan().ContainsAny('.', ',')))
            return null;
        var rest = tail.Length == 0 ? 0 : tail is "ruoi" or "rưỡi" ? 0.5m : decimal.Parse("0." + tail, CultureInfo.InvariantCulture);
        return (value + rest) * unit;
    }

    [GeneratedRegex(@"(dong|vnd|d|₫)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CurrencyWord();

    [GeneratedRegex(@"^[0-9]+$|^[1-9][0-9]{0,2}(\.[0-9]{3})+$|^[1-9][0-9]{0,2}(,[0-9]{3})+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex GroupedMoney();

    [GeneratedRegex(@"^(?<number>[0-9]{1,6}([.,][0-9]{1,2})?|[1-9][0-9]{0,2}(\.[0-9]{3})+|[0-9]{1,3},[0-9]{3})(?<unit>k|nghin|ngan|n|trieu|tr|ty|ti)(?<tail>[0-9]{0,3}|ruoi)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ShortMoney();

    [GeneratedRegex(@"^[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex GroupedQuantity();

    [GeneratedRegex(@"^(?<number>[0-9.,]{1,12})(?<unit>kg|kgs|ký|kí|ki|ky|kilo|kilôgam|cân|gr|gam|gram|g|lạng|lang|yến|yen|tạ|ta|tấn|tan)(?<tail>[0-9]{0,3}|rưỡi|ruoi)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Weighed();

    [GeneratedRegex(@"^(?<y>[0-9]{4})[-/.](?<m>[0-9]{1,2})[-/.](?<d>[0-9]{1,2})([ t][0-9]{1,2}:[0-9]{2}.*)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex YearFirst();

    [GeneratedRegex(@"^(ngay )?(?<d>[0-9]{1,2})( ?[-/.] ?| )(?<m>[0-9]{1,2})(( ?[-/.] ?| )(?<y>[0-9]{4}|[0-9]{2}))?( [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DayFirst();

    [GeneratedRegex(@"^((chu nhat|thu \w{1,4}),? )?(ngay )?(?<d>[0-9]{1,2}) thang (?<m>[0-9]{1,2})(,? (nam )?(?<y>[0-9]{4}))?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DaySpelt();

    [GeneratedRegex(@"^(?<d>[0-9]{2})(?<m>[0-9]{2})(?<y>[0-9]{4}|[0-9]{2})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DayRun();
}
