using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.Manage;

/// <summary>One's own account: where one is signed in, ending the other sessions, a new password.</summary>
[Authorize]
public sealed class AccountController(People people, IPasswordHasher<Person> hasher, Audit audit, Db db, Texts t) : PageController(t)
{
    [HttpGet("/tai-khoan")]
    public async Task<IActionResult> Show(CancellationToken ct) => View("Show", await LoadAsync(new PasswordForm(), ct));

    [HttpPost("/tai-khoan/mat-khau")]
    public async Task<IActionResult> UpdatePassword([Bind(Prefix = "Form")] PasswordForm form, CancellationToken ct)
    {
        var person = (await people.FindAsync(db, User.Id(), ct))!;
        if (ModelState.IsValid && (person.PasswordHash is null || hasher.VerifyHashedPassword(person, person.PasswordHash, form.Current!) == PasswordVerificationResult.Failed))
            ModelState.AddModelError("Form.Current", T["Mật khẩu hiện tại không đúng."]);
        if (form.Next is not null && PasswordRules.IsWeak(form.Next, person.Name, person.Email, person.Phone))
            ModelState.AddModelError("Form.Next", T["Mật khẩu này dễ đoán. Hãy chọn mật khẩu khác, ví dụ ghép vài từ không liên quan."]);
        if (!ModelState.IsValid)
            return Invalid("Show", await LoadAsync(form, ct));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        await tx.ExecuteAsync("update accounts.person set password_hash = @hash, security_stamp = @stamp where id = @Id", new { hash = hasher.HashPassword(person, form.Next!), stamp = Guid.NewGuid().ToString("N"), person.Id });
        await tx.ExecuteAsync("delete from accounts.session where person_id = @Id", new { person.Id });
        await audit.WriteAsync(tx, new Actor(person.Id, "self"), "password.change", $"person:{person.Id}");
        await tx.CommitAsync();
        return SeeOther("/dang-nhap", T["Đã đổi mật khẩu. Mọi phiên cũ đã kết thúc; hãy đăng nhập lại."]);
    }

    [HttpPost("/tai-khoan/phien/ket-thuc")]
    public async Task<IActionResult> EndSessions()
    {
        await using var tx = await db.BeginAsync();
        await tx.ExecuteAsync("delete from accounts.session where person_id = @id", new { id = User.Id() });
        await audit.WriteAsync(tx, new Actor(User.Id(), "self"), "session.end-all", $"person:{User.Id()}");
        await tx.CommitAsync();
        return SeeOther("/dang-nhap", T["Đã đăng xuất khỏi mọi thiết bị."]);
    }

    private async Task<AccountPage> LoadAsync(PasswordForm form, CancellationToken ct)
    {
        const string sessions = "select created_at, seen_at, user_agent from accounts.session where person_id = @id and expires_at > now() order by seen_at desc limit 20";
        var person = (await people.FindAsync(db, User.Id(), ct))!;
        return new(person.Name, person.Email, person.Phone, person.TotpSecret is not null, await db.QueryAsync<SessionRow>(sessions, new { id = person.Id }, ct), form);
    }
}

public sealed record SessionRow(DateTimeOffset CreatedAt, DateTimeOffset SeenAt, string UserAgent);

public sealed record AccountPage(string Name, string? Email, string? Phone, bool SecondFactor, IReadOnlyList<SessionRow> Sessions, PasswordForm Form);

public sealed record PasswordForm
{
    [Required(ErrorMessage = "Hãy nhập mật khẩu.")]
    [DataType(DataType.Password)]
    public string? Current { get; init; }

    [Required(ErrorMessage = "Hãy nhập mật khẩu.")]
    [StringLength(128, MinimumLength = 8, ErrorMessage = "Mật khẩu cần từ 8 đến 128 ký tự.")]
    [DataType(DataType.Password)]
    public string? Next { get; init; }
}
