using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using static Vnpay.Tests.Vectors;

namespace Vnpay.Tests;

public sealed class PaymentUrlTests
{
    private const string Secret = "SLMSHAREDTESTSECRET0000000000001";
    private const string ReturnUrl = "https://sonlamarket.example/thanh-toan/vnpay/ket-qua";

    // The vectors' 09:00:00 of Việt Nam, told to the library in UTC.
    private static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2026, 11, 24, 2, 0, 0, TimeSpan.Zero));

    private static readonly VnpayClient Client = new(new VnpayClientOptions
    {
        TmnCode = "SLMARKT1",
        HashSecret = Secret,
        PaymentUrl = "https://sandbox.vnpayment.vn/paymentv2/vpcpay.html",
        DefaultReturnUrl = ReturnUrl,
        TimeProvider = Clock,
    });

    [Theory]
    [InlineData("")]
    [InlineData("vi-VN")]
    [InlineData("th-TH")]
    [InlineData("ar-SA")]
    public void Url_is_the_published_one_in_every_culture(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            Assert.Equal(Text(Get("pay-01").GetProperty("expected"), "url"), Client.Payments.CreateUrl(Plums()).Url);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Bank_code_and_english_page_are_the_published_url()
    {
        var url = Client.Payments.CreateUrl(new PaymentUrlCreateOptions
        {
            Amount = 2_450_000,
            TxnRef = "SL2611240004",
            OrderInfo = "Payment for order SL2611240004",
            OrderType = OrderType.FoodAndConsumerGoods,
            IpAddress = "203.0.113.7",
            BankCode = BankCode.Qr,
            Locale = VnpayLocale.English,
        });
        Assert.Equal(Text(Get("pay-04").GetProperty("expected"), "url"), url.Url);
        Assert.Equal(("20261124090000", "20261124091500"), (url.CreateDate, url.ExpireDate));
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 2, 15, 0, TimeSpan.Zero), url.ExpiresAt);
    }

    [Fact]
    public void A_call_for_another_terminal_is_signed_with_that_terminals_secret()
    {
        var url = Client.Payments.CreateUrl(Plums(), new RequestOptions { TmnCode = "SELLER02", HashSecret = " OTHERSECRET\n" }).Url;
        var query = url[(url.IndexOf('?', StringComparison.Ordinal) + 1)..];
        Assert.Contains("vnp_TmnCode=SELLER02", query, StringComparison.Ordinal);
        var (canonical, hash) = Split(query);
        Assert.True(VnpaySignature.Verify(canonical, hash, "OTHERSECRET"));
        Assert.False(VnpaySignature.Verify(canonical, hash, Secret));
    }

    [Fact]
    public void One_terminals_code_never_goes_with_anothers_secret()
    {
        Assert.Throws<VnpayValidationException>(() => Client.Payments.CreateUrl(Plums(), new RequestOptions { TmnCode = "SELLER02" }));
        Assert.Throws<VnpayValidationException>(() => Client.Payments.CreateUrl(Plums(), new RequestOptions { HashSecret = "OTHERSECRET" }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-125_000)]
    [InlineData(4_999)]
    [InlineData(1_000_000_000)]
    [InlineData(long.MaxValue)]
    public void Amount_that_the_page_refuses_never_becomes_a_url(long amount) =>
        Assert.Equal("vnp_Amount", Refused(amount: amount));

    [Theory]
    [InlineData("")]
    [InlineData("SL-1")]
    [InlineData("SL 1")]
    [InlineData("đơn1")]
    [InlineData("SL1\n")]
    public void Reference_is_letters_and_digits(string txnRef) => Assert.Equal("vnp_TxnRef", Refused(txnRef: txnRef));

    [Theory]
    [InlineData("/ket-qua")]
    [InlineData("http://a")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://a.example/ket-qua(1)")]
    [InlineData("https://a.example/o'brien")]
    [InlineData("https://a.example/~me")]
    [InlineData("https://a.example/x#y")]
    [InlineData("https://a.example/kết-quả")]
    public void Return_address_that_encoders_disagree_on_is_refused(string returnUrl) =>
        Assert.Equal("vnp_ReturnUrl", Refused(returnUrl: returnUrl));

    [Fact]
    public void Return_address_may_have_a_query_but_not_256_characters()
    {
        Assert.Null(Refused(returnUrl: "https://a.example/ket-qua?don=1&k=2"));
        Assert.Null(Refused(returnUrl: "https://a.example/".PadRight(255, 'x')));
        Assert.Equal("vnp_ReturnUrl", Refused(returnUrl: "https://a.example/".PadRight(256, 'x')));
    }

    [Theory]
    [InlineData("::1", "127.0.0.1")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("1.1.1.1", "1.1.1.1")]
    [InlineData("2402::1", "2402%3A%3A1")]
    [InlineData("2a::1", "002a%3A0000%3A0000%3A0000%3A0000%3A0000%3A0000%3A0001")]
    [InlineData("fe80::1234%3", "fe80%3A%3A1234")]
    public void Customers_address_is_long_enough_for_vnpay(string address, string sent) =>
        Assert.Contains($"&vnp_IpAddr={sent}&", Client.Payments.CreateUrl(Plums(ipAddress: address)).Url, StringComparison.Ordinal);

    [Fact]
    public void What_is_no_address_is_refused()
    {
        Assert.Equal("vnp_IpAddr", Refused(ipAddress: "unknown"));
        Assert.Equal("vnp_OrderInfo", Refused(orderInfo: " ! "));
    }

    [Fact]
    public void Vietnamese_order_text_is_sent_without_marks() =>
        Assert.Contains(
            "&vnp_OrderInfo=Thanh+toan+man+hau+%2C+dao+Moc+Chau&",
            Client.Payments.CreateUrl(Plums(orderInfo: "Thanh toán mận hậu (🍑), đào Mộc Châu")).Url,
            StringComparison.Ordinal);

    [Fact]
    public void Secrets_are_in_no_text()
    {
        var options = new VnpayClientOptions { TmnCode = "SLMARKT1", HashSecret = Secret };
        var request = new RequestOptions { TmnCode = "SLMARKT1", HashSecret = Secret };
        var client = new VnpayClient(options);
        var error = Assert.Throws<VnpayValidationException>(() => client.Payments.CreateUrl(Plums()));
        foreach (var text in new[] { options.ToString(), request.ToString(), error.ToString(), Client.Payments.CreateUrl(Plums()).ToString() })
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_settings_are_named()
    {
        Assert.Equal("vnp_TmnCode", Refusal(new VnpayClientOptions { TmnCode = "SHORT", HashSecret = Secret }));
        Assert.Equal("HashSecret", Refusal(new VnpayClientOptions { TmnCode = "SLMARKT1", HashSecret = "  " }));
        Assert.Equal("PaymentUrl", Refusal(new VnpayClientOptions { TmnCode = "SLMARKT1", HashSecret = Secret, DefaultReturnUrl = ReturnUrl }));

        static string Refusal(VnpayClientOptions options) =>
            Assert.Throws<VnpayValidationException>(() => new VnpayClient(options).Payments.CreateUrl(Plums())).Parameter;
    }

    internal static (string Canonical, string Hash) Split(string query)
    {
        const string mark = "&vnp_SecureHash=";
        var at = query.IndexOf(mark, StringComparison.Ordinal);
        return (query[..at], query[(at + mark.Length)..]);
    }

    private static string? Refused(
        long amount = 125_000, string txnRef = "SL2611240001", string? returnUrl = null, string ipAddress = "203.0.113.7", string? orderInfo = null)
    {
        try
        {
            Client.Payments.CreateUrl(Plums(amount, txnRef, returnUrl, ipAddress, orderInfo));
            return null;
        }
        catch (VnpayValidationException refused)
        {
            return refused.Parameter;
        }
    }

    private static PaymentUrlCreateOptions Plums(
        long amount = 125_000, string txnRef = "SL2611240001", string? returnUrl = null, string ipAddress = "203.0.113.7", string? orderInfo = null) =>
        new()
        {
            Amount = amount,
            TxnRef = txnRef,
            OrderInfo = orderInfo ?? "Thanh toán đơn hàng SL2611240001: mận hậu, 5 kg",
            OrderType = OrderType.FoodAndConsumerGoods,
            IpAddress = ipAddress,
            ReturnUrl = returnUrl,
        };
}
