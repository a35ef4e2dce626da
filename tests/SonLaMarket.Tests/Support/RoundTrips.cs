using System.Diagnostics;

namespace SonLaMarket.Tests.Support;

/// <summary>The commands that one request sends to the database, told from all others by the trace that the request carries.</summary>
public sealed class RoundTrips : IDisposable
{
    private readonly ActivityTraceId trace = ActivityTraceId.CreateRandom();
    private readonly List<string> commands = [];
    private readonly ActivityListener listener;

    public RoundTrips()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.Source.Name != "Npgsql" || activity.TraceId != trace || (activity.GetTagItem("db.query.text") ?? activity.GetTagItem("db.statement")) is not string text)
                    return;
                lock (commands)
                    commands.Add(text);
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    public (string Name, string Value) Header => ("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");

    /// <summary>What the page itself asked; who is signed in, and for whom they act, is asked on every page.</summary>
    public IReadOnlyList<string> OfPage
    {
        get
        {
            lock (commands)
                return [.. commands.Where(c => !c.Contains("accounts.session", StringComparison.Ordinal) && !c.Contains("a.for_person_id from producers.acting", StringComparison.Ordinal))];
        }
    }

    public void Dispose() => listener.Dispose();
}
