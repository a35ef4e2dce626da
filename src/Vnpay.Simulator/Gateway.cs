namespace Vnpay.Simulator;

/// <summary>What all pages share: settings, payments, the faults in force, and the one way in which a payment ends.</summary>
internal sealed class Gateway(SimulatorOptions options, PaymentBook book, IpnSender ipn)
{
    private volatile Faults faults = Faults.None;

    public SimulatorOptions Options => options;

    public PaymentBook Book => book;

    public DateTimeOffset Now => options.TimeProvider.GetUtcNow();

    /// <summary>Its own address, as a phone beside it would have to call it.</summary>
    public string Url { get; set; } = "";

    public Faults Faults
    {
        get => faults;
        set => faults = value;
    }

    /// <summary>Ends an open payment and starts its notification; null when it had ended before.</summary>
    public Payment? End(Payment payment, string responseCode, string? transactionStatus, TestCard? card)
    {
        var current = Faults;
        var status = transactionStatus
            ?? (current.Status.Length > 0 && responseCode == "00" ? current.Status : responseCode switch { "00" => "00", "07" => "07", _ => "02" });
        var ended = book.Change(payment.Key, open => open.Outcome is not null ? null : open with { Outcome = Result(responseCode, status, card), Faults = current });
        if (ended is not null) ipn.Start(ended.Key);
        return ended;
    }

    /// <summary>Where the customer's browser goes when all is over; waits for the notification's first answer when it shall come first.</summary>
    public async Task<string> ReturnAddressAsync(Payment payment, CancellationToken cancellationToken)
    {
        if (payment.Faults?.Order == "ipn-first") await ipn.FirstAnswerAsync(payment.Key, cancellationToken);
        var secret = await options.Terminals(payment.TmnCode) ?? throw new InvalidOperationException($"Terminal {payment.TmnCode} is gone.");
        var separator = payment.ReturnUrl.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return payment.ReturnUrl + separator + GatewaySignature.SignedQuery(payment.ResultFields(), secret, payment.Faults?.Encoding);
    }

    private Outcome Result(string responseCode, string status, TestCard? card)
    {
        var payDate = GatewayTime.Digits(Now);
        // Cancelled before a bank was reached: no transaction came about, and VNPAY names itself as the bank.
        if (responseCode == "24") return new Outcome(responseCode, status, "0", "VNPAY", "QRCODE", null, payDate);
        var number = book.NextTransactionNo();
        return new Outcome(
            responseCode, status, number, card?.Bank ?? "NCB", card?.CardType ?? "ATM", responseCode == "00" ? "VNP" + number : null, payDate);
    }
}
