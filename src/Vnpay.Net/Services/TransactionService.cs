namespace Vnpay;

/// <summary>Asks VNPAY what became of a payment ("Truy vấn &amp; hoàn tiền", querydr).</summary>
public sealed class TransactionService
{
    private readonly VnpayClientOptions options;
    private readonly VnpayTransport transport;

    internal TransactionService(VnpayClientOptions options, VnpayTransport transport)
    {
        this.options = options;
        this.transport = transport;
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
        var fields = Fields(query, terminal);
        var firstId = request?.RequestId is null ? null : FieldRules.Text("vnp_RequestId", request.RequestId, 1, 32);
        var (answer, retries) = await transport
            .PostAsync(attempt => Sign(fields, terminal, attempt == 0 ? firstId : null), request, cancellationToken)
            .ConfigureAwait(false);
        return Read(answer, retries, query.TxnRef, terminal);
    }

    private static Dictionary<string, string> Fields(TransactionGetOptions query, Terminal terminal)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["vnp_Version"] = "2.1.0",
            ["vnp_Command"] = "querydr",
            ["vnp_TmnCode"] = terminal.TmnCode,
            ["vnp_TxnRef"] = FieldRules.Text("vnp_TxnRef", query.TxnRef, 1, 100),
            ["vnp_OrderInfo"] = FieldRules.OrderInfo(query.OrderInfo ?? "Truy van giao dich " + query.TxnRef),
            ["vnp_TransactionDate"] = FieldRules.Digits14("vnp_TransactionDate", query.TransactionDate),
            ["vnp_IpAddr"] = FieldRules.IpAddress(query.IpAddress),
        };
        if (!string.IsNullOrEmpty(query.TransactionNo)) fields["vnp_TransactionNo"] = FieldRules.Text("vnp_TransactionNo", query.TransactionNo, 1, 15);
        return fields;
    }

    // A repeated RequestId is answered with 94, so every try is a request of its own.
    private Dictionary<string, string> Sign(Dictionary<string, string> fields, Terminal terminal, string? requestId)
    {
        var signed = new Dictionary<string, string>(fields, StringComparer.Ordinal)
        {
            ["vnp_RequestId"] = requestId ?? Guid.NewGuid().ToString("N"),
            ["vnp_CreateDate"] = VnpayDateTime.Format(options.TimeProvider.GetUtcNow()),
        };
        signed[VnpaySignature.HashName] = VnpaySignature.Compute(
            VnpaySignature.JoinFields(VnpayFieldOrder.QueryRequest, signed), terminal.HashSecret);
        return signed;
    }

    private static Transaction Read(Dictionary<string, string> answer, int retries, string txnRef, Terminal terminal)
    {
        string Field(string name) => answer.GetValueOrDefault(name, "");
        string? Optional(string name) => answer.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

        // With a bar inside a value, the same signed string could be cut into fields in another way.
        if (VnpayFieldOrder.QueryResponse.Any(name => Field(name).Contains('|', StringComparison.Ordinal)))
            throw new VnpaySignatureException("A signed field of the answer contains a bar.");
        var canonical = VnpaySignature.JoinFields(VnpayFieldOrder.QueryResponse, answer);
        if (!VnpaySignature.Verify(canonical, Optional(VnpaySignature.HashName), terminal.HashSecret))
        {
            throw new VnpaySignatureException(
                $"The answer's signature is wrong or missing (unverified: code {Field("vnp_ResponseCode")}, {Field("vnp_Message")}).");
        }
        answer.Remove(VnpaySignature.HashName);
        // A signed answer to another question proves nothing about this one.
        if (Field("vnp_Command") != "querydr" || Field("vnp_TmnCode") != terminal.TmnCode || Field("vnp_TxnRef") != txnRef)
            throw new VnpaySignatureException($"The answer is about another payment (code {Field("vnp_ResponseCode")}).");
        var code = new VnpayApiCode(Field("vnp_ResponseCode"));
        if (code != VnpayApiCode.Success) throw new VnpayApiException(code, Field("vnp_Message"), answer);
        long? amount = null;
        if (Optional("vnp_Amount") is not null)
            amount = VnpayEventUtility.TryAmount(answer, out var vnd) ? vnd : throw new VnpaySignatureException("The answer's amount is malformed.");

        return new Transaction
        {
            ResponseId = Field("vnp_ResponseId"),
            TmnCode = Field("vnp_TmnCode"),
            TxnRef = Field("vnp_TxnRef"),
            Amount = amount,
            TransactionStatus = new VnpayTransactionStatus(Field("vnp_TransactionStatus")),
            TransactionType = Field("vnp_TransactionType"),
            TransactionNo = Optional("vnp_TransactionNo"),
            BankCode = Optional("vnp_BankCode"),
            PayDate = Optional("vnp_PayDate"),
            OrderInfo = Optional("vnp_OrderInfo"),
            Raw = answer.AsReadOnly(),
            NetworkRetries = retries,
        };
    }
}
