using System.Globalization;
using System.Text.RegularExpressions;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Imports;

/// <summary>What somebody probably meant who wrote something that cannot be read. Offered, never taken without being asked.</summary>
public static partial class Suggest
{
    /// <summary>"35.000đ/kg" is 35.000; 35 is 35.000, and so is 35.0, which a spreadsheet made of "35.000".</summary>
    /// <param name="least">Prices below are of thousands.</param>
    public static string? Money(string typed, long least)
    {
        var text = Vietnamese.Clean(typed).Split('/', '(')[0];
        var amount = Vietnamese.ParseMoney(text) ?? Vietnamese.ParseMoney(Price().Match(text).Value) ?? (Vietnamese.ParseQuantity(text.Replace('.', ',')) is { } number && number * 1000 == decimal.Truncate(number * 1000) ? (long)(number * 1000) : null);
        return amount is null ? null : Vietnamese.Number(amount.Value < least && amount.Value > 0 ? amount.Value * 1000 : amount.Value);
    }

    /// <summary>12/25/2026 is 25/12/2026; a day to come, with day and month exchanged, may have been. Of a day that no calendar has nobody knows which one was meant.</summary>
    public static string? Day(string typed, DateOnly today)
    {
        var parts = Digits().Matches(Vietnamese.Clean(typed)).Select(m => m.Value).ToArray();
        if (parts.Length < 3)
            return null;
        var (day, month, year) = parts[0].Length == 4 ? (parts[2], parts[1], parts[0]) : (parts[0], parts[1], parts[2]);
        return new[] { $"{month}/{day}/{year}", $"{day}/{month}/{today.Year.ToString(CultureInfo.InvariantCulture)}" }.Select(d => Vietnamese.ParseDate(d, today)).FirstOrDefault(d => d <= today && d > today.AddYears(-3)) is { } found ? Vietnamese.Date(found) : null;
    }

    /// <summary>A day that a spreadsheet keeps as a number: 46209 is 06/07/2026. Null for other numbers.</summary>
    public static string? SerialDay(string typed) =>
        int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var serial) && serial is > 36_500 and < 73_000 ? Vietnamese.Date(DateOnly.FromDateTime(DateTime.FromOADate(serial))) : null;

    /// <summary>"40 hộp" is 40, "khoảng 200kg" 200 kg.</summary>
    public static string? Amount(string typed) =>
        Number().Match(Vietnamese.Clean(typed)) is { Success: true } match ? match.Value.Trim() : null;

    [GeneratedRegex("""[0-9]+([.,][0-9]+)*( ?(k|nghìn|ngàn|tr|triệu)\b)?""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Price();

    [GeneratedRegex("[0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Digits();

    [GeneratedRegex("""[0-9]+([.,][0-9]+)*( ?(kg|g|gam|lạng|yến|tạ|tấn)\b)?""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Number();
}
