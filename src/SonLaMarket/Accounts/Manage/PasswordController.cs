using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.Manage;

/// <summary>A new password, or the first one of somebody who came in by code. All other devices are signed out.</summary>
[Authorize]
[Confirmed]
[Route("/tai-khoan/mat-khau")]
public sealed class PasswordController(People people, Messages messages, Db db, Texts t) : PageController(t)
{
    [HttpGet("")]
    public IActionResult Edit() => View("Password", new PasswordForm());

    [HttpPost("")]
    public async Task<IActionResult> Update(PasswordForm form)
    {
        var me = (await people.FindAsync(db, User.Id()))!;
        if (form.Next is not null && PasswordRules.IsWeak(form.Next, me.Name, me.Email, me.Phone))
            ModelState.AddModelError(nameof(form.Next), T["Mật khẩu này dễ đoán. Hãy chọn mật khẩu khác, ví dụ ghép vài từ không liên quan."]);
        if (!ModelState.IsValid)
            return Invalid("Password", form);
        await using var tx = await db.BeginAsync();
        await people.SetPasswordAsync(tx, me.Id, form.Next!, Sessions.IdOf(User), User.As("self"));
        await messages.TellAsync(tx, me.Contacts, "password-changed", "SonLaMarket", T["Mật khẩu SonLaMarket của bạn vừa được đổi. Nếu không phải bạn, hãy đặt lại mật khẩu ngay và báo cho người quản trị sàn."]);
        await tx.CommitAsync();
        return SeeOther("/tai-khoan", T["Đã đổi mật khẩu. Các thiết bị khác đã bị đăng xuất."]);
    }
}

public sealed record PasswordForm
{
    [Required(ErrorMessage = "Hãy nhập mật khẩu.")]
    [StringLength(128, MinimumLength = 8, ErrorMessage = "Mật khẩu cần từ 8 đến 128 ký tự.")]
    [DataType(DataType.Password)]
    public string? Next { get; init; }
}
