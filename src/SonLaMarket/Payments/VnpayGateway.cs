using System.Net;
using System.Text.Json;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using Vnpay;

namespace SonLaMarket.Payments;

/// <summary>What VNPAY answered to a question; no outcome when it did not answer, or not in a way that can be trusted.</summary>
/// <param name="Verdict">A word for the log.</param>
public sealed record GatewayAnswer(GatewayOutcome? Outcome, string Verdict, string Payload);

/// <summary>What VNPAY answered about a transaction whatever it is; null when it did not, or not in a way that can be trusted.</summary>
public sealed record FoundTransaction(Transaction? Transaction, string Verdict, string Payload);

/// <param name="PaidNo">VNPAY's number of the payment.</param>
/// <param name="RequestId">The same at every repetition.</param>
/// <param name="RequestedBy">Person who asked; VNPAY gets a number, not a name.</param>
/// <param name="Repeated">An earlier sending went without an answer and may have arrived.</param>
public sealed record RefundOrder(string TxnRef, string CreateDate, string? PaidNo, long AmountVnd, string TransactionType, string RequestId, long? RequestedBy, bool Repeated = false);

public enum RefundAnswerKind
{
    /// <summary>VNPAY works on it, now or since an earlier sending.</summary>
    Taken,

    /// <summary>VNPAY works on another refund of the payment: this one is not there.</summary>
    Another,

    /// <summary>VNPAY will not do it.</summary>
    Refused,

    /// <summary>Surely nothing happened; later perhaps.</summary>
    NotNow,

    /// <summary>It may have happened.</summary>
    Unknown,
}

public sealed record RefundAnswer(RefundAnswerKind Kind, string? Code, string? Status, string? TransactionNo, string Verdict, string Payload);

/// <summary>Everything that is said to VNPAY, each time for the terminal of the payee.</summary>
public sealed class VnpayGateway(VnpayClient client, VnpaySettings settings, SiteOptions site, TimeProvider clock)
{
    private readonly Breaker breaker = new(clock);

    /// <summary>For one question; the sweeper comes again by itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>VNPAY could not be reached just now: work in the background waits some seconds before it asks again.</summary>
    public bool IsUnreachable => breaker.IsOpen;

    /// <summary>The address of the payment page for one try.</summary>
    public PaymentUrl Page(Terminal terminal, string txnRef, long amountVnd, string description, TimeSpan lifetime, Payer payer) =>
        client.Payments.CreateUrl(new PaymentUrlCreateOptions
        {
            Amount = amountVnd,
            TxnRef = txnRef,
            OrderInfo = description,
            OrderType = OrderType.FoodAndConsumerGoods,
            IpAddress = Address(payer.Address),
            ReturnUrl = site.Absolute((payer.Language == Texts.En ? Language.Prefix : "") + "/thanh-toan/vnpay/ket-qua"),
            Locale = payer.Language == Texts.En ? VnpayLocale.English : VnpayLocale.Vietnamese,
            Lifetime = lifetime,
        }, For(terminal));

    /// <summary>Asks what became of a try (querydr). What VNPAY or the network do wrong is no answer, not an exception.</summary>
    public async Task<GatewayAnswer> AskAsync(Terminal terminal, string txnRef, string createDate, long amountVnd, CancellationToken ct)
    {
        try
        {
            var found = await FindAsync(terminal, txnRef, createDate, ct);
            var outcome = OutcomeOf(found, amountVnd);
            return new GatewayAnswer(outcome, outcome.Verdict.ToString().ToLowerInvariant(), JsonSerializer.Serialize(found.Raw));
        }
        catch (VnpayApiException e) when (e.Code == VnpayApiCode.TransactionNotFound)
        {
            return new GatewayAnswer(new GatewayOutcome(GatewayVerdict.Open, e.Code.Value, null, null, null, null), "unknown-there", JsonSerializer.Serialize(e.Raw));
        }
        catch (VnpayException e)
        {
            return new GatewayAnswer(null, "no-answer", e.Message);
        }
    }

