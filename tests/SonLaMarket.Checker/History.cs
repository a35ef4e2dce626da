using System.Collections.Concurrent;
using System.Text.Json;

namespace SonLaMarket.Checker;

/// <summary>What a client knows of its call afterwards. Unknown: the answer never came; it may have happened, once, or not.</summary>
public enum Outcome
{
    Ok,
    Fail,
    Unknown,
}

/// <summary>One call of one client as that client saw it.</summary>
/// <param name="Op">
/// "place"; "notify" (a notification in VNPAY's name); "answer" (what VNPAY said when it was asked); "pay" (the payment side took the money);
/// "want" (something that must happen outside once, by its key) and "effect" (that it did, under which id).
/// </param>
/// <param name="Args">What was asked for.</param>
/// <param name="Observed">What came back.</param>
public sealed record Call(int Id, string Client, string Op, IReadOnlyDictionary<string, string> Args, DateTimeOffset Start, DateTimeOffset End, Outcome Outcome, IReadOnlyDictionary<string, string> Observed)
{
    public string Arg(string name) => Args.GetValueOrDefault(name, "");

    public string Saw(string name) => Observed.GetValueOrDefault(name, "");
}

/// <summary>Everything that clients did, in the order in which it ended.</summary>
public sealed class History
{
    private readonly ConcurrentQueue<Call> calls = new();
    private int last;

    public IReadOnlyList<Call> Calls => [.. calls];

    /// <summary>Makes a call and writes down what became of it. The call answers what it saw; null means that it was refused, an exception that the outcome is unknown.</summary>
    public async Task<Call> RecordAsync(string client, string op, IReadOnlyDictionary<string, string> args, Func<Task<IReadOnlyDictionary<string, string>?>> call)
    {
        var id = Interlocked.Increment(ref last);
        var start = DateTimeOffset.UtcNow;
        Outcome outcome;
        IReadOnlyDictionary<string, string> observed = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            var seen = await call();
            outcome = seen is null ? Outcome.Fail : Outcome.Ok;
            observed = seen ?? observed;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            outcome = Outcome.Unknown;
        }
        var made = new Call(id, client, op, args, start, DateTimeOffset.UtcNow, outcome, observed);
        calls.Enqueue(made);
        return made;
    }

    /// <summary>Writes down what needs no answer: somebody said or saw it.</summary>
    public void Note(string client, string op, params (string Name, string Value)[] args)
    {
        var now = DateTimeOffset.UtcNow;
        calls.Enqueue(new Call(Interlocked.Increment(ref last), client, op, args.ToDictionary(a => a.Name, a => a.Value, StringComparer.Ordinal), now, now, Outcome.Ok, new Dictionary<string, string>(StringComparer.Ordinal)));
    }

    /// <summary>One line of JSON for each call.</summary>
    public Task SaveAsync(string path) => File.WriteAllLinesAsync(path, calls.Select(c => JsonSerializer.Serialize(c)));
}
