using System.Text.Json;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Payments;

/// <summary>Rules that laws give, from db/seed/reference/charge_rules.csv: proposed with their source, adopted by nobody. What was adopted is not touched.</summary>
internal static class ChargeProposals
{
    public static async Task LoadAsync(Tx tx, SeedFolder seed)
    {
        const string upsert = """
            insert into payments.charge_rule as c (code, kind, name, producer_kinds, rate_bp, free_yearly_vnd, valid_from, valid_until, source, source_url, note, proposed_at)
            select r->>'code', r->>'kind', r->>'name', string_to_array(r->>'producer_kinds', '; '), (r->>'rate_bp')::int, (r->>'free_yearly_vnd')::bigint, (r->>'valid_from')::date, nullif(r->>'valid_until', '')::date, r->>'source', r->>'source_url', r->>'note', now()
            from jsonb_array_elements(@rows::jsonb) r
            on conflict (code) do update set name = excluded.name, producer_kinds = excluded.producer_kinds, rate_bp = excluded.rate_bp, free_yearly_vnd = excluded.free_yearly_vnd, valid_from = excluded.valid_from,
              valid_until = excluded.valid_until, source = excluded.source, source_url = excluded.source_url, note = excluded.note where c.adopted_at is null
            """;
        if (await seed.ChangedAsync(tx, "payments.charge-rules", "reference/charge_rules.csv"))
            await tx.ExecuteAsync(upsert, new { rows = JsonSerializer.Serialize(seed.Csv("reference/charge_rules.csv")) });
    }
}
