using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Orders.Status;

/// <summary>A buyer calls a part off, until the seller has packed it.</summary>
[AllowAnonymous]
[Route("/don-hang/{code}/huy")]
public sealed class CancelController(SubOrders subOrders, OrderLinks links, Db db, Texts t, TimeProvider clock, SiteOptions site) : BuyerController(links, db, t, clock, site)
{
    private const int LongestReason = 300;

    [HttpPost("")]
    public async Task<IActionResult> Create(string code, CancelForm form, CancellationToken ct)
    {
        if (await LoadAsync(code, form.K, ct) is not { } page || page.Parts.FirstOrDefault(p => p.Code == form.Part) is not { } part)
            return NotFound();
        var reason = Vietnamese.Clean(form.Reason);
        if (reason.Length > LongestReason)
        {
            ModelState.AddModelError("reason", T["Lý do dài nhất {0} ký tự.", LongestReason]);
            return Invalid("Order", page with { Refused = part.Code });
        }
        await using var tx = await Db.BeginAsync(CancellationToken.None);
        if (!await subOrders.CancelByBuyerAsync(tx, part.Code, reason))
            return Refused(page, T["Người bán đã đóng gói, nên không hủy ở đây được nữa. Hãy gọi người bán."]);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther(PathOf(code, form.K), OrderPage.IsPaid(part) ? T["Đã hủy. Người bán đã được báo và cần hoàn {0} cho bạn.", Vietnamese.Money(part.TotalVnd - part.LessVnd)] : T["Đã hủy. Người bán đã được báo. Bạn không phải trả gì."]);
    }
}

public sealed record CancelForm
{
    [FromForm(Name = "part")]
    public string? Part { get; init; }

    [FromForm(Name = "reason")]
    public string? Reason { get; init; }

    [FromForm(Name = "k")]
    public string? K { get; init; }
}
