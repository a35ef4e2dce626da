using System.Text;
using static Vnpay.Tests.Vectors;

namespace Vnpay.Tests;

public sealed class EventTests
{
    private const string Secret = "SLMSHAREDTESTSECRET0000000000001";

    private static readonly string Paid = Text(Get("cb-01").GetProperty("input"), "rawQuery");

    [Fact]
    public void Upper_case_hash_and_leading_question_mark_are_accepted()
    {
        var (canonical, hash) = PaymentUrlTests.Split(Paid);
        Assert.True(VnpayEventUtility.ConstructEvent($"?{canonical}&vnp_SecureHash={hash.ToUpperInvariant()}", Secret).IsPaid);
    }

    [Fact]
    public void Parameters_of_others_are_left_out_of_the_signature_and_of_the_event()
    {
        var read = VnpayEventUtility.ConstructEvent("utm_source=mail&" + Paid + "&app_user_id=7&broken", Secret);
        Assert.DoesNotContain("utm_source", read.Raw.Keys);
        Assert.DoesNotContain("vnp_SecureHash", read.Raw.Keys);
    }

    [Fact]
    public void Unknown_vnp_fields_are_signed_in_ordinal_order()
    {
        var signed = Sign(("vnp_Amount", "12500000"), ("vnp_ResponseCode", "00"), ("vnp_TmnCode", "SLMARKT1"), ("vnp_TransactionNo", "1"),
            ("vnp_TransactionStatus", "00"), ("vnp_TxnRef", "A1"), ("vnp_app_user_id", "9"));
        Assert.EndsWith("&vnp_TxnRef=A1&vnp_app_user_id=9", PaymentUrlTests.Split(signed).Canonical, StringComparison.Ordinal);
        Assert.Equal("9", VnpayEventUtility.ConstructEvent(signed, Secret).Raw["vnp_app_user_id"]);
    }

    [Fact]
    public void Query_that_a_proxy_encoded_anew_still_verifies()
    {
        var reencoded = Paid.Replace("+", "%20", StringComparison.Ordinal).Replace("%3A", "%3a", StringComparison.Ordinal);
        Assert.Equal("Thanh toan don hang SL2611240001: man hau, 5 kg", VnpayEventUtility.ConstructEvent(reencoded, Secret).OrderInfo);
    }

    [Fact]
    public void Signature_over_percent_20_verifies_as_received()
    {
        var canonical = PaymentUrlTests.Split(Paid).Canonical.Replace("+", "%20", StringComparison.Ordinal);
        Assert.True(VnpayEventUtility.ConstructEvent($"{canonical}&vnp_SecureHash={VnpaySignature.Compute(canonical, Secret)}", Secret).IsPaid);
    }

    [Fact]
    public void Empty_fields_are_not_signed() =>
        Assert.True(VnpayEventUtility.ConstructEvent(Paid + "&vnp_Note=&vnp_Other", Secret).IsPaid);

