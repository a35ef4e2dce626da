using System.Buffers;
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

    public static DateOnly Today(TimeProvider clock) => Day(clock.GetUtcNow());

    /// <summary>The day in Vietnam at this instant.</summary>
    public static DateOnly Day(DateTimeOffset instant) => DateOnly.FromDateTime(Local(instant).DateTime);

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
    /// <summary>"1.080 m² (0,108 ha)": both, since a wrong unit is a thousandfold.</summary>
    public static string Area(long squareMetres) => $"{Number(squareMetres)}\u00a0m² ({Number(squareMetres / 10_000m)}\u00a0ha)";

    public static string Weight(long grams) => grams < 1000 ? $"{grams}\u00a0g" : $"{Number(grams / 1000m)}\u00a0kg";

    /// <summary>"Chủ Nhật, ngày 5 tháng 7 năm 2026"</summary>
    public static string LongDate(DateOnly day) => $"{Culture.DateTimeFormat.GetDayName(day.DayOfWeek)}, ngày {day.Day} tháng {day.Month} năm {day.Year}";

    /// <summary>One line: NFC, without invisible marks, runs of white space and control characters as one blank.</summary>
    public static string Clean(string? text) => Blanks().Replace(Nfc(text), " ").Trim();

    /// <summary>Text of several lines: NFC, without invisible marks and control characters; line breaks as \n, tabs as blanks.</summary>
    public static string CleanLines(string? text) =>
        Controls().Replace(LineBreaks().Replace(Nfc(text), "\n").Replace('\t', ' '), "").Trim();

    /// <summary>Composed (NFC), without what nobody sees: marks of writing direction, zero-width blanks, halves of characters.</summary>
    private static string Nfc(string? text) =>
        text is null ? "" : Invisible().Replace(Unbroken(text), "").Normalize(NormalizationForm.FormC);

    /// <summary>Without halves of characters, which nothing can be composed of.</summary>
    private static string Unbroken(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            return text;
        var whole = new StringBuilder(text.Length);
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            var isWhole = Rune.DecodeFromUtf16(rest, out _, out var used) == OperationStatus.Done;
            whole.Append(isWhole ? rest[..used] : []);
            rest = rest[used..];
        }
        return whole.ToString();
    }

    /// <summary>Lower case without marks, đ as d: "Xoài tròn" → "xoai tron". The same as foundation.fold in SQL.</summary>
    public static string Fold(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in Unbroken(text).Normalize(NormalizationForm.FormD))
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

    /// <summary>E.164 (+84912345678) of a Vietnamese mobile number however typed; null when it is none.
    /// Samples ("000" and seven digits, an unassigned prefix) stay as they are where allowed.</summary>
    public static string? Phone(string? typed, bool samplesAllowed = false)
    {
        var digits = NotDigit().Replace(Clean(typed), "");
        if (samplesAllowed && SamplePhone().IsMatch(digits))
            return digits;
        digits = digits switch
        {
            // Spreadsheets drop the leading 0.
            { Length: 9 } => "0" + digits,
            { Length: 11 } when digits.StartsWith("84", StringComparison.Ordinal) => "0" + digits[2..],
            // +84 (0)912 345 678, and 0084 912 345 678.
            { Length: 12 } when digits.StartsWith("840", StringComparison.Ordinal) => digits[2..],
            { Length: 13 } when digits.StartsWith("0084", StringComparison.Ordinal) => "0" + digits[4..],
            _ => digits,
        };
        return Mobile().IsMatch(digits) ? "+84" + digits[1..] : null;
    }

    /// <summary>"000" and seven digits: no network has this prefix, so the number calls nobody.</summary>
    public static bool IsSamplePhone(string phone) => SamplePhone().IsMatch(phone);

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

    [GeneratedRegex(@"[\s\p{Cc}]+", RegexOptions.None, 1000)]
    private static partial Regex Blanks();

    [GeneratedRegex(@"\r\n?|[\u0085\u2028\u2029]", RegexOptions.None, 1000)]
    private static partial Regex LineBreaks();

    [GeneratedRegex(@"[\p{Cc}-[\n]]", RegexOptions.None, 1000)]
    private static partial Regex Controls();

    // The joiner U+200D stays: families and flags of emoji are made with it.
    [GeneratedRegex(@"[\u00AD\u061C\u180E\u200B\u200C\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB]", RegexOptions.None, 1000)]
    private static partial Regex Invisible();

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.None, 1000)]
    private static partial Regex NotWord();

    [GeneratedRegex(@"[^0-9]", RegexOptions.None, 1000)]
    private static partial Regex NotDigit();

    [GeneratedRegex(@"^000[0-9]{7}$", RegexOptions.None, 1000)]
    private static partial Regex SamplePhone();

    [GeneratedRegex(@"^0(3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-46-9])[0-9]{7}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Mobile();

    [GeneratedRegex(@"^000000[0-9]{4}$", RegexOptions.None, 1000)]
    private static partial Regex SampleTaxCode();

    [GeneratedRegex(@"^[0-9]{12}$", RegexOptions.None, 1000)]
    private static partial Regex PersonalNumber();

    [GeneratedRegex(@"^[0-9]{10}(-?[0-9]{3})?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UnitTaxCode();
}
