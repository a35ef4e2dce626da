namespace Vnpay;

/// <summary>Asks VNPAY what became of a payment ("Truy vấn &amp; hoàn tiền", querydr).</summary>
public sealed class TransactionService
{
    private readonly VnpayClientOptions options;
    private readonly SignedExchange api;

    internal TransactionService(VnpayClientOptions options, SignedExchange api)
    {
        this.options = options;
        this.api = api;
    }

    /// <summary>
    /// The state of one payment. Never call this inside a database transaction: it may take as long as the time-out, several
    /// times over.
    /// </summary>
    /// <exception cref="VnpayValidationException">A value that VNPAY would refuse, or a missing setting; nothing was sent.</exception>
    /// <exception cref="VnpayApiException">
    /// A verified refusal. <see cref="VnpayApiCode.TransactionNotFound"/> (91) means that the customer never opened the payment page.
    /// </exception>
    /// <exception cref="VnpaySignatureException">The answer is unsigned, wrongly signed, or about another payment: nothing is known.</exception>
    /// <exception cref="VnpayConnectionException">No usable answer after the last try: nothing is known.</exception>
    public async Task<Transaction> GetAsync(
        TransactionGetOptions query, RequestOptions? request = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var terminal = Terminal.Of(options, request);
        var answer = await api.AskAsync(
            "querydr", Fields(query), terminal, (VnpayFieldOrder.QueryRequest, VnpayFieldOrder.QueryResponse), repeatable: true, request, cancellationToken)
            .ConfigureAwait(false);
        return new Transaction
        {
            ResponseId = answer.Field("vnp_ResponseId"),
            TmnCode = answer.Field("vnp_TmnCode"),
            TxnRef = answer.Field("vnp_TxnRef"),
            Amount = answer.Amount(),
            TransactionStatus = new VnpayTransactionStatus(answer.Field("vnp_TransactionStatus")),
            TransactionType = new VnpayTransactionType(answer.Field("vnp_TransactionType")),
            TransactionNo = answer.Optional("vnp_TransactionNo"),
            BankCode = answer.Optional("vnp_BankCode"),
            PayDate = answer.Optional("vnp_PayDate"),
            OrderInfo = answer.Optional("vnp_OrderInfo"),
            Raw = answer.Raw,
            NetworkRetries = answer.Retries,
        };
    }

    private static Dictionary<string, string> Fields(TransactionGetOptions query)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["vnp_TxnRef"] = FieldRules.Text("vnp_TxnRef", query.TxnRef, 1, 100),
            ["vnp_OrderInfo"] = FieldRules.OrderInfo(query.OrderInfo ?? "Truy van giao dich " + query.TxnRef),
            ["vnp_TransactionDate"] = FieldRules.Digits14("vnp_TransactionDate", query.TransactionDate),
            ["vnp_IpAddr"] = FieldRules.IpAddress(query.IpAddress),
        };
        if (!string.IsNullOrEmpty(query.TransactionNo)) fields["vnp_TransactionNo"] = FieldRules.Text("vnp_TransactionNo", query.TransactionNo, 1, 15);
        return fields;
    }
}
