namespace Vnpay.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public void First_payment_url_takes_ten_lines()
    {
        var secret = "SLMSHAREDTESTSECRET0000000000001";
        // readme
        var client = new VnpayClient(new VnpayClientOptions
        {
            TmnCode = "DEMOTMN1",
            HashSecret = secret,
            PaymentUrl = "https://sandbox.vnpayment.vn/paymentv2/vpcpay.html",
            DefaultReturnUrl = "https://shop.example/vnpay/return",
        });
        var plums = new PaymentUrlCreateOptions { Amount = 125_000, TxnRef = "SL2611240001", OrderInfo = "Mận hậu, 5 kg", IpAddress = "203.0.113.7" };
        var url = client.Payments.CreateUrl(plums).Url;
        // end
        Assert.StartsWith("https://sandbox.vnpayment.vn/paymentv2/vpcpay.html?vnp_Amount=12500000&", url, StringComparison.Ordinal);
    }

    [Fact]
    public void Readme_shows_exactly_the_lines_that_compile_here()
    {
        var shown = Lines(Embedded("README.md"), "```csharp", "// redirect").ToArray();
        Assert.Equal(Lines(Embedded("ReadmeTests.cs"), "// readme", "// end"), shown);
        Assert.InRange(shown.Length, 1, 10);
    }

    private static IEnumerable<string> Lines(string text, string from, string to) =>
        text.Split('\n').Select(line => line.Trim()).SkipWhile(line => line != from).Skip(1).TakeWhile(line => !line.StartsWith(to, StringComparison.Ordinal));

    private static string Embedded(string name)
    {
        using var reader = new StreamReader(typeof(ReadmeTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
