namespace SonLaMarket.Origin;

/// <summary>A lot as its producer's members work on it.</summary>
/// <param name="BaseUnit">"g" or "piece".</param>
/// <param name="QuantityBase">What the lot holds, in base units.</param>
public sealed record Lot(
    long Id, string Code, long ProducerId, long ProductId, string ProductCode, string ProductName, string? Gtin, Guid? GrowingAreaId, string? GrowingAreaName,
    string? GrowingAreaCode, DateOnly? HarvestedOn, DateOnly? HarvestUntil, DateOnly? PackedOn, DateOnly? BestBefore, string BaseUnit, long QuantityBase,
    bool Blocked, DateTimeOffset CreatedAt);

public sealed record NewLot(string ProductCode, Guid? GrowingAreaId, DateOnly? HarvestedOn, DateOnly? HarvestUntil, DateOnly? PackedOn, DateOnly? BestBefore, long QuantityBase);

/// <summary>Announced when a lot was blocked or freed: what sells from it changes.</summary>
public sealed record LotBlockChanged(long LotId, string Code);

/// <summary>Announced when a recall opens, with all lots it names.</summary>
public sealed record RecallOpened(long RecallId, long[] LotIds);

/// <summary>Quantities as people read them.</summary>
public static class Quantity
{
    public static string Show(long quantityBase, string baseUnit, Foundation.Text.Texts t) =>
        baseUnit == "g" ? Foundation.Text.Vietnamese.Weight(quantityBase) : t["{0} đơn vị", Foundation.Text.Vietnamese.Number(quantityBase)].Replace(' ', '\u00a0');
}
