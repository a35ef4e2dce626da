using System.Globalization;

namespace Vnpay;

/// <summary>Asks VNPAY to give money back ("Truy vấn &amp; hoàn tiền", refund). Refund rights are switched on for each terminal by VNPAY.</summary>
public sealed class RefundService
{
    private readonly VnpayClientOptions options;
    private readonly SignedExchange api;

    internal RefundService(VnpayClientOptions options, SignedExchange api)
    {
        this.options = options;
        this.api = api;
    }

    /// <summary>
    /// Hands in one refund. Success means that VNPAY took the request, not that money has moved: follow
    /// <see cref="Refund.TransactionStatus"/> by querydr. It is sent again by itself only when the first sending surely never left,
    /// and with the same request id. Never call this inside a database transaction.
    /// </summary>
    /// <remarks>
    /// After a <see cref="VnpayConnectionException"/> that may have reached VNPAY, or a <see cref="VnpaySignatureException"/>, the
    /// refund may have happened: ask by querydr first; if that shows nothing, repeat with the <em>same</em>
    /// <see cref="RequestOptions.RequestId"/>, so that <see cref="VnpayApiCode.DuplicateRequest"/> (94) protects from paying twice.
    /// </remarks>
    /// <exception cref="VnpayValidationException">A value that VNPAY would refuse, or a missing setting; nothing was sent.</exception>
    /// <exception cref="VnpayApiException">A verified refusal; 94 means that the same request is being worked on already.</exception>
    /// <exception cref="VnpaySignatureException">The answer is unsigned, wrongly signed, or about another refund: nothing is known.</exception>
    /// <exception cref="VnpayConnectionException">No usable answer; look at <see cref="VnpayConnectionException.MayHaveReachedVnpay"/>.</exception>
    public async Task<Refund> CreateAsync(RefundCreateOptions refund, RequestOptions? request = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(refund);
        var terminal = Terminal.Of(options, request);
        var answer = await api.AskAsync(
            "refund", Fields(refund), terminal, (VnpayFieldOrder.RefundRequest, VnpayFieldOrder.RefundResponse), repeatable: false, request, cancellationToken)
            .ConfigureAwait(false);
        var amount = answer.Amount();
        if (amount is not null && amount != refund.Amount) throw new VnpaySignatureException("The answer is about another amount.");
        return new Refund
        {
            ResponseId = answer.Field("vnp_ResponseId"),
            TmnCode = answer.Field("vnp_TmnCode"),
            TxnRef = answer.Field("vnp_TxnRef"),
            Amount = amount ?? refund.Amount,
            TransactionType = new VnpayTransactionType(answer.Field("vnp_TransactionType")),
            TransactionStatus = new VnpayTransactionStatus(answer.Field("vnp_TransactionStatus")),
            TransactionNo = answer.Optional("vnp_TransactionNo"),
            BankCode = answer.Optional("vnp_BankCode"),
            PayDate = answer.Optional("vnp_PayDate"),
            Raw = answer.Raw,
            NetworkRetries = answer.Retries,
        };
    }

    private static Dictionary<string, string> Fields(RefundCreateOptions refund)
    {
        if (refund.Amount is < 1 or > 9_999_999_999) throw new VnpayValidationException("vnp_Amount", "must be 1 to 9999999999 VND.");
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["vnp_TransactionType"] = FieldRules.Text("vnp_TransactionType", refund.TransactionType.Value, 2, 2),
            ["vnp_TxnRef"] = FieldRules.Text("vnp_TxnRef", refund.TxnRef, 1, 100),
            ["vnp_Amount"] = (refund.Amount * 100).ToString(CultureInfo.InvariantCulture),
            ["vnp_TransactionDate"] = FieldRules.Digits14("vnp_TransactionDate", refund.TransactionDate),
            ["vnp_CreateBy"] = FieldRules.Text("vnp_CreateBy", refund.CreatedBy, 1, 245),
            ["vnp_IpAddr"] = FieldRules.IpAddress(refund.IpAddress),
            ["vnp_OrderInfo"] = FieldRules.OrderInfo(refund.OrderInfo ?? "Hoan tien giao dich " + refund.TxnRef),
        };
        // Signed as it is sent: an unknown number is neither.
        if (!string.IsNullOrEmpty(refund.TransactionNo)) fields["vnp_TransactionNo"] = FieldRules.Text("vnp_TransactionNo", refund.TransactionNo, 1, 15);
        return fields;
    }
}
