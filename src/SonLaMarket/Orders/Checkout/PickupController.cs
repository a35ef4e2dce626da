using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Orders.Checkout;

/// <summary>On the third page: fetching one seller's goods oneself instead of having them brought. No field of the details is added.</summary>
[AllowAnonymous]
[Route("/thanh-toan/nhan-tai")]
public sealed class PickupController(Carts carts, Db db, Texts t) : PageController(t)
{
    [HttpPost("")]
    public async Task<IActionResult> Update([FromForm(Name = "seller")] string? seller, [FromForm(Name = "slot")] string? slot, CancellationToken ct)
    {
        if (CartCookie.Read(Request) is not { } token)
            return SeeOther("/gio-hang");
        var cart = await carts.PriceAsync(db, token, ct);
        if (cart.Parts.FirstOrDefault(p => p.ProducerSlug == seller) is not { } part)
            return SeeOther("/gio-hang");
        var chosen = part.Slots.FirstOrDefault(s => s.Key == slot);
        var pickups = new Dictionary<string, string>(cart.Details.Pickups, StringComparer.Ordinal);
        pickups.Remove(part.ProducerSlug);
        if (chosen is not null)
            pickups[part.ProducerSlug] = chosen.Key;
        await using var tx = await db.BeginAsync(CancellationToken.None);
        await carts.KeepDetailsAsync(tx, token, cart.Details with { Pickups = pickups });
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/thanh-toan/xac-nhan#phan-" + part.ProducerSlug);
    }
}
