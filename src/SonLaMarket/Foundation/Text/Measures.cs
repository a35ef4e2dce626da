using System.Text.RegularExpressions;

namespace SonLaMarket.Foundation.Text;

/// <summary>A quantity as it was written and its value in base units: gram, millilitre, square metre, piece; "g/m2" and the like for a dose.</summary>
public sealed record Measure(string Typed, decimal Base, string BaseUnit);

/// <summary>
/// Units of the field as people in Sơn La write them. A sào is the northern one of 360 m², a mẫu ten of it; a bình is a knapsack sprayer of 16 litres
/// unless its size is written ("bình 20 lít").
/// </summary>
public static partial class Measures
{
    private const decimal SprayerMl = 16_000;
    private const decimal Most = 1_000_000_000_000, MostTyped = 1_000_000_000;

    private static readonly Dictionary<string, (decimal Factor, string Base)> Units = new(StringComparer.Ordinal)
    {
        ["mg"] = (0.001m, "g"),
        ["g"] = (1, "g"),
        ["gam"] = (1, "g"),
        ["gram"] = (1, "g"),
        ["lang"] = (100, "g"),
        ["kg"] = (1_000, "g"),
        ["can"] = (1_000, "g"),
        ["yen"] = (10_000, "g"),
        ["ta"] = (100_000, "g"),
        ["tan"] = (1_000_000, "g"),
        ["ml"] = (1, "ml"),
        ["cc"] = (1, "ml"),
        ["l"] = (1_000, "ml"),
        ["lit"] = (1_000, "ml"),
        ["m3"] = (1_000_000, "ml"),
        ["khoi"] = (1_000_000, "ml"),
        ["binh"] = (SprayerMl, "ml"),
        ["m2"] = (1, "m2"),
        ["met vuong"] = (1, "m2"),
        ["sao"] = (360, "m2"),
        ["mau"] = (3_600, "m2"),
        ["ha"] = (10_000, "m2"),
        ["hecta"] = (10_000, "m2"),
        ["cay"] = (1, "piece"),
        ["goc"] = (1, "piece"),
        ["qua"] = (1, "piece"),
        ["con"] = (1, "piece"),
        ["cai"] = (1, "piece"),
        ["hat"] = (1, "piece"),
    };

    /// <summary>"3 sào", "1,5 ha", "2 tạ", "5 bình 20 lít": null when there is no number above nothing or no unit that we know.</summary>
    /// <param name="dimension">"g", "ml" or "m2": any other kind of unit is refused.</param>
    public static Measure? Parse(string? typed, string dimension)
    {
        if (typed is null || typed.Length > 60 || Written().Match(typed.Trim()) is not { Success: true } match || Vietnamese.ParseQuantity(match.Groups["number"].Value) is not (> 0 and < MostTyped and { } number))
            return null;
        return Of(number, match.Groups["unit"].Value) is { } measure && measure.BaseUnit == dimension ? measure with { Typed = typed.Trim() } : null;
    }

    /// <summary>Whole square metres: "1,5 ha", "3 sào", "2.000 m²"; a bare number is hectares, as official papers say areas.</summary>
    public static long? SquareMetres(string? typed) =>
        (Parse(typed, "m2")?.Base ?? Vietnamese.ParseQuantity(typed) * Units["ha"].Factor) is { } area and > 0 and < Most ? (long)decimal.Round(area) : null;

    /// <summary>An amount and its unit, which may be a dose ("20 ml/bình 16 lít", "2 tấn/ha"). Null when the unit is none that we know: the words are kept all the same.</summary>
    public static Measure? Of(decimal amount, string? unit)
    {
        var parts = Vietnamese.Fold(unit ?? "").Replace("m²", "m2", StringComparison.Ordinal).Split('/');
        if (parts.Length > 2 || Unit(parts[0]) is not { } upper)
            return null;
        if (parts.Length == 1)
            return Sized(amount * upper.Factor, upper.Base);
        return Unit(parts[1]) is { } lower ? Sized(amount * upper.Factor / lower.Factor, $"{upper.Base}/{lower.Base}") : null;

        Measure? Sized(decimal value, string name) => value is > 0 and < Most && decimal.Round(value, 6) is > 0 and var rounded ? new Measure($"{Vietnamese.Number(amount)} {unit}", rounded, name) : null;
    }

    /// <summary>"bình 16 lít", "16 l", "ha": a unit with a size of its own before or behind it.</summary>
    private static (decimal Factor, string Base)? Unit(string text)
    {
        var words = Sized().Match(text.Trim());
        if (!words.Success)
            return null;
        var size = words.Groups["size"].Value is { Length: > 0 } before ? Vietnamese.ParseQuantity(before) : 1;
        if (size is not (> 0.0001m and < 1_000_000) || !Units.TryGetValue(words.Groups["unit"].Value, out var unit))
            return null;
        // A vessel whose size is written is as large as that.
        if (words.Groups["inner"].Value is { Length: > 0 } inner)
            return Unit(inner) is { Base: "ml", Factor: < 1_000_000 } held && words.Groups["unit"].Value == "binh" ? (size.Value * held.Factor, "ml") : null;
        return (size.Value * unit.Factor, unit.Base);
    }

    [GeneratedRegex(@"^(?<number>[0-9][0-9.,]*)\s*(?<unit>\D.*)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Written();

    [GeneratedRegex(@"^(?<size>[0-9][0-9.,]*)?\s*(?<unit>met vuong|[a-z]+[23]?)(\s+(?<inner>[0-9][0-9.,]*\s*[a-z]+))?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Sized();
}
