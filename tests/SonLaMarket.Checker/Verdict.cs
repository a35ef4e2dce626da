using System.Globalization;

namespace SonLaMarket.Checker;

/// <summary>What was counted, and each case that must never be, by invariant (docs/reliability-report.md).</summary>
public sealed class Verdict
{
    private static readonly string[] Invariants = ["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8"];
    private readonly SortedDictionary<string, List<string>> violations = new(StringComparer.Ordinal);

    public int Calls { get; init; }

    public int Ok { get; init; }

    public int Fail { get; init; }

    public int Unknown { get; init; }

    public IReadOnlyDictionary<string, List<string>> Violations => violations;

    public int Count => violations.Values.Sum(v => v.Count);

    public void Add(string invariant, string what)
    {
        if (!violations.TryGetValue(invariant, out var list))
            violations[invariant] = list = [];
        list.Add(what);
    }

    /// <summary>All of it on one line, and a line for each invariant that was broken.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Calls} calls: {Ok} ok, {Fail} refused, {Unknown} unknown; violations ")
        + string.Join(' ', Invariants.Select(i => $"{i}={(violations.TryGetValue(i, out var broken) ? broken.Count : 0).ToString(CultureInfo.InvariantCulture)}"))
        + string.Concat(violations.Select(v => $"\n{v.Key}: {string.Join("; ", v.Value.Take(8))}"));
}
