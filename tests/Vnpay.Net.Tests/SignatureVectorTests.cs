using static Vnpay.Tests.Vectors;

namespace Vnpay.Tests;

public sealed class SignatureVectorTests
{
    public static TheoryData<string> PayUrls => Ids("pay_url");

    public static TheoryData<string> Callbacks => Ids("callback");

    public static TheoryData<string> Requests => Ids("querydr_request", "refund_request");

    public static TheoryData<string> Responses => Ids("querydr_response", "refund_response");

    [Theory, MemberData(nameof(PayUrls))]
    public void Payment_url_is_signed_as_published(string id)
    {
        var vector = Get(id);
        var fields = Fields(vector.GetProperty("input")).Select(field => KeyValuePair.Create(field.Key, (string?)field.Value)).ToList();
        var expected = vector.GetProperty("expected");
        Assert.Equal(Text(expected, "canonical"), VnpaySignature.Canonicalize(fields));
        Assert.Equal(Text(expected, "secureHash"), VnpaySignature.Compute(Text(expected, "canonical"), Text(vector, "secret")));
        Assert.Equal(Text(expected, "url"), VnpaySignature.SignUrl(Text(vector, "baseUrl"), fields, Text(vector, "secret")));
    }

    [Theory, MemberData(nameof(Callbacks))]
    public void Callback_is_judged_as_published(string id)
    {
        var vector = Get(id);
        var expected = vector.GetProperty("expected");
        var valid = VnpayEventUtility.TryConstructEvent(Text(vector.GetProperty("input"), "rawQuery"), Text(vector, "secret"), out var read);
        Assert.Equal(expected.GetProperty("signatureValid").GetBoolean(), valid);
        if (read is null) return;
        Assert.Equal(expected.GetProperty("paid").GetBoolean(), read.IsPaid);
        Assert.Equal(expected.GetProperty("amountVnd").GetInt64(), read.Amount);
        Assert.Equal(Text(expected, "txnRef"), read.TxnRef);
        Assert.Equal(Text(expected, "responseCode"), read.ResponseCode.Value);
        Assert.Equal(Text(expected, "transactionStatus"), read.TransactionStatus.Value);
        Assert.Equal(Text(expected, "transactionNo"), read.TransactionNo);
        Assert.Equal(Text(vector, "tmnCode"), read.TmnCode);
        Assert.Equal(Text(expected, "canonical"), VnpaySignature.Canonicalize(read.Raw.Select(field => KeyValuePair.Create(field.Key, (string?)field.Value))));
    }

    [Theory, MemberData(nameof(Requests))]
    public void Request_of_the_transaction_api_is_signed_as_published(string id)
    {
        var vector = Get(id);
        var order = Text(vector, "kind") == "querydr_request" ? VnpayFieldOrder.QueryRequest : VnpayFieldOrder.RefundRequest;
        var canonical = VnpaySignature.JoinFields(order, Fields(vector.GetProperty("input")));
        Assert.Equal(Text(vector.GetProperty("expected"), "canonical"), canonical);
        Assert.Equal(Text(vector.GetProperty("expected"), "secureHash"), VnpaySignature.Compute(canonical, Text(vector, "secret")));
    }

    [Theory, MemberData(nameof(Responses))]
    public void Response_of_the_transaction_api_is_verified_as_published(string id)
    {
        var vector = Get(id);
        var order = Text(vector, "kind") == "querydr_response" ? VnpayFieldOrder.QueryResponse : VnpayFieldOrder.RefundResponse;
        var fields = Fields(vector.GetProperty("input").GetProperty("body"));
        var canonical = VnpaySignature.JoinFields(order, fields);
        Assert.Equal(Text(vector.GetProperty("expected"), "canonical"), canonical);
        Assert.True(VnpaySignature.Verify(canonical, fields["vnp_SecureHash"], Text(vector, "secret")));
        fields["vnp_Amount"] = "12500100";
        Assert.False(VnpaySignature.Verify(VnpaySignature.JoinFields(order, fields), fields["vnp_SecureHash"], Text(vector, "secret")));
    }
}