    /// <summary>Hands in a refund. Every outcome is an answer; whether it may have happened is part of it.</summary>
    public async Task<RefundAnswer> RefundAsync(Terminal terminal, RefundOrder order, CancellationToken ct)
    {
        try
        {
            var taken = await HeardAsync(client.Refunds.CreateAsync(
                new RefundCreateOptions
                {
                    TxnRef = order.TxnRef,
                    TransactionDate = order.CreateDate,
                    TransactionNo = order.PaidNo,
                    Amount = order.AmountVnd,
                    TransactionType = new VnpayTransactionType(order.TransactionType),
                    CreatedBy = $"nguoi{order.RequestedBy}",
                    IpAddress = settings.ServerAddress,
                },
                new RequestOptions { TmnCode = terminal.TmnCode, HashSecret = terminal.Secret, Timeout = Patience, MaxNetworkRetries = 0, RequestId = order.RequestId },
                ct));
            return new RefundAnswer(RefundAnswerKind.Taken, "00", taken.TransactionStatus.Value, taken.TransactionNo, "taken", JsonSerializer.Serialize(taken.Raw));
        }
        catch (VnpayApiException e)
        {
            // Code 94 says that VNPAY has this request already, which can only be where an earlier sending went without an answer. Else it is about another refund.
            var kind = e.Code == VnpayApiCode.DuplicateRequest ? order.Repeated ? RefundAnswerKind.Taken : RefundAnswerKind.Another : e.Code.Value is "08" ? RefundAnswerKind.NotNow : RefundAnswerKind.Refused;
            return new RefundAnswer(kind, e.Code.Value, kind == RefundAnswerKind.Taken ? VnpayTransactionStatus.RefundProcessing.Value : null, null, "code-" + e.Code.Value, JsonSerializer.Serialize(e.Raw));
        }
        catch (VnpayConnectionException e)
        {
            return new RefundAnswer(e.MayHaveReachedVnpay ? RefundAnswerKind.Unknown : RefundAnswerKind.NotNow, null, null, null, e.MayHaveReachedVnpay ? "no-answer" : "not-sent", e.Message);
        }
        catch (VnpayValidationException e)
        {
            return new RefundAnswer(RefundAnswerKind.Refused, null, null, null, "invalid", e.Message);
        }
        catch (VnpaySignatureException e)
        {
            return new RefundAnswer(RefundAnswerKind.Unknown, null, null, null, "unbelievable", e.Message);
        }
    }

    /// <summary>What VNPAY tells of a reference after a refund was handed in: of the payment, or of a refund.</summary>
    public async Task<FoundTransaction> AskAboutRefundAsync(Terminal terminal, string txnRef, string createDate, CancellationToken ct)
    {
        try
        {
            var found = await FindAsync(terminal, txnRef, createDate, ct);
            return new FoundTransaction(found, $"type-{found.TransactionType}-{found.TransactionStatus}", JsonSerializer.Serialize(found.Raw));
        }
        catch (VnpayException e)
        {
            return new FoundTransaction(null, "no-answer", e.Message);
        }
    }

    private Task<Transaction> FindAsync(Terminal terminal, string txnRef, string createDate, CancellationToken ct) => HeardAsync(client.Transactions.GetAsync(
        new TransactionGetOptions { TxnRef = txnRef, TransactionDate = createDate, IpAddress = settings.ServerAddress },
        new RequestOptions { TmnCode = terminal.TmnCode, HashSecret = terminal.Secret, Timeout = Patience, MaxNetworkRetries = 0 },
        ct));

    /// <summary>The breaker learns of every exchange whether anybody answered, be it to refuse.</summary>
    private async Task<T> HeardAsync<T>(Task<T> exchange)
    {
        try
        {
            var answer = await exchange;
            breaker.Answered();
            return answer;
        }
        catch (VnpayConnectionException)
        {
            breaker.Failed();
            throw;
        }
        catch (VnpayException e) when (e is not VnpayValidationException)
        {
            breaker.Answered();
            throw;
        }
    }

    /// <summary>An answer about another amount, or about a refund, proves nothing of this payment: a person has to look.</summary>
    private static GatewayOutcome OutcomeOf(Transaction found, long amountVnd)
    {
        var status = found.TransactionStatus;
        var verdict =
            found.TransactionType != VnpayTransactionType.Payment || (found.Amount is { } amount && amount != amountVnd) || Doubtful(status) ? GatewayVerdict.Review
            : found.IsPaid ? found.Amount is null ? GatewayVerdict.Review : GatewayVerdict.Paid
            : status == VnpayTransactionStatus.Pending || status.Value.Length == 0 ? GatewayVerdict.Open
            : GatewayVerdict.Failed;
        return new GatewayOutcome(verdict, null, status.Value, found.TransactionNo, found.BankCode, found.PayDate);
    }

    /// <summary>What a verified notification says.</summary>
    public static GatewayOutcome OutcomeOf(VnpayEvent said) => new(
        said.IsPaid ? GatewayVerdict.Paid
            : said.ResponseCode == VnpayResponseCode.SuspectedFraud || Doubtful(said.TransactionStatus) ? GatewayVerdict.Review
            : GatewayVerdict.Failed,
        said.ResponseCode.Value, said.TransactionStatus.Value, said.TransactionNo, said.BankCode, said.PayDate);

    /// <summary>The customer's bank was debited and VNPAY does not call it a success: a person has to look.</summary>
    private static bool Doubtful(VnpayTransactionStatus status) => status == VnpayTransactionStatus.Reversed || status == VnpayTransactionStatus.SuspectedFraud;

    private static RequestOptions For(Terminal terminal) => new() { TmnCode = terminal.TmnCode, HashSecret = terminal.Secret };

    /// <summary>VNPAY wants 7 to 45 characters, which the loopback address "::1" is not.</summary>
    private static string Address(IPAddress? address) =>
        address is null || IPAddress.IsLoopback(address) ? "127.0.0.1" : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
}
