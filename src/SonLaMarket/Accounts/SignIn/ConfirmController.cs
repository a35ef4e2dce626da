using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.SignIn;

/// <summary>Somebody who is signed in proves again who they are, before what a stranger with their phone must not do.</summary>
[Authorize]
[Route(ConfirmedAttribute.Path)]
public sealed class ConfirmController(SignIns signIns, SecondFactors factors, Passkeys passkeys, OneTimeCodes codes, People people, Channels channels, Sessions sessions, Entrance entrance, Db db, Texts t, IDataProtectionProvider protection) : EntryController(entrance, protection, t)
{
    private const string Purpose = "confirm";

    [HttpGet("")]
    public async Task<IActionResult> New(string? tiep, CancellationToken ct) => View("Confirm", Page(await MeAsync(ct), new ConfirmForm { Tiep = tiep }));

    /// <summary>By password, by the authenticator app, or by passkey.</summary>
    [HttpPost("")]
    public async Task<IActionResult> Create(ConfirmForm form, CancellationToken ct)
    {
        var me = await MeAsync(ct);
        if (!string.IsNullOrEmpty(form.Credential))
            return (await passkeys.CheckAsync(HttpContext, form.Question, form.Credential))?.Id == me.Id ? await DoneAsync(form) : Refused(me, form, "", T["Khóa truy cập không dùng được. Hãy thử lại hoặc dùng cách khác."]);
        var (field, outcome) = form.Code is not null && me.TotpSecret is not null
            ? (nameof(form.Code), await factors.CheckAsync(me, form.Code, HttpContext, ct))
            : (nameof(form.Password), await signIns.AgainAsync(me, form.Password ?? "", HttpContext, ct));
        return outcome switch
        {
            SignInOutcome.Accepted => await DoneAsync(form),
            SignInOutcome.TooMany(var wait) => TooMany(wait, "Confirm", Page(me, form)),
            _ => Refused(me, form, field, field == nameof(form.Code) ? T["Mã không đúng. Hãy nhập 6 số đang hiện trong ứng dụng xác thực."] : T["Mật khẩu không đúng."]),
        };
    }

    /// <summary>A code to one's own phone or mailbox.</summary>
    [HttpPost("gui-ma")]
    public async Task<IActionResult> Send(EntryForm form, CancellationToken ct)
    {
        var me = await MeAsync(ct);
        return Reachable(me) is { } contact ? await SendAsync(me, contact, form) : NotFound();
    }

    [HttpPost("gui-lai")]
    public async Task<IActionResult> Again(EnterCodeForm form, CancellationToken ct)
    {
        var me = await MeAsync(ct);
        return codes.Read(Purpose, form.Ticket) is var (contact, tiep) && me.Contacts.Contains(contact) ? await SendAsync(me, contact, new EntryForm { Tiep = tiep }) : Ended(me);
    }

    [HttpGet("nhap")]
    public async Task<IActionResult> Enter(CancellationToken ct) =>
        CodeTicket.Of(Request) is { } ticket && codes.Read(Purpose, ticket) is var (contact, _) && (await MeAsync(ct)).Contacts.Contains(contact) ? View("EnterCode", CodePage(ticket, contact)) : SeeOther(ConfirmedAttribute.Path);

    [HttpPost("nhap")]
    public async Task<IActionResult> Check(EnterCodeForm form, CancellationToken ct)
    {
        var me = await MeAsync(ct);
        switch (await codes.CheckAsync(db, Purpose, form.Ticket, form.Code))
        {
            case CodeCheck.Right(var contact, var tiep) when me.Contacts.Contains(contact):
                return await DoneAsync(new EntryForm { Tiep = tiep });
            case CodeCheck.Wrong(var left):
                ModelState.AddModelError(nameof(form.Code), T["Mã không đúng. Còn {0} lần thử.", left]);
                return Invalid("EnterCode", CodePage(form.Ticket!, codes.Read(Purpose, form.Ticket)!.Value.Contact));
            default:
                return Ended(me);
        }
    }

    private async Task<IActionResult> SendAsync(Person me, Contact contact, EntryForm form)
    {
        await using var tx = await db.BeginAsync();
        var sending = await codes.SendAsync(tx, Purpose, contact, HttpContext.Connection.RemoteIpAddress, code => T["{0} là mã xác nhận SonLaMarket, dùng trong 5 phút. Không đưa mã này cho ai.", code], Url.IsLocalUrl(form.Tiep) ? form.Tiep! : "");
        await tx.CommitAsync();
        return sending switch
        {
            CodeSending.Sent sent => AskForCode(sent, ConfirmedAttribute.Path + "/nhap"),
            CodeSending.TooMany(var wait) => TooMany(wait, "Confirm", Page(me, new ConfirmForm { Tiep = form.Tiep })),
            _ => throw new InvalidOperationException(),
        };
    }

    private async Task<IActionResult> DoneAsync(EntryForm form)
    {
        await sessions.ConfirmAsync(db, User);
        return SeeOther(Url.IsLocalUrl(form.Tiep) ? form.Tiep! : "/tai-khoan");
    }

    private ViewResult Refused(Person me, ConfirmForm form, string field, string message)
    {
        ModelState.AddModelError(field, message);
        return Invalid("Confirm", Page(me, form));
    }

    private ViewResult Ended(Person me) => Refused(me, new ConfirmForm(), "", T["Mã này đã dùng, đã quá 5 phút hoặc đã sai 5 lần. Hãy nhận mã mới."]);

    /// <summary>A contact that was only typed proves nothing about who types it again.</summary>
    private Contact? Reachable(Person me) => me.Contacts.FirstOrDefault(c => channels.Offers(c.Channel) && (me.IsProven(c) || me.PasswordHash is null));

    private ConfirmPage Page(Person me, ConfirmForm form) => new(form, me.PasswordHash is not null, me.TotpSecret is not null, me.HasPasskey, Reachable(me)?.Masked);

    private EnterCodePage CodePage(string ticket, Contact contact) => new(
        T["Xác nhận lại"], ConfirmedAttribute.Path + "/nhap", ConfirmedAttribute.Path + "/gui-lai", ConfirmedAttribute.Path, ticket, contact.Masked, T["Xác nhận"], channels.OnOutboxPage);

    private async Task<Person> MeAsync(CancellationToken ct) => (await people.FindAsync(db, User.Id(), ct))!;
}

public sealed record ConfirmForm : EntryForm
{
    [DataType(DataType.Password)]
    public string? Password { get; init; }

    public string? Code { get; init; }

    public string? Question { get; init; }

    public string? Credential { get; init; }
}

/// <param name="Contact">Where a code can be sent, mostly hidden.</param>
public sealed record ConfirmPage(ConfirmForm Form, bool Password, bool App, bool Passkey, string? Contact);