    [Theory]
    [InlineData("&vnp_Amount=12500000")]
    [InlineData("&vnp_Amount=")]
    [InlineData("&vnp_amount=1")]
    [InlineData("&%76np_TxnRef=SL2611240002")]
    [InlineData("&vnp_SecureHash=00")]
    [InlineData("&vnp_Note=%")]
    [InlineData("&vnp_Note=%zz")]
    [InlineData("&vnp_Note=%C3")]
    [InlineData("&vnp_Note=mận")]
    public void Repeated_or_broken_fields_are_a_wrong_signature(string appended) =>
        Assert.Throws<VnpaySignatureException>(() => VnpayEventUtility.ConstructEvent(Paid + appended, Secret));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("&&==&")]
    [InlineData("vnp_SecureHash=")]
    [InlineData("%")]
    public void Garbage_is_a_wrong_signature_and_never_another_exception(string? rawQuery)
    {
        Assert.False(VnpayEventUtility.TryConstructEvent(rawQuery, Secret, out var read));
        Assert.Null(read);
        Assert.Null(VnpayEventUtility.PeekUnverifiedTmnCode(rawQuery));
    }

    [Theory]
    [InlineData("vnp_Amount", "-100")]
    [InlineData("vnp_Amount", "125000.00")]
    [InlineData("vnp_Amount", "١٢٥٠٠٠٠٠")]
    [InlineData("vnp_Amount", "99999999999999999999999900")]
    [InlineData("vnp_Amount", "")]
    [InlineData("vnp_TxnRef", "")]
    [InlineData("vnp_TmnCode", "")]
    [InlineData("vnp_ResponseCode", "")]
    [InlineData("vnp_TransactionStatus", "")]
    [InlineData("vnp_TransactionNo", "")]
    public void Rightly_signed_but_malformed_is_refused_too(string name, string value)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["vnp_Amount"] = "12500000",
            ["vnp_ResponseCode"] = "00",
            ["vnp_TmnCode"] = "SLMARKT1",
            ["vnp_TransactionNo"] = "1",
            ["vnp_TransactionStatus"] = "00",
            ["vnp_TxnRef"] = "A1",
        };
        Assert.True(VnpayEventUtility.TryConstructEvent(Sign([.. fields.Select(f => (f.Key, f.Value))]), Secret, out _));
        fields[name] = value;
        Assert.False(VnpayEventUtility.TryConstructEvent(Sign([.. fields.Select(f => (f.Key, f.Value))]), Secret, out _));
    }

    [Fact]
    public void A_fraction_of_a_dong_is_told_as_another_amount()
    {
        (string, string)[] fields = [("vnp_Amount", "12500001"), ("vnp_ResponseCode", "00"), ("vnp_TmnCode", "SLMARKT1"), ("vnp_TransactionNo", "1"), ("vnp_TransactionStatus", "00"), ("vnp_TxnRef", "A1")];
        Assert.Equal(12500001, VnpayEventUtility.ConstructEvent(Sign(fields), Secret).AmountTimes100);
    }

    [Theory]
    [InlineData("00", "00", true)]
    [InlineData("00", "01", false)]
    [InlineData("07", "00", false)]
    [InlineData("24", "02", false)]
    [InlineData("X9", "00", false)]
    public void Only_both_codes_together_mean_paid(string responseCode, string status, bool paid)
    {
        var read = VnpayEventUtility.ConstructEvent(
            Sign(("vnp_Amount", "12500000"), ("vnp_ResponseCode", responseCode), ("vnp_TmnCode", "SLMARKT1"), ("vnp_TransactionNo", "1"),
                ("vnp_TransactionStatus", status), ("vnp_TxnRef", "00123")),
            Secret);
        Assert.Equal(paid, read.IsPaid);
        Assert.Equal((responseCode, status, "00123"), (read.ResponseCode.Value, read.TransactionStatus.Value, read.TxnRef));
    }

    [Fact]
    public void Missing_secret_is_our_error_not_the_callers() =>
        Assert.Throws<ArgumentException>(() => VnpayEventUtility.TryConstructEvent("garbage", " ", out _));

    [Fact]
    public void Claims_can_be_read_before_the_secret_is_known()
    {
        Assert.Equal("SLMARKT1", VnpayEventUtility.PeekUnverifiedTmnCode(Paid));
        Assert.Equal("SL2611240001", VnpayEventUtility.PeekUnverifiedTxnRef(Paid));
        Assert.Null(VnpayEventUtility.PeekUnverifiedTmnCode(Paid + "&vnp_TmnCode=SELLER02"));
    }

    [Theory]
    [InlineData("vnp_Amount=1&vnp_SecureHash=abc&vnp_TxnRef=2", "vnp_Amount=1&vnp_TxnRef=2")]
    [InlineData("?vnp_securehash=abc&vnp_SecureHash=def&x", "x")]
    [InlineData("vnp_Secure%48ash=abc&a=b", "a=b")]
    [InlineData(null, "")]
    public void Kept_query_has_no_hash(string? rawQuery, string kept) => Assert.Equal(kept, VnpayEventUtility.RedactSignature(rawQuery));

    [Fact]
    public void Ipn_answers_are_vnpays_byte_for_byte()
    {
        var answers = new (IpnResponse Answer, string Bytes)[]
        {
            (IpnResponse.Success, """{"RspCode":"00","Message":"Confirm Success"}"""),
            (IpnResponse.OrderNotFound, """{"RspCode":"01","Message":"Order not found"}"""),
            (IpnResponse.AlreadyConfirmed, """{"RspCode":"02","Message":"Order already confirmed"}"""),
            (IpnResponse.InvalidAmount, """{"RspCode":"04","Message":"invalid amount"}"""),
            (IpnResponse.InvalidSignature, """{"RspCode":"97","Message":"Invalid signature"}"""),
            (IpnResponse.UnknownError, """{"RspCode":"99","Message":"Unknow error"}"""),
        };
        foreach (var (answer, bytes) in answers)
        {
            Assert.Equal(Encoding.UTF8.GetBytes(bytes), Encoding.UTF8.GetBytes(answer.ToJson()));
            // The settings of ASP.NET Core would write rspCode.
            Assert.Equal(bytes, System.Text.Json.JsonSerializer.Serialize(answer, System.Text.Json.JsonSerializerOptions.Web));
        }
    }

    internal static string Sign(params (string Name, string Value)[] fields) =>
        VnpaySignature.SignUrl("", fields.Select(field => KeyValuePair.Create(field.Name, (string?)field.Value)), Secret).TrimStart('?');
}
