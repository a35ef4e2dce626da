using System.Collections.Concurrent;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Foundation.Web.Maps;

/// <summary>The maps of the communes of Sơn La. The boundaries are read once, each map is drawn once.</summary>
public sealed class CommuneMaps(Db db)
{
    private const string Select = """
        select c.code, c.name, c.full_name, c.name_en, c.former_district, c.lat, c.lon, b.geometry::text as geometry
        from foundation.commune_boundary b join foundation.commune c on c.code = b.commune_code where c.lat is not null and c.lon is not null
        """;

    private readonly ConcurrentDictionary<string, CommuneMap> drawn = new(StringComparer.Ordinal);
    private volatile Province? province;

    /// <summary>Null for a commune outside the province.</summary>
    public async Task<CommuneMap?> OfAsync(string code, CancellationToken ct = default)
    {
        var all = province ??= await LoadAsync(ct);
        return all.Units.ContainsKey(code) ? drawn.GetOrAdd(code, c => new CommuneMap(all.Topology, all.Units, c)) : null;
    }

    private async Task<Province> LoadAsync(CancellationToken ct)
    {
        var rows = await db.QueryAsync<Row>(Select, ct: ct);
        return new(new Topology(rows.Select(r => (r.Code, r.Geometry))),
            rows.ToDictionary(r => r.Code, r => new MapUnit(r.Code, r.Name, r.FullName, r.NameEn, r.FormerDistrict, new Node((int)(r.Lon * 10_000), (int)(r.Lat * 10_000))), StringComparer.Ordinal));
    }

    private sealed record Province(Topology Topology, Dictionary<string, MapUnit> Units);

    private sealed record Row(string Code, string Name, string FullName, string NameEn, string? FormerDistrict, decimal Lat, decimal Lon, string Geometry);
}
