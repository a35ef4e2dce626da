using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Exports;

/// <summary>A category of ours.</summary>
public sealed record OurCategory(string Slug, string? ParentSlug, string Name, string NameEn);

/// <summary>What a platform probably calls a category of ours. Offered, never taken without being asked.</summary>
public static class CategorySuggestion
{
    /// <summary>The platform's category whose name shares most words with ours, the last step of its path counting double; else what the platform calls most of ours beside it.</summary>
    /// <param name="known">The platform's categories: value and path, from the top down with " > " between.</param>
    /// <param name="mapped">What the platform calls our others, by slug.</param>
    public static string? For(OurCategory category, IReadOnlyDictionary<string, string> known, IReadOnlyDictionary<string, string> mapped, IEnumerable<OurCategory> all)
    {
        var ours = Words(category.Name).Concat(Words(category.NameEn)).ToHashSet(StringComparer.Ordinal);
        var best = known.Select(k => (k.Key, Path: k.Value, Score: Score(ours, k.Value.Split('>')))).Where(k => k.Score > 0).OrderByDescending(k => k.Score).ThenBy(k => k.Path.Length).ThenBy(k => k.Key, StringComparer.Ordinal).FirstOrDefault();
        return best.Key ?? all.Where(c => c.ParentSlug is not null && c.ParentSlug == category.ParentSlug && c.Slug != category.Slug).Select(c => mapped.GetValueOrDefault(c.Slug)).OfType<string>()
            .GroupBy(v => v, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).FirstOrDefault()?.Key;
    }

    /// <summary>Nothing where the last step shares no word.</summary>
    private static int Score(HashSet<string> ours, string[] path) =>
        Words(path[^1]).Count(ours.Contains) is > 0 and var last ? 2 * last + path[..^1].SelectMany(Words).Distinct(StringComparer.Ordinal).Count(ours.Contains) : 0;

    /// <summary>Without marks, English ones without the s of many.</summary>
    private static IEnumerable<string> Words(string name) => Vietnamese.Slug(name).Split('-').Where(w => w.Length > 2).Select(w => w.Length > 3 ? w.TrimEnd('s') : w);
}
