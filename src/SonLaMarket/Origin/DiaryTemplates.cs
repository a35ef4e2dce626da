using System.Text.Json;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Origin;

/// <summary>What is usually done for a crop, or for a kind of goods that has none of its own: words and units that fill the diary's form. Amounts and intervals are never in it.</summary>
public static class DiaryTemplates
{
    internal static async Task LoadAsync(Tx tx, SeedFolder seed)
    {
        if (!await seed.ChangedAsync(tx, "origin.diary-templates", "reference/diary_templates.csv", "reference/diary_crops.csv"))
            return;
        const string sql = """
            delete from origin.diary_template;
            delete from origin.diary_crop;
            insert into origin.diary_crop (crop, category_slug, specialities, words)
            select r->>'crop', r->>'category', string_to_array(r->>'specialities', '; '), string_to_array(r->>'words', '; ')
            from jsonb_array_elements(@crops::jsonb) r where exists (select 1 from producers.category c where c.slug = r->>'category');
            insert into origin.diary_template (code, category_slug, crop, kind, title, title_en, amount_unit, method, sort)
            select r->>'code', r->>'category', nullif(r->>'crop', ''), r->>'kind', r->>'title', r->>'title_en', r->>'amount_unit', r->>'method', n
            from jsonb_array_elements(@rows::jsonb) with ordinality as x (r, n) where exists (select 1 from producers.category c where c.slug = r->>'category');
            """;
        await tx.ExecuteAsync(sql, new { rows = JsonSerializer.Serialize(seed.Csv("reference/diary_templates.csv")), crops = JsonSerializer.Serialize(seed.Csv("reference/diary_crops.csv")) });
    }
}
