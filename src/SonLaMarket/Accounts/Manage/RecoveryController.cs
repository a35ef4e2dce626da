using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.Manage;

/// <summary>Recovery codes as a file. A real download: the browsers inside other apps open neither data: nor blob: addresses.</summary>
[Authorize]
public sealed class RecoveryController(IDataProtectionProvider protection, Texts t) : PageController(t)
{
    [HttpPost("/tai-khoan/ma-du-phong")]
    public IActionResult Download([FromForm(Name = "Ticket")] string? ticket) => RecoveryPage.Open(protection, ticket) is { } codes
        ? File(Encoding.UTF8.GetBytes($"SonLaMarket\r\n{T["Mã dự phòng để đăng nhập, mỗi mã dùng một lần. Cất ở nơi chỉ bạn lấy được."]}\r\n\r\n{codes.Replace("\n", "\r\n", StringComparison.Ordinal)}\r\n"), "text/plain; charset=utf-8", "sonlamarket-ma-du-phong.txt")
        : NotFound();
}

/// <summary>Recovery codes, the one time that they are shown.</summary>
/// <param name="Ticket">The codes, sealed, for the download: they are kept nowhere else.</param>
public sealed record RecoveryPage(IReadOnlyList<string> Codes, string Ticket, string Next)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    public static RecoveryPage Of(IReadOnlyList<string> codes, IDataProtectionProvider protection, string next) =>
        new(codes, Protector(protection).Protect(string.Join('\n', codes), Lifetime), next);

    /// <summary>The codes of a ticket, a line each; null when it is not ours or too old.</summary>
    public static string? Open(IDataProtectionProvider protection, string? ticket)
    {
        try
        {
            return string.IsNullOrEmpty(ticket) || ticket.Length > 4000 ? null : Protector(protection).Unprotect(ticket);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static ITimeLimitedDataProtector Protector(IDataProtectionProvider protection) => protection.CreateProtector("recovery-codes").ToTimeLimitedDataProtector();
}
