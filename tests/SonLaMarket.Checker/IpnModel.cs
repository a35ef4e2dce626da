namespace SonLaMarket.Checker;

/// <summary>
/// One order with its tries to pay it, as the contract tells it (docs/contract.md, section 4), while there are goods enough: what each message is answered,
/// and what is true afterwards.
/// </summary>
public sealed class IpnModel
{
    private readonly List<TryModel> tries = [];

    public IReadOnlyList<TryModel> Tries => tries;

    public string Payment { get; internal set; } = "pending";

    public string Order { get; internal set; } = "awaiting_payment";

    public int Refunds { get; internal set; }

    /// <summary>How often the money came.</summary>
    public int Captures { get; internal set; }

    internal bool Open => Payment is "pending" or "review";

    /// <summary>The answer to a message that proves nothing, by how it is wrong; null when it is genuine.</summary>
    public static string? Refusal(string kind) => kind switch
    {
        "genuine" or "recased" => null,
        "unknown" or "other-terminal" => "01",
        "wrong-amount" => "04",
        _ => "97",
    };

    /// <summary>The buyer is sent to pay, the first time or once more.</summary>
    public TryModel Begin()
    {
        tries.Add(new(this));
        return tries[^1];
    }

    /// <summary>The time to pay and its margin are over, and VNPAY knows of no money.</summary>
    public void HoldEnds()
    {
        foreach (var waiting in tries.Where(t => t.State == "initiated"))
            waiting.State = "expired";
        if (Payment == "pending" && tries.TrueForAll(t => t.State != "review"))
            (Payment, Order) = ("expired", "expired");
    }

    /// <summary>The buyer calls the order off while it waits.</summary>
    public void Cancel()
    {
        if (Order == "awaiting_payment")
            (Order, Payment) = ("cancelled", Open ? "cancelled" : Payment);
    }

    public override string ToString() => $"order {Order}, payment {Payment}, tries {string.Join('/', tries.Select(t => t.State))}, {Refunds} refunds";
}

/// <summary>One try to pay.</summary>
public sealed class TryModel(IpnModel order)
{
    public IpnModel Order => order;

    public string State { get; internal set; } = "initiated";

    /// <param name="kind">"genuine", or how the message is wrong.</param>
    /// <param name="code">VNPAY's response code: 00 paid, 07 suspected, others not paid.</param>
    /// <param name="status">Its transaction status, which may contradict the code.</param>
    public string Hear(string kind, string code, string status = "00") => IpnModel.Refusal(kind) ?? (code, status) switch
    {
        ("00", "00") => Paid(),
        ("07", _) or (_, "04" or "07") => Suspected(),
        _ => NotPaid(),
    };

    /// <summary>VNPAY is asked what became of it. Of what was given up or told to have failed only money is news.</summary>
    /// <param name="status">00 paid, 01 not ended, 04 and 07 suspected, others not paid.</param>
    public void Learn(string status)
    {
        if (status == "01" || State is "paid" or "paid_late" || (State is "failed" or "expired" && status != "00"))
            return;
        _ = Hear("genuine", status is "00" or "04" or "07" ? "00" : "02", status);
    }

    private string Paid()
    {
        if (State is "paid" or "paid_late")
            return "02";
        var before = order.Payment is "paid" or "paid_late";
        State = State is "initiated" or "review" && (order.Open || before) ? "paid" : "paid_late";
        order.Captures++;
        if (before)
            order.Refunds++;
        else if (order.Open)
            (order.Payment, order.Order) = ("paid", "confirmed");
        else
            PaidLate();
        return "00";
    }

    /// <summary>Whoever called the order off has the money back; else the goods are taken again.</summary>
    private void PaidLate()
    {
        order.Payment = "paid_late";
        if (order.Order == "expired")
            order.Order = "confirmed";
        else
            order.Refunds++;
    }

    private string NotPaid()
    {
        if (State is not ("initiated" or "review"))
            return "02";
        State = "failed";
        if (order.Payment == "review" && order.Tries.All(t => t.State != "review"))
            order.Payment = "pending";
        return "00";
    }

    private string Suspected()
    {
        if (State is not ("initiated" or "failed" or "expired"))
            return "02";
        State = "review";
        if (order.Payment == "pending")
            order.Payment = "review";
        return "00";
    }

    public override string ToString() => $"{State} of {order}";
}
