namespace SonLaMarket.Catalog.Search;

/// <summary>
/// What a mistyped search may have meant. Each word has candidates among the known words, ranked by the distance of typing, then by how many
/// listings have them; of all combinations the nearest is taken, where words that stand beside each other in a known name draw each other.
/// </summary>
public static class Spelling
{
    private const int Candidates = 8;
    private const double Unknown = 4;
    private const double Beside = 1.2;
    private const int LongestRun = 40;

    private readonly record struct Candidate(string Text, string First, string Last, double Cost);

    /// <summary>The mended search with its marks, or null when nothing nearer is known.</summary>
    public static string? Mend(Asked asked, Lexicon lexicon)
    {
        var words = asked.Parts.SelectMany(p => p.Typed).ToList();
        var best = new List<(double Cost, int From, Candidate Candidate)[]>();
        foreach (var word in words)
        {
            var before = best.Count == 0 ? null : best[^1];
            best.Add([.. Of(word, lexicon).Select(c =>
            {
                if (before is null)
                    return (c.Cost, -1, c);
                var (cost, from) = before.Select((b, i) => (b.Cost - (lexicon.Together(b.Candidate.Last, c.First) ? Beside : 0), i)).Min();
                return (cost + c.Cost, from, c);
            })]);
        }
        var chosen = new List<string>();
        var changed = 0.0;
        var at = Array.FindIndex(best[^1], b => b.Cost == best[^1].Min(x => x.Cost));
        for (var i = best.Count - 1; i >= 0; at = best[i--][at].From)
        {
            var candidate = best[i][at].Candidate;
            chosen.Insert(0, candidate.Text);
            changed += candidate.Cost < Unknown ? Math.Floor(candidate.Cost) : 0;
        }
        // A mistake of typing leaves most letters as they were: "bí đỏ" is no mistyped "bu số".
        if (changed * 3 > words.Sum(w => w.Folded.Length))
            return null;
        var folded = chosen.SelectMany(c => c.Split(' ')).ToList();
        var written = Word.Of(Write(folded, words, lexicon));
        // The same words without marks mean nothing else: only other words, or marks that were typed otherwise, are another reading.
        return written.Count == words.Count && !written.Where((w, i) => !words[i].Fits(w)).Any() ? null : string.Join(' ', written.Select(w => w.Typed));
    }

    /// <summary>Other spellings of the same sound that somebody uses: "qui" for "quy", "my" for "mi", "plums" for "plum".</summary>
    public static IEnumerable<string> Variants(string folded, Lexicon lexicon)
    {
        yield return folded;
        var other = folded.Length < 2 ? null : folded[^1] switch
        {
            'y' => folded[..^1] + "i",
            'i' when !"aeou".Contains(folded[^2], StringComparison.Ordinal) || folded[..^1] == "qu" => folded[..^1] + "y",
            's' when !lexicon.Knows(folded) => folded.EndsWith("ies", StringComparison.Ordinal) ? folded[..^3] + "y" : lexicon.Knows(folded[..^1]) ? folded[..^1] : folded.EndsWith("es", StringComparison.Ordinal) ? folded[..^2] : null,
            _ => null,
        };
        if (other is not null && lexicon.Knows(other))
            yield return other;
    }

    /// <summary>With the marks of the lexicon for phrases, as typed where nothing changed, else as most listings write it.</summary>
    private static string Write(List<string> folded, List<Word> typed, Lexicon lexicon)
    {
        var kept = typed.Where(t => t.Marked && lexicon.Knows(t.Folded)).Concat(typed.Where(t => !lexicon.Knows(t.Folded)).SelectMany(t => Telex.Decode(t.Typed) is { } decoded ? Word.Of(decoded) : []))
            .GroupBy(t => t.Folded, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Typed, StringComparer.Ordinal);
        var text = new List<string>();
        var words = folded.ConvertAll(f => new Word(f, f)).ToArray();
        for (var at = 0; at < words.Length;)
        {
            var length = Math.Min(lexicon.Longest, words.Length - at);
            Phrase? phrase = null;
            for (; length > 0 && (phrase = lexicon.Find(words.AsSpan(at, length))) is null; length--)
            {
            }
            if (length > 1)
                text.AddRange(phrase!.Words.Select(w => w.Typed));
            else
                text.Add(kept.GetValueOrDefault(words[at].Folded) ?? (phrase?.Meaning == Meaning.Goods ? phrase.Words[0].Typed : null) ?? lexicon.Marked(words[at].Folded) ?? words[at].Folded);
            at += Math.Max(length, 1);
        }
        return string.Join(' ', text);
    }

