using SonLaMarket.Catalog.Search;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Catalog.Browse;

/// <summary>A choice of a filter; the count is null where nobody counts.</summary>
public sealed record Choice(string Value, string Name, string NameEn, long? Count);

/// <summary>A filter in force, and the address of the list without it.</summary>
public sealed record InForce(string Label, string Without);

/// <summary>A former unit that was searched for, and the present one it became part of.</summary>
public sealed record Became(FormerPlace Former, PresentPlace Now, string Link);

/// <summary>The list as its page shows it.</summary>
public sealed record BrowsePage(Query Query, Finding Found, Lexicon Lexicon, string? Next, IQueryCollection Address, int Month)
{
    private const int Few = 8;

    public IEnumerable<Choice> Groups => Choices("nhom", Query.Group, Lexicon.Groups.Select(g => (g.Slug, g.Name, g.NameEn)));

    public IEnumerable<Choice> Communes => Choices("xa", Query.Commune, Lexicon.Places.Values.Select(p => (p.Code, p.FullName, p.NameEn)))
        .OrderBy(c => c.Name[(c.Name.IndexOf(' ', StringComparison.Ordinal) + 1)..], StringComparer.Create(Vietnamese.Culture, false));

    public IEnumerable<Choice> Certificates => Choices("chung-nhan", Query.Certificate, Lexicon.Certificates.Select(c => (c.Code, c.Name, c.NameEn)));

    public long? Count(string facet, int value) => Counted(facet) ? Found.Facets![facet].FirstOrDefault(r => r.Value == value.ToString(Vietnamese.Culture))?.Count ?? 0 : null;

    /// <summary>Specialities among what was found, the commonest first: ways to a narrower search.</summary>
    public IEnumerable<Choice> Narrower => Found.Asked is null ? [] : Found.Facets!["dac-san"].OrderByDescending(r => r.Count)
        .Join(Lexicon.Specialities, r => r.Value, s => s.Slug, (r, s) => new Choice(s.Slug, s.Name, s.NameEn, r.Count)).Take(Few);

    /// <summary>Specialities in season that somebody sells, the commonest first.</summary>
    public IEnumerable<KnownName> InSeason => Lexicon.Names.Where(n => n.Kind == "speciality").OrderByDescending(n => n.Listings)
        .Where(n => Lexicon.Specialities.Any(s => s.Slug == n.Value && s.HarvestMonths.Length < 12 && s.HarvestMonths.Contains(Month))).Take(Few);

    /// <summary>Specialities on sale whose names look most like what was typed.</summary>
    public IEnumerable<KnownName> Nearest => Query.Text is null ? [] : Lexicon.Names.Where(n => n.Kind == "speciality")
        .Select(n => (Name: n, Likeness: Math.Max(Likeness.Of(Query.Text, n.Name), Likeness.Of(Query.Text, n.NameEn)))).Where(n => n.Likeness > 0.2).OrderByDescending(n => n.Likeness).Select(n => n.Name).Take(4);

    public IEnumerable<Became> Became => Found.Asked is null ? [] :
        from part in Found.Asked.Parts
        where part.Meaning == Meaning.Place
        from former in Lexicon.FormerPlaces
        where former.Words.Any(w => Same(part, w))
        let now = Lexicon.Places[former.CommuneCode]
        where !now.Words.Any(w => Same(part, w))
        let rest = string.Join(' ', Found.Asked.Parts.Where(p => p != part).Select(p => p.Text))
        select new Became(former, now, With(("q", rest), ("xa", now.Code)));

    /// <summary>Filters in force besides the text.</summary>
    public IEnumerable<InForce> Filters(Texts t)
    {
        if (Query.Group is not null && Lexicon.Groups.FirstOrDefault(g => g.Slug == Query.Group) is { } group)
            yield return new(t.Of(group.Name, group.NameEn), With(("nhom", null)));
        if (Query.Commune is not null)
            yield return new(Lexicon.Places.TryGetValue(Query.Commune, out var place) ? t.Of(place.FullName, place.NameEn) : Query.Commune, With(("xa", null)));
        if (Query.Certificate is not null && Lexicon.Certificates.FirstOrDefault(c => c.Code == Query.Certificate) is { } kind)
            yield return new(t.Of(kind.Name, kind.NameEn), With(("chung-nhan", null)));
        if (Query.Stars is { } stars)
            yield return new(t["OCOP từ {0} sao", stars], With(("sao", null)));
        if (Query.Month is { } month)
            yield return new(t["Có hàng tháng {0}", month], With(("mua", null)));
        if (Query.PriceFrom is { } from)
            yield return new(t["Từ {0}", Vietnamese.Money(from)], With(("gia-tu", null)));
        if (Query.PriceTo is { } to)
            yield return new(t["Đến {0}", Vietnamese.Money(to)], With(("gia-den", null)));
    }

    /// <summary>The query string of this list with some values changed.</summary>
    public string With(params (string Name, string? Value)[] changes) => Addresses.With(Address, [("nguyen-van", null), .. changes]);

    private static bool Same(Part part, List<Word> name) => name.Count == part.Typed.Count && !name.Where((w, i) => !part.Typed[i].Fits(w)).Any();

    /// <summary>Where only the first of many were looked at, only the choices that they have are known, not how many have them.</summary>
    private bool Counted(string facet) => Found.Facets!.Total is not null || (Found.Asked is not null && facet.Length > 0);

    private IEnumerable<Choice> Choices(string facet, string? chosen, IEnumerable<(string Value, string Name, string NameEn)> all)
    {
        var counts = Found.Facets![facet].ToDictionary(r => r.Value, r => r.Count, StringComparer.Ordinal);
        return all.Where(c => counts.ContainsKey(c.Value) || c.Value == chosen || (!Counted(facet) && chosen is not null))
            .Select(c => new Choice(c.Value, c.Name, c.NameEn, Counted(facet) ? counts.GetValueOrDefault(c.Value) : null));
    }
}

/// <summary>How alike two texts look: shared pairs of letters (Dice), 0 to 1.</summary>
public static class Likeness
{
    public static double Of(string one, string other)
    {
        var (a, b) = (Pairs(one), Pairs(other));
        return a.Count + b.Count == 0 ? 0 : 2.0 * a.Intersect(b, StringComparer.Ordinal).Count() / (a.Count + b.Count);
    }

    private static HashSet<string> Pairs(string text) =>
        [.. Word.Of(text).SelectMany(w => Enumerable.Range(0, Math.Max(0, w.Folded.Length - 1)).Select(i => w.Folded.Substring(i, 2)))];
}
