using SonLaMarket.Exports;
using SonLaMarket.Foundation.Web;
using Xunit;

namespace SonLaMarket.Tests.Exports;

/// <summary>Conditions over the sample: 12 in stock, category fresh-fruit, no OCOP stars, no tax code, best before 2026-06-01.</summary>
public sealed class ConditionTests
{
    private static readonly SiteOptions Site = new() { PublicBaseUrl = "https://cho.example" };

    [Theory]
    [InlineData("variant.stock == 12", true)]
    [InlineData("variant.stock == 12.0", true)]
    [InlineData("variant.stock != 12", false)]
    [InlineData("variant.stock > 11", true)]
    [InlineData("variant.stock < 12", false)]
    [InlineData("9 < variant.stock", true)]
    [InlineData("variant.priceVnd > 9000", true)]
    [InlineData("variant.stock>0&&variant.priceVnd<1000", false)]
    [InlineData("variant.stock > 100 || variant.stock > 0 && seller.kind == 'cooperative'", true)]
    [InlineData("(variant.stock > 100 || variant.stock > 0) && seller.kind == 'household'", false)]
    [InlineData("!(variant.stock > 100)", true)]
    [InlineData("!!(variant.stock > 100)", false)]
    [InlineData("product.categoryCode in ['tea', 'fresh-fruit']", true)]
    [InlineData("product.categoryCode in ['tea']", false)]
    [InlineData("variant.stock in [1, 12]", true)]
    [InlineData("seller.taxCode == ''", true)]
    [InlineData("seller.taxCode != ''", false)]
    [InlineData("seller.taxCode in ['', '0100']", true)]
    [InlineData("product.ocopStars > 2", false)]
    [InlineData("product.ocopStars < 3", false)]
    [InlineData("lot.bestBefore > '2026-05-31'", true)]
    [InlineData("lot.bestBefore < '2026-05-31'", false)]
    [InlineData("lot.harvestedOn < lot.bestBefore", true)]
    [InlineData("lot.packedOn == ''", true)]
    [InlineData("lot.packedOn < '2026-05-31'", false)]
    [InlineData("product.certificateNames == 'VietGAP 2'", true)]
    [InlineData("'it''s' == 'it''s'", true)]
    public void Condition_holds_as_it_reads(string condition, bool expected) =>
        Assert.Equal(expected, Condition.Parse(condition).Holds(RowCheckTests.Good with { CertificateNames = ["VietGAP 1", "VietGAP 2"] }, Site));

    [Theory]
    [InlineData("")]
    [InlineData("variant.stock")]
    [InlineData("variant.stock = 1")]
    [InlineData("variant.stock == '1'")]
    [InlineData("variant.stock == seller.name")]
    [InlineData("seller.name < 'b'")]
    [InlineData("lot.bestBefore < 'mai'")]
    [InlineData("lot.bestBefore < 5")]
    [InlineData("price > 1")]
    [InlineData("variant.stock > ")]
    [InlineData("(variant.stock > 1")]
    [InlineData("variant.stock > 1)")]
    [InlineData("variant.stock in []")]
    [InlineData("variant.stock in [1, variant.priceVnd]")]
    [InlineData("variant.stock > 1 variant.stock")]
    [InlineData("&& variant.stock > 1")]
    [InlineData("seller.name == \"a\"")]
    [InlineData("seller.name == 'a")]
    [InlineData("seller.name.ToString() == 'a'")]
    [InlineData("variant.stock > 1; 2")]
    public void Anything_else_is_refused(string condition) => Assert.Throws<ProfileException>(() => Condition.Parse(condition));

    [Fact]
    public void Endless_condition_is_refused_and_one_at_the_limit_is_judged()
    {
        Assert.Throws<ProfileException>(() => Condition.Parse(string.Join(" || ", Enumerable.Repeat("variant.stock == 0", 251))));
        Assert.Throws<ProfileException>(() => Condition.Parse(new string('(', 1_000_000)));
        Assert.False(Condition.Parse(string.Join(" || ", Enumerable.Repeat("variant.stock == 0", 250))).Holds(RowCheckTests.Good, Site));
        Assert.True(Condition.Parse(new string('!', 996) + "variant.stock == 12").Holds(RowCheckTests.Good, Site));
    }
}
