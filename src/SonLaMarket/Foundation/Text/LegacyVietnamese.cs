using System.Text;
using System.Text.RegularExpressions;

namespace SonLaMarket.Foundation.Text;

/// <summary>
/// Text typed for fonts from before Unicode: TCVN3 (".VnTime") and VNI ("VNI-Times"). The letters are Latin-1 and only the font shows Vietnamese:
/// "MËn hËu", "Maän haäu". Turned into Unicode where the result is Vietnamese and what stands there is not.
/// </summary>
public static partial class LegacyVietnamese
{
    // TCVN 5712:1993, VN3: one byte a letter.
    private const string Tcvn3From = "\u00A1\u00A2\u00A3\u00A4\u00A5\u00A6\u00A7\u00A8\u00A9\u00AA\u00AB\u00AC\u00AD\u00AE\u00B5\u00B6\u00B7\u00B8\u00B9\u00BB\u00BC\u00BD\u00BE\u00C6\u00C7\u00C8\u00C9\u00CA\u00CB\u00CC\u00CE\u00CF\u00D0\u00D1\u00D2\u00D3\u00D4\u00D5\u00D6\u00D7\u00D8\u00DC\u00DD\u00DE\u00DF\u00E1\u00E2\u00E3\u00E4\u00E5\u00E6\u00E7\u00E8\u00E9\u00EA\u00EB\u00EC\u00ED\u00EE\u00EF\u00F1\u00F2\u00F3\u00F4\u00F5\u00F6\u00F7\u00F8\u00F9\u00FA\u00FB\u00FC\u00FD\u00FE";
    private const string Tcvn3To = "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ";

    // VNI: a letter, and behind it the letter that stands for its marks.
    private const string VniMarks = "ùøûõïâêáàåãäéèúüë";
    private static readonly string[] VniCombining = ["\u0301", "\u0300", "\u0309", "\u0303", "\u0323", "\u0302", "\u0306", "\u0302\u0301", "\u0302\u0300", "\u0302\u0309", "\u0302\u0303", "\u0302\u0323", "\u0306\u0301", "\u0306\u0300", "\u0306\u0309", "\u0306\u0303", "\u0306\u0323"];
    private const string VniAlone = "íìæóòîñôöÍÌÆÓÒÎÑÔÖ";
    private const string VniAloneTo = "íìỉĩịỵđơưÍÌỈĨỊỴĐƠƯ";

    /// <summary>The text in Unicode; null where it is not of such a font, or could as well be what it seems.</summary>
    /// <param name="sure">The rest of the file is of such a font: what could be both is then too.</param>
    public static string? ToUnicode(string text, bool sure = false)
    {
        if (!text.AsSpan().ContainsAnyInRange('\u00A1', '\u00FF') || text.AsSpan().ContainsAnyInRange('\u0100', '\u1FFF') || (!sure && IsVietnamese(text)))
            return null;
        return new[] { Tcvn3(text), Vni(text) }.FirstOrDefault(t => t != text && IsVietnamese(t));
    }

    /// <summary>Whether every word with a letter beyond ASCII is built as Vietnamese syllables are.</summary>
    internal static bool IsVietnamese(string text) =>
        Words().Matches(text.Normalize(NormalizationForm.FormC)).Where(w => !Ascii.IsValid(w.Value)).All(w => Syllable().IsMatch(Vietnamese.Fold(w.Value)) && w.Value.All(IsLetter) && Tones(w.Value) <= 1);

    private static int Tones(string word) => word.Normalize(NormalizationForm.FormD).Count(c => c is '\u0300' or '\u0301' or '\u0303' or '\u0309' or '\u0323');

    private static bool IsLetter(char c) => c < 128 || Letters.Contains(char.ToLowerInvariant(c));

    private const string Letters = "ăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ";

    private static string Tcvn3(string text) => string.Create(text.Length, text, (to, from) =>
    {
        for (var i = 0; i < to.Length; i++)
            to[i] = Tcvn3From.IndexOf(from[i]) is var at and >= 0 ? Tcvn3To[at] : from[i];
    });

    private static string Vni(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            var mark = VniMarks.IndexOf(char.ToLowerInvariant(c));
            var before = result.Length == 0 ? ' ' : result[^1];
            if (mark >= 0 && "aeouyơư".Contains(char.ToLowerInvariant(before), StringComparison.Ordinal))
                result.Append(VniCombining[mark]);
            else
                result.Append(VniAlone.IndexOf(c) is var at and >= 0 ? VniAloneTo[at] : c);
        }
        return result.ToString().Normalize(NormalizationForm.FormC);
    }

    // Soft hyphen and signs are letters in TCVN3: a word goes on over them.
    [GeneratedRegex(@"[\p{L}\p{M}\u00A1-\u00FF]+", RegexOptions.None, 1000)]
    private static partial Regex Words();

    [GeneratedRegex(@"^(ngh|ng|gh|gi|kh|nh|ph|qu|th|tr|ch|[bcdghklmnpqrstvx])?(oai|oay|oao|oeo|uay|uai|uoi|uou|uya|uyu|ieu|yeu|ai|ao|au|ay|eo|eu|ia|iu|oa|oe|oi|ua|ue|ui|uo|uu|uy|[aeiouy]|(uye|ie|ye|oa|oe|oo|ua|ue|uo|uy|[aeiouy])(ch|nh|ng|[cmnpt]))$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Syllable();
}
