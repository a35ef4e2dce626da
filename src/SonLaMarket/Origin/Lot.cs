namespace SonLaMarket.Origin;

/// <summary>A lot as its producer's members work on it.</summary>
/// <param name="BaseUnit">"g" or "piece".</param>
/// <param name="QuantityBase">What the lot holds, in base units.</param>
public sealed record Lot(
    long Id, string Code, long ProducerId, long ProductId, string ProductCode, string ProductName, string? Gtin, Guid? GrowingAreaId, string? GrowingAreaName,
    string? GrowingAreaCode, DateOnly? HarvestedOn, DateOnly? HarvestUntil, DateOnly? PackedOn, DateOnly? BestBefore, string BaseUnit, long QuantityBase,
    bool Blocked, DateTimeOffset CreatedAt);

public sealed record NewLot(string ProductCode, Guid? GrowingAreaId, DateOnly? HarvestedOn, DateOnly? HarvestUntil, DateOnly? PackedOn, DateOnly? BestBefore, long QuantityBase);

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
    public static string Show(long quantityBase, string baseUnit, Foundation.Text.Texts t) =>
        baseUnit == "g" ? Foundation.Text.Vietnamese.Weight(quantityBase) : t["{0} đơn vị", Foundation.Text.Vietnamese.Number(quantityBase)].Replace(' ', '\u00a0');
}
