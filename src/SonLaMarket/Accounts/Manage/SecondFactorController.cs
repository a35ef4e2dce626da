using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.Manage;

/// <summary>The authenticator app: set it up, new recovery codes, take it away.</summary>
[Authorize]
[Confirmed]
[Route(Here)]
public sealed class SecondFactorController(SecondFactors factors, People people, Messages messages, Db db, Texts t, IDataProtectionProvider protection) : PageController(t)
{
    private const string Here = "/tai-khoan/hai-buoc";
    private readonly IDataProtector setups = protection.CreateProtector("totp-setup");

    [HttpGet("")]
    public async Task<IActionResult> Edit(CancellationToken ct)
    {
        var me = await MeAsync(ct);
        return me.TotpSecret is null ? View("SecondFactor", SetupPage(me, SecondFactors.NewSecret())) : View("SecondFactorOn", new SecondFactorOnPage(await factors.RecoveryLeftAsync(db, me.Id, ct), MayRemove(me)));
    }

    /// <summary>Counts only when a code shows that the app has the secret.</summary>
    [HttpPost("")]
    public async Task<IActionResult> Create(SetupForm form, CancellationToken ct)
    {
        var me = await MeAsync(ct);
        if (me.TotpSecret is not null || Secret(me, form.Ticket) is not { } secret)
            return SeeOther(Here);
        var (outcome, recovery) = await factors.EnrolAsync(me, secret, form.Code, HttpContext, User.As("self"), ct);
        if (outcome is not SignInOutcome.Accepted)
        {
            ModelState.AddModelError(nameof(form.Code), outcome is SignInOutcome.TooMany ? T["Sai quá nhiều lần. Hãy đợi ít phút rồi thử lại."] : T["Mã không đúng. Hãy nhập 6 số đang hiện trong ứng dụng xác thực."]);
            return Invalid("SecondFactor", SetupPage(me, secret));
        }
        await TellAsync(me, T["Đã bật xác thực hai bước cho tài khoản SonLaMarket của bạn. Nếu không phải bạn, hãy báo ngay cho người quản trị sàn."]);
        return View("Recovery", RecoveryPage.Of(recovery, protection, T.To("/tai-khoan")));
    }

    [HttpPost("ma-du-phong")]
    public async Task<IActionResult> Renew(CancellationToken ct)
    {
        if ((await MeAsync(ct)).TotpSecret is null)
            return SeeOther(Here);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var recovery = await factors.RenewRecoveryAsync(tx, User.Id(), User.As("self"));
        await tx.CommitAsync(CancellationToken.None);
        return View("Recovery", RecoveryPage.Of(recovery, protection, T.To(Here)));
    }

    [HttpPost("tat")]
    public async Task<IActionResult> Delete(CancellationToken ct)
    {
        var me = await MeAsync(ct);
        if (!MayRemove(me))
            return Conflict();
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (await factors.RemoveAsync(tx, me.Id, User.As("self")))
        {
            await messages.TellAsync(tx, me.Contacts, "second-factor-off", "SonLaMarket", T["Đã tắt xác thực hai bước của tài khoản SonLaMarket. Nếu không phải bạn, hãy báo ngay cho người quản trị sàn."]);
            await tx.CommitAsync(CancellationToken.None);
        }
        return SeeOther("/tai-khoan", T["Đã tắt ứng dụng xác thực."]);
    }

    /// <summary>The office keeps a second factor: the app goes only where a passkey stays.</summary>
    private static bool MayRemove(Person me) => !me.NeedsSecondFactor || me.HasPasskey;

    private SetupPage SetupPage(Person me, string secret) => new(setups.Protect($"{me.Id} {secret}"), SecondFactors.Setup(me, secret));

    private string? Secret(Person me, string? ticket)
    {
        try
        {
            return string.IsNullOrEmpty(ticket) || ticket.Length > 1000 ? null : setups.Unprotect(ticket).Split(' ') is [var id, var secret] && id == $"{me.Id}" ? secret : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    private async Task TellAsync(Person me, string text)
    {
        await using var tx = await db.BeginAsync();
        await messages.TellAsync(tx, me.Contacts, "second-factor-on", "SonLaMarket", text);
        await tx.CommitAsync();
    }

    private async Task<Person> MeAsync(CancellationToken ct) => (await people.FindAsync(db, User.Id(), ct))!;
}

public sealed record SetupForm(string? Ticket, string? Code);

/// <param name="Ticket">The secret, sealed, until a code was seen.</param>
public sealed record SetupPage(string Ticket, AuthenticatorSetup Setup)
{
    public string? Code => null;
}

public sealed record SecondFactorOnPage(int RecoveryLeft, bool MayRemove);
