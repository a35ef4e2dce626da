using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Rendering;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web.TagHelpers;

namespace SonLaMarket.Orders;

/// <summary>Options of address lists. Units of before the mergers of July 2025 are found under what they became part of.</summary>
internal static partial class Places
{
    public static async Task<List<SelectListItem>> ProvincesAsync(Sql sql, Texts t, CancellationToken ct)
    {
        const string select = """
            select code, name, full_name, name_en, merged_from from foundation.province order by (code <> '14'), name collate "vi-x-icu"
            """;
        return [new(t["Chọn tỉnh, thành phố"], ""), .. (await sql.QueryAsync<ProvinceRow>(select, ct: ct)).Select(p => new SelectListItem(Text(p, t), p.Code))];
    }

    /// <summary>The communes of a province. While none is chosen those of Sơn La: all 3,321 would be more than a cheap phone carries.</summary>
    public static async Task<List<SelectListItem>> CommunesAsync(Sql sql, string? province, Texts t, CancellationToken ct)
    {
        var home = province is null ? new SelectListGroup { Name = t["Tỉnh Sơn La"] } : null;
        var communes = await Communes.OfProvinceAsync(sql, province ?? Communes.SonLa, ct);
        return
        [
            new(province is null ? t["Chọn tỉnh trước"] : t["Chọn xã, phường"], ""),
            .. communes.Select(c => FoundItem.Of(c, home)),
        ];
    }

    /// <summary>"Tỉnh Lào Cai (gồm Yên Bái cũ)".</summary>
    private static string Text(ProvinceRow province, Texts t)
    {
        var own = Vietnamese.Fold(province.Name);
        var former = Separators().Split(province.MergedFrom).Select(n => Kinds().Replace(n, "")).Where(n => n.Length > 0 && Vietnamese.Fold(n) != own).ToList();
        var name = t.Of(province.FullName, province.NameEn);
        return former.Count == 0 ? name : t["{0} (gồm {1} cũ)", name, string.Join(", ", former)];
    }

    [GeneratedRegex(@"\s*,\s*|\s+và\s+", RegexOptions.None, 1000)]
    private static partial Regex Separators();

    [GeneratedRegex(@"^(tỉnh|thành phố)\s+", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Kinds();

    private sealed record ProvinceRow(string Code, string Name, string FullName, string NameEn, string MergedFrom);
}
