using SonLaMarket.Foundation.Text;
using Xunit;

namespace SonLaMarket.Tests.Foundation;

/// <summary>Units of the village with their value in base units.</summary>
public sealed class MeasuresTests
{
    [Theory]
    [InlineData("3 sào", "m2", 1080)]
    [InlineData("1,5 ha", "m2", 15_000)]
    [InlineData("500 m²", "m2", 500)]
    [InlineData("2 mẫu", "m2", 7_200)]
    [InlineData("2 tạ", "g", 200_000)]
    [InlineData("12 yến", "g", 120_000)]
    [InlineData("1.200 kg", "g", 1_200_000)]
    [InlineData("1,5 tấn", "g", 1_500_000)]
    [InlineData("5 bình", "ml", 80_000)]
    [InlineData("5 bình 20 lít", "ml", 100_000)]
    [InlineData("80 lít", "ml", 80_000)]
    public void A_measure_is_read_with_its_unit(string typed, string dimension, int value)
    {
        var measure = Measures.Parse(typed, dimension)!;
        Assert.Equal((typed, (decimal)value, dimension), (measure.Typed, measure.Base, measure.BaseUnit));
    }

    [Theory]
    [InlineData("1,5", 15_000)]
    [InlineData("1,5 ha", 15_000)]
    [InlineData("3 sào", 1_080)]
    [InlineData("3 sao", 1_080)]
    [InlineData("2.000 m²", 2_000)]
    [InlineData("2.000 mét vuông", 2_000)]
    [InlineData("1 mẫu", 3_600)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("3 tạ", null)]
    [InlineData("rộng lắm", null)]
    [InlineData("", null)]
    public void An_area_is_in_hectares_unless_another_unit_is_said(string typed, int? squareMetres) => Assert.Equal(squareMetres, (int?)Measures.SquareMetres(typed));

    [Theory]
    [InlineData(20, "ml/bình 16 lít", 0.00125, "ml/ml")]
    [InlineData(2, "tấn/ha", 200, "g/m2")]
    [InlineData(10, "kg/sào", 27.777778, "g/m2")]
    [InlineData(3, "kg/gốc", 3000, "g/piece")]
    [InlineData(25, "kg", 25_000, "g")]
    public void A_dose_is_what_is_used_for_each(int amount, string unit, double value, string name) =>
        Assert.Equal((decimal.Round((decimal)value, 6), name), Measures.Of(amount, unit) is { } m ? (m.Base, m.BaseUnit) : default);

    [Theory]
    [InlineData("3")]
    [InlineData("sào")]
    [InlineData("0 sào")]
    [InlineData("-1 sào")]
    [InlineData("3 tạ")]
    [InlineData("3 sào/ha")]
    [InlineData("99999999999999 ha")]
    [InlineData("3 gang tay")]
    public void What_is_no_area_is_no_measure_of_it(string typed) => Assert.Null(Measures.Parse(typed, "m2"));

    [Theory]
    [InlineData("gói")]
    [InlineData("a/b/c")]
    [InlineData("ml/bình 999999999 lít")]
    [InlineData("999999 m3/0,0001 mg")]
    [InlineData(null)]
    public void A_unit_that_we_do_not_know_has_no_value(string? unit) => Assert.Null(Measures.Of(1_000_000, unit));
}
