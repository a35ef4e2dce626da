using System.Globalization;

namespace SonLaMarket.Checker;

/// <summary>What was counted, and each case that must never be, by invariant (docs/reliability-report.md).</summary>
public sealed class Verdict
{
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

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Calls} calls: {Ok} ok, {Fail} refused, {Unknown} unknown; {Count} violations")
        + string.Concat(violations.Select(v => $"\n{v.Key}: {string.Join("; ", v.Value.Take(8))}"));
}
