using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Catalog.Browse;

/// <summary>
/// Counts beside the filters of lists without a search: the same on every page and in every order of a list. Kept as long as a
/// public page is, a minute at most, and no longer than nothing was changed that such a page shows (<see cref="PageCache"/>).
/// </summary>
public sealed class KnownFacets(TimeProvider clock)
{
    private const int Most = 1_000;
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<Wish, (Facets Facets, long Evictions, DateTimeOffset At)> kept = [];

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Wish(string? Group, string? Commune, string? Certificate, int? Stars, int? Month, long? PriceFrom, long? PriceTo, bool Whole);

    public Facets? Find(Query query, bool whole) =>
        kept.TryGetValue(Of(query, whole), out var known) && known.Evictions == PageCache.Evictions && clock.GetUtcNow() - known.At < Age ? known.Facets : null;

    /// <param name="evictions"><see cref="PageCache.Evictions"/> before they were counted.</param>
    public void Keep(Query query, bool whole, Facets facets, long evictions)
    {
        if (kept.Count >= Most)
            kept.Clear();
        kept[Of(query, whole)] = (facets, evictions, clock.GetUtcNow());
    }

    private static Wish Of(Query q, bool whole) => new(q.Group, q.Commune, q.Certificate, q.Stars, q.Month, q.PriceFrom, q.PriceTo, whole);
}
