using System.Text.Json;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Origin;

/// <summary>Inputs that a diary may name. The interval here is a warning's default, never an interval that clears a lot.</summary>
public sealed record DiaryInput(string Code, string Name, string Kind, string ActiveIngredient, string DoseUnit, int? IntervalDaysDefault, bool Forbidden);

public static class Inputs
{
    public static Task<List<DiaryInput>> AllAsync(Sql sql, CancellationToken ct = default) =>
        sql.QueryAsync<DiaryInput>("""
            select code, name, kind, active_ingredient, dose_unit, interval_days_default, forbidden from origin.input order by forbidden, kind desc, name collate "vi-x-icu"
            """, ct: ct);

    internal static async Task LoadAsync(Tx tx, SeedFolder seed)
    {
        if (!await seed.ChangedAsync(tx, "origin.inputs", "reference/inputs.csv"))
            return;
        const string sql = """
            insert into origin.input (code, name, kind, active_ingredient, input_group, target, crops, dose_unit, interval_days_default, forbidden, rule, source)
            select r->>'code', r->>'name_vi', r->>'kind', r->>'active_ingredient', r->>'group', r->>'target', r->>'crops', r->>'dose_unit',
              nullif(r->>'phi_days_default', '')::int, r->>'status_vn' = 'not allowed', r->>'toxicity_or_rule', r->>'source'
            from jsonb_array_elements(@rows::jsonb) r
            on conflict (code) do update set name = excluded.name, kind = excluded.kind, active_ingredient = excluded.active_ingredient, input_group = excluded.input_group, target = excluded.target,
              crops = excluded.crops, dose_unit = excluded.dose_unit, interval_days_default = excluded.interval_days_default, forbidden = excluded.forbidden, rule = excluded.rule, source = excluded.source
            """;
        await tx.ExecuteAsync(sql, new { rows = JsonSerializer.Serialize(seed.Csv("reference/inputs.csv")) });
    }
}
