using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Orders;

/// <summary>What is wrong with a line, plainly.</summary>
public static class ProblemWords
{
    public static string Of(LineProblem problem, CartLine line, Texts t) => problem switch
    {
        LineProblem.NotOnSale => t["Sản phẩm này không còn bán. Hãy bỏ khỏi giỏ."],
        LineProblem.SoldOut => t["Đã hết hàng. Hãy bỏ khỏi giỏ."],
        LineProblem.TooFewLeft => t["Chỉ còn {0} {1}. Hãy giảm số lượng.", line.Left, t[SaleUnit.Label(line.SaleUnit)]],
        _ => t["Mua ít nhất {0} {1}.", line.MinUnits, t[SaleUnit.Label(line.SaleUnit)]],
    };
}
