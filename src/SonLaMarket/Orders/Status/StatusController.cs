using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Orders.Status;

/// <summary>An order as its buyer sees it, without an account: by the secret in the link, or by code and phone.</summary>
[AllowAnonymous]
[Route("/don-hang")]
public sealed class StatusController(OrderLinks links, FindLimit limit, Db db, Texts t, TimeProvider clock, SiteOptions site, IHostEnvironment environment) : BuyerController(links, db, t, clock, site)
{
    [HttpGet("")]
    public IActionResult Index() => View("Find", Page(new FindForm()));

    /// <summary>On a shared phone: the order last placed here is not offered any more.</summary>
    [HttpPost("quen")]
    public IActionResult Forget()
    {
        OrderCookie.Forget(HttpContext);
        return SeeOther("/don-hang", T["Máy này không còn nhớ đơn nào."]);
    }

    /// <summary>An unknown code and a wrong phone give the same answer.</summary>
    [HttpPost("")]
    public async Task<IActionResult> Find(FindForm form, CancellationToken ct)
    {
        const string find = "select code from orders.purchase where code = @code and buyer_phone = @phone";
        if (!limit.TryTake(HttpContext.Connection.RemoteIpAddress))
        {
            Response.Headers.RetryAfter = limit.RetryAfter;
            Response.StatusCode = StatusCodes.Status429TooManyRequests;
            ModelState.AddModelError("", T["Tra cứu quá nhiều lần. Hãy đợi một phút rồi thử lại."]);
            return View("Find", Page(form));
        }
        if (string.IsNullOrEmpty(form.Code))
            ModelState.AddModelError("code", T["Hãy nhập mã đơn."]);
        if (string.IsNullOrEmpty(form.Tel))
            ModelState.AddModelError("tel", T["Hãy nhập số điện thoại."]);
        if (!ModelState.IsValid)
            return Invalid("Find", Page(form));
        var phone = Vietnamese.Phone(form.Tel, !environment.IsProduction());
        // A part's code ("7Q2K9MXA-1") finds its order too.
        var code = await Db.FirstOrDefaultAsync<string>(find, new { code = Codes.Typed(form.Code!.Split('-')[0]), phone }, ct);
        if (code is not null)
            return SeeOther(Links.GrantedPath(code));
        ModelState.AddModelError("", T["Không tìm thấy đơn với mã và số điện thoại này."]);
        return Invalid("Find", Page(form));
    }

    private FindPage Page(FindForm form) => new(form, OrderCookie.Read(Request, Links) is { } code ? (code, Links.GrantedPath(code)) : null);

    [HttpGet("{code}")]
    public async Task<IActionResult> Show(string code, string? k, CancellationToken ct) =>
        await LoadAsync(code, k, ct) is { } page ? View("Order", page) : Unknown();

    /// <summary>Whoever kept an address that has ended finds the order by its code and phone. An order that is not there is answered alike.</summary>
    private ViewResult Unknown()
    {
        ModelState.AddModelError("", T["Địa chỉ này không mở được đơn nào: đã hết hạn, hoặc chép thiếu. Hãy tra cứu bằng mã đơn và số điện thoại."]);
        Response.StatusCode = StatusCodes.Status404NotFound;
        return View("Find", Page(new FindForm()));
    }
}

/// <param name="Last">The order last placed in this browser.</param>
public sealed record FindPage(FindForm Form, (string Code, string Path)? Last);

public sealed record FindForm
{
    [FromForm(Name = "code")]
    public string? Code { get; init; }

    [FromForm(Name = "tel")]
    public string? Tel { get; init; }
}
