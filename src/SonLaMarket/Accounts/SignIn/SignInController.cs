using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.SignIn;

/// <summary>Sign in with e-mail or phone and password, then with a second factor where one is set up or demanded; sign out.</summary>
public sealed class SignInController(SignIns signIns, SecondFactors factors, Passkeys passkeys, People people, Channels channels, Entrance entrance, Db db, Texts t, IDataProtectionProvider protection) : EntryController(entrance, protection, t)
{
    private readonly Entrance entrance = entrance;
    private readonly IDataProtectionProvider protection = protection;

    [AllowAnonymous]
    [HttpGet("/dang-nhap")]
    public IActionResult New(string? tiep) => View("New", Page(new SignInForm { Tiep = tiep }));

    [AllowAnonymous]
    [HttpPost("/dang-nhap")]
    public async Task<IActionResult> Create(SignInForm form, CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return Invalid("New", Page(form));
        // Sample numbers are found only where they were let in.
        var signIn = Contact.Parse(form.SignIn, samplesAllowed: true)?.Value ?? form.SignIn!;
        switch (await signIns.PasswordAsync(signIn, form.Password!, HttpContext, ct))
        {
            case SignInOutcome.Accepted accepted:
                return await EnterAsync(accepted.Person, "password", form);
            case SignInOutcome.SecondFactorWanted wanted:
                return AskSecond(wanted.Person, "password", form);
            case SignInOutcome.TooMany many:
                return TooMany(many.Wait, "New", Page(form));
            default:
                ModelState.AddModelError("", T["Tên đăng nhập hoặc mật khẩu không đúng."]);
                return Invalid("New", Page(form));
        }
    }

    /// <summary>The second factor: a code of the app, a recovery code, or a passkey of the same person.</summary>
    [AllowAnonymous]
    [HttpPost("/dang-nhap/ma")]
    public async Task<IActionResult> Code(SecondFactorForm form, CancellationToken ct)
    {
        if (ReadHalfWay(form.Ticket) is not { } half || await people.FindAsync(db, half.Person, ct) is not { DisabledAt: null } person)
        {
            ModelState.AddModelError("", T["Đã quá thời gian. Hãy đăng nhập lại."]);
            return Invalid("New", Page(new SignInForm()));
        }
        if (!string.IsNullOrEmpty(form.Credential))
            return (await passkeys.CheckAsync(HttpContext, form.Question, form.Credential))?.Id == person.Id ? await EnterAsync(person, half.Method + "+passkey", half.Form)
                : Refused(person, half, "", T["Khóa truy cập không dùng được. Hãy thử lại hoặc dùng cách khác."]);
        if (half.Secret is null && person.TotpSecret is null)
            return Refused(person, half, "Code", T["Mã không đúng. Hãy nhập 6 số đang hiện trong ứng dụng xác thực."]);
        var recovery = (IReadOnlyList<string>)[];
        SignInOutcome outcome;
        if (person.TotpSecret is not null)
            outcome = await factors.CheckAsync(person, form.Code, HttpContext, ct);
        else
            (outcome, recovery) = await factors.EnrolAsync(person, half.Secret!, form.Code, HttpContext, new Actor(person.Id, "self"), ct);
        switch (outcome)
        {
            case SignInOutcome.Accepted when recovery.Count > 0:
                await entrance.BeginAsync(HttpContext, person, half.Method + "+totp", half.Form.Shared);
                return View("/Accounts/Manage/Recovery.cshtml", Manage.RecoveryPage.Of(recovery, protection, Url.IsLocalUrl(half.Form.Tiep) ? half.Form.Tiep! : T.To(Home(person))));
            case SignInOutcome.Accepted:
                return await EnterAsync(person, half.Method + (Codes.Typed(form.Code).Length > 6 ? "+recovery" : "+totp"), half.Form);
            case SignInOutcome.TooMany many:
                return TooMany(many.Wait, "SecondFactor", SecondPage(person, half));
            default:
                return Refused(person, half, "Code", T["Mã không đúng. Hãy nhập 6 số đang hiện trong ứng dụng xác thực."]);
        }
    }

    [HttpPost("/dang-xuat")]
    public async Task<IActionResult> Delete()
    {
        await entrance.EndAsync(HttpContext);
        return SeeOther("/");
    }

    private ViewResult Refused(Person person, HalfWay half, string field, string message)
    {
        ModelState.AddModelError(field, message);
        return Invalid("SecondFactor", SecondPage(person, half));
    }

    private SignInPage Page(SignInForm form) => new(form, channels.OffersAny);
}
