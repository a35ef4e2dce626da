using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Orders.Status;

/// <summary>
/// The data of a guest who bought: seen and taken along by whoever holds the order (code and phone, or its link). To erase, the
/// phone must be theirs: the seller knows code and number too.
/// </summary>
[AllowAnonymous]
[Route("/don-hang/{code}/du-lieu")]
public sealed class GuestDataController(DataRights rights, DataRequests requests, OneTimeCodes codes, Channels channels, OrderLinks links, Db db, Texts t, TimeProvider clock, SiteOptions site) : BuyerController(links, db, t, clock, site)
{
    private const string Purpose = "guest-data";
    private const int Shown = 10;
    private readonly TimeProvider clock = clock;

    [HttpGet("")]
    public async Task<IActionResult> Show(string code, string? k, CancellationToken ct) =>
        await LoadAsync(code, k, ct) is { } order ? View("GuestData", await PageAsync(order, k, SentTicket(order), ct)) : NotFound();

    [HttpGet("tai-ve")]
    public async Task<IActionResult> Download(string code, string? k, [FromQuery(Name = "dang")] string? form, CancellationToken ct) =>
        await LoadAsync(code, k, ct) is { } order ? DataFile.Of(this, form, await rights.SeeAsync(Db, Holder(order), DataRights.Everything, ct), clock.GetUtcNow(), T) : NotFound();

    /// <summary>A code to the phone of the order; without a channel the operator is asked.</summary>
    [HttpPost("ma")]
    public async Task<IActionResult> Send([FromRoute] string code, GuestDataForm form, CancellationToken ct)
    {
        if (await LoadAsync(code, form.K, ct) is not { } order)
            return NotFound();
        if (order.Purchase.BuyerPhone.Length == 0)
            return Conflict();
        var phone = new Contact(order.Purchase.BuyerPhone);
        await using var tx = await Db.BeginAsync(CancellationToken.None);
        if (!channels.Offers(phone.Channel))
            return await RequestAsync(tx, order, form.K, ct);
        var sending = await codes.SendAsync(tx, Purpose, phone, HttpContext.Connection.RemoteIpAddress, c => T["{0} là mã để xóa dữ liệu mua hàng của bạn trên SonLaMarket, dùng trong 5 phút. Không đưa mã này cho ai.", c], order.Purchase.Code);
        await tx.CommitAsync(CancellationToken.None);
        if (sending is CodeSending.Sent sent)
        {
            CodeTicket.Hand(HttpContext, sent);
            return SeeOther($"/don-hang/{order.Purchase.Code}/du-lieu?k={Uri.EscapeDataString(form.K ?? "")}#Code");
        }
        Response.StatusCode = StatusCodes.Status429TooManyRequests;
        ModelState.AddModelError("", T["Đã gửi quá nhiều mã. Hãy thử lại sau một giờ."]);
        return View("GuestData", await PageAsync(order, form.K, "", ct));
    }

    /// <summary>The phone is proven: everything that it bought as a guest is masked, or kept as a request while something is on its way.</summary>
    [HttpPost("xoa")]
    public async Task<IActionResult> Erase([FromRoute] string code, GuestDataForm form, CancellationToken ct)
    {
        if (await LoadAsync(code, form.K, ct) is not { } order)
            return NotFound();
        switch (await codes.CheckAsync(Db, Purpose, form.Ticket, form.Code))
        {
            case CodeCheck.Right(var phone, var about) when about == order.Purchase.Code && phone.Value == order.Purchase.BuyerPhone:
                var subject = Holder(order) with { Phone = phone.Value };
                await using (var tx = await Db.BeginAsync(CancellationToken.None))
                {
                    if ((await rights.HindrancesAsync(tx, subject, ct)).Count > 0)
                        return await RequestAsync(tx, order, form.K, ct);
                    var actor = new Actor(null, "guest");
                    var request = await requests.OpenAsync(tx, subject, DataRequestKind.Find(DataRequestKind.Erase)!, "", actor);
                    await rights.EraseAsync(tx, subject, actor);
                    await requests.CloseAsync(tx, request, "done", "", actor);
                    await tx.CommitAsync(CancellationToken.None);
                }
                return SeeOther("/da-xoa-du-lieu");
            case CodeCheck.Wrong(var left):
                ModelState.AddModelError(nameof(form.Code), T["Mã không đúng. Còn {0} lần thử.", left]);
                return Invalid("GuestData", await PageAsync(order, form.K, form.Ticket!, ct));
            default:
                // The field is gone with its code.
                ModelState.Clear();
                ModelState.AddModelError("", T["Mã này đã dùng, đã quá 5 phút hoặc đã sai 5 lần. Hãy nhận mã mới."]);
                return Invalid("GuestData", await PageAsync(order, form.K, "", ct));
        }
    }

    private async Task<IActionResult> RequestAsync(Tx tx, OrderPage order, string? token, CancellationToken ct)
    {
        const string asked = "select exists (select 1 from accounts.data_request where purchase_code = @Code and kind = 'erase' and closed_at is null)";
        if (!await tx.SingleAsync<bool>(asked, new { order.Purchase.Code }, ct))
            await requests.OpenAsync(tx, Holder(order) with { Phone = order.Purchase.BuyerPhone }, DataRequestKind.Find(DataRequestKind.Erase)!, "", new Actor(null, "guest"));
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/don-hang/{order.Purchase.Code}/du-lieu?k={Uri.EscapeDataString(token ?? "")}", T["Đã ghi yêu cầu xóa. Khi hàng đã giao và tiền đã xong, dữ liệu được xóa, chậm nhất trong 20 ngày."]);
    }

    /// <summary>Of the code that was sent for this order in the last minutes; empty when none was.</summary>
    private string SentTicket(OrderPage order) => CodeTicket.Of(Request) is { } ticket && codes.Read(Purpose, ticket) is var (_, about) && about == order.Purchase.Code ? ticket : "";

    /// <summary>Whoever holds one order may see that one; their phone is not proven by it.</summary>
    private static DataSubject Holder(OrderPage order) => new(null, order.Purchase.BuyerName, null, null, order.Purchase.Code);

    private async Task<GuestDataPage> PageAsync(OrderPage order, string? token, string ticket, CancellationToken ct)
    {
        var subject = Holder(order);
        return new(order.Purchase.Code, token, await rights.SeeAsync(Db, subject, Shown, ct), await rights.HindrancesAsync(Db, subject, ct), order.Purchase.BuyerPhone.Length == 0 ? null : new Contact(order.Purchase.BuyerPhone).Masked, ticket, channels.OnOutboxPage);
    }
}

public sealed record GuestDataForm
{
    [FromForm(Name = "k")]
    public string? K { get; init; }

    public string? Ticket { get; init; }

    public string? Code { get; init; }
}

/// <param name="Phone">Where a code would go, mostly hidden; null once the order is masked.</param>
/// <param name="Ticket">A code was sent and is to be typed.</param>
public sealed record GuestDataPage(string Order, string? Token, List<DataSection> Sections, List<string> Hindrances, string? Phone, string Ticket, bool OnOutboxPage)
{
    public string? Code => null;
}
