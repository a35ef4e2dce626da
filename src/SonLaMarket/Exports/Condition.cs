using System.Globalization;
using System.Text.RegularExpressions;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports;

/// <summary>
/// A condition over the canonical record: <c>variant.stock &gt; 0 &amp;&amp; !(product.categoryCode in ['craft', 'textile'])</c>.
/// Operators ==, !=, &lt;, &gt;, &amp;&amp;, ||, !, in; texts in single quotes, numbers, days as text. Types are checked when it is read.
/// A field of several values equals what one of them equals; a field without value equals ''.
/// </summary>
public sealed partial class Condition
{
    /// <summary>
    /// So many words a condition may have. It has no loops and calls nothing: judging a listing takes no more steps than it has words.
    /// </summary>
    public const int MaxSteps = 1000;

    private delegate bool Test(ExportListing listing, SiteOptions site);

    private readonly record struct Operand(FieldType Type, string Literal, ExportField? Field)
    {
        public IReadOnlyList<string> Values(ExportListing listing, SiteOptions site) => Field?.Values(listing, site) ?? [Literal];
    }

    private readonly List<string> words = [];
    private readonly Test test;
    private int at;

    private Condition(string text)
    {
        for (var from = 0; from < text.Length;)
        {
            var word = Word().Match(text, from);
            if (!word.Success)
                throw new ProfileException(new Said("Không hiểu điều kiện từ “{0}”.", text[from..]));
            from += word.Length;
            if (words.Count == MaxSteps)
                throw new ProfileException(new Said("Điều kiện dài hơn {0} bước.", MaxSteps.ToString(CultureInfo.InvariantCulture)));
            words.Add(word.Groups["word"].Value);
        }
        test = Any();
        if (at < words.Count)
            throw new ProfileException(new Said("Điều kiện thừa “{0}”.", words[at]));
    }

    /// <exception cref="ProfileException">It is no condition, names an unknown field, compares what is of different types, or is too long.</exception>
    public static Condition Parse(string text) => new(text.Trim());

    public bool Holds(ExportListing listing, SiteOptions site) => test(listing, site);

    private Test Any()
    {
        var terms = new List<Test> { All() };
        while (Accept("||"))
            terms.Add(All());
        return terms.Count == 1 ? terms[0] : (l, s) => terms.Exists(t => t(l, s));
    }

    private Test All()
    {
        var terms = new List<Test> { One() };
        while (Accept("&&"))
            terms.Add(One());
        return terms.Count == 1 ? terms[0] : (l, s) => terms.TrueForAll(t => t(l, s));
    }

    private Test One()
    {
        if (Accept("!"))
        {
            var not = One();
            return (l, s) => !not(l, s);
        }
        if (!Accept("("))
            return Comparison();
        var inner = Any();
        Expect(")");
        return inner;
    }

    private Test Comparison()
    {
        var left = Next();
        if (Accept("in"))
            return Among(left);
        if (Accept("=="))
            return Equal(left, Like(left, Next()));
        if (Accept("!="))
        {
            var equal = Equal(left, Like(left, Next()));
            return (l, s) => !equal(l, s);
        }
        if (Accept("<"))
            return Less(left, Like(left, Next()));
        Expect(">");
        return Less(Like(left, Next()), left);
    }

    private Test Among(Operand left)
    {
        var choices = new HashSet<string>(StringComparer.Ordinal);
        Expect("[");
        do
        {
            var choice = Like(left, Next());
            if (choice.Field is not null)
                throw new ProfileException(new Said("Sau “in” chỉ có chữ hoặc số, không có trường."));
            choices.Add(choice.Literal);
        }
        while (Accept(","));
        Expect("]");
        return (l, s) => left.Values(l, s) is { Count: > 0 } values ? values.Any(choices.Contains) : choices.Contains("");
    }

    /// <summary>Numbers of fields and of conditions are written the same way, without zeros at the end.</summary>
    private static Test Equal(Operand a, Operand b) => (l, s) =>
    {
        var (left, right) = (a.Values(l, s), b.Values(l, s));
        return left.Count == 0 ? right.Count == 0 || right[0].Length == 0 : right.Count == 0 ? left[0].Length == 0 : left.Any(v => right.Contains(v, StringComparer.Ordinal));
    };

    private static Test Less(Operand a, Operand b)
    {
        if (a.Type == FieldType.Text && b.Type == FieldType.Text)
            throw new ProfileException(new Said("Chỉ số và ngày mới lớn hơn hay nhỏ hơn nhau."));
        return (l, s) => a.Values(l, s) is [var left, ..] && b.Values(l, s) is [var right, ..]
            && (a.Type == FieldType.Number ? Number(left) < Number(right) : string.CompareOrdinal(left, right) < 0);
    }

    private static decimal Number(string value) => decimal.Parse(value, CultureInfo.InvariantCulture);

    /// <summary>The second operand, of the type of the first: a text beside a day is a day.</summary>
    private static Operand Like(Operand first, Operand second)
    {
        if (first.Type == second.Type)
            return second;
        var (day, text) = first.Type == FieldType.Day ? (first, second) : (second, first);
        if (day.Type == FieldType.Day && text is { Type: FieldType.Text, Field: null }
            && (text.Literal.Length == 0 || DateOnly.TryParseExact(text.Literal, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)))
            return second with { Type = FieldType.Day };
        throw new ProfileException(new Said("Điều kiện so hai thứ khác kiểu nhau."));
    }

    private Operand Next()
    {
        if (at == words.Count)
            throw new ProfileException(new Said("Điều kiện bị thiếu ở cuối."));
        var word = words[at++];
        if (word[0] == '\'')
            return new(FieldType.Text, word[1..^1].Replace("''", "'", StringComparison.Ordinal), null);
        if (char.IsAsciiDigit(word[^1]) && decimal.TryParse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return new(FieldType.Number, number.ToString("0.######", CultureInfo.InvariantCulture), null);
        if (!char.IsAsciiLetter(word[0]))
            throw new ProfileException(new Said("Điều kiện có “{0}” không đúng chỗ.", word));
        var field = ExportFields.Get(word);
        return new(field.Type, "", field);
    }

    private bool Accept(string word)
    {
        if (at == words.Count || words[at] != word)
            return false;
        at++;
        return true;
    }

    private void Expect(string word)
    {
        if (!Accept(word))
            throw new ProfileException(new Said("Điều kiện thiếu “{0}”.", word));
    }

    [GeneratedRegex(@"\G\s*(?<word>'([^']|'')*'|-?\d{1,15}(\.\d{1,6})?|[a-zA-Z][a-zA-Z0-9.]*|==|!=|&&|\|\||[!<>()\[\],])\s*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();
}
