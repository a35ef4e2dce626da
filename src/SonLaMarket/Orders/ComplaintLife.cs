namespace SonLaMarket.Orders;

/// <summary>States of a complaint (db/0042_complaints.sql), and every way from one to another.</summary>
public static class ComplaintState
{
    public const string Open = "open";
    /// <summary>The seller agrees; what was agreed to goes back as a refund case.</summary>
    public const string Accepted = "accepted";
    public const string Refused = "refused";
    /// <summary>Before the Department: the seller said no, or nothing in time.</summary>
    public const string Escalated = "escalated";
    public const string Settled = "settled";
    public const string Withdrawn = "withdrawn";

    public static string Label(string status) => status switch
    {
        Open => "Chờ người bán trả lời",
        Accepted => "Người bán đồng ý",
        Refused => "Người bán từ chối",
        Escalated => "Sở Công Thương đang xem",
        Settled => "Sở Công Thương đã kết luận",
        Withdrawn => "Đã rút",
        _ => status,
    };

    public static string Badge(string status) => status switch
    {
        Accepted or Settled => "ok",
        Open => "warn",
        Refused or Escalated => "bad",
        _ => "quiet",
    };

    public static readonly IReadOnlyList<OrderLife.Way> Ways =
    [
        new(Open, Accepted, OrderMover.Seller),
        new(Open, Refused, OrderMover.Seller),
        new(Open, Withdrawn, OrderMover.Buyer),
        // By the clock when the seller's time is over, by the buyer after a refusal.
        new(Open, Escalated, OrderMover.Clock),
        new(Refused, Escalated, OrderMover.Buyer),
        new(Escalated, Accepted, OrderMover.Seller),
        new(Escalated, Settled, OrderMover.Officer),
        new(Escalated, Withdrawn, OrderMover.Buyer),
    ];

    public static string[] Before(string to, string by) => [.. Ways.Where(w => w.To == to && w.By.Contains(by)).Select(w => w.From)];
}

/// <summary>What a complaint is about.</summary>
public static class ComplaintMatter
{
    /// <summary>Money that should have come back: of goods that went nowhere too.</summary>
    public const string Refund = "refund";

    public static readonly (string Word, string Label)[] All =
        [("differs", "Hàng không như mô tả"), ("damaged", "Hàng hỏng, dập"), ("missing", "Thiếu hàng, thiếu cân"), ("late", "Giao muộn"), (Refund, "Chưa nhận được tiền hoàn"), ("other", "Việc khác")];

    public static string Label(string word) => All.First(m => m.Word == word).Label;
}

/// <summary>A thing that was said, and the state it led to.</summary>
public sealed record ComplaintStep(long ComplaintId, DateTimeOffset At, string Status, string ByRole, string Words)
{
    /// <summary>The words are ours, without values, where a deadline passed; else somebody's own.</summary>
    public string[]? Args => ByRole == OrderMover.Clock ? [] : null;
}

public sealed record Complaint(
    long Id, string Code, long SubOrderId, string PartCode, string Kind, string Matter, string Wish, Guid[] PictureIds, string Status, long? RefundVnd, DateTimeOffset OpenedAt, DateTimeOffset AnswerBy, DateTimeOffset ChangedAt, DateTimeOffset? TakenBackAt)
{
    public bool IsReturn => Kind == "return";

    /// <summary>The goods are to come back, and have not.</summary>
    public bool AwaitsGoods => IsReturn && TakenBackAt is null && Status is (ComplaintState.Accepted or ComplaintState.Settled);

    public string Title => TitleOf(Kind);

    /// <summary>Of a kind alone: "complaint" or "return".</summary>
    public static string TitleOf(string kind) => kind == "return" ? "Xin trả hàng" : "Khiếu nại";

    public const string Columns = "c.id, c.code, c.sub_order_id, s.code as part_code, c.kind, c.matter, c.wish, c.picture_ids, c.status, c.refund_vnd, c.opened_at, c.answer_by, c.changed_at, c.taken_back_at";
}
