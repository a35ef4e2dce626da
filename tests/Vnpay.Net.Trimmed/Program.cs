using Vnpay;

// Proves that what was trimmed still works, in invariant mode too: an address, a notification's answer and a transfer code, without any network.
var client = new VnpayClient(new VnpayClientOptions
{
    TmnCode = "DEMOTMN1",
    HashSecret = "SLMSHAREDTESTSECRET0000000000001",
    PaymentUrl = "https://vnpay.example/pay",
    TransactionUrl = "http://127.0.0.1:9/api",
    DefaultReturnUrl = "https://shop.example/vnpay/return",
    MaxNetworkRetries = 0,
});
Console.WriteLine(client.Payments.CreateUrl(new PaymentUrlCreateOptions { Amount = 125_000, TxnRef = "A1", OrderInfo = "Mận hậu", IpAddress = "203.0.113.7" }).Url);
Console.WriteLine(IpnResponse.Success.ToJson());
Console.WriteLine(VietQr.Build(new VietQrOptions { BankBin = "970405", AccountNumber = "7900205123456", Amount = 2_450_000, Purpose = "SLM7Q2K9" }));
try
{
    await client.Transactions.GetAsync(new TransactionGetOptions { TxnRef = "A1", TransactionDate = "20261124090000" });
}
catch (VnpayConnectionException unreachable)
{
    Console.WriteLine($"may have reached VNPAY: {unreachable.MayHaveReachedVnpay}");
}
