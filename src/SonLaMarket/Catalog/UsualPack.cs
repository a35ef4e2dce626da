using System.Globalization;
using System.Text.RegularExpressions;

namespace SonLaMarket.Catalog;

/// <summary>How a speciality is usually packed and sold, read from the reference list's unit ("gói 200 g", "kg", "quả").</summary>
/// <param name="NetWeightG">Grams of one piece; null for what goes by weight.</param>
/// <param name="Suffix">What a listing's name says of it: ", gói 200 g".</param>
public sealed partial record UsualPack(string BaseUnit, long? NetWeightG, string SaleUnit, string Suffix)
{
    public static UsualPack Of(string unit)
    {
        var match = Amount().Match(unit);
        if (unit == "kg")
            return new("g", null, "kg", "");
        if (!match.Success)
            return unit switch
            {
                "quả" => new("piece", 1000, "piece", ", quả khoảng 1 kg"),
                "chậu" => new("piece", 3000, "piece", ", chậu"),
                _ => new("piece", 500, "piece", ""),
            };
        var amount = long.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture) * (match.Groups["u"].Value is "lít" ? 1000 : 1);
        return new("piece", amount, unit.StartsWith("hộp", StringComparison.Ordinal) ? "box" : "piece", ", " + unit);
    }

    [GeneratedRegex(@"(?<n>\d+) (?<u>g|ml|lít)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Amount();
}
