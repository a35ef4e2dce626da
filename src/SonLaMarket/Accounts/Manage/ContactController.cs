using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Accounts.SignIn;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.Manage;

/// <summary>A new phone or e-mail: counts once a code sent there was typed; the old one is told.</summary>
[Authorize]
[Confirmed]
[Route("/tai-khoan/lien-lac")]
public sealed class ContactController(OneTimeCodes codes, People people, Messages messages, Channels channels, Db db, Texts t, IHostEnvironment environment) : PageController(t)
{
    private const string Here = "/tai-khoan/lien-lac";
    private const string Purpose = "contact";

    [HttpGet("")]
    public async Task<IActionResult> Edit(CancellationToken ct) => View("Contact", await PageAsync(new ContactForm(), ct));

    [HttpPost("")]
    public async Task<IActionResult> Send(ContactForm form, CancellationToken ct)
    {
        var contact = Contact.Parse(form.Contact, !environment.IsProduction());
        if (contact is null)
            ModelState.AddModelError(nameof(form.Contact), T["Hãy nhập một e-mail, hoặc số điện thoại di động 10 số."]);
        else if (!channels.Offers(contact.Channel))
            ModelState.AddModelError(nameof(form.Contact), contact.IsEmail ? T["Sàn chưa gửi được e-mail. Hãy nhập số điện thoại."] : T["Sàn chưa gửi được tin nhắn. Hãy nhập e-mail."]);
        return ModelState.IsValid ? await SendAsync(contact!, ct) : Invalid("Contact", await PageAsync(form, ct));
    }

    [HttpPost("gui-lai")]
    public async Task<IActionResult> Again(EnterCodeForm form, CancellationToken ct) => codes.Read(Purpose, form.Ticket) is var (contact, _) ? await SendAsync(contact, ct) : await EndedAsync(ct);

    [HttpGet("nhap")]
    public IActionResult Enter() =>
        CodeTicket.Of(Request) is { } ticket && codes.Read(Purpose, ticket) is var (contact, owner) && owner == $"{User.Id()}" ? View("/Accounts/SignIn/EnterCode.cshtml", CodePage(ticket, contact)) : SeeOther(Here);

    [HttpPost("nhap")]
    public async Task<IActionResult> Check(EnterCodeForm form, CancellationToken ct)
    {
        switch (await codes.CheckAsync(db, Purpose, form.Ticket, form.Code))
        {
            case CodeCheck.Right(var contact, var owner) when owner == $"{User.Id()}":
                return await ChangeAsync(contact, ct);
            case CodeCheck.Wrong(var left):
                ModelState.AddModelError(nameof(form.Code), T["Mã không đúng. Còn {0} lần thử.", left]);
                return Invalid("/Accounts/SignIn/EnterCode.cshtml", CodePage(form.Ticket!, codes.Read(Purpose, form.Ticket)!.Value.Contact));
            default:
                return await EndedAsync(ct);
        }
    }

    private async Task<IActionResult> SendAsync(Contact contact, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var sending = await codes.SendAsync(tx, Purpose, contact, HttpContext.Connection.RemoteIpAddress, code => T["{0} là mã xác nhận SonLaMarket, dùng trong 5 phút. Không đưa mã này cho ai.", code], $"{User.Id()}");
        await tx.CommitAsync(CancellationToken.None);
        if (sending is CodeSending.Sent sent)
        {
            CodeTicket.Hand(HttpContext, sent);
            return SeeOther(Here + "/nhap");
        }
        Response.StatusCode = StatusCodes.Status429TooManyRequests;
        ModelState.AddModelError("", T["Đã gửi quá nhiều mã. Hãy thử lại sau một giờ."]);
        return View("Contact", await PageAsync(new ContactForm { Contact = contact.Show }, ct));
    }

    private async Task<IActionResult> ChangeAsync(Contact contact, CancellationToken ct)
    {
        var me = (await people.FindAsync(db, User.Id(), ct))!;
        var told = me.Contacts.Where(c => c.IsEmail == contact.IsEmail).DefaultIfEmpty(me.Contacts.First()).ToList();
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await people.ChangeContactAsync(tx, me.Id, contact, User.As("self")))
        {
            ModelState.AddModelError("Contact", T["Số hoặc e-mail này thuộc một tài khoản khác. Hãy đăng nhập bằng nó, hoặc dùng số khác."]);
            return Invalid("Contact", await PageAsync(new ContactForm { Contact = contact.Show }, ct));
        }
        await messages.TellAsync(tx, told, "contact-changed", "SonLaMarket", contact.IsEmail
            ? T["E-mail của tài khoản SonLaMarket vừa đổi thành {0}. Nếu không phải bạn, hãy báo ngay cho người quản trị sàn.", contact.Masked]
            : T["Số điện thoại của tài khoản SonLaMarket vừa đổi thành {0}. Nếu không phải bạn, hãy báo ngay cho người quản trị sàn.", contact.Masked]);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/tai-khoan", contact.IsEmail ? T["Đã đổi e-mail."] : T["Đã đổi số điện thoại."]);
    }

    private async Task<IActionResult> EndedAsync(CancellationToken ct)
    {
        ModelState.AddModelError("", T["Mã này đã dùng, đã quá 5 phút hoặc đã sai 5 lần. Hãy nhận mã mới."]);
        return Invalid("Contact", await PageAsync(new ContactForm(), ct));
    }

    private async Task<ContactPage> PageAsync(ContactForm form, CancellationToken ct)
    {
        var me = (await people.FindAsync(db, User.Id(), ct))!;
        return new(form, me.Phone, me.Email, channels.OffersAny);
    }

    private EnterCodePage CodePage(string ticket, Contact contact) => new(T["Nhập mã"], Here + "/nhap", Here + "/gui-lai", Here, ticket, contact.Show, T["Đổi"], channels.OnOutboxPage);
}

public sealed record ContactForm
{
    [StringLength(200, ErrorMessage = "E-mail hoặc số điện thoại quá dài.")]
    public string? Contact { get; init; }
}

/// <param name="Codes">False where nothing can be sent.</param>
public sealed record ContactPage(ContactForm Form, string? Phone, string? Email, bool Codes);
