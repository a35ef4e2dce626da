using System.Diagnostics;

namespace SonLaMarket.Tests.Support;

/// <summary>How often a piece of work went to the database: what a page costs, whatever the machine.</summary>
public static class Commands
{
    /// <summary>Round trips of one site's database while the work ran. Batches count once.</summary>
    public static async Task<int> CountAsync(TestDatabase database, Func<Task> work)
    {
        var name = database.Db.Source.ConnectionString.Split(';').First(p => p.StartsWith("Database=", StringComparison.OrdinalIgnoreCase)).Split('=')[1];
        var count = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.TagObjects.Any(t => t.Value as string == name) && activity.TagObjects.Any(t => t.Key is "db.statement" or "db.query.text"))
                    Interlocked.Increment(ref count);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await work();
        return count;
    }
}
