using System.Text;
using System.Text.RegularExpressions;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Catalog.Search;

/// <summary>A word as typed (lower case, NFC) and folded. Letters and digits only: the same cut as catalog.folded_words in SQL.</summary>
public readonly partial record struct Word(string Typed, string Folded)
{
    /// <summary>Whether the typing says anything about marks: "mận" does, "man" does not.</summary>
    public bool Marked => Typed != Folded;

    /// <summary>The words of a text, at most <paramref name="most"/>; "5kg" are two.</summary>
    public static List<Word> Of(string text, int most = int.MaxValue) =>
        Parts().Matches(text.Normalize(NormalizationForm.FormC).ToLowerInvariant()).Select(m => new Word(m.Value, Vietnamese.Fold(m.Value))).Where(w => w.Folded.All(char.IsAsciiLetterOrDigit)).Take(most).ToList();

    /// <summary>Whether the two may be the same word: every mark that was typed is there, wherever the tone was put ("hoà", "hòa").</summary>
    public bool Fits(Word other) => Folded == other.Folded && (!Marked || SameMarks(Typed, other.Typed));

    public static bool SameMarks(string one, string other) => Marks(one) == Marks(other);

    /// <summary>The word with its tone in either place: "hòa" and "hoà".</summary>
    public IEnumerable<string> Placements => Typed.Length >= 2 && Other(Typed) is { } other ? [Typed, other] : [Typed];

    private static string? Other(string word)
    {
        foreach (var (old, modern) in OpenPairs)
        {
            if (word.EndsWith(old, StringComparison.Ordinal))
                return word[..^2] + modern;
            if (word.EndsWith(modern, StringComparison.Ordinal))
                return word[..^2] + old;
        }
        return null;
    }

    private static readonly (string Old, string Modern)[] OpenPairs =
    [
        ("òa", "oà"), ("óa", "oá"), ("ỏa", "oả"), ("õa", "oã"), ("ọa", "oạ"), ("òe", "oè"), ("óe", "oé"), ("ỏe", "oẻ"), ("õe", "oẽ"), ("ọe", "oẹ"),
        ("ùy", "uỳ"), ("úy", "uý"), ("ủy", "uỷ"), ("ũy", "uỹ"), ("ụy", "uỵ"),
    ];

    /// <summary>Letters first, then the tone: the tone's place in the syllable is a matter of taste.</summary>
    private static string Marks(string word)
    {
        var letters = new StringBuilder();
        var tones = new StringBuilder();
        foreach (var c in word.Normalize(NormalizationForm.FormD))
            (c is '\u0300' or '\u0301' or '\u0303' or '\u0309' or '\u0323' ? tones : letters).Append(c);
        return letters.Append(tones).ToString();
    }

    [GeneratedRegex(@"\p{L}+|\d+", RegexOptions.None, 1000)]
    private static partial Regex Parts();
}
