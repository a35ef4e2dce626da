using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Origin;

/// <summary>What was said of a lot to be opened.</summary>
/// <param name="BaseUnit">Of its product; null where that is not known yet.</param>
/// <param name="PlannedOn">When a crop that stands is expected to be harvested.</param>
public sealed record LotSaid(string? BaseUnit, DateOnly? HarvestedOn, DateOnly? HarvestUntil, DateOnly? PackedOn, DateOnly? BestBefore, Kilograms? Quantity, DateOnly? PlannedOn = null);

/// <summary>The rules of a lot, the same for every way in: what is wrong by field, and how much it holds in base units.</summary>
public sealed class LotReading
{
    public LotReading(LotSaid said, DateOnly today, Texts t)
    {
        if (said.HarvestedOn > today)
            Faults.Add((nameof(said.HarvestedOn), t["Ngày thu hoạch không thể ở tương lai. Cây còn trên ruộng thì mở lô “Chưa thu hoạch”."]));
        if (said.PlannedOn < today)
            Faults.Add((nameof(said.PlannedOn), t["Ngày dự kiến thu hoạch phải từ hôm nay."]));
        if (said.HarvestUntil < said.HarvestedOn)
            Faults.Add((nameof(said.HarvestUntil), t["Ngày cuối phải sau ngày đầu."]));
        if (said.BestBefore < said.HarvestedOn)
            Faults.Add((nameof(said.BestBefore), t["Hạn dùng phải sau ngày thu hoạch."]));
        if (said is not { BaseUnit: { } unit, Quantity: { } typed })
            return;
        if (typed.Value is < 0.001m or > 1_000_000)
            Faults.Add((nameof(said.Quantity), t["Số lượng từ 0,001 đến 1.000.000."]));
        else if (unit != "g" && typed.UnitTyped)
            Faults.Add((nameof(said.Quantity), t["Sản phẩm này tính theo cái, bó, hộp: hãy nhập số đơn vị, không phải khối lượng."]));
        else if (unit != "g" && typed.Value != decimal.Truncate(typed.Value))
            Faults.Add((nameof(said.Quantity), t["Số lượng theo đơn vị phải là số nguyên."]));
        else
            QuantityBase = unit == "g" ? typed.Grams : (long)typed.Value;
    }

    public List<(string Field, string Message)> Faults { get; } = [];

    public long QuantityBase { get; }
}
