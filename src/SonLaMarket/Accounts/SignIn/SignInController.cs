using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using OtpNet;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.SignIn;

/// <summary>Sign in with e-mail or phone and password, then with a code where the role demands it; sign out.</summary>
public sealed class SignInController(SignIns signIns, KnownDevices devices, People people, Audit audit, Db db, Texts t, IDataProtectionProvider protection, TimeProvider clock) : PageController(t)
{
    private static readonly TimeSpan HalfWay = TimeSpan.FromMinutes(10);
    private readonly ITimeLimitedDataProtector halfWay = protection.CreateProtector("sign-in.second-factor").ToTimeLimitedDataProtector();
    private readonly IDataProtector secrets = protection.CreateProtector("totp-secret");

    [AllowAnonymous]
    [HttpGet("/dang-nhap")]
    public IActionResult New(string? tiep) => View("New", new SignInForm { Tiep = tiep });

    [AllowAnonymous]
    [HttpPost("/dang-nhap")]
    public async Task<IActionResult> Create(SignInForm form, CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return Refused(form);
        switch (await signIns.PasswordAsync(SignInName.Of(form.SignIn!), form.Password!, HttpContext, ct))
        {
            case SignInOutcome.Accepted accepted:
                return await EnterAsync(accepted.Person, form.Tiep);
            case SignInOutcome.SecondFactorWanted wanted:
                var secret = wanted.Person.TotpSecret is null ? Base32Encoding.ToString(KeyGeneration.GenerateRandomKey(20)) : null;
                return View("Code", new CodePage(Ticket(wanted.Person.Id, secret), form.Tiep, Setup(wanted.Person, secret)));
            case SignInOutcome.TooMany many:
                return TooMany(many.Wait, form);
            default:
                ModelState.AddModelError("", T["Tên đăng nhập hoặc mật khẩu không đúng."]);
                return Refused(form);
        }
    }

    [AllowAnonymous]
    [HttpPost("/dang-nhap/ma")]
    public async Task<IActionResult> Code(CodeForm form, CancellationToken ct)
    {
        if (Read(form.Ticket) is not var (id, newSecret) || await people.FindAsync(db, id, ct) is not { } person)
        {
            ModelState.AddModelError("", T["Đã quá thời gian. Hãy đăng nhập lại."]);
            return Refused(new SignInForm { Tiep = form.Tiep });
        }
        var secret = person.TotpSecret is null ? newSecret : secrets.Unprotect(person.TotpSecret);
        var outcome = secret is null ? new SignInOutcome.Refused() : await signIns.CodeAsync(person, secret, form.Code ?? "", HttpContext, ct);
        switch (outcome)
        {
            case SignInOutcome.Accepted:
                if (person.TotpSecret is null)
                    await KeepAsync(person, secret!);
                return await EnterAsync(person, form.Tiep);
            case SignInOutcome.TooMany many:
                return TooMany(many.Wait, new SignInForm { Tiep = form.Tiep });
            default:
                ModelState.AddModelError(nameof(form.Code), T["Mã không đúng. Hãy nhập 6 số đang hiện trong ứng dụng xác thực."]);
                return Invalid("Code", new CodePage(form.Ticket!, form.Tiep, Setup(person, person.TotpSecret is null ? newSecret : null)));
        }
    }

    [HttpPost("/dang-xuat")]
    public async Task<IActionResult> Delete()
    {
        await HttpContext.SignOutAsync();
        Response.Headers["Clear-Site-Data"] = "\"cache\"";
        return SeeOther("/");
    }

    private async Task<IActionResult> EnterAsync(Person person, string? next)
    {
        var identity = new ClaimsIdentity(
            [new Claim(Current.PersonClaim, person.Id.ToString(CultureInfo.InvariantCulture)), new Claim(ClaimTypes.Name, person.Name)],
            CookieAuthenticationDefaults.AuthenticationScheme);
        var office = person.Roles.Contains(Foundation.Roles.Officer) || person.Roles.Contains(Foundation.Roles.Operator);
        var lifetime = office ? TimeSpan.FromHours(8) : person.Roles.Contains(Foundation.Roles.Seller) ? TimeSpan.FromHours(12) : TimeSpan.FromDays(30);
        devices.Remember(HttpContext, person.Id);
        await NewSession.BeginAsync(HttpContext, new ClaimsPrincipal(identity), new AuthenticationProperties { IsPersistent = !office, ExpiresUtc = clock.GetUtcNow() + lifetime });
        await using var tx = await db.BeginAsync();
        await audit.WriteAsync(tx, new Actor(person.Id, person.Roles.FirstOrDefault() ?? Foundation.Roles.Buyer), "session.begin", $"person:{person.Id}");
        await tx.CommitAsync();
        return SeeOther(Url.IsLocalUrl(next) ? next! : Home(person));
    }

    private static string Home(Person person) =>
        person.Roles.Contains(Foundation.Roles.Officer) ? "/so-cong-thuong"
        : person.Roles.Contains(Foundation.Roles.Operator) ? "/quan-tri"
        : person.Roles.Contains(Foundation.Roles.Seller) ? "/quan-ly" : "/tai-khoan";

    private async Task KeepAsync(Person person, string secret)
    {
        await using var tx = await db.BeginAsync();
        await tx.ExecuteAsync("update accounts.person set totp_secret = @secret where id = @Id and totp_secret is null", new { secret = secrets.Protect(secret), person.Id });
        await audit.WriteAsync(tx, new Actor(person.Id, person.Roles[0]), "second-factor.set", $"person:{person.Id}");
        await tx.CommitAsync();
    }

    private string Ticket(long id, string? secret) => halfWay.Protect($"{id} {secret}", HalfWay);

    private (long Id, string? Secret)? Read(string? ticket)
    {
        try
        {
            var parts = halfWay.Unprotect(ticket ?? "").Split(' ');
            return (long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1].Length == 0 ? null : parts[1]);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    /// <summary>For a first code: the secret as text and as a QR for the authenticator app.</summary>
    private static AuthenticatorSetup? Setup(Person person, string? secret)
    {
        if (secret is null)
            return null;
        var uri = new OtpUri(OtpType.Totp, secret, person.Email ?? person.Phone ?? person.Name, "SonLaMarket").ToString();
        return new(secret, Qr.Svg(uri));
    }

    private ViewResult TooMany(TimeSpan wait, SignInForm form)
    {
        Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        Response.StatusCode = StatusCodes.Status429TooManyRequests;
        ModelState.AddModelError("", T["Sai quá nhiều lần. Hãy đợi {0} giây rồi thử lại.", (int)Math.Ceiling(wait.TotalSeconds)]);
        return View("New", form);
    }

    private ViewResult Refused(SignInForm form) => Invalid("New", form);
}
