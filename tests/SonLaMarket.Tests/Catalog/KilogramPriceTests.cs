using SonLaMarket.Catalog;
using Xunit;

namespace SonLaMarket.Tests.Catalog;

public sealed class KilogramPriceTests
{
    [Theory]
    [InlineData(175_000, 5000, "box", "fresh-fruit", 35_000)]
    [InlineData(120_000, 350, "piece", "honey", 342_857)]
    [InlineData(35_000, 1000, "kg", "fresh-fruit", null)]
    [InlineData(450_000, 800, "piece", "textile", null)]
    [InlineData(450_000, 800, "box", "textile", null)]
    [InlineData(250_000, 2000, "bunch", "ornamental", null)]
    public void Packs_that_are_eaten_are_compared_by_the_kilogram_and_cloth_is_not(long price, long grams, string unit, string category, int? expected) =>
        Assert.Equal(expected, KilogramPrice.Of(price, grams, unit, category));
}
