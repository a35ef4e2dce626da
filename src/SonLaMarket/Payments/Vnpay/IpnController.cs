using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using Vnpay;

namespace SonLaMarket.Payments.Vnpay;

/// <summary>
/// VNPAY's notification. Nothing stands in front of it: no sign-in, no token, no rate limit. The order of the checks and
/// the bytes of the answers are VNPAY's; whatever happens, the answer is HTTP 200 with exactly two keys.
/// </summary>
[AllowAnonymous]
[Patient]
public sealed class IpnController(Terminals terminals, Settlement settlement, Notifications notifications, Db db, ILogger<IpnController> logger) : ControllerBase
{
    [HttpGet("/vnpay/ipn")]
    public async Task<IActionResult> Receive()
    {
        var query = Request.QueryString.Value ?? "";
        var heard = await HearAsync(query);
        try
        {
            await notifications.KeepAsync("ipn", heard.Verdict, heard.Answer.RspCode, heard.TerminalId, heard.TxnRef, VnpayEventUtility.RedactSignature(query), HttpContext.Connection.RemoteIpAddress);
        }
#pragma warning disable CA1031 // A notification that could not be kept must come again; its effect bears repetition.
        catch (Exception e)
        {
            logger.LogError(e, "A notification could not be kept");
            heard = heard with { Answer = IpnResponse.UnknownError };
        }
#pragma warning restore CA1031
        return Content(heard.Answer.ToJson(), "application/json");
    }

    private async Task<Heard> HearAsync(string query)
    {
        try
        {
            return await SettleAsync(query);
        }
#pragma warning disable CA1031 // Whatever went wrong, VNPAY is told to come again.
        catch (Exception e)
        {
            logger.LogError(e, "A notification could not be settled");
            return new Heard(IpnResponse.UnknownError, "error");
        }
#pragma warning restore CA1031
    }

    private async Task<Heard> SettleAsync(string query)
    {
        var claimed = VnpayEventUtility.PeekUnverifiedTmnCode(query);
        if (claimed is null || await terminals.FindAsync(db, claimed) is not { } terminal)
            return new Heard(IpnResponse.InvalidSignature, "unknown-terminal");
        if (!terminal.TryRead(query, out var said))
            return new Heard(IpnResponse.InvalidSignature, "invalid-signature", terminal.Id);
        await using var tx = await db.BeginAsync();
        if (await Settlement.FindAsync(tx, terminal.Id, said.TxnRef) is not { } attempt)
            return new Heard(IpnResponse.OrderNotFound, "unknown-reference", terminal.Id, said.TxnRef);
        if (said.AmountTimes100 != attempt.AmountVnd * 100)
            return new Heard(IpnResponse.InvalidAmount, "amount-differs", terminal.Id, said.TxnRef);
        var outcome = VnpayGateway.OutcomeOf(said);
        var recorded = await settlement.RecordAsync(tx, attempt, outcome);
        await tx.CommitAsync();
        return recorded
            ? new Heard(IpnResponse.Success, outcome.Verdict.ToString().ToLowerInvariant(), terminal.Id, said.TxnRef)
            : new Heard(IpnResponse.AlreadyConfirmed, "repeated", terminal.Id, said.TxnRef);
    }

    private sealed record Heard(IpnResponse Answer, string Verdict, long? TerminalId = null, string? TxnRef = null);
}
