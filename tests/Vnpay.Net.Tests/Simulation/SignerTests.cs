using CsCheck;
using Vnpay.Simulator;
using static Vnpay.Tests.Vectors;

namespace Vnpay.Tests.Simulation;

/// <summary>The simulator's signer is not the client's; both are held to the same published vectors.</summary>
public sealed class SignerTests
{
    public static TheoryData<string> PayUrls => Ids("pay_url");

    public static TheoryData<string> Callbacks => Ids("callback");

    public static TheoryData<string> Api => Ids("querydr_request", "querydr_response", "refund_request", "refund_response");

    [Theory, MemberData(nameof(PayUrls))]
    public void Simulator_signs_payment_urls_as_published(string id)
    {
        var vector = Get(id);
        var fields = Fields(vector.GetProperty("input")).Select(field => (field.Key, (string?)field.Value));
        Assert.Equal(Text(vector.GetProperty("expected"), "url"), Text(vector, "baseUrl") + "?" + GatewaySignature.SignedQuery(fields, Text(vector, "secret")));
    }

    [Theory, MemberData(nameof(Callbacks))]
    public void Simulator_judges_callbacks_as_published(string id)
    {
        var vector = Get(id);
        var fields = GatewaySignature.Parse(Text(vector.GetProperty("input"), "rawQuery"))!;
        var canonical = GatewaySignature.Query(fields.Select(field => (field.Key, (string?)field.Value)));
        Assert.Equal(Text(vector.GetProperty("expected"), "canonical"), canonical);
        Assert.Equal(
            vector.GetProperty("expected").GetProperty("signatureValid").GetBoolean(),
            GatewaySignature.Matches(canonical, fields["vnp_SecureHash"], Text(vector, "secret")));
    }

    [Theory, MemberData(nameof(Api))]
    public void Simulator_joins_the_transaction_apis_fields_as_published(string id)
    {
        var vector = Get(id);
        var kind = Text(vector, "kind");
        var isRequest = kind.EndsWith("_request", StringComparison.Ordinal);
        var command = kind.Split('_')[0];
        var input = vector.GetProperty("input");
        var joined = isRequest
            ? TransactionApi.Joined(TransactionApi.AskedFields(command), Fields(input))
            : TransactionApi.Joined(TransactionApi.AnsweredFields(command), Fields(input.GetProperty("body")));
        Assert.Equal(Text(vector.GetProperty("expected"), "canonical"), joined);
        Assert.Equal(Text(vector.GetProperty("expected"), "secureHash"), GatewaySignature.Hash(joined, Text(vector, "secret")));
    }

    /// <summary>Except on <c>! ( ) * ' ~</c>, on which encoders differ and which the client keeps out of every value.</summary>
    [Fact]
    public void Both_signers_make_the_same_query() =>
        Gen.Select(
            Gen.Char["ABCabc_09"].Array[1, 8].Select(name => "vnp_" + new string(name)),
            Gen.Char[" \"#$%&+,-./09:;<=>?@AZ[\\]^_`az{|}ậđĐ€"].Array[0, 30].Select(value => new string(value)))
        .Array[1, 10].Sample(pairs =>
        {
            var fields = pairs.DistinctBy(pair => pair.Item1).ToArray();
            return VnpaySignature.SignUrl("", fields.Select(f => KeyValuePair.Create(f.Item1, (string?)f.Item2)), "S3CRET")
                == "?" + GatewaySignature.SignedQuery(fields.Select(f => (f.Item1, (string?)f.Item2)), "S3CRET");
        });
}
