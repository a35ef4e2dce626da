using Microsoft.AspNetCore.Mvc.Rendering;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Orders;

/// <summary>Options of address lists.</summary>
internal static class Places
{
    public static async Task<List<SelectListItem>> ProvincesAsync(Sql sql, Texts t, CancellationToken ct) =>
        [new(t["Chọn tỉnh, thành phố"], ""), .. (await Communes.ProvincesAsync(sql, ct)).Select(p => new SelectListItem(t.Of(p.FullName, p.NameEn), p.Code))];

    /// <summary>The communes of a province; of all, under their provinces, while none is chosen.</summary>
    public static async Task<List<SelectListItem>> CommunesAsync(Sql sql, string? province, Texts t, CancellationToken ct)
    {
        const string all = """
            select c.code, c.full_name, c.name_en, p.full_name as province, p.name_en as province_en from foundation.commune c join foundation.province p on p.code = c.province_code
            order by (p.code <> '14'), p.name collate "vi-x-icu", p.code, c.name collate "vi-x-icu", c.code
            """;
        var first = new SelectListItem(t["Chọn xã, phường"], "");
        if (province is not null)
            return [first, .. (await Communes.OfProvinceAsync(sql, province, ct)).Select(c => new SelectListItem(c.FormerDistrict is null ? c.FullName : $"{c.FullName} ({c.FormerDistrict})", c.Code))];
        var groups = new Dictionary<string, SelectListGroup>(StringComparer.Ordinal);
        var items = new List<SelectListItem> { first };
        foreach (var c in await sql.QueryAsync<Row>(all, ct: ct))
        {
            var name = t.Of(c.Province, c.ProvinceEn);
            if (!groups.TryGetValue(name, out var group))
                groups[name] = group = new SelectListGroup { Name = name };
            items.Add(new SelectListItem(c.FullName, c.Code) { Group = group });
        }
        return items;
    }

    private sealed record Row(string Code, string FullName, string NameEn, string Province, string ProvinceEn);
}
