using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Producers;

namespace SonLaMarket.Origin.Trace;

public sealed record PlaceName(string Code, string Name, string NameEn);

/// <summary>What reference tables say of communes, specialities, kinds of certificates and usual diaries. What came into them since they were read is called by its code: no page behind a label fails for want of a name.</summary>
public sealed class TraceWords(IReadOnlyDictionary<string, PlaceName> communes, IReadOnlyDictionary<string, Speciality> specialities, IReadOnlyDictionary<string, CertificateKind> kinds, IReadOnlyDictionary<string, bool> diaries)
{
    public PlaceName Commune(string code) => communes.GetValueOrDefault(code) ?? new(code, code, code);

    public Speciality? Speciality(string slug) => specialities.GetValueOrDefault(slug);

    public string Kind(string code, Texts t) => kinds.GetValueOrDefault(code) is { } kind ? t.Of(kind.Name, kind.NameEn) : code;

    /// <summary>Of goods of the category a diary is kept.</summary>
    public bool Usual(string category) => diaries.ContainsKey(category);

    /// <summary>Its usual diary has a harvest.</summary>
    public bool Crop(string category) => diaries.GetValueOrDefault(category);
}

/// <summary>The same, read once: reference tables change only when the program starts, and joining them to each page behind a label would cost as much as its diary.</summary>
public sealed class TraceDictionary(Db db)
{
    private TraceWords? all;

    public async ValueTask<TraceWords> AllAsync(CancellationToken ct) => all ??= new(
        (await db.QueryAsync<PlaceName>("select code, full_name as name, name_en from foundation.commune", ct: ct)).ToDictionary(c => c.Code, StringComparer.Ordinal),
        (await Catalogue.SpecialitiesAsync(db, ct)).ToDictionary(s => s.Slug, StringComparer.Ordinal),
        (await Catalogue.CertificateKindsAsync(db, ct)).ToDictionary(k => k.Code, StringComparer.Ordinal),
        (await db.QueryAsync<(string Category, bool Crop)>("select category_slug, bool_or(kind = 'harvest') from origin.diary_template group by category_slug", ct: ct)).ToDictionary(d => d.Category, d => d.Crop, StringComparer.Ordinal));
}
