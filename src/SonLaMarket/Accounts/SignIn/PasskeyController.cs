using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Accounts.SignIn;

/// <summary>In with a passkey: nothing is typed. The question is fetched by js/passkey.js, the answer comes as a form.</summary>
[AllowAnonymous]
[Route("/dang-nhap/khoa")]
public sealed class PasskeyController(Passkeys passkeys, People people, Channels channels, Entrance entrance, Db db, Texts t, IDataProtectionProvider protection) : EntryController(entrance, protection, t)
{
    /// <summary>Of anybody, or of the person who is halfway in or signed in.</summary>
    [HttpPost("hoi")]
    public async Task<IActionResult> Ask([FromForm(Name = "Ticket")] string? ticket, CancellationToken ct)
    {
        var known = ReadHalfWay(ticket)?.Person ?? (User.Identity?.IsAuthenticated == true ? Foundation.Web.Current.Id(User) : null as long?);
        var question = await passkeys.AskAsync(HttpContext, known is { } id ? await people.FindAsync(db, id, ct) : null);
        return Json(new { options = question.Options, question = question.Ticket });
    }

    [HttpPost("")]
    public async Task<IActionResult> Enter(PasskeyForm form)
    {
        if (await passkeys.CheckAsync(HttpContext, form.Question, form.Credential) is { } person)
            return await EnterAsync(person, "passkey", form);
        ModelState.Clear();
        ModelState.AddModelError("", T["Khóa truy cập không dùng được. Hãy thử lại hoặc dùng cách khác."]);
        return Invalid("New", new SignInPage(new SignInForm { Tiep = form.Tiep, Shared = form.Shared }, channels.OffersAny));
    }
}

public sealed record PasskeyForm : EntryForm
{
    public string? Question { get; init; }

    public string? Credential { get; init; }
}
