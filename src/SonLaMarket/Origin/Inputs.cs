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
        await LoadListAsync(tx, seed);
        await LoadForbiddenNamesAsync(tx, seed);
    }

    /// <summary>The input that may not be used and that one of these texts names: by its active ingredient, by a spelling of it, or by a trade name that it was sold under. Null where none is.</summary>
    /// <param name="said">What stands on the label: trade name, active ingredient.</param>
    internal static Task<(string Name, string Rule)?> ForbiddenAsync(Sql sql, string said)
    {
        // A name counts as a word of the text, a number may follow it at once: "Gramoxone 20SL", "Regent800WG".
        const string named = """
            select case when x.spelt then i.name else n.trade || ' (' || i.active_ingredient || ')' end as name, i.rule
            from origin.input i cross join (select foundation.fold(@said) as folded, ' ' || regexp_replace(foundation.fold(@said), '[^a-z0-9]+', ' ', 'g') || ' ' as words) t
              cross join lateral (select position(replace(foundation.fold(i.active_ingredient), '-ethyl', '') in t.folded) > 0 as spelt) x
              left join lateral (select f.name as trade from origin.forbidden_name f
                where f.input_code = i.code and t.words ~ (' ' || btrim(regexp_replace(foundation.fold(f.name), '[^a-z0-9]+', ' ', 'g')) || '[ 0-9]') limit 1) n on true
            where i.forbidden and (x.spelt or n.trade is not null) order by x.spelt desc, i.code limit 1
            """;
        return sql.FirstOrDefaultAsync<(string Name, string Rule)?>(named, new { said });
    }

    private static async Task LoadForbiddenNamesAsync(Tx tx, SeedFolder seed)
    {
        if (!await seed.ChangedAsync(tx, "origin.forbidden-names", "reference/forbidden_names.csv"))
            return;
        const string clear = "delete from origin.forbidden_name";
        const string insert = "insert into origin.forbidden_name (name, input_code, source) select r->>'name', r->>'input_code', r->>'source' from jsonb_array_elements(@rows::jsonb) r";
        await tx.ExecuteAsync(clear);
        await tx.ExecuteAsync(insert, new { rows = JsonSerializer.Serialize(seed.Csv("reference/forbidden_names.csv")) });
    }

    private static async Task LoadListAsync(Tx tx, SeedFolder seed)
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
