namespace SonLaMarket.Catalog.Search;

/// <summary>One part of a search: a phrase that is known, or a word.</summary>
/// <param name="Known">It is a phrase of the lexicon, not only a word that somebody uses.</param>
public sealed record Part(Meaning Meaning, List<Word> Typed, List<List<Word>> Stands, List<string> Records, bool Known)
{
    public string Text => string.Join(' ', Typed.Select(w => w.Typed));
}

/// <summary>
/// A search as it is understood, and the questions it becomes: tsqueries over catalog.search_entry (weight A is the first word of what goods are
/// called, B the rest of their names, C producer, group and certificates, D the place) and records to compare with.
/// </summary>
public sealed class Asked
{
    private const int MostWords = 16;
    private const int MostTries = 4;
    private const int MostLeftOut = 7;
    private readonly Lexicon lexicon;

    private Asked(string text, List<Part> parts, Lexicon lexicon)
    {
        Text = text;
        this.lexicon = lexicon;
        Parts = parts;
        var named = Goods.Where(p => p.Known).ToList();
        var others = Goods.Where(p => !p.Known).ToList();
        // Words that nobody knows are looked for where names are known; alone, they stand together in the names or in what the goods belong to, never scattered.
        Match = And([.. named.Select(p => Or(Alternatives(p, "AB"))), named.Count > 0 ? null : Or([In(others, "AB"), In(others, "C")]), .. Beside.Select(p => Or(Alternatives(p, "")))]);
        All = named.Count > 0 ? In(others, "ABC") : null;
        Name = In(Goods, "AB");
        Start = Or(Goods.SelectMany(p => Alternatives(p, "A", "B")));
        Belongs = Goods.Sum(p => p.Typed.Count) < 2 ? null : In(Goods, "C");
        Exact = And(Goods.Select(ExactOf));
        Extra = And(Parts.Where(p => p.Meaning == Meaning.Soft).Select(p => Or(Alternatives(p, ""))));
        Communes = Records("commune:");
        Groups = Records("category:");
        Certificates = Records("certificate:");
    }

    public string Text { get; }

    public List<Part> Parts { get; }

    /// <summary>What a listing must have to be found.</summary>
    public string? Match { get; }

    /// <summary>The other words that were typed; null where there are none.</summary>
    public string? All { get; }

    /// <summary>What a listing must have where every word counts.</summary>
    public string? Strict => And([Match, All]);

    /// <summary>Its names have all the words that are about goods.</summary>
    public string? Name { get; }

    /// <summary>What it is called begins with one of them.</summary>
    public string? Start { get; }

    /// <summary>The names of producer and group have them all, and they are several.</summary>
    public string? Belongs { get; }

    /// <summary>They are written with the marks that were typed (over the column of marks).</summary>
    public string? Exact { get; }

    /// <summary>Words that may be missing, such as the weight of a box.</summary>
    public string? Extra { get; }

    /// <summary>Where it may come from, what group it may belong to, which certificates it may have; null where nothing was said of it.</summary>
    public string[]? Communes { get; }

    public string[]? Groups { get; }

    public string[]? Certificates { get; }

    /// <summary>Whether the marks of any word were typed: then they weigh more.</summary>
    public bool Marked => Goods.Any(p => p.Typed.Exists(w => w.Marked));

    /// <summary>The text without the words that nobody knows: what a match without them was found for.</summary>
    public string WithoutOthers => Join(Needed.Where(p => p.Known));

    private IEnumerable<Part> Beside => Parts.Where(p => p.Meaning is Meaning.Place or Meaning.Fact);

    private IEnumerable<Part> Goods => Parts.Where(p => p.Meaning == Meaning.Goods);

    private IEnumerable<Part> Needed => Parts.Where(p => p.Meaning is not (Meaning.Soft or Meaning.Noise));

    /// <summary>Null when the text has no letter or digit.</summary>
    public static Asked? Read(string? text, Lexicon lexicon)
    {
        var words = Word.Of(text ?? "", MostWords);
        if (words.Count == 0)
            return null;
        var parts = Cut(words, lexicon);
        // A search of such words alone means them.
        if (parts.TrueForAll(p => p.Meaning is Meaning.Soft or Meaning.Noise))
            parts = parts.ConvertAll(p => p with { Meaning = Meaning.Goods, Records = [], Known = false });
        return new Asked(text!, parts, lexicon);
    }

