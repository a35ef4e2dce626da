using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Vnpay.Tests.Simulation;

public sealed class PayPageTests
{
    private const string GoodCard = "9704198526191432198";

    [Fact]
    public async Task Customer_pays_with_card_and_otp_and_both_ways_back_say_so()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var payment = sandbox.NewPayment(amount: 1_234_567);
        var (page, _) = await sandbox.OpenAsync(payment.Url);

        var shown = await sandbox.Browser.GetStringAsync(new Uri(page!), TestContext.Current.CancellationToken);
        Assert.Contains("MÔ PHỎNG", shown, StringComparison.Ordinal);
        Assert.Contains("1.234.567", shown, StringComparison.Ordinal);
        Assert.Contains("Man hau, 5 kg", shown, StringComparison.Ordinal);
        // One script, which runs the clock; without it the page says until when.
        Assert.Single(shown.Split("<script").Skip(1));
        Assert.Contains("(đến ", shown, StringComparison.Ordinal);

        Assert.Equal(page, sandbox.Simulator.Url + (await sandbox.SubmitAsync(page!, "card", ("card", GoodCard))).Location);
        Assert.Contains("OTP", await sandbox.Browser.GetStringAsync(new Uri(page!), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var (back, _) = await sandbox.SubmitAsync(page!, "otp", ("otp", "123456"));

        Assert.StartsWith(Sandbox.ReturnUrl + "&vnp_Amount=123456700&", back, StringComparison.Ordinal);
        var returned = VnpayEventUtility.ConstructEvent(back![back!.IndexOf('?', StringComparison.Ordinal)..], Sandbox.Secret);
        await sandbox.Merchant.WaitForCallsAsync(1);
        var notified = VnpayEventUtility.ConstructEvent(sandbox.Merchant.Calls[0].Query, Sandbox.Secret);
        Assert.True(returned.IsPaid && notified.IsPaid);
        Assert.Equal((payment.TxnRef, 1_234_567, "NCB"), (notified.TxnRef, notified.Amount, notified.BankCode));
        Assert.Matches("^[0-9]{8}$", notified.TransactionNo);
        Assert.Equal("VNP" + notified.TransactionNo, notified.Raw["vnp_BankTranNo"]);
        Assert.True(VnpayDateTime.TryParse(notified.PayDate, out var paidAt) && (DateTimeOffset.UtcNow - paidAt).Duration() < TimeSpan.FromMinutes(1));

        Assert.Equal(["1 00"], await sandbox.IpnLogAsync(payment.TxnRef, 1));
        var listed = await sandbox.PaymentAsync(payment.TxnRef);
        Assert.Equal(("paid", notified.TransactionNo, 1_234_567), (Vectors.Text(listed, "status"), Vectors.Text(listed, "transactionNo"), listed.GetProperty("amountVnd").GetInt64()));
    }

    [Fact]
    public async Task Second_click_ends_nothing_twice()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var payment = sandbox.NewPayment();
        var (page, _) = await sandbox.OpenAsync(payment.Url);
        var first = await sandbox.SubmitAsync(page!, "card", ("card", "4456530000001005"));
        var second = await sandbox.SubmitAsync(page!, "cancel");
        Assert.Equal(first.Location, second.Location);
        Assert.Equal(["1 00"], await sandbox.IpnLogAsync(payment.TxnRef, 1));
    }

