using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Tests.Catalog.Search;

/// <summary>
/// A query written by hand and what a person who types it would want, as rules over the facts of a listing: "perfect" (3), "good" (2), "fair" (1).
/// Alternatives are separated by " | ", conditions that must all hold by " & ". A condition is a fact and the values it may have, separated by "/":
/// sp (speciality), cat (category), huyen (former district), xa (commune, with or without its kind), cu (a former unit of the commune), cert, sao (least stars),
/// htx (part of the producer's name), kg (weight of the sale unit), ten (words in the title). What is sold out is worth one grade less.
/// </summary>
public sealed record Judgement(string Group, string Query, string Perfect, string Good, string Fair)
{
    public int Grade(Fact fact)
    {
        var grade = Holds(Perfect, fact) ? 3 : Holds(Good, fact) ? 2 : Holds(Fair, fact) ? 1 : 0;
        return fact.InStock ? grade : Math.Max(0, grade - 1);
    }

    private static bool Holds(string rule, Fact fact) =>
        rule.Length > 0 && rule.Split(" | ").Any(all => all.Split(" & ").All(condition => Condition(condition.Trim(), fact)));

    private static bool Condition(string condition, Fact fact)
    {
        var (name, text) = (condition[..condition.IndexOf(':', StringComparison.Ordinal)], condition[(condition.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        var values = text.Split('/', StringSplitOptions.TrimEntries);
        return name switch
        {
            "all" => true,
            "sp" => values.Contains(fact.Speciality, StringComparer.Ordinal),
            "cat" => values.Contains(fact.Category, StringComparer.Ordinal),
            "huyen" => values.Contains(fact.District, StringComparer.Ordinal),
            "xa" => values.Any(v => fact.CommuneName == v || fact.CommuneName.EndsWith(" " + v, StringComparison.Ordinal)),
            "cu" => fact.FormerUnits.Intersect(values, StringComparer.Ordinal).Any(),
            "cert" => fact.Certificates.Intersect(values, StringComparer.Ordinal).Any(),
            "sao" => fact.Stars >= int.Parse(values[0], Vietnamese.Culture),
            "htx" => values.Any(v => fact.Producer.Contains(v, StringComparison.Ordinal)),
            "kg" => values.Any(v => fact.WeightG == (long)(decimal.Parse(v, System.Globalization.CultureInfo.InvariantCulture) * 1000)),
            "ten" => values.Any(v => Vietnamese.Fold(fact.Title).Contains(Vietnamese.Fold(v), StringComparison.Ordinal)),
            _ => throw new FormatException($"no such fact: {condition}"),
        };
    }

    /// <summary>Normalised discounted cumulative gain of the first ten (gain 2^grade − 1, discount log2 of the rank plus one).</summary>
    public double Ndcg(IReadOnlyList<Fact> shown, IReadOnlyList<Fact> all)
    {
        var ideal = Dcg(all.Select(Grade).OrderDescending().Take(10));
        return ideal == 0 ? throw new InvalidOperationException($"nothing in the market answers “{Query}”") : Dcg(shown.Take(10).Select(Grade)) / ideal;
    }

    private static double Dcg(IEnumerable<int> grades) => grades.Select((g, i) => (Math.Pow(2, g) - 1) / Math.Log2(i + 2)).Sum();
}
