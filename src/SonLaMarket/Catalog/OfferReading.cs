using SonLaMarket.Foundation.Text;
using SonLaMarket.Producers;

namespace SonLaMarket.Catalog;

/// <summary>A message for one field, in the language being read.</summary>
public sealed record OfferFault(string Field, string Message);

/// <param name="BasePerUnit">Base units (gram or piece) in one sale unit.</param>
/// <param name="NetWeightG">Grams in one sale unit.</param>
public sealed record OfferPack(string BaseUnit, long BasePerUnit, long NetWeightG);

/// <summary>Reads what was typed: what it means, and what still is missing or cannot be read. The same for every page that asks.</summary>
public sealed class OfferReading
{
    private readonly OfferText text;
    private readonly OfferLists lists;
    private readonly Texts t;
    private readonly OfferPack? pack;

    /// <param name="pack">How a listing that exists already is packed; the rest of its text is then not read.</param>
    public OfferReading(OfferText text, OfferLists lists, DateOnly today, Texts t, OfferPack? pack = null)
    {
        (this.text, this.lists, this.t, this.pack) = (text, lists, t, pack);
        Speciality = lists.Speciality(text.Speciality);
        ReadWhat();
        HarvestedOn = ReadHarvest(today);
        GrowingAreaId = ReadPlace();
        ReadPack();
        PriceVnd = ReadPrice();
        Pack = ReadFacts();
    }

    public List<OfferFault> Faults { get; } = [];

    public Speciality? Speciality { get; }

    public string Name { get; private set; } = "";

    public string? CategorySlug { get; private set; }

    public decimal? Alcohol { get; private set; }

    public DateOnly? HarvestedOn { get; }

    public Guid? GrowingAreaId { get; }

    public string? Unit { get; private set; }

    /// <summary>Grams of one sale unit.</summary>
    public long? UnitG { get; private set; }

    public long? QuantityBase { get; private set; }

    public long? PriceVnd { get; }

    /// <summary>What is said of the packed unit beside what it holds.</summary>
    public ListingPack Pack { get; }

    /// <summary>By weight (gram), or by the piece with its net weight.</summary>
    public bool Weighed => pack is not null ? pack.BaseUnit == "g" : Unit == "kg" || (Unit == "box" && (Speciality is null || UsualPack.Of(Speciality.Unit).BaseUnit == "g"));

    public long BasePerUnit => pack?.BasePerUnit ?? (Weighed ? UnitG ?? 0 : 1);

    public long? PricePerKg => PriceVnd is { } price ? KilogramPrice.Of(price, UnitG, Unit, CategorySlug) : null;

    /// <summary>What one unit weighs, where its price is compared by weight.</summary>
    public long? ComparedG => KilogramPrice.IsCompared(CategorySlug) ? UnitG : null;

    /// <summary>"Mận hậu, hộp 5 kg": the name, and how it is packed where that is not simply by the kilogram.</summary>
    public string Title => pack is not null ? Name : Name + Suffix is var title && title.Length >= 4 ? title : $"{title} Sơn La";

    public string TitleEn => NameEn.Length == 0 ? "" : NameEn + (Unit == "kg" || UnitG is null ? "" : ", " + Vietnamese.Weight(UnitG.Value));

    public string NameEn => Speciality is not null && Speciality.Name == Name ? Speciality.NameEn : "";

    /// <summary>Null while something is missing.</summary>
    public Offer? Offer => Faults.Count > 0 ? null : new(
        new OfferGoods(text.Pictures ?? [], Speciality?.Slug, Name, NameEn, CategorySlug!, Alcohol, Weighed ? "g" : "piece", Weighed ? null : UnitG, Title, TitleEn, Unit!, BasePerUnit, text.Months ?? [], text.Description ?? "") { Ingredients = text.Ingredients ?? "", Pack = Pack },
        new OfferHarvest(HarvestedOn!.Value, GrowingAreaId, QuantityBase!.Value, PriceVnd!.Value));

