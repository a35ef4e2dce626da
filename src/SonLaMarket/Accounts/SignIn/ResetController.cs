using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.SignIn;

/// <summary>
/// A forgotten password: a code to the phone or mailbox, then a new one. A message goes out whether an account exists or
/// not, so that neither the page nor its time tells. The second factor stays.
/// </summary>
[AllowAnonymous]
[Route(Here)]
public sealed class ResetController(OneTimeCodes codes, People people, OneTimeLinks links, Messages messages, Channels channels, Entrance entrance, Db db, Texts t, IHostEnvironment environment, IDataProtectionProvider protection) : EntryController(entrance, protection, t)
{
    private const string Here = "/quen-mat-khau";
    private const string Purpose = "reset";

    [HttpGet("")]
    public IActionResult New() => View("Forgotten", new ForgottenPage(new ForgottenForm(), channels.OffersAny));

    [HttpPost("")]
    public async Task<IActionResult> Send(ForgottenForm form)
    {
        if (!channels.OffersAny)
            return NotFound();
        if (Contact.Parse(form.SignIn, !environment.IsProduction()) is { } contact && channels.Offers(contact.Channel))
            return await SendAsync(contact);
        ModelState.AddModelError(nameof(form.SignIn), form.SignIn is null ? T["Hãy nhập e-mail hoặc số điện thoại."] : new EntryCodes(codes, channels, db, T).WrongContact());
        return Invalid("Forgotten", new ForgottenPage(form, true));
    }

    [HttpPost("gui-lai")]
    public async Task<IActionResult> Again(EnterCodeForm form) => codes.Read(Purpose, form.Ticket) is var (contact, _) ? await SendAsync(contact) : Ended();

    [HttpGet("nhap")]
    public IActionResult Enter() => CodeTicket.Of(Request) is { } ticket && codes.Read(Purpose, ticket) is var (contact, _) ? View("EnterCode", Page(ticket, contact)) : SeeOther(Here);

    /// <summary>The right code is exchanged for a one-time link, which sets the password.</summary>
    [HttpPost("nhap")]
    public async Task<IActionResult> Check(EnterCodeForm form)
    {
        switch (await codes.CheckAsync(db, Purpose, form.Ticket, form.Code))
        {
            case CodeCheck.Right(var contact, _) when await people.FindBySignInAsync(db, contact.Value) is { DisabledAt: null } person:
                await using (var tx = await db.BeginAsync())
                {
                    var self = new Actor(person.Id, "self");
                    await people.ProveAsync(tx, person, contact, self);
                    await messages.TellAsync(tx, person.Contacts, "password-reset", "SonLaMarket", T["Mật khẩu SonLaMarket của bạn đang được đặt lại bằng mã một lần. Nếu không phải bạn, hãy báo ngay cho người quản trị sàn."]);
                    var link = await links.CreateAsync(tx, person.Id, self, TimeSpan.FromMinutes(30));
                    await tx.CommitAsync();
                    return SeeOther(link);
                }
            case CodeCheck.Wrong(var left):
                ModelState.AddModelError(nameof(form.Code), T["Mã không đúng. Còn {0} lần thử.", left]);
                return Invalid("EnterCode", Page(form.Ticket!, codes.Read(Purpose, form.Ticket)!.Value.Contact));
            default:
                return Ended();
        }
    }

    private async Task<IActionResult> SendAsync(Contact contact)
    {
        await using var tx = await db.BeginAsync();
        var known = await people.FindBySignInAsync(tx, contact.Value) is { DisabledAt: null };
        var sending = await codes.SendAsync(tx, Purpose, contact, HttpContext.Connection.RemoteIpAddress, code => known
            ? T["{0} là mã đặt lại mật khẩu SonLaMarket, dùng trong 5 phút. Không đưa mã này cho ai.", code]
            : T["Có người xin đặt lại mật khẩu SonLaMarket bằng địa chỉ này, nhưng địa chỉ này chưa có tài khoản. (Mã {0} không dùng được.)", code]);
        await tx.CommitAsync();
        return sending switch
        {
            CodeSending.Sent sent => AskForCode(sent, Here + "/nhap"),
            CodeSending.TooMany(var wait) => TooMany(wait, "Forgotten", new ForgottenPage(new ForgottenForm { SignIn = contact.Show }, true)),
            _ => throw new InvalidOperationException(),
        };
    }

    private ViewResult Ended()
    {
        ModelState.Clear();
        ModelState.AddModelError("", T["Mã này đã dùng, đã quá 5 phút hoặc đã sai 5 lần. Hãy nhận mã mới."]);
        return Invalid("Forgotten", new ForgottenPage(new ForgottenForm(), true));
    }

    private EnterCodePage Page(string ticket, Contact contact) => new(
        T["Đặt lại mật khẩu"], Here + "/nhap", Here + "/gui-lai", Here, ticket, contact.Show, T["Tiếp tục"], channels.OnOutboxPage);
}

public sealed record ForgottenForm
{
    [StringLength(200, ErrorMessage = "E-mail hoặc số điện thoại quá dài.")]
    public string? SignIn { get; init; }
}

/// <param name="Codes">A code can be sent; else the operator helps.</param>
public sealed record ForgottenPage(ForgottenForm Form, bool Codes);
