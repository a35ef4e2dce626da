using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.SignIn;

/// <summary>What the ways in have in common: after the first proof the second where it is wanted, then the session.</summary>
public abstract class EntryController(Entrance entrance, IDataProtectionProvider protection, Texts t) : PageController(t)
{
    private static readonly TimeSpan HalfWayLifetime = TimeSpan.FromMinutes(10);
    private readonly ITimeLimitedDataProtector halfWay = protection.CreateProtector("sign-in.second-factor").ToTimeLimitedDataProtector();

    /// <summary>Somebody who has shown their first factor.</summary>
    /// <param name="Secret">Of an app that is being set up.</param>
    protected sealed record HalfWay(long Person, string Method, string? Secret, EntryForm Form);

    /// <summary>Lets in whom the first factor is enough for, and asks the others for the second.</summary>
    protected Task<IActionResult> AdmitAsync(Person person, string method, EntryForm form) =>
        person.AsksSecondFactor ? Task.FromResult<IActionResult>(AskSecond(person, method, form)) : EnterAsync(person, method, form);

    protected ViewResult AskSecond(Person person, string method, EntryForm form)
    {
        var known = person.TotpSecret is not null || person.HasPasskey;
        return View("/Accounts/SignIn/SecondFactor.cshtml", SecondPage(person, new HalfWay(person.Id, method, known ? null : SecondFactors.NewSecret(), new EntryForm { Tiep = form.Tiep, Shared = form.Shared })));
    }

    protected SecondFactorPage SecondPage(Person person, HalfWay half) => new(
        halfWay.Protect(JsonSerializer.Serialize(half), HalfWayLifetime), half.Secret is null ? null : SecondFactors.Setup(person, half.Secret), person.TotpSecret is not null || half.Secret is not null, person.HasPasskey);

    protected HalfWay? ReadHalfWay(string? ticket)
    {
        try
        {
            return string.IsNullOrEmpty(ticket) || ticket.Length > 4000 ? null : JsonSerializer.Deserialize<HalfWay>(halfWay.Unprotect(ticket));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    protected async Task<IActionResult> EnterAsync(Person person, string method, EntryForm form)
    {
        await entrance.BeginAsync(HttpContext, person, method, form.Shared);
        return SeeOther(Url.IsLocalUrl(form.Tiep) ? form.Tiep! : Home(person));
    }

    protected static string Home(Person person) =>
        person.Roles.Contains(Foundation.Roles.Officer) ? "/so-cong-thuong"
        : person.Roles.Contains(Foundation.Roles.Operator) ? "/quan-tri"
        : person.Roles.Contains(Foundation.Roles.Seller) ? "/quan-ly"
        : person.Roles.Contains(Foundation.Roles.Helper) ? "/tai-khoan/lam-thay" : "/tai-khoan";

    /// <summary>A code was sent: 303 to the page that asks for it.</summary>
    protected IActionResult AskForCode(CodeSending.Sent sent, string path)
    {
        CodeTicket.Hand(HttpContext, sent);
        return SeeOther(path);
    }

    /// <summary>429 with the same page, and the seconds to wait.</summary>
    protected ViewResult TooMany(TimeSpan wait, string view, object model)
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        Response.StatusCode = StatusCodes.Status429TooManyRequests;
        ModelState.AddModelError("", seconds < 120 ? T["Đã thử quá nhiều lần. Hãy đợi {0} giây rồi thử lại.", seconds] : T["Đã thử quá nhiều lần. Hãy đợi {0} phút rồi thử lại.", (seconds + 59) / 60]);
        return View(view, model);
    }
}
