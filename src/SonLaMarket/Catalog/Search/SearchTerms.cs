using System.Text.Json;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Catalog.Search;

/// <param name="Kind">same: each phrase stands for the others; also: the first leads to the others; fact: names a group or certificate; soft: may be missing; noise: says nothing about goods.</param>
/// <param name="Means">For a fact: "category:tea", "certificate:ocop-4".</param>
public sealed record SearchTerm(string Kind, string[] Phrases, string[] Means);

/// <summary>The reference table of words: db/seed/reference/search_terms.csv, each row with its source.</summary>
public static class SearchTerms
{
    /// <summary>Files whose words stand in search entries and in the lexicon.</summary>
    private static readonly string[] Files =
        ["reference/search_terms.csv", "reference/products.csv", "reference/categories.csv", "reference/certifications.csv", "reference/communes.csv", "reference/former_communes.csv"];

    /// <summary>True when they changed, so that every entry must be made anew.</summary>
    public static async Task<bool> LoadAsync(Tx tx, SeedFolder seed)
    {
        if (!await seed.ChangedAsync(tx, "catalog.search", Files))
            return false;
        const string insert = """
            insert into catalog.search_term (kind, phrases, means, source)
            select r->>'kind', string_to_array(r->>'phrases', '; '), string_to_array(r->>'means', ' '), r->>'source' from jsonb_array_elements(@rows::jsonb) r
            """;
        await tx.ExecuteAsync("delete from catalog.search_term");
        await tx.ExecuteAsync(insert, new { rows = JsonSerializer.Serialize(seed.Csv("reference/search_terms.csv")) });
        return true;
    }
}
