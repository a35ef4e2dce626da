using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Vnpay;

/// <summary>
/// Makes a text fit <c>vnp_OrderInfo</c>: "tiếng Việt không dấu, không bao gồm các ký tự đặc biệt", at most 255 characters
/// ("Thanh toán PAY", vnp_OrderInfo).
/// </summary>
public static class OrderInfoNormalizer
{
    /// <summary>Longest text that VNPAY takes, in characters.</summary>
    public const int MaxLength = 255;

    /// <summary>
    /// Every Vietnamese letter by its bare one. A program in invariant mode (InvariantGlobalization, usual in small containers) cannot
    /// decompose letters: it would send "M n h u".
    /// </summary>
    private static readonly FrozenDictionary<char, char> Bare = Letters("aàáảãạăằắẳẵặâầấẩẫậ", "dđ", "eèéẻẽẹêềếểễệ", "iìíỉĩị", "oòóỏõọôồốổỗộơờớởỡợ", "uùúủũụưừứửữự", "yỳýỷỹỵ");

    /// <summary>
    /// Marks dropped, đ to d, letters, digits and <c>. , : _ -</c> kept, all else one space, trimmed and cut. Never null;
    /// empty when nothing is left. The characters that encoders disagree on (<c>! ( ) * ' ~</c>) and the <c>|</c> that would
    /// shift a joined checksum are among those that go.
    /// </summary>
    public static string Normalize(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var result = new StringBuilder(text.Length);
        foreach (var rune in Decompose(text).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format) continue;
            var character = rune.IsAscii ? (char)rune.Value : ' ';
            if (IsKept(character)) result.Append(character);
            else if (result.Length > 0 && result[^1] != ' ') result.Append(' ');
        }
        if (result.Length > MaxLength) result.Length = MaxLength;
        return result.ToString().TrimEnd();
    }

    // A lone surrogate cannot be normalised; it becomes the replacement character and then a space.
    private static string Decompose(string text)
    {
        var wellFormed = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsBmp && Bare.TryGetValue((char)rune.Value, out var bare)) wellFormed.Append(bare);
            else wellFormed.Append(rune.ToString());
        }
        return wellFormed.ToString().Normalize(NormalizationForm.FormD);
    }

    private static FrozenDictionary<char, char> Letters(params string[] groups) =>
        groups.SelectMany(group => group.Skip(1).SelectMany(marked => new[] { (marked, group[0]), (char.ToUpperInvariant(marked), char.ToUpperInvariant(group[0])) })).ToFrozenDictionary(x => x.Item1, x => x.Item2);

    private static bool IsKept(char character) => char.IsAsciiLetterOrDigit(character) || character is '.' or ',' or ':' or '_' or '-';
}
