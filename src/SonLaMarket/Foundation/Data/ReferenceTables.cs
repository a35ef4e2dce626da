using System.Text.Json;

namespace SonLaMarket.Foundation.Data;

/// <summary>Provinces, communes with their former names and boundaries, banks: from db/seed/reference, whose README names sources and licences.</summary>
internal static class ReferenceTables
{
    public static async Task LoadAsync(Tx tx, SeedFolder seed, CancellationToken ct)
    {
        if (await seed.ChangedAsync(tx, "foundation.communes", "reference/vn_provinces.csv", "reference/vn_communes.csv", "reference/communes.csv", "reference/former_communes.csv", "reference/communes.geojson"))
        {
            await LoadProvincesAsync(tx, seed);
            await LoadCommunesAsync(tx, seed);
            await LoadFormerCommunesAsync(tx, seed);
            await LoadBoundariesAsync(tx, seed);
        }
        if (await seed.ChangedAsync(tx, "foundation.banks", "reference/banks.csv"))
            await LoadBanksAsync(tx, seed);
    }

    private static Task LoadProvincesAsync(Tx tx, SeedFolder seed)
    {
        const string sql = """
            insert into foundation.province (code, name, full_name, name_en, slug, merged_from)
            select r->>'code', r->>'name_vi', r->>'full_name_vi', r->>'name_en', r->>'slug', r->>'merged_from' from jsonb_array_elements(@rows::jsonb) r
            on conflict (code) do update set name = excluded.name, full_name = excluded.full_name, name_en = excluded.name_en, slug = excluded.slug, merged_from = excluded.merged_from
            """;
        return tx.ExecuteAsync(sql, new { rows = JsonSerializer.Serialize(seed.Csv("reference/vn_provinces.csv")) });
    }

    private static async Task LoadCommunesAsync(Tx tx, SeedFolder seed)
    {
        const string national = """
            insert into foundation.commune (code, province_code, name, full_name, name_en, kind, lat, lon)
            select r->>'code', r->>'province_code', r->>'name_vi', r->>'full_name_vi', r->>'name_en', r->>'kind', nullif(r->>'lat', '')::numeric, nullif(r->>'lon', '')::numeric
            from jsonb_array_elements(@rows::jsonb) r
            on conflict (code) do update set province_code = excluded.province_code, name = excluded.name, full_name = excluded.full_name,
              name_en = excluded.name_en, kind = excluded.kind, lat = excluded.lat, lon = excluded.lon
            """;
        const string own = """
            update foundation.commune c set slug = r->>'slug', former_district = r->>'former_district', lat = (r->>'lat')::numeric, lon = (r->>'lon')::numeric
            from jsonb_array_elements(@rows::jsonb) r where c.code = r->>'code'
            """;
        await tx.ExecuteAsync(national, new { rows = JsonSerializer.Serialize(seed.Csv("reference/vn_communes.csv")) });
        await tx.ExecuteAsync(own, new { rows = JsonSerializer.Serialize(seed.Csv("reference/communes.csv")) });
    }

    private static Task LoadFormerCommunesAsync(Tx tx, SeedFolder seed)
    {
        const string sql = """
            insert into foundation.former_commune (name, full_name, former_district, commune_code)
            select r->>'name_vi', r->>'full_name_vi', r->>'former_district', r->>'new_code' from jsonb_array_elements(@rows::jsonb) r
            on conflict (full_name, former_district) do update set commune_code = excluded.commune_code
            """;
        return tx.ExecuteAsync(sql, new { rows = JsonSerializer.Serialize(seed.Csv("reference/former_communes.csv")) });
    }

    private static Task LoadBoundariesAsync(Tx tx, SeedFolder seed)
    {
        const string sql = """
            insert into foundation.commune_boundary (commune_code, geometry)
            select f->'properties'->>'code', f->'geometry' from jsonb_array_elements(@json::jsonb->'features') f
            on conflict (commune_code) do update set geometry = excluded.geometry
            """;
        return tx.ExecuteAsync(sql, new { json = seed.Text("reference/communes.geojson") });
    }

    private static Task LoadBanksAsync(Tx tx, SeedFolder seed)
    {
        const string sql = """
            insert into foundation.bank (bin, code, short_name, name, swift, vietqr, deprecated)
            select distinct on (r->>'bin') r->>'bin', r->>'code', r->>'short_name', r->>'name_vi', nullif(r->>'swift', ''), r->>'vietqr', (r->>'deprecated')::boolean from jsonb_array_elements(@rows::jsonb) r order by r->>'bin', r->>'deprecated'
            on conflict (bin) do update set code = excluded.code, short_name = excluded.short_name, name = excluded.name, swift = excluded.swift, vietqr = excluded.vietqr, deprecated = excluded.deprecated
            """;
        return tx.ExecuteAsync(sql, new { rows = JsonSerializer.Serialize(seed.Csv("reference/banks.csv")) });
    }
}
