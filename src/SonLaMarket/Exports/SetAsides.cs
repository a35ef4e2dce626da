using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Exports;

/// <summary>Why a listing is not in a file: code of the check, column, what stood there, the rule in the profile's words, and what its seller can do.</summary>
/// <param name="Suggestion">What was probably meant, of what the platform takes.</param>
/// <param name="Warning">It is in the file all the same.</param>
public sealed record SetAside(long ListingId, string Code, string Field, string Value, string Rule, string Hint, string Suggestion = "", bool Warning = false);

/// <summary>Writes down what a run sets aside, a thousand faults with one statement.</summary>
public sealed class SetAsides(Db db, long run)
{
    private const int AtOnce = 1000;

    /// <summary>Warnings are of words that a lookup lacks: some listings show which, and no run has to write down all of them.</summary>
    private const int MostWarnings = 60;

    private readonly List<SetAside> waiting = [];
    private int warnings;

    /// <summary>So many listings have a fault that is no mere warning.</summary>
    public int Listings { get; private set; }

    /// <param name="faults">All of one listing; none where it has none.</param>
    public async Task AddAsync(params IReadOnlyCollection<SetAside> faults)
    {
        if (faults.Count == 0)
            return;
        Listings += faults.Any(f => !f.Warning) ? 1 : 0;
        waiting.AddRange(faults.Where(f => !f.Warning || warnings++ < MostWarnings));
        if (waiting.Count >= AtOnce)
            await FlushAsync();
    }

    public async Task FlushAsync()
    {
        const string insert = """
            insert into exports.set_aside (run_id, listing_id, code, field, value, rule, hint, suggestion, warning)
            select @run, f.listing_id, f.code, f.field, f.value, f.rule, f.hint, f.suggestion, f.warning
            from unnest(@listings, @codes, @fields, @values, @rules, @hints, @suggestions, @warnings) as f (listing_id, code, field, value, rule, hint, suggestion, warning)
            """;
        if (waiting.Count == 0)
            return;
        string[] Of(Func<SetAside, string> part) => [.. waiting.Select(part)];
        await db.ExecuteAsync(insert, new { run, listings = waiting.Select(f => f.ListingId).ToArray(), codes = Of(f => f.Code), fields = Of(f => f.Field), values = Of(f => f.Value), rules = Of(f => f.Rule), hints = Of(f => f.Hint), suggestions = Of(f => f.Suggestion), warnings = waiting.Select(f => f.Warning).ToArray() });
        waiting.Clear();
    }
}
