using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders.Checkout;

/// <summary>The third page: the whole order once more, then it is placed and paid.</summary>
[AllowAnonymous]
[Route("/thanh-toan/xac-nhan")]
public sealed class ConfirmController(Carts carts, OrderRegister orders, PaymentRegister payments, VnpayGateway vnpay, OrderLinks links, PlaceLimit limit, Db db, Texts t, IHostEnvironment environment) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Show(CancellationToken ct)
    {
        var cart = await carts.PriceAsync(db, CartCookie.Read(Request), ct);
        if (cart.Parts.Count == 0)
            return SeeOther("/gio-hang");
        return cart.Details.Complete ? View("Confirm", await PageAsync(cart, Codes.Secret(), null, ct)) : SeeOther("/thanh-toan");
    }

    [HttpPost("")]
    public async Task<IActionResult> Create(PlaceForm form, CancellationToken ct)
    {
        if (form.FormKey is not { Length: >= 16 and <= 100 } key)
            return SeeOther("/gio-hang");
        // A form sent again finds its order even though the first sending took the cart away.
        var token = CartCookie.Read(Request) ?? [];
        var buyer = Placing.Of(HttpContext, environment);
        if (!limit.TryTake(buyer.Key))
            return await RefusedAsync(await carts.PriceAsync(db, token, ct), key, T["Bạn vừa đặt nhiều lần liền nhau. Giỏ hàng vẫn còn nguyên: hãy đợi một phút rồi đặt tiếp."], ct, limit.RetryAfter);
        switch (await PlaceAsync(new PlaceOrder(token, key, form.Total, buyer, T.Lang)))
        {
            case PlaceOutcome.Placed placed:
                CartCookie.Delete(HttpContext);
                OrderCookie.Remember(HttpContext, links, placed.Code);
                return await GoOnAsync(OrderLinks.Path(placed.Code, placed.Token), placed.OnlinePayments);
            case PlaceOutcome.Again again:
                OrderCookie.Remember(HttpContext, links, again.Code);
                return await GoOnAsync(links.GrantedPath(again.Code), again.OnlinePayments);
            case PlaceOutcome.OutOfStock outOfStock:
                return await RefusedAsync(outOfStock.Cart, key, T["Có sản phẩm vừa hết hoặc không đủ. Chưa có đơn nào được đặt, chưa có tiền nào bị trừ."], ct);
            case PlaceOutcome.TotalChanged changed:
                return await RefusedAsync(changed.Cart, key, T["Giá hoặc phí giao hàng vừa thay đổi. Hãy xem lại tổng tiền rồi đặt hàng."], ct);
            case PlaceOutcome.TooManyOpen full:
                return await RefusedAsync(full.Cart, key, T["Bạn có nhiều đơn đang giữ hàng mà chưa thanh toán. Hãy thanh toán hoặc hủy bớt, hay chọn trả tiền mặt khi nhận; giỏ hàng vẫn còn nguyên."], ct, limit.RetryAfter);
            case PlaceOutcome.TooMuchCash cash:
                return await RefusedAsync(cash.Cart, key, T["Bạn có nhiều đơn trả tiền mặt chưa nhận hàng. Hãy nhận hoặc hủy bớt, hay chọn cách trả khác; giỏ hàng vẫn còn nguyên."], ct, limit.RetryAfter);
            default:
                return SeeOther("/thanh-toan");
        }
    }

    /// <summary>Two buyers with the same things in another order may stop each other; the one that PostgreSQL ends tries again.</summary>
    private async Task<PlaceOutcome> PlaceAsync(PlaceOrder order)
    {
        for (var round = 1; ; round++)
        {
            try
            {
                await using var tx = await db.BeginAsync();
                var outcome = await orders.PlaceAsync(tx, order);
                if (outcome is PlaceOutcome.Placed)
                    await tx.CommitAsync();
                return outcome;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected && round < 5)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20 * round));
            }
        }
    }

    /// <summary>Straight to VNPAY when there is exactly one payment to make there; the order's page otherwise.</summary>
    private async Task<IActionResult> GoOnAsync(string path, IReadOnlyList<string> online)
    {
        if (online.Count != 1)
            return SeeOther(path);
        await using var tx = await db.BeginAsync();
        if (await payments.NewAttemptAsync(tx, online[0], new Payer(T.Lang, HttpContext.Connection.RemoteIpAddress)) is not { } url)
            return SeeOther(path);
        await tx.CommitAsync();
        return SeeOther(url);
    }

    /// <param name="retryAfter">Seconds, when it was asked too often.</param>
    private async Task<IActionResult> RefusedAsync(PricedCart cart, string key, string message, CancellationToken ct, string? retryAfter = null)
    {
        if (cart.Parts.Count == 0 || !cart.Details.Complete)
            return retryAfter is null ? SeeOther("/gio-hang") : TooMany(TimeSpan.FromMinutes(1));
        Response.StatusCode = retryAfter is null ? StatusCodes.Status409Conflict : StatusCodes.Status429TooManyRequests;
        Response.Headers.RetryAfter = retryAfter;
        return View("Confirm", await PageAsync(cart, key, message, ct));
    }

    private async Task<ConfirmPage> PageAsync(PricedCart cart, string key, string? message, CancellationToken ct)
    {
        const string place = "select c.full_name || ', ' || p.full_name from foundation.commune c join foundation.province p on p.code = c.province_code where c.code = @Commune";
        var where = await db.FirstOrDefaultAsync<string>(place, new { cart.Details.Commune }, ct);
        return new ConfirmPage(cart, $"{cart.Details.Street}, {where}", key, message, vnpay.IsUnreachable);
    }
}

public sealed record PlaceForm
{
    [FromForm(Name = "form_key")]
    public string? FormKey { get; init; }

    /// <summary>The total shown, in đồng.</summary>
    [FromForm(Name = "total")]
    public long? Total { get; init; }
}

/// <param name="VnpaySilent">VNPAY could not be reached just now.</param>
public sealed record ConfirmPage(PricedCart Cart, string Address, string FormKey, string? Message, bool VnpaySilent);
