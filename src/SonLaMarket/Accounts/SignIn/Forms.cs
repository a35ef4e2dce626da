using System.ComponentModel.DataAnnotations;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Accounts.SignIn;

public sealed record SignInForm
{
    [Required(ErrorMessage = "Hãy nhập e-mail hoặc số điện thoại.")]
    [StringLength(200, ErrorMessage = "E-mail hoặc số điện thoại quá dài.")]
    public string? SignIn { get; init; }

    [Required(ErrorMessage = "Hãy nhập mật khẩu.")]
    [StringLength(128, ErrorMessage = "Mật khẩu dài nhất 128 ký tự.")]
    [DataType(DataType.Password)]
    public string? Password { get; init; }

    /// <summary>Where to go afterwards; only addresses of our own.</summary>
    public string? Tiep { get; init; }
}

public sealed record CodeForm(string? Code, string? Ticket, string? Tiep);

public sealed record CodePage(string Ticket, string? Tiep, AuthenticatorSetup? Setup);

public sealed record AuthenticatorSetup(string Secret, string QrSvg);

/// <summary>What a person types to say who they are: an e-mail in lower case, or a phone in E.164.</summary>
public static class SignInName
{
    public static string Of(string typed) =>
        typed.Contains('@', StringComparison.Ordinal) ? typed.ToLowerInvariant() : Vietnamese.Phone(typed, samplesAllowed: true) ?? typed;
}