    [Fact]
    public async Task Cancelled_payment_has_no_transaction()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var (page, _) = await sandbox.OpenAsync(sandbox.NewPayment().Url);
        await sandbox.SubmitAsync(page!, "cancel");
        await sandbox.Merchant.WaitForCallsAsync(1);
        var notified = VnpayEventUtility.ConstructEvent(sandbox.Merchant.Calls[0].Query, Sandbox.Secret);
        Assert.Equal(("24", "02", "0", "VNPAY"), (notified.ResponseCode.Value, notified.TransactionStatus.Value, notified.TransactionNo, notified.BankCode));
    }

    [Theory]
    [InlineData("9704195798459170488", "51")]
    [InlineData("9704192181368742", "09")]
    [InlineData("9704193370791314", "12")]
    [InlineData("9704194841945513", "11")]
    [InlineData("5200000000001005", "00")]
    [InlineData("3337000000000008", "00")]
    public async Task Test_card_has_its_outcome(string card, string code)
    {
        await using var sandbox = await Sandbox.StartAsync();
        var (page, _) = await sandbox.OpenAsync(sandbox.NewPayment().Url);
        var (back, _) = await sandbox.SubmitAsync(page!, "card", ("card", card));
        Assert.Contains($"&vnp_ResponseCode={code}&", back, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Qr_is_paid_on_the_phone_and_the_page_goes_on()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var payment = sandbox.NewPayment(bankCode: "VNPAYQR");
        var (page, _) = await sandbox.OpenAsync(payment.Url);
        await sandbox.SubmitAsync(page!, "card", ("card", "QR"));
        var shown = await sandbox.Browser.GetStringAsync(new Uri(page!), TestContext.Current.CancellationToken);
        Assert.Contains("<svg", shown, StringComparison.Ordinal);
        Assert.Contains("http-equiv=\"refresh\" content=\"3\"", shown, StringComparison.Ordinal);
        var app = System.Text.RegularExpressions.Regex.Match(shown, "href=\"(http[^\"]+/paymentv2/App/[0-9a-f]+)\"").Groups[1].Value;
        Assert.Contains("125.000", await sandbox.Browser.GetStringAsync(new Uri(app), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var confirmed = await sandbox.Browser.PostAsync(new Uri(app), new FormUrlEncodedContent([KeyValuePair.Create("answer", "yes")]), TestContext.Current.CancellationToken);
        using var next = await sandbox.Browser.GetAsync(new Uri(page!), TestContext.Current.CancellationToken);
        Assert.Contains("&vnp_CardType=QRCODE&", next.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Contains("&vnp_ResponseCode=00&", next.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Contains("Đã chuyển tiền", await sandbox.Browser.GetStringAsync(new Uri(app), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generated_qr_is_paid_on_the_phone_and_notified()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var options = new PaymentUrlCreateOptions { Amount = 125_000, TxnRef = "QR1", OrderInfo = "Mận hậu", IpAddress = "203.0.113.7" };
        var qr = await sandbox.Client.Payments.GenerateQrAsync(options, cancellationToken: TestContext.Current.CancellationToken);
        using var confirmed = await sandbox.Browser.PostAsync(new Uri(qr.QrContent), new FormUrlEncodedContent([KeyValuePair.Create("answer", "yes")]), TestContext.Current.CancellationToken);
        await sandbox.Merchant.WaitForCallsAsync(1);
        Assert.True(VnpayEventUtility.ConstructEvent(sandbox.Merchant.Calls[0].Query, Sandbox.Secret).IsPaid);
        var again = await Assert.ThrowsAsync<VnpayApiException>(() => sandbox.Client.Payments.GenerateQrAsync(options, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal("01", again.Code.Value);
    }

    [Fact]
    public async Task Banks_are_listed_for_a_terminal_that_exists()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var banks = await sandbox.Client.Banks.ListAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(BankCode.Qr, banks[0].Code);
        Assert.Contains(banks, bank => bank.Code.Value == "NCB");
        Assert.Empty(await sandbox.Client.Banks.ListAsync(new RequestOptions { TmnCode = "UNKNOWN1", HashSecret = "x" }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Third_wrong_otp_ends_the_payment_and_an_unlisted_card_does_not_begin_it()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var (page, _) = await sandbox.OpenAsync(sandbox.NewPayment(bankCode: "VNBANK").Url);
        Assert.Null((await sandbox.SubmitAsync(page!, "card", ("card", "4456530000001005"))).Location);
        await sandbox.SubmitAsync(page!, "card", ("card", "9704000000000018"));
        Assert.Contains("Mã OTP không đúng", (await sandbox.SubmitAsync(page!, "otp", ("otp", "123456"))).Body, StringComparison.Ordinal);
        Assert.Null((await sandbox.SubmitAsync(page!, "otp", ("otp", "1"))).Location);
        Assert.Contains("&vnp_ResponseCode=13&", (await sandbox.SubmitAsync(page!, "otp")).Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_speaks_english_when_asked()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var (page, _) = await sandbox.OpenAsync(sandbox.NewPayment(locale: VnpayLocale.English).Url);
        var shown = await sandbox.Browser.GetStringAsync(new Uri(page!), TestContext.Current.CancellationToken);
        Assert.Contains("<html lang=\"en\">", shown, StringComparison.Ordinal);
        Assert.Contains("SIMULATOR", shown, StringComparison.Ordinal);
        Assert.Contains("Cancel payment", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vnp_TmnCode", "UNKNOWN1", true, "72")]
    [InlineData("vnp_TmnCode", null, true, "03")]
    [InlineData("vnp_Amount", "12500100", false, "70")]
    [InlineData("vnp_SecureHash", null, false, "70")]
    [InlineData("vnp_Amount", "499900", true, "32")]
    [InlineData("vnp_Amount", "100000000000", true, "32")]
    [InlineData("vnp_Amount", "125000.00", true, "03")]
    [InlineData("vnp_OrderInfo", "Mận hậu", true, "03")]
    [InlineData("vnp_OrderInfo", null, true, "03")]
    [InlineData("vnp_IpAddr", "::1", true, "03")]
    [InlineData("vnp_ExpireDate", null, true, "03")]
    [InlineData("vnp_ExpireDate", "20261324090000", true, "03")]
    [InlineData("vnp_ExpireDate", "20200101000000", true, "15")]
    [InlineData("vnp_Version", "2.0.1", true, "03")]
    public async Task Bad_address_ends_on_vnpays_error_page(string name, string? value, bool signAgain, string code)
    {
        await using var sandbox = await Sandbox.StartAsync();
        var query = sandbox.NewPayment().Url.Split('?')[1];
        var fields = query.Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => (string?)WebUtility.UrlDecode(pair[1]));
        fields[name] = value;
        var changed = signAgain
            ? VnpaySignature.SignUrl(sandbox.Simulator.PaymentUrl, fields, Sandbox.Secret)
            : $"{sandbox.Simulator.PaymentUrl}?{VnpaySignature.Canonicalize(fields)}&vnp_SecureHash={fields["vnp_SecureHash"]}";
        Assert.Equal(code, (await sandbox.OpenAsync(changed)).Error);
        Assert.Empty(sandbox.Merchant.Calls);
        var page = await sandbox.Browser.GetStringAsync(
            new Uri($"{sandbox.Simulator.Url}/paymentv2/Payment/Error.html?code={code}"), TestContext.Current.CancellationToken);
        Assert.Contains($"data-code=\"{code}\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("04", "The website is locked")]
    [InlineData("71", "The terminal is not approved")]
    public async Task An_error_is_told_in_the_language_that_was_asked_for(string code, string words)
    {
        await using var sandbox = await Sandbox.StartAsync();
        var payment = sandbox.NewPayment(locale: VnpayLocale.English);
        Assert.EndsWith("&lang=en", (await sandbox.OpenAsync(payment.Url + "0")).Error, StringComparison.Ordinal);
        var page = await sandbox.Browser.GetStringAsync(new Uri($"{sandbox.Simulator.Url}/paymentv2/Payment/Error.html?code={code}&lang=en"), TestContext.Current.CancellationToken);
        Assert.Contains($"<h1>{words}</h1>", page, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_can_be_opened_again_but_a_reference_is_used_once()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var payment = sandbox.NewPayment();
        var (first, _) = await sandbox.OpenAsync(payment.Url);
        Assert.Equal((first, null), await sandbox.OpenAsync(payment.Url));

        var other = sandbox.Client.Payments.CreateUrl(new PaymentUrlCreateOptions { Amount = 9_000, TxnRef = payment.TxnRef, OrderInfo = "x", IpAddress = "203.0.113.7" });
        Assert.Equal("01", (await sandbox.OpenAsync(other.Url)).Error);
        await sandbox.SubmitAsync(first!, "cancel");
        Assert.Equal("01", (await sandbox.OpenAsync(payment.Url)).Error);
    }

    [Fact]
    public async Task Page_left_open_too_long_ends_on_15_and_calls_nobody()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var sandbox = await Sandbox.StartAsync(clock: clock);
        var payment = sandbox.NewPayment();
        var (page, _) = await sandbox.OpenAsync(payment.Url);
        clock.Advance(TimeSpan.FromMinutes(15));
        Assert.EndsWith("code=15", (await sandbox.SubmitAsync(page!, "card", ("card", GoodCard))).Location, StringComparison.Ordinal);
        Assert.Equal("15", (await sandbox.OpenAsync(payment.Url)).Error);
        Assert.Equal("expired", Vectors.Text(await sandbox.PaymentAsync(payment.TxnRef), "status"));
        Assert.Empty(sandbox.Merchant.Calls);
    }
}
