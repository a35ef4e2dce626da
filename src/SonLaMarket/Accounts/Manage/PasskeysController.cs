using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.Manage;

/// <summary>One's own passkeys: add, name, take away.</summary>
[Authorize]
[Confirmed]
[Route(Here)]
public sealed class PasskeysController(Passkeys passkeys, People people, Messages messages, Db db, Texts t) : PageController(t)
{
    private const string Here = "/tai-khoan/khoa";

    [HttpGet("")]
    public async Task<IActionResult> Index(CancellationToken ct) => View("Passkeys", await PageAsync(new NewPasskeyForm(), ct));

    /// <summary>The question for js/passkey.js.</summary>
    [HttpPost("hoi")]
    public async Task<IActionResult> Ask(CancellationToken ct)
    {
        var question = await passkeys.AskNewAsync(HttpContext, await MeAsync(ct));
        return Json(new { options = question.Options, question = question.Ticket });
    }

    [HttpPost("")]
    public async Task<IActionResult> Create([Bind(Prefix = "Form")] NewPasskeyForm form, CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return Invalid("Passkeys", await PageAsync(form, ct));
        var me = await MeAsync(ct);
        var name = form.Name is { } typed ? Vietnamese.Clean(typed) : Device.Name(Request.Headers.UserAgent.ToString()) ?? T["Khóa truy cập"];
        if (!await passkeys.AddAsync(HttpContext, me, form.Question, form.Credential, name, User.As("self")))
        {
            ModelState.AddModelError("", T["Máy chưa tạo được khóa truy cập. Hãy thử lại."]);
            return Invalid("Passkeys", await PageAsync(form, ct));
        }
        await TellAsync(me, T["Tài khoản SonLaMarket của bạn vừa có thêm một khóa truy cập. Nếu không phải bạn, hãy báo ngay cho người quản trị sàn."]);
        return SeeOther(Here, T["Đã thêm khóa truy cập. Lần sau đăng nhập không cần gõ gì."]);
    }

    [HttpPost("ten")]
    public async Task<IActionResult> Rename(PasskeyNameForm form, CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return Invalid("Passkeys", await PageAsync(new NewPasskeyForm(), ct) with { Renaming = form });
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await passkeys.RenameAsync(tx, User.Id(), form.Key, Vietnamese.Clean(form.Name), User.As("self")))
            return NotFound();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther(Here, T["Đã đổi tên."]);
    }

    [HttpPost("go")]
    public async Task<IActionResult> Delete([FromForm(Name = "Key")] string? key, CancellationToken ct)
    {
        var me = await MeAsync(ct);
        var mine = await passkeys.OfPersonAsync(db, me.Id, ct);
        if (me.NeedsSecondFactor && me.TotpSecret is null && mine.Count == 1)
            return Conflict();
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await passkeys.RemoveAsync(tx, me.Id, key, User.As("self")))
            return NotFound();
        await messages.TellAsync(tx, me.Contacts, "passkey-removed", "SonLaMarket", T["Một khóa truy cập của tài khoản SonLaMarket vừa bị gỡ. Nếu không phải bạn, hãy báo ngay cho người quản trị sàn."]);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther(Here, T["Đã gỡ khóa truy cập."]);
    }

    private async Task TellAsync(Person me, string text)
    {
        await using var tx = await db.BeginAsync();
        await messages.TellAsync(tx, me.Contacts, "passkey-added", "SonLaMarket", text);
        await tx.CommitAsync();
    }

    private async Task<PasskeysPage> PageAsync(NewPasskeyForm form, CancellationToken ct) => new(await passkeys.OfPersonAsync(db, User.Id(), ct), form);

    private async Task<Person> MeAsync(CancellationToken ct) => (await people.FindAsync(db, User.Id(), ct))!;
}

public sealed record PasskeysPage(List<PasskeyRow> Passkeys, NewPasskeyForm Form, PasskeyNameForm? Renaming = null);

public sealed record NewPasskeyForm
{
    [StringLength(60, ErrorMessage = "Tên dài nhất 60 ký tự.")]
    public string? Name { get; init; }

    public string? Question { get; init; }

    public string? Credential { get; init; }
}

public sealed record PasskeyNameForm
{
    public string? Key { get; init; }

    [Required(ErrorMessage = "Hãy nhập tên.")]
    [StringLength(60, ErrorMessage = "Tên dài nhất 60 ký tự.")]
    public string? Name { get; init; }
}
