using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SonLaMarket.Foundation.Text;

/// <summary>Vietnamese conventions: dates, money, folded text, slugs, telephone and tax numbers.</summary>
public static partial class Vietnamese
{
    public static readonly CultureInfo Culture = CultureInfo.GetCultureInfo("vi-VN");

    /// <summary>UTC+7 all year.</summary>
    public static readonly TimeSpan Offset = TimeSpan.FromHours(7);

    public static DateTimeOffset Local(DateTimeOffset instant) => instant.ToOffset(Offset);

    public static DateOnly Today(TimeProvider clock) => DateOnly.FromDateTime(Local(clock.GetUtcNow()).DateTime);

    /// <summary>05/07/2026</summary>
    public static string Date(DateOnly day) => day.ToString("dd'/'MM'/'yyyy", CultureInfo.InvariantCulture);

    public static string Date(DateTimeOffset instant) => Date(DateOnly.FromDateTime(Local(instant).DateTime));

    /// <summary>05/07/2026 14:03, Vietnam time</summary>
    public static string DateTime(DateTimeOffset instant) => Local(instant).ToString("dd'/'MM'/'yyyy HH':'mm", CultureInfo.InvariantCulture);

    /// <summary>35.000 ₫ with a no-break space, so that the sign stays with the number.</summary>
    public static string Money(long vnd) => Number(vnd) + "\u00a0₫";

    /// <summary>1.234.567</summary>
    public static string Number(long value) => value.ToString("#,0", Culture);

    /// <summary>12,5 – at most three decimals, none when whole.</summary>
    public static string Number(decimal value) => value.ToString("#,0.###", Culture);

    /// <summary>1.250 g as "1,25 kg"; under a kilogram in grams.</summary>
    public static string Weight(long grams) => grams < 1000 ? $"{grams}\u00a0g" : $"{Number(grams / 1000m)}\u00a0kg";

    /// <summary>NFC, trimmed, runs of white space and control characters as one blank. Every text from outside goes through this.</summary>
    public static string Clean(string? text) =>
        text is null ? "" : Blanks().Replace(text.Normalize(NormalizationForm.FormC), " ").Trim();

