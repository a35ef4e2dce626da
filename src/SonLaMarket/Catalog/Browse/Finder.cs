using SonLaMarket.Catalog.Search;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Catalog.Browse;

/// <summary>What a search came to.</summary>
/// <param name="Shown">What was searched for instead, because nothing was found for what was typed.</param>
/// <param name="Proposed">What may have been meant; more is found for it.</param>
/// <param name="Unfiltered">Found without the filters, up to a page, where nothing is left with them.</param>
public sealed record Finding(Page<Tile> Page, Facets? Facets, Asked? Asked, string? Shown, string? Proposed, int Unfiltered);

/// <summary>
/// Searches for what was typed first, always. Another reading takes its place only where nothing has all the words, and the page says so; where
/// little has them it is proposed.
/// </summary>
public static class Finder
{
    private const int Little = 3;

    public static async Task<Finding> FindAsync(Sql sql, Lexicon lexicon, KnownFacets known, Query query, DateOnly today, bool facets, CancellationToken ct)
    {
        var whole = lexicon.Listings <= 2 * Facets.Most;
        async Task<Finding> LoadAsync(Asked? asked, string? shown)
        {
            var kept = facets && asked is null ? known.Find(query, whole) : null;
            var evictions = PageCache.Evictions;
            var (page, counts) = await Results.LoadAsync(sql, query, asked, today, facets && kept is null, whole, ct);
            if (asked is null && counts is not null)
                known.Keep(query, whole, counts, evictions);
            return new(page, counts ?? kept, asked, shown, null, 0);
        }
        var found = await LoadAsync(Asked.Read(query.Text, lexicon), null);
        if (found.Asked is not { } asked || query.After is not null || query.Verbatim)
            return found;
        var full = Results.Strict(query, found.Page.Items);
        if (full >= Little)
            return found;
        if (full > 0)
            return query.Narrowed || asked.Familiar || asked.Mended is not { } meant || !await MoreAsync(sql, lexicon, meant, full, ct) ? found : found with { Proposed = meant };
        if (query.Narrowed && await Results.CountAsync(sql, asked, ct) is > 0 and var unfiltered)
            return found with { Page = new([], null), Unfiltered = unfiltered };
        if (asked.Mended is { } mended && await LoadAsync(Asked.Read(mended, lexicon), mended) is var nearer && Results.Strict(query, nearer.Page.Items) > 0)
            return nearer;
        if (found.Page.Items.Count > 0)
            return found with { Shown = asked.WithoutOthers };
        foreach (var text in asked.Fewer())
        {
            if (await LoadAsync(Asked.Read(text, lexicon), text) is { Page.Items.Count: > 0 } less)
                return less;
        }
        return found;
    }

    private static async Task<bool> MoreAsync(Sql sql, Lexicon lexicon, string text, int than, CancellationToken ct) =>
        Asked.Read(text, lexicon) is { } other && await Results.CountAsync(sql, other, ct) > than;
}