    private string Suffix
    {
        get
        {
            if (Unit is null or "kg" || UnitG is not { } grams)
                return "";
            if (Speciality is not null && UsualPack.Of(Speciality.Unit) is { BaseUnit: "piece" } usual && usual.SaleUnit == Unit && usual.NetWeightG == grams)
                return usual.Suffix;
            var weight = Vietnamese.Weight(grams).Replace('\u00a0', ' ');
            return text.SaleUnit == "piece" ? $", {weight}" : $", {SaleUnit.Label(text.SaleUnit!)} {weight}";
        }
    }

    private void Fault(string field, string message) => Faults.Add(new(field, message));

    private void ReadWhat()
    {
        Name = Vietnamese.Clean(text.Name);
        CategorySlug = lists.Categories.Find(c => c.Slug == text.Category)?.Slug;
        // A name and a group of one's own say that it is not in the list.
        if (string.IsNullOrEmpty(text.Speciality) && (Name.Length == 0 || CategorySlug is null))
            Fault(nameof(text.Speciality), t["Hãy chọn mặt hàng. Không thấy thì chọn “Không có trong danh sách”."]);
        else if (text.Speciality is not (null or "" or OfferText.NotListed) && Speciality is null)
            Fault(nameof(text.Speciality), t["Hãy chọn đặc sản trong danh sách."]);
        else if (Speciality is { SaleOnlineAllowed: false })
            Fault(nameof(text.Speciality), t["Rượu từ 15 độ trở lên không được bán trên Internet (Nghị định 105/2017/NĐ-CP)."]);
        else if (pack is not null && Name.Length is (< 4 or > 160))
            Fault(nameof(text.Name), t["Tên tin đăng cần từ 4 đến 160 ký tự."]);
        else if (pack is null && Name.Length is (< 2 or > 120))
            Fault(nameof(text.Name), t["Hãy nhập tên hàng, từ 2 đến 120 ký tự."]);
        else if (CategorySlug is null)
            Fault(nameof(text.Category), t["Hãy chọn nhóm hàng."]);
        if (text.Description is { Length: > OfferText.LongestDescription })
            Fault(nameof(text.Description), t["Mô tả dài nhất 5.000 ký tự."]);
    }

    private DateOnly? ReadHarvest(DateOnly today)
    {
        if (string.IsNullOrWhiteSpace(text.HarvestedOn))
            Fault(nameof(text.HarvestedOn), t["Hãy nhập ngày thu hoạch hoặc ngày làm ra."]);
        else if (Vietnamese.ParseDate(text.HarvestedOn, today) is not { } day)
            Fault(nameof(text.HarvestedOn), t[Vietnamese.NoDate(text.HarvestedOn)]);
        else if (day > today)
            Fault(nameof(text.HarvestedOn), t["Ngày thu hoạch không thể ở tương lai. Chưa hái thì lưu lại, làm tiếp sau khi hái."]);
        else if (day < today.AddYears(-3))
            Fault(nameof(text.HarvestedOn), t["Ngày này đã quá 3 năm. Hãy xem lại năm."]);
        else
            return day;
        return null;
    }

    private Guid? ReadPlace()
    {
        if (text.Place == OfferText.OwnPlace)
            return null;
        if (Guid.TryParse(text.Place, out var id) && lists.Places.Exists(p => p.Id == id))
            return id;
        Fault(nameof(text.Place), t["Hãy chọn nơi trồng."]);
        return null;
    }