    /// <summary>Lower case without marks, đ as d: "Xoài tròn" → "xoai tron". The same as foundation.fold in SQL.</summary>
    public static string Fold(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
                result.Append(c is 'đ' or 'Đ' ? 'd' : char.ToLowerInvariant(c));
        }
        return result.ToString();
    }

    /// <summary>"Xoài tròn Yên Châu" → "xoai-tron-yen-chau"; at most 80 characters.</summary>
    public static string Slug(string text)
    {
        var slug = NotWord().Replace(Fold(text), "-").Trim('-');
        return slug.Length <= 80 ? slug : slug[..80].Trim('-');
    }

    /// <summary>What people type for an amount: 35000, 35.000, 35,000, 35k, 35 nghìn, 1tr2, 1,5 triệu. Null when it is none of these.</summary>
    public static long? ParseMoney(string? typed)
    {
        var text = Fold(Clean(typed)).Replace(" ", "", StringComparison.Ordinal);
        text = CurrencyWord().Replace(text, "");
        if (text.Length is 0 or > 20)
            return null;
        if (Grouped().IsMatch(text))
            return long.TryParse(text.Replace(".", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? whole : null;
        var match = Short().Match(text);
        if (!match.Success)
            return null;
        var unit = match.Groups["unit"].Value is "k" or "nghin" or "ngan" ? 1_000m : 1_000_000m;
        var tail = match.Groups["tail"].Value;
        if (!decimal.TryParse(match.Groups["number"].Value.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || (tail.Length > 0 && match.Groups["number"].Value.AsSpan().ContainsAny('.', ',')))
            return null;
        // "1tr2" is one million two hundred thousand, "1tr25" one million two hundred and fifty thousand.
        if (tail.Length > 0)
            number += decimal.Parse("0." + tail, CultureInfo.InvariantCulture);
        var amount = number * unit;
        return amount == decimal.Truncate(amount) && amount <= 999_999_999_999m ? (long)amount : null;
    }

    /// <summary>A decimal quantity with comma or point: "12,5" or "12.5"; null when it is not one. "1.200" is one thousand two hundred.</summary>
    public static decimal? ParseQuantity(string? typed)
    {
        var text = Clean(typed).Replace(" ", "", StringComparison.Ordinal);
        if (text.Length is 0 or > 16)
            return null;
        if (Grouped().IsMatch(text) && text.AsSpan().ContainsAny('.', ','))
            text = text.Replace(".", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal);
        return decimal.TryParse(text.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    /// <summary>E.164 (+84912345678) of a Vietnamese mobile number however typed; null when it is none.
    /// Samples ("000" and seven digits, an unassigned prefix) stay as they are where allowed.</summary>
    public static string? Phone(string? typed, bool samplesAllowed = false)
    {
        var digits = NotDigit().Replace(Clean(typed), "");
        if (samplesAllowed && SamplePhone().IsMatch(digits))
            return digits;
        if (digits.StartsWith("84", StringComparison.Ordinal) && digits.Length == 11)
            digits = "0" + digits[2..];
        return Mobile().IsMatch(digits) ? "+84" + digits[1..] : null;
    }

    /// <summary>0912 345 678</summary>
    public static string ShowPhone(string phone)
    {
        var national = phone.StartsWith("+84", StringComparison.Ordinal) ? "0" + phone[3..] : phone;
        return national.Length == 10 ? $"{national[..4]}\u00a0{national[4..7]}\u00a0{national[7..]}" : national;
    }

    /// <summary>A tax code (mã số thuế) in its canonical writing, or null. Ten digits with a check digit, a unit's suffix,
    /// or the 12 digits of a personal number (Thông tư 86/2024/TT-BTC). Samples are "000000" and four digits.</summary>
    public static string? TaxCode(string? typed, bool samplesAllowed = false)
    {
        var text = Clean(typed).Replace(" ", "", StringComparison.Ordinal);
        if (samplesAllowed && SampleTaxCode().IsMatch(text))
            return text;
        if (PersonalNumber().IsMatch(text))
            return text;
        if (UnitTaxCode().IsMatch(text) && text.Length == 13)
            text = text[..10] + "-" + text[10..];
        if (!UnitTaxCode().IsMatch(text) || text.EndsWith("-000", StringComparison.Ordinal))
            return null;
        ReadOnlySpan<int> weights = [31, 29, 23, 19, 17, 13, 7, 5, 3];
        var sum = 0;
        for (var i = 0; i < 9; i++)
            sum += (text[i] - '0') * weights[i];
        return 10 - sum % 11 == text[9] - '0' ? text : null;
    }

    [GeneratedRegex(@"[\s\p{Cc}]+", RegexOptions.None, 100)]
    private static partial Regex Blanks();

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.None, 100)]
    private static partial Regex NotWord();

    [GeneratedRegex(@"\D", RegexOptions.None, 100)]
    private static partial Regex NotDigit();

    [GeneratedRegex(@"(dong|vnd|d|₫)$", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex CurrencyWord();

    [GeneratedRegex(@"^\d+$|^\d{1,3}(\.\d{3})+$|^\d{1,3}(,\d{3})+$", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Grouped();

    [GeneratedRegex(@"^(?<number>\d{1,6}([.,]\d{1,3})?)(?<unit>k|nghin|ngan|trieu|tr)(?<tail>\d{0,3})$", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Short();

    [GeneratedRegex(@"^000\d{7}$", RegexOptions.None, 100)]
    private static partial Regex SamplePhone();

    [GeneratedRegex(@"^0(3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-46-9])\d{7}$", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Mobile();

    [GeneratedRegex(@"^000000\d{4}$", RegexOptions.None, 100)]
    private static partial Regex SampleTaxCode();

    [GeneratedRegex(@"^\d{12}$", RegexOptions.None, 100)]
    private static partial Regex PersonalNumber();

    [GeneratedRegex(@"^\d{10}(-?\d{3})?$", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex UnitTaxCode();
}
