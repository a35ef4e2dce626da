using System.Buffers;
using System.Text;

namespace SonLaMarket.Catalog.Search;

/// <summary>
/// Reads what a Telex keyboard would have written: "xoaif" is "xoài", "maanj" is "mận", "dduowngf" is "đường". People see such words
/// when their keyboard is switched to English.
/// </summary>
public static class Telex
{
    private static readonly SearchValues<char> Vowels = SearchValues.Create("aăâeêioôơuưy");
    private static readonly SearchValues<char> MarkedVowels = SearchValues.Create("ăâêôơư");
    private static readonly Dictionary<char, char> Tones = new() { ['f'] = '\u0300', ['s'] = '\u0301', ['x'] = '\u0303', ['r'] = '\u0309', ['j'] = '\u0323' };

    /// <summary>The Vietnamese syllable, in NFC, or null when the word (lower case) is none that Telex could have meant.</summary>
    public static string? Decode(string word)
    {
        var letters = new StringBuilder();
        char? tone = null;
        foreach (var c in word)
        {
            if (Tones.TryGetValue(c, out var mark) && letters.ToString().AsSpan().IndexOfAny(Vowels) >= 0)
                tone = mark;
            else if (!Modify(letters, c))
                letters.Append(c);
        }
        if (tone is { } t)
        {
            var at = ToneAt(letters.ToString());
            if (at < 0)
                return null;
            letters.Insert(at + 1, t);
        }
        var decoded = letters.ToString().Normalize(NormalizationForm.FormC);
        return decoded == word || !letters.ToString().All(c => char.IsLetter(c) || Tones.ContainsValue(c)) ? null : decoded;
    }

    /// <summary>True when the key changed a letter before it instead of writing one.</summary>
    private static bool Modify(StringBuilder letters, char key)
    {
        switch (key)
        {
            case 'd' when letters.Length == 1 && letters[0] == 'd':
                letters[0] = 'đ';
                return true;
            case 'a' or 'e' or 'o':
                var at = letters.ToString().LastIndexOf(key);
                if (at < 0 || letters.ToString(at, letters.Length - at).Count(c => !Vowels.Contains(c)) > 2)
                    return false;
                letters[at] = key switch { 'a' => 'â', 'e' => 'ê', _ => 'ô' };
                return true;
            case 'w':
                return Horn(letters);
            default:
                return false;
        }
    }

    private static bool Horn(StringBuilder letters)
    {
        var at = letters.ToString().AsSpan().LastIndexOfAny("aou");
        if (at < 0)
            return false;
        if (letters[at] == 'o' && at > 0 && letters[at - 1] == 'u')
            letters[at - 1] = 'ư';
        letters[at] = letters[at] switch { 'a' => 'ă', 'o' => 'ơ', _ => 'ư' };
        return true;
    }

    /// <summary>The letter that carries the tone: the one with a mark of its own, else the main vowel as schools write it ("hòa", "toàn").</summary>
    private static int ToneAt(string syllable)
    {
        var first = syllable.AsSpan().IndexOfAny(Vowels);
        if (first < 0)
            return -1;
        if (first + 1 < syllable.Length && Vowels.Contains(syllable[first + 1]) && ((first > 0 && syllable[first - 1] == 'q' && syllable[first] == 'u') || (first == 1 && syllable[0] == 'g' && syllable[first] == 'i')))
            first++;
        var end = first;
        while (end < syllable.Length && Vowels.Contains(syllable[end]))
            end++;
        var marked = syllable.AsSpan(first, end - first).LastIndexOfAny(MarkedVowels);
        if (marked >= 0)
            return first + marked;
        var length = end - first;
        return length == 1 ? first : length == 2 ? end < syllable.Length ? first + 1 : first : first + 1;
    }
}
