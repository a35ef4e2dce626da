using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web.TagHelpers;

namespace SonLaMarket.Orders;

/// <summary>The three pages of a purchase.</summary>
public static class CheckoutSteps
{
    public static IReadOnlyList<Step> Of(Texts t) =>
        [new(t["Giỏ hàng"], t.To("/gio-hang")), new(t["Thông tin nhận hàng"], t.To("/thanh-toan")), new(t["Kiểm tra và thanh toán"])];
}
