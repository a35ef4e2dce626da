using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using Vnpay;

namespace SonLaMarket.Payments.Vnpay;

/// <summary>
/// Where the buyer comes back to, perhaps in another browser. It shows what is known and changes nothing: what the address
/// says about success counts only once VNPAY has told the server itself. What came is kept with everything else that came in VNPAY's name.
/// </summary>
[AllowAnonymous]
public sealed class ResultController(Terminals terminals, Notifications notifications, IPayable payable, Db db, Texts t) : PageController(t)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    [HttpGet("/thanh-toan/vnpay/ket-qua")]
    public async Task<IActionResult> Show(CancellationToken ct)
    {
        Response.Headers["Referrer-Policy"] = "no-referrer";
        Response.Headers["X-Robots-Tag"] = "noindex";
        var query = Request.QueryString.Value ?? "";
        if (VnpayEventUtility.PeekUnverifiedTmnCode(query) is not { } claimed || await terminals.FindAsync(db, claimed, ct) is not { } terminal)
            return Unreadable();
        if (!terminal.TryRead(query, out var said))
        {
            await KeepAsync(query, "invalid-signature", terminal);
            return Unreadable();
        }
        var found = await LoadAsync(terminal.Id, said, ct);
        await KeepAsync(query, found is null ? "unknown-reference" : "shown", terminal, said.TxnRef);
        if (found is not { } known)
            return Unreadable();
        var link = await payable.LinkAsync(db, known.Payable, ct);
        var reason = T.IsEnglish ? said.ResponseCode.TextEn : said.ResponseCode.TextVi;
        return View("Result", new ResultPage(known.Payable, known.Status, known.Attempt, known.AmountVnd, known.ProducerName, known.TxnRef, reason, link, [.. (link?.Open ?? []).Where(o => o.Payable != known.Payable || known.Attempt == "failed")]));
    }

    private ViewResult Unreadable()
    {
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return View("Unreadable");
    }

    /// <summary>Without the address that it came from, which is the buyer's.</summary>
    private Task KeepAsync(string query, string verdict, Terminal terminal, string? txnRef = null) =>
        notifications.KeepAsync("return", verdict, null, terminal.Id, txnRef, VnpayEventUtility.RedactSignature(query), null);

    /// <summary>VNPAY notifies the server and leads the browser back at the same moment: wait a little for the notification.</summary>
    private async Task<Known?> LoadAsync(long terminalId, VnpayEvent said, CancellationToken ct)
    {
        const string select = """
            select p.payable, p.status, a.status as attempt, a.txn_ref, a.amount_vnd, coalesce(w.name, r.name) as producer_name
            from payments.attempt a join payments.payment p on p.id = a.payment_id
            join producers.producer r on r.id = p.producer_id left join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version
            where a.terminal_id = @terminalId and a.txn_ref = @TxnRef
            """;
        for (var look = 0; ; look++)
        {
            var known = await db.FirstOrDefaultAsync<Known>(select, new { terminalId, said.TxnRef }, ct);
            if (known is not { Attempt: "initiated" } || look == 5)
                return known;
            await Task.Delay(Pause, ct);
        }
    }

    private sealed record Known(string Payable, string Status, string Attempt, string TxnRef, long AmountVnd, string ProducerName);
}

/// <param name="Status">State of the payment.</param>
/// <param name="Attempt">State of the try the buyer comes back from.</param>
/// <param name="Open">What is still to pay of the same order; what may be on its way already is not asked for twice.</param>
/// <param name="Reason">VNPAY's words for the code in the address; shown only when the server knows that the try failed.</param>
public sealed record ResultPage(string Payable, string Status, string Attempt, long AmountVnd, string ProducerName, string TxnRef, string Reason, PayableLink? Link, IReadOnlyList<StillToPay> Open);
