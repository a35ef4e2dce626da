using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders.Status;

/// <summary>What a buyer does about the payments of an order, with the secret of its page and without an account.</summary>
[AllowAnonymous]
[Route("/don-hang/{code}")]
public sealed class PayController(PaymentRegister payments, PayAgain again, Sweeper sweeper, Carts carts, OrderLinks links, FindLimit limit, OpenHolds holds, Db db, Texts t, TimeProvider clock, SiteOptions site, IHostEnvironment environment) : BuyerController(links, db, t, clock, site)
{
    /// <summary>Begins a try to pay one part and leads to VNPAY. What has expired is kept once more first.</summary>
    [HttpPost("thanh-toan")]
    public async Task<IActionResult> Create(string code, PayForm form, CancellationToken ct)
    {
        if (await FindAsync(code, form, ct) is not var (page, part))
            return NotFound();
        if (!page.CanPay(part) && !page.CanPayAgain(part))
            return Refused(page, T["Khoản này không còn thanh toán được ở đây."]);
        await using var tx = await Db.BeginAsync(CancellationToken.None);
        if (!page.CanPay(part) && await holds.AreFullAsync(tx, Placing.Of(HttpContext, environment), page.Purchase.BuyerPhone))
            return Refused(page, T["Bạn có nhiều đơn đang giữ hàng mà chưa thanh toán. Hãy thanh toán hoặc hủy bớt, rồi thử lại."], StatusCodes.Status429TooManyRequests);
        if (!page.CanPay(part) && !await again.HoldAsync(tx, part.Code))
            return Refused(page, T["Hàng không còn đủ, hoặc giá đã thay đổi, nên không giữ lại được. Bạn có thể mua lại với giá hiện nay."]);
        if (await payments.NewAttemptAsync(tx, part.PaymentCode!, new Payer(T.Lang, HttpContext.Connection.RemoteIpAddress)) is not { } url)
            return Refused(page, T["Khoản này không còn thanh toán được ở đây."]);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther(url);
    }

    /// <summary>"I have paid": asks VNPAY now, whatever the schedule. A bank's app may have come back into another browser, or not at all.</summary>
    [HttpPost("hoi-lai")]
    public async Task<IActionResult> Ask(string code, PayForm form, CancellationToken ct)
    {
        const string find = "select id from payments.payment where code = @PaymentCode";
        if (await FindAsync(code, form, ct) is not var (page, part))
            return NotFound();
        if (!limit.TryTake(HttpContext.Connection.RemoteIpAddress))
            return Refused(page, T["Tra cứu quá nhiều lần. Hãy đợi một phút rồi thử lại."], StatusCodes.Status429TooManyRequests);
        if (page.CanAsk(part))
            await sweeper.AskAboutAsync(await Db.SingleAsync<long>(find, new { part.PaymentCode }, ct), CancellationToken.None);
        var after = (await FindAsync(code, form, ct))?.Part ?? part;
        return SeeOther(PathOf(code, form.K), after switch
        {
            { PaymentStatus: "paid" or "paid_late" } => T["VNPAY xác nhận đã nhận tiền."],
            { PaymentStatus: "review" } => T["Giao dịch đang được đối chiếu với VNPAY. Không cần thanh toán lại."],
            { LastAttempt: "failed" } => T["VNPAY báo lần thanh toán này không thành công. Bạn có thể thanh toán lại."],
            _ => T["VNPAY chưa ghi nhận tiền cho lần thanh toán này. Nếu ngân hàng đã trừ tiền, hãy đợi vài phút rồi bấm lại; đừng trả lần nữa."],
        });
    }

    /// <summary>The same goods into the cart of this browser, at today's prices.</summary>
    [HttpPost("mua-lai")]
    public async Task<IActionResult> BuyAgain(string code, PayForm form, CancellationToken ct)
    {
        if (await LoadAsync(code, form.K, ct) is null)
            return NotFound();
        await using var tx = await Db.BeginAsync(CancellationToken.None);
        if (await carts.AddFromOrderAsync(tx, CartCookie.ReadOrSet(HttpContext), code) == 0)
            return SeeOther(PathOf(code, form.K), T["Các sản phẩm của đơn này hiện không bán."]);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/gio-hang", T["Đã thêm vào giỏ."]);
    }

    private async Task<(OrderPage Page, PartRow Part)?> FindAsync(string code, PayForm form, CancellationToken ct) =>
        await LoadAsync(code, form.K, ct) is { } page && page.Parts.FirstOrDefault(p => p.PaymentCode is not null && p.PaymentCode == form.Payment) is { } part ? (page, part) : null;
}

public sealed record PayForm
{
    [FromForm(Name = "payment")]
    public string? Payment { get; init; }

    [FromForm(Name = "k")]
    public string? K { get; init; }
}