    /// <summary>The longest known phrase first, from the left.</summary>
    private static List<Part> Cut(List<Word> words, Lexicon lexicon)
    {
        var parts = new List<Part>();
        var span = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(words);
        for (var at = 0; at < words.Count;)
        {
            Phrase? phrase = null;
            var length = Math.Min(lexicon.Longest, words.Count - at);
            for (; length > 0 && (phrase = lexicon.Find(span.Slice(at, length))) is null; length--)
            {
            }
            length = Math.Max(length, 1);
            var typed = words.GetRange(at, length);
            parts.Add(phrase is null ? new(typed[0].Folded.All(char.IsAsciiDigit) ? Meaning.Soft : Meaning.Goods, typed, [typed], [], false) : new(phrase.Meaning, typed, phrase.Stands, phrase.Records, true));
            at += length;
        }
        return parts;
    }

    /// <summary>Somebody uses every word of it: where it is found, nothing else was meant.</summary>
    public bool Familiar => Parts.TrueForAll(p => p.Typed.TrueForAll(w => lexicon.Knows(w.Folded)));

    /// <summary>What may have been meant by other letters, with its marks; null when nothing is nearer.</summary>
    public string? Mended => Spelling.Mend(this, lexicon);

    /// <summary>Searches with fewer words, to try when this one finds nothing: first the most words that read as known names.</summary>
    public IEnumerable<string> Fewer()
    {
        var tried = new HashSet<string>(StringComparer.Ordinal) { Text };
        var real = Needed.Where(p => p.Typed.TrueForAll(w => lexicon.Knows(w.Folded))).ToList();
        return LeavingOut()
            .Append(Join(real.Where(p => p.Meaning == Meaning.Goods)))
            .Concat(real.OrderByDescending(p => p.Known).ThenByDescending(p => p.Text.Length).Select(p => p.Text))
            .Where(t => t.Length > 0 && tried.Add(t)).Take(MostTries);
    }

    private IEnumerable<string> LeavingOut()
    {
        var words = Needed.SelectMany(p => p.Typed).Take(MostLeftOut).Select(w => w.Typed).ToArray();
        return from mask in Enumerable.Range(1, (1 << words.Length) - 1)
               orderby System.Numerics.BitOperations.PopCount((uint)mask) descending, mask
               let text = string.Join(' ', words.Where((_, i) => (mask & (1 << i)) != 0))
               where Read(text, lexicon) is { } asked && asked.Needed.All(p => p.Known)
               select text;
    }

    private static string Join(IEnumerable<Part> parts) => string.Join(' ', parts.Select(p => p.Text));

    /// <summary>What all parts of a kind allow together; where they contradict each other, what any of them allows.</summary>
    private string[]? Records(string kind)
    {
        var sets = Needed.Select(p => p.Records.Where(r => r.StartsWith(kind, StringComparison.Ordinal)).Select(r => r[kind.Length..]).ToArray()).Where(r => r.Length > 0).ToList();
        if (sets.Count == 0)
            return null;
        var together = sets.Aggregate((a, b) => [.. a.Intersect(b, StringComparer.Ordinal)]);
        return together.Length > 0 ? together : [.. sets.SelectMany(s => s).Distinct(StringComparer.Ordinal)];
    }

    private string? In(IEnumerable<Part> parts, string weights) => And(parts.Select(p => Or(Alternatives(p, weights))));

    /// <summary>The phrases a part may be found as: its own and those it stands for, with spellings of one sound.</summary>
    private IEnumerable<string> Alternatives(Part part, string first, string? rest = null) =>
        part.Stands.SelectMany(s => s.Count == 1 ? Spelling.Variants(s[0].Folded, lexicon).Select(v => new[] { v }) : [s.Select(w => w.Folded).ToArray()])
            .Select(words => Near(words.Select((w, i) => Lexeme(w, i == 0 ? first : rest ?? first))));

    /// <summary>Marks as typed; where none were typed, the folded word is what was typed. Phrases it stands for count as written in the lexicon.</summary>
    private static string? ExactOf(Part part)
    {
        var typed = part.Typed.Exists(w => w.Marked) ? part.Typed.Where(w => w.Marked) : part.Typed;
        return Or([And(typed.Select(w => Or(w.Placements.Select(p => Lexeme(p, "BC"))))), .. part.Stands.Skip(1).Select(s => Near(s.Select(w => Lexeme(w.Typed, "BC"))))]);
    }

    private static string Lexeme(string word, string weights) => weights.Length == 0 ? $"'{word}'" : $"'{word}':{weights}";

    private static string Near(IEnumerable<string> lexemes) => string.Join(" <-> ", lexemes);

    private static string? And(IEnumerable<string?> parts) => Combine(parts, " & ");

    private static string? Or(IEnumerable<string?> parts) => Combine(parts, " | ");

    private static string? Combine(IEnumerable<string?> parts, string with)
    {
        var some = parts.Where(p => !string.IsNullOrEmpty(p)).Distinct().ToList();
        return some.Count switch { 0 => null, 1 => some[0], _ => $"({string.Join(with, some)})" };
    }
}
