using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Orders.Checkout;

/// <summary>On the third page: paying one seller another way than the rest. No field of the details is added.</summary>
[AllowAnonymous]
[Route("/thanh-toan/cach-tra")]
public sealed class MethodController(Carts carts, Db db, Texts t) : PageController(t)
{
    [HttpPost("")]
    public async Task<IActionResult> Update([FromForm(Name = "seller")] string? seller, [FromForm(Name = "method")] string? method, CancellationToken ct)
    {
        if (CartCookie.Read(Request) is not { } token)
            return SeeOther("/gio-hang");
        var cart = await carts.PriceAsync(db, token, ct);
        if (cart.Parts.FirstOrDefault(p => p.ProducerSlug == seller) is not { } part)
            return SeeOther("/gio-hang");
        if (method is null || !Payable.Of(part).Contains(method))
            return SeeOther("/thanh-toan/xac-nhan#phan-" + part.ProducerSlug);
        var methods = new Dictionary<string, string>(cart.Details.Methods, StringComparer.Ordinal) { [part.ProducerSlug] = method };
        await using var tx = await db.BeginAsync(CancellationToken.None);
        await carts.KeepDetailsAsync(tx, token, cart.Details with { Methods = methods });
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/thanh-toan/xac-nhan#phan-" + part.ProducerSlug);
    }
}
