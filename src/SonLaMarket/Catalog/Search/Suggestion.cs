using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Catalog.Search;

/// <summary>What a search box proposes while somebody types: names of what is on sale.</summary>
/// <param name="Url">Where it leads, in the reader's language.</param>
public sealed record Suggestion(string Text, string Kind, string Url)
{
    private const int Most = 6;

    /// <summary>The best few for the beginning of a word or several; read from memory, nothing is asked of the database.</summary>
    public static IEnumerable<Suggestion> For(string typed, Lexicon lexicon, Texts t)
    {
        var words = Word.Of(typed);
        return words.Count == 0 ? [] : lexicon.Names
            .Select(n => (Name: n, Fit: Fit(words, n)))
            .Where(n => n.Fit > 0)
            .OrderByDescending(n => n.Fit).ThenByDescending(n => n.Name.Listings).ThenBy(n => n.Name.Value, StringComparer.Ordinal)
            .Take(Most)
            .Select(n => new Suggestion(t.Of(n.Name.Name, n.Name.NameEn), t[Label(n.Name.Kind)], t.To(Address(n.Name))));
    }

    public static string Label(string kind) => kind switch { "speciality" => "đặc sản", "category" => "nhóm hàng", "commune" => "nơi sản xuất", _ => "cơ sở" };

    /// <summary>Words stand beside each other in the name, the last one perhaps only begun; best where the name begins with them.</summary>
    private static int Fit(List<Word> typed, KnownName name)
    {
        var best = 0;
        foreach (var words in name.Words)
        {
            for (var at = 0; at + typed.Count <= words.Count; at++)
            {
                if (!Begins(typed, words, at))
                    continue;
                best = Math.Max(best, (at == 0 ? 4 : 2) + (name.Kind is "speciality" or "category" ? 1 : 0));
                break;
            }
        }
        return best;
    }

    private static bool Begins(List<Word> typed, List<Word> words, int at)
    {
        for (var i = 0; i < typed.Count - 1; i++)
        {
            if (words[at + i].Folded != typed[i].Folded)
                return false;
        }
        return words[at + typed.Count - 1].Folded.StartsWith(typed[^1].Folded, StringComparison.Ordinal);
    }

    private static string Address(KnownName name) => name.Kind switch
    {
        "speciality" => "/san-pham" + QueryString.Create("q", name.Name),
        "category" => "/san-pham" + QueryString.Create("nhom", name.Value),
        "commune" => "/san-pham" + QueryString.Create("xa", name.Value),
        _ => "/co-so/" + name.Value,
    };
}
