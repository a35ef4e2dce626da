using System.ComponentModel.DataAnnotations;

namespace SonLaMarket.Accounts.SignIn;

/// <summary>Where somebody who comes in goes on, and whether others use this browser.</summary>
public record EntryForm
{
    /// <summary>Where to go afterwards; only addresses of our own.</summary>
    public string? Tiep { get; init; }

    public bool Shared { get; init; }
}

public sealed record SignInForm : EntryForm
{
    [Required(ErrorMessage = "Hãy nhập e-mail hoặc số điện thoại.")]
    [StringLength(200, ErrorMessage = "E-mail hoặc số điện thoại quá dài.")]
    public string? SignIn { get; init; }

    [Required(ErrorMessage = "Hãy nhập mật khẩu.")]
    [StringLength(128, ErrorMessage = "Mật khẩu dài nhất 128 ký tự.")]
    [DataType(DataType.Password)]
    public string? Password { get; init; }
}

/// <param name="Form">As it was filled.</param>
public sealed record SignInPage(SignInForm Form, bool Codes);

public sealed record SecondFactorForm(string? Code, string? Ticket, string? Credential, string? Question);

/// <param name="Setup">Where the app must be set up first.</param>
/// <param name="Passkey">The person has one, and may use it instead.</param>
public sealed record SecondFactorPage(string Ticket, AuthenticatorSetup? Setup, bool App, bool Passkey)
{
    public string? Code => null;
}

/// <summary>The page on which a code that was sent is typed, whatever it is for.</summary>
/// <param name="Check">Where the code goes.</param>
/// <param name="Again">Where a new one is asked for.</param>
/// <param name="Back">Where another contact is given.</param>
public sealed record EnterCodePage(string Title, string Check, string Again, string Back, string Ticket, string Contact, string Next, bool OnOutboxPage)
{
    public string? Code => null;
}

public sealed record EnterCodeForm(string? Ticket, string? Code);
