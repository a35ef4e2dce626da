using SonLaMarket.Catalog;
using Xunit;

namespace SonLaMarket.Tests.Catalog;

public sealed class SaleUnitTests
{
    [Theory]
    [InlineData("piece", "Chè Shan tuyết Tà Xùa, gói 200 g", "gói")]
    [InlineData("piece", "Mật ong rừng, chai 500 ml", "chai")]
    [InlineData("piece", "Hộp 5 bánh chưng", "hộp")]
    [InlineData("piece", "Mít bao tử", "cái")]
    [InlineData("piece", "Khăn piêu", "cái")]
    [InlineData("box", "Mận hậu, gói 5 kg", "hộp")]
    [InlineData("kg", "Xoài tròn Yên Châu", "kg")]
    public void What_is_sold_by_the_piece_goes_by_the_word_of_its_title(string unit, string title, string word) => Assert.Equal(word, SaleUnit.Word(unit, title));
}