    private static List<Candidate> Of(Word word, Lexicon lexicon)
    {
        var folded = word.Folded;
        var found = new List<Candidate> { new(folded, folded, folded, lexicon.Knows(folded) ? 0 : Unknown) };
        if (folded.All(char.IsAsciiDigit) || folded.Length < 2)
            return found;
        if (Telex.Decode(word.Typed) is { } decoded && Foundation.Text.Vietnamese.Fold(decoded) is var plain && lexicon.Knows(plain))
            found.Add(new(plain, plain, plain, 0.1));
        var limit = folded.Length <= 4 ? 1 : 2;
        var most = Math.Log(2 + lexicon.MostListings);
        found.AddRange(lexicon.Words
            .Where(w => Math.Abs(w.Key.Length - folded.Length) <= limit && w.Key.Length > 1 && w.Key != folded)
            .Select(w => new Candidate(w.Key, w.Key, w.Key, Distance(folded, w.Key) + 0.1 * (1 - Math.Log(1 + w.Value.Listings) / most) + (lexicon.NamesGoods(w.Key) ? 0 : 0.15)))
            .Where(c => c.Cost < limit + 0.3)
            .OrderBy(c => c.Cost).ThenBy(c => c.Text, StringComparer.Ordinal).Take(Candidates));
        if (!lexicon.Knows(folded))
            found.AddRange(Apart(folded, lexicon));
        return found;
    }

    /// <summary>"mocchau" as "moc chau": known words without a rest, as few as there are, those that stand beside each other first.</summary>
    private static IEnumerable<Candidate> Apart(string folded, Lexicon lexicon)
    {
        if (folded.Length > LongestRun)
            return [];
        // best[i]: the cheapest way to read the first i letters.
        var best = new (double Cost, string[] Words)?[folded.Length + 1];
        best[0] = (0, []);
        for (var end = 2; end <= folded.Length; end++)
        {
            for (var start = Math.Max(0, end - 7); start <= end - 2; start++)
            {
                if (best[start] is not { } before || !lexicon.Knows(folded[start..end]))
                    continue;
                var word = folded[start..end];
                var cost = before.Cost + 0.4 - (before.Words.Length > 0 && lexicon.Together(before.Words[^1], word) ? 0.35 : 0);
                if (best[end] is not { } other || cost < other.Cost)
                    best[end] = (cost, [.. before.Words, word]);
            }
        }
        return best[^1] is { Words.Length: > 1 } whole ? [new Candidate(string.Join(' ', whole.Words), whole.Words[0], whole.Words[^1], whole.Cost)] : [];
    }

    /// <summary>Keys that were missed, doubled, hit beside or in the wrong order count one; what sounds alike in the north counts less.</summary>
    private static double Distance(string one, string other)
    {
        if (Sound(one) == Sound(other))
            return 0.6;
        var rows = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= other.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= one.Length; i++)
        {
            for (var j = 1; j <= other.Length; j++)
            {
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[one.Length, other.Length];
    }

    /// <summary>ch and tr, s and x, l and n, d, gi and r, c, k and q, g and gh, ng and ngh, final i and y, final n and ng sound alike to many.</summary>
    private static string Sound(string word)
    {
        foreach (var (from, to) in Starts)
        {
            if (word.StartsWith(from, StringComparison.Ordinal))
            {
                word = to + word[from.Length..];
                break;
            }
        }
        return word.EndsWith("ng", StringComparison.Ordinal) ? word[..^1] : word.EndsWith('y') ? word[..^1] + "i" : word;
    }

    private static readonly (string From, string To)[] Starts = [("tr", "ch"), ("x", "s"), ("l", "n"), ("gi", "d"), ("r", "d"), ("v", "d"), ("k", "c"), ("q", "c"), ("gh", "g"), ("ngh", "ng")];
}
