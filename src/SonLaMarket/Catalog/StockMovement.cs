namespace SonLaMarket.Catalog;

/// <summary>One change of a lot's stock, as the database noted it. Quantities are base units, with their sign; the first five sum to what is shown.</summary>
/// <param name="No">Counts the lot's movements from 1, without a gap.</param>
/// <param name="MovedFor">Who holds it ("sub-order:7Q2K9MXA-1"), or why: a word of <see cref="WriteOff.Reasons"/>, "supply", "opening".</param>
/// <param name="Person">Who did it; null where an order did.</param>
public sealed record StockMovement(int No, DateTimeOffset At, string MovedFor, string Note, string? Person, long Supplied, long Available, long Held, long Sold, long WrittenOff, long AvailableAfter)
{
    public const string Opening = "opening";

    /// <summary>Everything that <see cref="What"/> can say.</summary>
    public static readonly string[] Words = ["Số đầu sổ", "Đưa vào bán", "Rút khỏi bán", "Giữ cho đơn", "Bán", "Thôi giữ", "Trả về, không bán lại được", "Ghi hao hụt", "Trả về kho", "Thay đổi"];

    /// <summary>What happened, read from what moved where.</summary>
    public string What => this switch
    {
        { MovedFor: Opening } => "Số đầu sổ",
        { Supplied: > 0 } => "Đưa vào bán",
        { Supplied: < 0 } => "Rút khỏi bán",
        { Held: > 0 } => "Giữ cho đơn",
        { Held: < 0, Sold: > 0 } => "Bán",
        { WrittenOff: > 0, Sold: < 0 } => "Trả về, không bán lại được",
        { WrittenOff: > 0 } => "Ghi hao hụt",
        { Sold: < 0 } => "Trả về kho",
        { Held: < 0 } => "Thôi giữ",
        _ => "Thay đổi",
    };

    /// <summary>How much moved, without a sign.</summary>
    public long Quantity => new[] { Supplied, Held, Sold, WrittenOff, Available }.Select(Math.Abs).Max();

    /// <summary>The code of the order that it was for; null where none was.</summary>
    public string? Order => StockHolder.Order(MovedFor);

    /// <summary>Why goods were written off; null for other movements.</summary>
    public string? Reason => WriteOff.Label(MovedFor);
}

public static class StockHolder
{
    private const string SubOrder = "sub-order:";

    /// <summary>The code of the seller's part of an order that holds stock, as its page has it in the address.</summary>
    public static string? Order(string holder) => holder.StartsWith(SubOrder, StringComparison.Ordinal) ? holder[SubOrder.Length..] : null;
}
