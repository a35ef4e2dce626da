using System.Diagnostics;
using System.Text.Json.Nodes;

namespace SonLaMarket.Tests.Support;

/// <summary>What can be measured of a page besides its words.</summary>
public static class PageFacts
{
    /// <summary>Everything that the page says to machines (JSON-LD), by type.</summary>
    public static ILookup<string, JsonNode> Data(this Answer answer) => answer.Page.QuerySelectorAll("script[type='application/ld+json']")
        .SelectMany(s => JsonNode.Parse(s.TextContent)!["@graph"]!.AsArray()).ToLookup(n => (string)n!["@type"]!, n => n!, StringComparer.Ordinal);

    /// <summary>Round trips to this database while the work runs: a batch of statements is one.</summary>
    public static async Task<int> CommandsAsync(this TestDatabase database, Func<Task> work)
    {
        var count = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = a =>
            {
                if (a.TagObjects.Any(t => t.Key is "db.namespace" or "db.name" && t.Value is string name && name.StartsWith(database.Name, StringComparison.Ordinal)) && !a.OperationName.Contains("connect", StringComparison.OrdinalIgnoreCase))
                    Interlocked.Increment(ref count);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await work();
        return count;
    }
}
