using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Vnpay;

/// <summary>The signed JSON exchange that querydr and refund have in common ("Truy vấn &amp; hoàn tiền").</summary>
internal sealed class SignedExchange(VnpayClientOptions options, VnpayTransport transport, ILogger logger)
{
    /// <param name="command"><c>querydr</c> or <c>refund</c>.</param>
    /// <param name="fields">What is asked; version, command, terminal, request id, date and hash are added here.</param>
    /// <param name="terminal">Who asks.</param>
    /// <param name="orders">Signed fields of question and answer.</param>
    /// <param name="repeatable">Whether asking twice can do no harm.</param>
    /// <param name="request">Overrides of the call.</param>
    /// <param name="cancellationToken">Gives up at once.</param>
    public async Task<SignedAnswer> AskAsync(
        string command, Dictionary<string, string> fields, Terminal terminal, (IReadOnlyList<string> Question, IReadOnlyList<string> Answer) orders,
        bool repeatable, RequestOptions? request, CancellationToken cancellationToken)
    {
        var url = new Uri(FieldRules.HttpUrl(nameof(VnpayClientOptions.TransactionUrl), options.TransactionUrl));
        var txnRef = fields["vnp_TxnRef"];
        var firstId = request?.RequestId is null ? Guid.NewGuid().ToString("N") : FieldRules.Text("vnp_RequestId", request.RequestId, 1, 32);
        var (bytes, retries) = await transport.SendAsync(
            new Exchange(command, terminal.TmnCode, txnRef, repeatable),
            // A repeated RequestId is answered with 94, so every question is one of its own. What must not happen twice keeps its id.
            attempt => Message(url, Sign(command, fields, terminal, orders.Question, attempt == 0 || !repeatable ? firstId : Guid.NewGuid().ToString("N"))),
            request, cancellationToken).ConfigureAwait(false);
        try
        {
            return SignedAnswer.Verify(VnpayTransport.ReadObject(bytes), command, txnRef, terminal, orders.Answer, retries);
        }
        catch (VnpaySignatureException unbelievable)
        {
            logger.Unbelievable(command, terminal.TmnCode, txnRef, unbelievable.Message);
            throw;
        }
        catch (VnpayApiException refused)
        {
            logger.Refused(command, terminal.TmnCode, txnRef, refused.Code.Value);
            throw;
        }
    }

    private Dictionary<string, string> Sign(string command, Dictionary<string, string> fields, Terminal terminal, IReadOnlyList<string> order, string requestId)
    {
        var signed = new Dictionary<string, string>(fields, StringComparer.Ordinal)
        {
            ["vnp_Version"] = "2.1.0",
            ["vnp_Command"] = command,
            ["vnp_TmnCode"] = terminal.TmnCode,
            ["vnp_RequestId"] = requestId,
            ["vnp_CreateDate"] = VnpayDateTime.Format(options.TimeProvider.GetUtcNow()),
        };
        signed[VnpaySignature.HashName] = VnpaySignature.Compute(VnpaySignature.JoinFields(order, signed), terminal.HashSecret);
        return signed;
    }

    private static HttpRequestMessage Message(Uri url, Dictionary<string, string> body)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, VnpayJson.Default.DictionaryStringString));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
    }
}

/// <summary>The fields of an answer whose signature, command, terminal and reference were checked, and which is not a refusal.</summary>
internal sealed class SignedAnswer
{
    private readonly Dictionary<string, string> fields;

    private SignedAnswer(Dictionary<string, string> fields, int retries)
    {
        this.fields = fields;
        Retries = retries;
    }

    public int Retries { get; }

    public IReadOnlyDictionary<string, string> Raw => fields.AsReadOnly();

    /// <exception cref="VnpaySignatureException">Unsigned, wrongly signed, or about something else.</exception>
    /// <exception cref="VnpayApiException">A verified refusal.</exception>
    public static SignedAnswer Verify(Dictionary<string, string> fields, string command, string txnRef, Terminal terminal, IReadOnlyList<string> order, int retries)
    {
        string Field(string name) => fields.GetValueOrDefault(name, "");

        // With a bar inside a value, the same signed string could be cut into fields in another way.
        if (order.Any(name => Field(name).Contains('|', StringComparison.Ordinal)))
            throw new VnpaySignatureException("A signed field of the answer contains a bar.");
        var canonical = VnpaySignature.JoinFields(order, fields);
        if (!VnpaySignature.Verify(canonical, fields.GetValueOrDefault(VnpaySignature.HashName), terminal.HashSecret))
        {
            throw new VnpaySignatureException(
                $"The answer's signature is wrong or missing (unverified: code {Field("vnp_ResponseCode")}, {Field("vnp_Message")}).");
        }
        fields.Remove(VnpaySignature.HashName);
        // A signed answer to another question proves nothing about this one.
        if (Field("vnp_Command") != command || Field("vnp_TmnCode") != terminal.TmnCode || Field("vnp_TxnRef") != txnRef)
            throw new VnpaySignatureException($"The answer is about another transaction (code {Field("vnp_ResponseCode")}).");
        var code = new VnpayApiCode(Field("vnp_ResponseCode"));
        return code == VnpayApiCode.Success ? new SignedAnswer(fields, retries) : throw new VnpayApiException(code, Field("vnp_Message"), fields);
    }

    public string Field(string name) => fields.GetValueOrDefault(name, "");

    public string? Optional(string name) => fields.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>Whole VND; null when there is none.</summary>
    public long? Amount() =>
        Optional("vnp_Amount") is null ? null
        : VnpayEventUtility.TryAmount(fields, out var vnd) ? vnd : throw new VnpaySignatureException("The answer's amount is malformed.");
}
