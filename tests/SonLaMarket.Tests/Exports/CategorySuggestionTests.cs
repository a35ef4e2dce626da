using SonLaMarket.Exports;
using Xunit;

namespace SonLaMarket.Tests.Exports;

public sealed class CategorySuggestionTests
{
    private static readonly OurCategory[] Ours =
    [
        new("food", null, "Thực phẩm", "Food"), new("vegetable", "food", "Rau, củ tươi", "Vegetables"), new("dried-fruit", "food", "Trái cây sấy", "Dried fruit"), new("meat", "food", "Thịt và sản phẩm từ thịt", "Meat products"),
        new("tea", "drink", "Chè (trà)", "Tea"), new("coffee", "drink", "Cà phê", "Coffee"), new("textile", "craft", "Thổ cẩm, dệt", "Textiles"),
    ];

    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["412"] = "Food, Beverages & Tobacco",
        ["422"] = "Food, Beverages & Tobacco > Food Items",
        ["430"] = "Food, Beverages & Tobacco > Food Items > Fruits & Vegetables",
        ["2073"] = "Food, Beverages & Tobacco > Beverages > Tea & Infusions",
        ["cf"] = "Đồ uống > Cà phê rang xay",
    };

    [Theory]
    [InlineData("vegetable", "430")]
    [InlineData("dried-fruit", "430")]
    [InlineData("tea", "2073")]
    [InlineData("coffee", "cf")]
    [InlineData("meat", "422")]
    [InlineData("textile", null)]
    public void Category_that_shares_most_words_is_offered_else_that_of_those_beside_it(string slug, string? expected) =>
        Assert.Equal(expected, CategorySuggestion.For(Ours.Single(c => c.Slug == slug), Known, new Dictionary<string, string>(StringComparer.Ordinal) { ["vegetable"] = "430", ["dried-fruit"] = "422", ["food"] = "412", ["meat-2"] = "422" }, [.. Ours, new("meat-2", "food", "", "")]));

    [Fact]
    public void Platform_of_which_nothing_is_known_gets_no_suggestion() =>
        Assert.Null(CategorySuggestion.For(Ours[1], new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal), Ours));
}
