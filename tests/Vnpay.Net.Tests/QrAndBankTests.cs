using System.Net;
using System.Web;

namespace Vnpay.Tests;

public sealed class QrAndBankTests
{
    private const string Secret = "SLMSHAREDTESTSECRET0000000000001";

    private static readonly PaymentUrlCreateOptions Plums = new()
    {
        Amount = 125_000,
        TxnRef = "SL2611240001",
        OrderInfo = "Mận hậu, 5 kg",
        IpAddress = "203.0.113.7",
        ReturnUrl = "https://shop.example/vnpay/return",
    };

    [Fact]
    public async Task Qr_is_asked_for_by_a_signed_get_and_its_content_is_handed_on()
    {
        using var gateway = new FakeGateway("""{"code":"00","message":"success","qrcontent":"0002010102"}""");
        var qr = await Client(gateway).Payments.GenerateQrAsync(Plums, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(("0002010102", "SL2611240001"), (qr.QrContent, qr.TxnRef));
        Assert.True(VnpayDateTime.TryParse(qr.CreateDate, out var created));
        Assert.Equal(created.AddMinutes(15), qr.ExpiresAt);

        var (method, address, _, _) = gateway.Requests.Single();
        Assert.Equal(HttpMethod.Get, method);
        var asked = HttpUtility.ParseQueryString(address.Query);
        Assert.Equal(("genqr", "12500000", "Man hau, 5 kg"), (asked["vnp_Command"], asked["vnp_Amount"], asked["vnp_OrderInfo"]));
        var canonical = VnpaySignature.Canonicalize(asked.AllKeys.Select(name => KeyValuePair.Create(name!, asked[name])));
        Assert.True(VnpaySignature.Verify(canonical, asked["vnp_SecureHash"], Secret));
    }

    [Fact]
    public async Task Refused_qr_tells_the_code_and_is_not_asked_for_again()
    {
        using var gateway = new FakeGateway("""{"code":"01","message":"Transaction exists","qrcontent":null}""");
        var refused = await Assert.ThrowsAsync<VnpayApiException>(() => Client(gateway).Payments.GenerateQrAsync(Plums, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(("01", "Transaction exists"), (refused.Code.Value, refused.VnpayMessage));
        using var broken = new FakeGateway(() => new HttpResponseMessage(HttpStatusCode.BadGateway));
        await Assert.ThrowsAsync<VnpayConnectionException>(() => Client(broken).Payments.GenerateQrAsync(Plums, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Single(broken.Requests);
    }

    [Fact]
    public async Task Success_without_content_is_no_answer()
    {
        using var gateway = new FakeGateway("""{"code":"00","message":"success"}""");
        await Assert.ThrowsAsync<VnpayConnectionException>(() => Client(gateway).Payments.GenerateQrAsync(Plums, cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Banks_come_in_the_order_to_show_them_and_unknown_fields_survive()
    {
        using var gateway = new FakeGateway("""
            [{"bank_code":"VCB","bank_name":"Vietcombank","logo_link":"https://x.example/vcb.png","bank_type":1,"display_order":2},
             {"bank_code":"NCB","bank_name":"NCB","logo_link":"","bank_type":null,"display_order":"1","new_field":"kept"},
             {"bank_code":"","bank_name":"nobody"},
             {"bank_code":"ZZZ","bank_name":"unordered"}]
            """);
        var banks = await Client(gateway).Banks.ListAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["NCB", "VCB", "ZZZ"], banks.Select(bank => bank.Code.Value));
        Assert.Equal(("kept", null, null), (banks[0].Raw["new_field"], banks[0].LogoLink, banks[0].Type));
        Assert.Equal("1", banks[1].Type);
        Assert.Equal(("application/x-www-form-urlencoded", "tmn_code=SLMARKT1"), (gateway.Requests.Single().ContentType, gateway.Requests.Single().Body));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("<html>")]
    public async Task List_that_is_none_is_a_connection_failure(string body)
    {
        using var gateway = new FakeGateway(body);
        await Assert.ThrowsAsync<VnpayConnectionException>(() => Client(gateway).Banks.ListAsync(cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Missing_address_is_told_before_anything_is_sent()
    {
        var bare = new VnpayClient(new VnpayClientOptions { TmnCode = "SLMARKT1", HashSecret = Secret });
        Assert.Equal("BankListUrl", (await Assert.ThrowsAsync<VnpayValidationException>(() => bare.Banks.ListAsync(cancellationToken: TestContext.Current.CancellationToken))).Parameter);
        Assert.Equal("PaymentUrl", (await Assert.ThrowsAsync<VnpayValidationException>(() => bare.Payments.GenerateQrAsync(Plums, cancellationToken: TestContext.Current.CancellationToken))).Parameter);
    }

    private static VnpayClient Client(FakeGateway gateway) => new(
        new VnpayClientOptions
        {
            TmnCode = "SLMARKT1",
            HashSecret = Secret,
            PaymentUrl = "https://vnpay.example/paymentv2/vpcpay.html",
            BankListUrl = "https://vnpay.example/qrpayauth/api/merchant/get_bank_list",
        },
        new HttpClient(gateway, disposeHandler: false));
}
