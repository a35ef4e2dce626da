using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.SignIn;

/// <summary>The page behind a one-time link: a new password, then sign in with it.</summary>
[AllowAnonymous]
public sealed class PasswordLinkController(OneTimeLinks links, Db db, Texts t) : PageController(t)
{
    [HttpGet(OneTimeLinks.Path)]
    public async Task<IActionResult> New(string? ma, CancellationToken ct)
    {
        Secret();
        return await links.FindAsync(db, ma, ct) is { } person ? View("Password", new PasswordLinkPage(person.Name, new PasswordLinkForm { Ma = ma })) : Gone();
    }

    [HttpPost(OneTimeLinks.Path)]
    public async Task<IActionResult> Create(PasswordLinkForm form)
    {
        Secret();
        if (await links.FindAsync(db, form.Ma) is not { } person)
            return Gone();
        if (form.Password is not null && PasswordRules.IsWeak(form.Password, person.Name, person.Email, person.Phone))
            ModelState.AddModelError(nameof(form.Password), T["Mật khẩu này dễ đoán. Hãy chọn mật khẩu khác, ví dụ ghép vài từ không liên quan."]);
        if (!ModelState.IsValid)
            return Invalid("Password", new PasswordLinkPage(person.Name, form));
        await using var tx = await db.BeginAsync();
        if (!await links.UseAsync(tx, form.Ma!, form.Password!))
            return Gone();
        await tx.CommitAsync();
        return SeeOther("/dang-nhap", T["Đã đặt mật khẩu. Hãy đăng nhập."]);
    }

    private ViewResult Gone()
    {
        Response.StatusCode = StatusCodes.Status410Gone;
        return View("Password", new PasswordLinkPage(null, new PasswordLinkForm()));
    }

    /// <summary>The address carries a secret: it is told to nobody.</summary>
    private void Secret() => Response.Headers["Referrer-Policy"] = "no-referrer";
}

/// <param name="Name">Whose password it is; null when the link opens nothing.</param>
public sealed record PasswordLinkPage(string? Name, PasswordLinkForm Form);

public sealed record PasswordLinkForm
{
    public string? Ma { get; init; }

    [Required(ErrorMessage = "Hãy nhập mật khẩu.")]
    [StringLength(128, MinimumLength = 8, ErrorMessage = "Mật khẩu cần từ 8 đến 128 ký tự.")]
    [DataType(DataType.Password)]
    public string? Password { get; init; }
}
