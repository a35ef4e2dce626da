using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.SignIn;

/// <summary>A new account: name, e-mail or phone, and either a code that is sent there or a password. What is sold comes afterwards.</summary>
[AllowAnonymous]
public sealed class RegisterController(OneTimeCodes codes, People people, Messages messages, Channels channels, Entrance entrance, Db db, Texts t, IHostEnvironment environment, IDataProtectionProvider protection, TimeProvider clock) : EntryController(entrance, protection, t)
{
    private readonly EntryCodes codes = new(codes, channels, db, t);

    [HttpGet("/dang-ky")]
    public IActionResult New(string? tiep, [FromQuery(Name = "de")] string? purpose) => View("Register", Page(new RegisterForm { Tiep = tiep, Role = purpose == "mua-hang" ? Foundation.Roles.Buyer : Foundation.Roles.Seller }));

    [HttpPost("/dang-ky")]
    public async Task<IActionResult> Create(RegisterForm form)
    {
        var contact = Contact.Parse(form.SignIn, !environment.IsProduction());
        if (form.SignIn is not null && contact is null)
            ModelState.AddModelError(nameof(form.SignIn), T["Hãy nhập một e-mail, hoặc số điện thoại di động 10 số."]);
        if (form.Password is not null && PasswordRules.IsWeak(form.Password, form.Name, form.SignIn))
            ModelState.AddModelError(nameof(form.Password), T["Mật khẩu này dễ đoán. Hãy chọn mật khẩu khác, ví dụ ghép vài từ không liên quan."]);
        if (form.Password is null && contact is not null && !channels.Offers(contact.Channel))
            ModelState.AddModelError(nameof(form.Password), T["Hãy nhập mật khẩu."]);
        if (!ModelState.IsValid)
            return Invalid("Register", Page(form));
        return form.Password is null ? await ByCodeAsync(contact!, form) : await ByPasswordAsync(contact!, form);
    }

    private async Task<IActionResult> ByCodeAsync(Contact contact, RegisterForm form) =>
        await codes.SendAsync(contact, new NewAccount { Name = Vietnamese.Clean(form.Name), Role = form.Role, Tiep = form.Tiep, Shared = form.Shared }, HttpContext.Connection.RemoteIpAddress) switch
        {
            CodeSending.Sent sent => AskForCode(sent, "/dang-nhap/bang-ma/nhap"),
            CodeSending.TooMany(var wait) => TooMany(wait, "Register", Page(form)),
            _ => throw new InvalidOperationException(),
        };

    /// <summary>Whoever asks does not learn whether the contact has an account; its owner learns that somebody asked.</summary>
    private async Task<IActionResult> ByPasswordAsync(Contact contact, RegisterForm form)
    {
        var role = form.Role == Foundation.Roles.Buyer ? Foundation.Roles.Buyer : Foundation.Roles.Seller;
        await using var tx = await db.BeginAsync();
        if (await people.AddAsync(tx, NewPerson.With(contact, Vietnamese.Clean(form.Name), form.Password, role, proven: false), Actor.System) is null)
            await messages.SendAsync(tx, contact.Channel, contact.Value, $"register-again:{Convert.ToHexStringLower(Codes.Hash(contact.Value)[..12])}:{clock.GetUtcNow().ToString("yyyyMMdd", CultureInfo.InvariantCulture)}", "SonLaMarket",
                T["Có người vừa thử tạo tài khoản SonLaMarket bằng địa chỉ này. Bạn đã có tài khoản: nếu là bạn, hãy đăng nhập hoặc đặt lại mật khẩu; nếu không phải, không cần làm gì."]);
        await tx.CommitAsync();
        var next = Url.IsLocalUrl(form.Tiep) ? form.Tiep! : T.To(role == Foundation.Roles.Seller ? "/quan-ly/co-so" : "/tai-khoan");
        return SeeOther("/dang-nhap?tiep=" + Uri.EscapeDataString(next), T["Tài khoản đã sẵn sàng, trừ khi số điện thoại hoặc e-mail này đã có tài khoản từ trước với mật khẩu khác. Hãy đăng nhập bằng mật khẩu vừa đặt."]);
    }

    private RegisterPage Page(RegisterForm form) => new(form, channels.Offers(Channels.Text) || channels.Offers(Channels.Email));
}

public sealed record RegisterForm : EntryForm
{
    [Required(ErrorMessage = "Hãy nhập họ và tên.")]
    [StringLength(120, ErrorMessage = "Họ và tên dài nhất 120 ký tự.")]
    public string? Name { get; init; }

    [Required(ErrorMessage = "Hãy nhập e-mail hoặc số điện thoại.")]
    [StringLength(200, ErrorMessage = "E-mail hoặc số điện thoại quá dài.")]
    public string? SignIn { get; init; }

    [StringLength(128, MinimumLength = 8, ErrorMessage = "Mật khẩu cần từ 8 đến 128 ký tự.")]
    [DataType(DataType.Password)]
    public string? Password { get; init; }

    /// <summary>"seller" or "buyer"; nothing else can be asked for.</summary>
    public string? Role { get; init; }
}

/// <param name="Codes">Without a password a code is sent.</param>
public sealed record RegisterPage(RegisterForm Form, bool Codes);
