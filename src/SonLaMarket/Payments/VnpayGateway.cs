using System.Net;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using Vnpay;

namespace SonLaMarket.Payments;

/// <summary>Everything that is said to VNPAY, each time for the terminal of the payee.</summary>
public sealed class VnpayGateway(VnpayClient client, SiteOptions site)
{
    /// <summary>Food and consumer goods (VNPAY, "Danh mục hàng hóa").</summary>
    private const string Goods = "100000";

    /// <summary>The address of the payment page for one try.</summary>
    public PaymentUrl Page(Terminal terminal, string txnRef, long amountVnd, string description, TimeSpan lifetime, Payer payer) =>
        client.Payments.CreateUrl(new PaymentUrlCreateOptions
        {
            Amount = amountVnd,
            TxnRef = txnRef,
            OrderInfo = description,
            OrderType = Goods,
            IpAddress = Address(payer.Address),
            ReturnUrl = site.Absolute((payer.Language == Texts.En ? Language.Prefix : "") + "/thanh-toan/vnpay/ket-qua"),
            Locale = payer.Language == Texts.En ? VnpayLocale.English : VnpayLocale.Vietnamese,
            Lifetime = lifetime,
        }, For(terminal));

    /// <summary>What a verified notification says.</summary>
    public static GatewayOutcome OutcomeOf(VnpayEvent said) => new(
        said.IsPaid ? GatewayVerdict.Paid
            : said.ResponseCode == VnpayResponseCode.SuspectedFraud || Doubtful(said.TransactionStatus) ? GatewayVerdict.Review
            : GatewayVerdict.Failed,
        said.ResponseCode.Value, said.TransactionStatus.Value, said.TransactionNo, said.BankCode, said.PayDate);

    /// <summary>The customer's bank was debited and VNPAY does not call it a success: a person has to look.</summary>
    private static bool Doubtful(VnpayTransactionStatus status) => status == VnpayTransactionStatus.Reversed || status == VnpayTransactionStatus.SuspectedFraud;

    private static RequestOptions For(Terminal terminal) => new() { TmnCode = terminal.TmnCode, HashSecret = terminal.Secret };

    /// <summary>VNPAY wants 7 to 45 characters, which the loopback address "::1" is not.</summary>
    private static string Address(IPAddress? address) =>
        address is null || IPAddress.IsLoopback(address) ? "127.0.0.1" : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
}
