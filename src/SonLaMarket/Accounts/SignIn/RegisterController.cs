using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.SignIn;

/// <summary>A seller's account: name, e-mail or phone, password. What they sell comes afterwards.</summary>
[AllowAnonymous]
public sealed class RegisterController(People people, Db db, Texts t, IHostEnvironment environment) : PageController(t)
{
    [HttpGet("/dang-ky")]
    public IActionResult New() => View("Register", new RegisterForm());

    [HttpPost("/dang-ky")]
    public async Task<IActionResult> Create(RegisterForm form)
    {
        var samples = !environment.IsProduction();
        var email = form.SignIn?.Contains('@', StringComparison.Ordinal) == true ? form.SignIn.ToLowerInvariant() : null;
        var phone = email is null ? Vietnamese.Phone(form.SignIn, samples) : null;
        if (form.SignIn is not null && (email is null ? phone is null : !new EmailAddressAttribute().IsValid(email)))
            ModelState.AddModelError(nameof(form.SignIn), T["Hãy nhập một e-mail, hoặc số điện thoại di động 10 số."]);
        if (form.Password is not null && PasswordRules.IsWeak(form.Password, form.Name, form.SignIn))
            ModelState.AddModelError(nameof(form.Password), T["Mật khẩu này dễ đoán. Hãy chọn mật khẩu khác, ví dụ ghép vài từ không liên quan."]);
        if (!ModelState.IsValid)
            return Invalid("Register", form);
        await using var tx = await db.BeginAsync();
        if (await people.AddAsync(tx, new NewPerson(email, phone, Vietnamese.Clean(form.Name), form.Password, [Foundation.Roles.Seller]), Actor.System) is null)
        {
            ModelState.AddModelError(nameof(form.SignIn), T["Không dùng được e-mail hoặc số điện thoại này. Nếu là của bạn, hãy đăng nhập."]);
            return Invalid("Register", form);
        }
        await tx.CommitAsync();
        return SeeOther("/dang-nhap?tiep=" + Uri.EscapeDataString(T.To("/quan-ly/co-so")), T["Đã tạo tài khoản. Hãy đăng nhập để khai báo cơ sở."]);
    }
}

public sealed record RegisterForm
{
    [Required(ErrorMessage = "Hãy nhập họ và tên.")]
    [StringLength(120, ErrorMessage = "Họ và tên dài nhất 120 ký tự.")]
    public string? Name { get; init; }

    [Required(ErrorMessage = "Hãy nhập e-mail hoặc số điện thoại.")]
    [StringLength(200, ErrorMessage = "E-mail hoặc số điện thoại quá dài.")]
    public string? SignIn { get; init; }

    [Required(ErrorMessage = "Hãy nhập mật khẩu.")]
    [StringLength(128, MinimumLength = 8, ErrorMessage = "Mật khẩu cần từ 8 đến 128 ký tự.")]
    [DataType(DataType.Password)]
    public string? Password { get; init; }
}