    private void ReadPack()
    {
        Unit = SaleUnit.Kept(text.SaleUnit);
        if (Unit is null)
        {
            Fault(nameof(text.SaleUnit), t["Hãy chọn đơn vị bán."]);
            return;
        }
        // A number alone is kilograms; from 100 on nobody means a box of a hundred kilograms, but grams.
        UnitG = pack is not null ? pack.NetWeightG : Unit == "kg" ? 1000 : Vietnamese.ParseWeight(text.Content) is var (weight, said) ? (long)(weight * (!said && weight >= 100 ? 1 : 1000)) : null;
        if (UnitG is null or < 1 or > 1_000_000)
        {
            UnitG = null;
            Fault(nameof(text.Content), t["Hãy nhập cân nặng của một {0}, ví dụ 5 kg hoặc 500 g.", t[SaleUnit.Label(Unit)]]);
        }
        ReadQuantity();
        if (CategorySlug != "alcohol")
            return;
        Alcohol = Vietnamese.ParseQuantity(text.Alcohol);
        if (Alcohol is null or < 0 or > 100)
            Fault(nameof(text.Alcohol), t["Hãy nhập độ cồn, ví dụ 12."]);
        else if (Alcohol >= 15)
            Fault(nameof(text.Alcohol), t["Rượu từ 15 độ trở lên không được bán trên Internet (Nghị định 105/2017/NĐ-CP)."]);
    }

    /// <summary>Said in sale units ("40" boxes), or as a weight that makes whole ones ("2 tạ").</summary>
    private void ReadQuantity()
    {
        var typed = Vietnamese.ParseWeight(text.Quantity);
        var units = typed is not var (number, isWeight) ? null : !isWeight ? number : UnitG is { } each ? number * 1000 / each : (decimal?)null;
        if (string.IsNullOrWhiteSpace(text.Quantity))
            Fault(nameof(text.Quantity), t["Hãy nhập số lượng có để bán."]);
        else if (Unit == "kg" && units is not (> 0 and <= 1_000_000))
            Fault(nameof(text.Quantity), t["Hãy nhập số lượng, ví dụ 200, 2 tạ hoặc 1,5 tấn."]);
        else if (Unit != "kg" && typed is null)
            Fault(nameof(text.Quantity), t["Hãy nhập số lượng bằng số, ví dụ 40."]);
        else if (Unit != "kg" && units is not null && (units != decimal.Truncate(units.Value) || units is not (> 0 and <= 1_000_000)))
            Fault(nameof(text.Quantity), t["Số lượng theo {0} phải là số nguyên.", t[SaleUnit.Label(Unit!)]]);
        else if (units is { } whole && BasePerUnit > 0)
            QuantityBase = (long)decimal.Round(whole * BasePerUnit);
    }

    private ListingPack ReadFacts()
    {
        if (text.Ingredients is { Length: > OfferText.LongestIngredients })
            Fault(nameof(text.Ingredients), t["Thành phần dài nhất 2.000 ký tự."]);
        decimal? most = string.IsNullOrWhiteSpace(text.MaxUnits) ? null : Vietnamese.ParseQuantity(text.MaxUnits) ?? 0;
        long? gross = string.IsNullOrWhiteSpace(text.GrossWeight) ? null : Vietnamese.ParseGrams(text.GrossWeight) ?? 0;
        var faults = ListingPack.Faults(most, gross, text.Size, 1, UnitG, t).ToList();
        foreach (var (field, message) in faults)
            Fault(field == nameof(ListingPack.GrossWeightG) ? nameof(text.GrossWeight) : field, message);
        return faults.Count > 0 ? new(null, null, null) : new((int?)most, gross, PackSize.Parse(text.Size));
    }

    private long? ReadPrice()
    {
        var price = Vietnamese.ParseMoney(text.Price);
        if (string.IsNullOrWhiteSpace(text.Price))
            Fault(nameof(text.Price), t["Hãy nhập giá."]);
        else if (price is null)
            Fault(nameof(text.Price), t["Hãy nhập số tiền bằng đồng, ví dụ 35.000 hoặc 35k."]);
        else if (price is < 1000 or > 999_999_999)
            Fault(nameof(text.Price), t["Giá từ 1.000 đến 999.999.999 đồng."]);
        else
            return price;
        return null;
    }
}
