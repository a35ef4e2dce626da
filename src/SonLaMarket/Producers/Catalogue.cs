using System.Text.Json;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Producers;

public sealed record Category(string Slug, string? ParentSlug, string Name, string NameEn, int Sort);

public sealed record Speciality(
    string Slug, string Name, string NameEn, string CategorySlug, string Unit, int[] HarvestMonths, string[] FormerDistricts, string Protection,
    string ProtectionName, long? PriceMinVnd, long? PriceMaxVnd, bool SaleOnlineAllowed);

public sealed record CertificateKind(string Code, string Name, string NameEn, int? ValidityMonths);

/// <summary>Reference tables of what is grown, made and certified in Sơn La.</summary>
public static class Catalogue
{
    public static Task<List<Category>> CategoriesAsync(Sql sql, CancellationToken ct = default) =>
        sql.QueryAsync<Category>("select slug, parent_slug, name, name_en, sort from producers.category order by sort", ct: ct);

    public static Task<List<Speciality>> SpecialitiesAsync(Sql sql, CancellationToken ct = default) =>
        sql.QueryAsync<Speciality>("""
            select slug, name, name_en, category_slug, unit, harvest_months, former_districts, protection, protection_name, price_min_vnd, price_max_vnd, sale_online_allowed
            from producers.speciality order by name collate "vi-x-icu"
            """, ct: ct);

    public static Task<List<CertificateKind>> CertificateKindsAsync(Sql sql, CancellationToken ct = default) =>
        sql.QueryAsync<CertificateKind>("""select code, name, name_en, validity_months from producers.certificate_kind order by name collate "vi-x-icu" """, ct: ct);

    internal static async Task LoadAsync(Tx tx, SeedFolder seed)
    {
        if (!await seed.ChangedAsync(tx, "producers.catalogue", "reference/categories.csv", "reference/products.csv", "reference/certifications.csv"))
            return;
        const string categories = """
            insert into producers.category (slug, parent_slug, ocop_group, name, name_en, sort)
            select r->>'slug', nullif(r->>'parent', ''), r->>'ocop_group', r->>'name_vi', r->>'name_en', (r->>'sort')::int from jsonb_array_elements(@rows::jsonb) r
            on conflict (slug) do update set parent_slug = excluded.parent_slug, ocop_group = excluded.ocop_group, name = excluded.name, name_en = excluded.name_en, sort = excluded.sort
            """;
        const string specialities = """
            insert into producers.speciality (slug, name, name_en, scientific_name, category_slug, unit, harvest_months, former_districts, protection, protection_name, hs_code, price_min_vnd, price_max_vnd, sale_online_allowed)
            select r->>'slug', r->>'name_vi', r->>'name_en', r->>'scientific_name', r->>'category', r->>'unit',
              array(select jsonb_array_elements_text(r->'months')::int), array(select jsonb_array_elements_text(r->'districts')),
              r->>'protection', r->>'protection_name', r->>'hs_code', (r->>'min')::bigint, (r->>'max')::bigint, (r->>'online')::boolean
            from jsonb_array_elements(@rows::jsonb) r
            on conflict (slug) do update set name = excluded.name, name_en = excluded.name_en, scientific_name = excluded.scientific_name, category_slug = excluded.category_slug,
              unit = excluded.unit, harvest_months = excluded.harvest_months, former_districts = excluded.former_districts, protection = excluded.protection,
              protection_name = excluded.protection_name, hs_code = excluded.hs_code, price_min_vnd = excluded.price_min_vnd, price_max_vnd = excluded.price_max_vnd, sale_online_allowed = excluded.sale_online_allowed
            """;
        const string kinds = """
            insert into producers.certificate_kind (code, name, name_en, kind, standard, issuer, validity_months)
            select r->>'code', r->>'name_vi', r->>'name_en', r->>'kind', r->>'standard', r->>'issuer', nullif(r->>'validity_months', '')::int from jsonb_array_elements(@rows::jsonb) r
            on conflict (code) do update set name = excluded.name, name_en = excluded.name_en, kind = excluded.kind, standard = excluded.standard, issuer = excluded.issuer, validity_months = excluded.validity_months
            """;
        await tx.ExecuteAsync(categories, new { rows = JsonSerializer.Serialize(seed.Csv("reference/categories.csv")) });
        await tx.ExecuteAsync(specialities, new { rows = JsonSerializer.Serialize(seed.Csv("reference/products.csv").Select(AsSpeciality)) });
        await tx.ExecuteAsync(kinds, new { rows = JsonSerializer.Serialize(seed.Csv("reference/certifications.csv")) });
    }

    private static Dictionary<string, object?> AsSpeciality(Dictionary<string, string> row)
    {
        var result = row.ToDictionary(r => r.Key, r => (object?)r.Value, StringComparer.Ordinal);
        result["months"] = Months(row["harvest_months"]);
        result["districts"] = row["districts_former"].Split("; ", StringSplitOptions.RemoveEmptyEntries);
        result["min"] = long.TryParse(row["price_min_vnd"], out var min) ? min : null;
        result["max"] = long.TryParse(row["price_max_vnd"], out var max) ? max : null;
        // Spirits (HS 2208) of 15 % vol and more may not be sold on the Internet (Nghị định 105/2017/NĐ-CP).
        result["online"] = !row["hs_code"].StartsWith("2208", StringComparison.Ordinal);
        return result;
    }

    /// <summary>"5-7", "10-2" over the turn of the year, "3; 9-10".</summary>
    internal static int[] Months(string text)
    {
        var months = new List<int>();
        foreach (var part in text.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-').Select(m => int.Parse(m, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
            for (var month = ends[0]; ; month = month % 12 + 1)
            {
                months.Add(month);
                if (month == ends[^1])
                    break;
            }
        }
        return [.. months.Distinct()];
    }
}
