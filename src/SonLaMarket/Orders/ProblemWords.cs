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
        LineProblem.EndsBefore => t["Hàng còn lại hết hạn trước ngày {0}, khi bạn nhận được. Hãy chọn ngày nhận sớm hơn hoặc bỏ khỏi giỏ.", Vietnamese.Date(line.GoodOn!.Value)],
        LineProblem.TooFewLeft => t["Chỉ còn {0} {1}. Hãy giảm số lượng.", line.Left, SaleUnit.Of(line.Left, line.SaleUnit, line.Title, t)],
        LineProblem.OverMaximum => t["Mỗi đơn mua nhiều nhất {0} {1}. Hãy giảm số lượng.", line.MaxUnits!.Value, SaleUnit.Of(line.MaxUnits.Value, line.SaleUnit, line.Title, t)],
        _ => t["Mua ít nhất {0} {1}.", line.MinUnits, SaleUnit.Of(line.MinUnits, line.SaleUnit, line.Title, t)],
    };
}
