namespace SonLaMarket.Origin;

/// <summary>A lot as its producer's members work on it.</summary>
/// <param name="BaseUnit">"g" or "piece".</param>
/// <param name="HarvestedOn">The earliest day that the producer or the diary names; null while the crop stands.</param>
/// <param name="QuantityBase">What the lot holds, in base units; of a crop that stands, what is expected.</param>
/// <param name="OpenedStanding">The crop stood when the lot was opened: the diary says when it was harvested.</param>
/// <param name="Piece">What one piece of the product was last sold as, "hộp"; null where nothing of it was.</param>
/// <param name="HarvestFrom">While the crop stands, the first day on which the interval of every spraying of its field is over; a year where a label was not read.</param>
/// <param name="DiaryClosedAt">When its producer said that the diary is complete: work of a later day is refused, what is written later is told as that.</param>
public sealed record Lot(
    long Id, string Code, long ProducerId, long ProductId, string ProductCode, string ProductName, string? Gtin, Guid? GrowingAreaId, string? GrowingAreaName,
    string? GrowingAreaCode, DateOnly? HarvestedOn, DateOnly? HarvestUntil, DateOnly? PackedOn, DateOnly? BestBefore, string BaseUnit, long QuantityBase,
    bool Blocked, bool Recalled, DateTimeOffset CreatedAt, bool OpenedStanding, DateOnly? PlannedOn, DateOnly? HarvestFrom, string? Piece, DateTimeOffset? DiaryClosedAt)
{
    /// <summary>Nothing of it was harvested yet.</summary>
    public bool Standing => OpenedStanding && HarvestedOn is null;

    /// <summary>How much the lot holds, as people read it.</summary>
    public string Holds(Foundation.Text.Texts t) => Quantity.Show(QuantityBase, BaseUnit, t, Piece);
}

/// <param name="GrowingAreaId">Null is the producer's own place; of a crop that stands nobody said it yet.</param>
public sealed record NewLot(string ProductCode, Guid? GrowingAreaId, DateOnly? HarvestedOn, DateOnly? HarvestUntil, DateOnly? PackedOn, DateOnly? BestBefore, long QuantityBase)
{
    /// <summary>The crop still stands: no day of harvest is given, its diary will say it.</summary>
    public bool Standing { get; init; }

    /// <summary>When the harvest of a standing crop is expected.</summary>
    public DateOnly? PlannedOn { get; init; }
}

/// <summary>What is said first on every page about a lot that is not sold any more.</summary>
public sealed record StoppedLot(string Code, bool Recalled, bool Blocked);

/// <summary>Announced when lots were blocked or freed: what sells from them changes.</summary>
public sealed record LotBlockChanged(long[] LotIds);

/// <summary>Announced when a recall opens, with all lots it names.</summary>
public sealed record RecallOpened(long RecallId, long[] LotIds);

/// <summary>Codes in a text that has little room.</summary>
public static class LotCodes
{
    private const int Most = 5;

    /// <summary>The first few by their codes, the others by their number.</summary>
    public static string Named(IReadOnlyCollection<string> codes, string language) => codes.Count <= Most
        ? string.Join(", ", codes)
        : string.Format(Foundation.Text.Vietnamese.Culture, Foundation.Text.Texts.In(language, "{0} và {1} lô khác"), string.Join(", ", codes.Take(Most)), Foundation.Text.Vietnamese.Number(codes.Count - Most));
}

/// <summary>Quantities as people read them.</summary>
public static class Quantity
{
    /// <param name="piece">What one piece is sold as, where that is known: "hộp".</param>
    public static string Show(long quantityBase, string baseUnit, Foundation.Text.Texts t, string? piece = null) =>
        baseUnit == "g" ? Foundation.Text.Vietnamese.Weight(quantityBase)
        : piece is null ? t["{0} đơn vị", Foundation.Text.Vietnamese.Number(quantityBase)].Replace(' ', '\u00a0')
        : $"{Foundation.Text.Vietnamese.Number(quantityBase)}\u00a0{t[piece]}";
}
