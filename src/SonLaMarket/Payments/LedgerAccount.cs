namespace SonLaMarket.Payments;

/// <summary>
/// An account that every seller has in the books. The market holds nobody's money: an account says who has it or who owes it.
/// </summary>
/// <param name="Debit">Its balance is normally debit: what the seller has, or what the sale cost. Otherwise what came from buyers, or is owed.</param>
public sealed record LedgerAccount(string Word, string Label, string Says, bool Debit)
{
    public const string BuyerPaid = "buyer-paid";
    public const string SellerReceivable = "seller-receivable";
    public const string Cash = "cash";
    public const string Refund = "refund";
    public const string RefundDue = "refund-due";
    public const string Fee = "fee";
    public const string FeeDue = "fee-due";
    public const string Tax = "tax";
    public const string TaxWithheld = "tax-withheld";

    public static readonly LedgerAccount[] All =
    [
        new(BuyerPaid, "Người mua đã trả", "Tiền hàng và phí giao hàng mà người mua đã trả.", false),
        new(SellerReceivable, "Tiền vào cổng thanh toán, tài khoản", "Tiền người mua chuyển thẳng cho người bán; sàn không giữ.", true),
        new(Cash, "Tiền mặt thu khi giao", "Tiền mặt người bán thu khi giao hàng.", true),
        new(Refund, "Phải hoàn người mua", "Mọi khoản đã ghi nhận phải hoàn, người bán đã chuyển trả hay chưa.", true),
        new(RefundDue, "Còn phải hoàn người mua", "Phần người bán chưa chuyển trả; cột Giảm là tiền đã chuyển trả.", false),
        new(Fee, "Phí sàn", "Phí tính theo biểu phí có hiệu lực ngày bán.", true),
        new(FeeDue, "Phí còn nợ sàn", "Phí người bán chưa nộp cho đơn vị vận hành.", false),
        new(Tax, "Thuế khấu trừ", "Thuế tính theo quy định có hiệu lực ngày bán.", true),
        new(TaxWithheld, "Thuế chờ nộp", "Thuế đã tính nhưng chưa nộp thay vào ngân sách.", false),
    ];

    /// <summary>What somebody still has to pay to somebody.</summary>
    public static readonly string[] Owed = [RefundDue, FeeDue, TaxWithheld];

    public static LedgerAccount? Find(string word) => Array.Find(All, a => a.Word == word);

    /// <summary>A sum of debit less credit as this account is read: what it holds is positive.</summary>
    public long Shown(long debitLessCreditVnd) => Debit ? debitLessCreditVnd : -debitLessCreditVnd;
}

/// <summary>Why something was posted.</summary>
public static class PostingKind
{
    public const string Payment = "payment";
    public const string RefundDue = "refund-due";
    public const string Refund = "refund";
    public const string Charge = "charge";
    public const string ChargeBack = "charge-back";
    public const string Settled = "settled";

    public static readonly string[] All = [Payment, RefundDue, Refund, Charge, ChargeBack, Settled];

    public static string Label(string word) => word switch
    {
        Payment => "Người mua trả tiền",
        RefundDue => "Ghi nhận phải hoàn",
        Refund => "Hoàn tiền cho người mua",
        Charge => "Tính phí, thuế",
        ChargeBack => "Giảm phí, thuế vì hoàn tiền",
        Settled => "Người bán đã nộp",
        _ => word,
    };
}
