namespace SonLaMarket.Checker;

/// <summary>
/// One order with one try to pay it, as the contract tells it (docs/contract.md, section 4), while there are goods enough: what each message is answered,
/// and what is true afterwards.
/// </summary>
public sealed class IpnModel
{
    public string Attempt { get; private set; } = "initiated";

    public string Payment { get; private set; } = "pending";

    public string Order { get; private set; } = "awaiting_payment";

    public int Refunds { get; private set; }

    private bool Open => Payment is "pending" or "review";

    /// <param name="kind">"genuine", or how the message is wrong.</param>
    /// <param name="code">VNPAY's response code: 00 paid, 07 suspected, others not paid.</param>
    public string Hear(string kind, string code) => kind switch
    {
        "forged" or "doubled" or "wrong-terminal" => "97",
        "unknown" => "01",
        "wrong-amount" => "04",
        _ => code switch { "00" => Paid(), "07" => Suspected(), _ => NotPaid() },
    };

    /// <summary>The time to pay and its margin are over, and VNPAY knows of no money.</summary>
    public void HoldEnds()
    {
        if (Attempt == "initiated")
            Attempt = "expired";
        if (Payment != "pending" || Attempt == "review")
            return;
        (Payment, Order) = ("expired", "expired");
    }

    /// <summary>The buyer calls the order off while it waits.</summary>
    public void Cancel()
    {
        if (Order != "awaiting_payment")
            return;
        (Order, Payment) = ("cancelled", Open ? "cancelled" : Payment);
    }

    private string Paid()
    {
        if (Attempt is "paid" or "paid_late")
            return "02";
        Attempt = Attempt is "initiated" or "review" && Open ? "paid" : "paid_late";
        if (Open)
        {
            (Payment, Order) = ("paid", "confirmed");
            return "00";
        }
        Payment = "paid_late";
        if (Order == "expired")
            Order = "confirmed";
        else
            Refunds++;
        return "00";
    }

    private string NotPaid()
    {
        if (Attempt is not ("initiated" or "review"))
            return "02";
        Attempt = "failed";
        if (Payment == "review")
            Payment = "pending";
        return "00";
    }

    private string Suspected()
    {
        if (Attempt is not ("initiated" or "failed" or "expired"))
            return "02";
        Attempt = "review";
        if (Payment == "pending")
            Payment = "review";
        return "00";
    }
}
