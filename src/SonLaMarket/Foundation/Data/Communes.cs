namespace SonLaMarket.Foundation.Data;

/// <param name="FormerDistrict">The district abolished on 1 July 2025; tells names apart that repeat.</param>
/// <param name="Former">What it was made of, with their districts, written one after the other with semicolons between; empty outside Sơn La.</param>
public sealed record Commune(string Code, string FullName, string NameEn, string? FormerDistrict, string? Slug, string Former)
{
    /// <summary>"Phường Tô Hiệu (thành phố Sơn La)".</summary>
    public string Label => FormerDistrict is null ? FullName : $"{FullName} ({FormerDistrict})";
}

public sealed record Province(string Code, string FullName, string NameEn);

/// <summary>Administrative units for addresses and filters.</summary>
public static class Communes
{
    /// <summary>Sơn La in the list of provinces (Quyết định 19/2025/QĐ-TTg).</summary>
    public const string SonLa = "14";

    public static Task<List<Commune>> OfProvinceAsync(Sql sql, string province, CancellationToken ct = default) =>
        sql.QueryAsync<Commune>("""
            select c.code, c.full_name, c.name_en, c.former_district, c.slug,
              coalesce((select string_agg(f.full_name || ', ' || f.former_district, '; ' order by f.id) from foundation.former_commune f where f.commune_code = c.code), '') as former
            from foundation.commune c where c.province_code = @province order by c.name collate "vi-x-icu", c.code
            """, new { province }, ct);

    public static async Task<bool> ExistsAsync(Sql sql, string code, string? province, CancellationToken ct = default) =>
        await sql.SingleAsync<bool>("select exists (select 1 from foundation.commune where code = @code and (@province::text is null or province_code = @province))", new { code, province }, ct);
}

/// <summary>The provinces, Sơn La first. Reference tables change only when the program starts, so they are read once.</summary>
public sealed class Provinces(Db db)
{
    private IReadOnlyList<Province>? all;

    public async ValueTask<IReadOnlyList<Province>> AllAsync(CancellationToken ct) =>
        all ??= await db.QueryAsync<Province>($"""select code, full_name, name_en from foundation.province order by (code <> '{Communes.SonLa}'), name collate "vi-x-icu" """, ct: ct);
}
