using System.Globalization;
using SonLaMarket.Catalog;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders;

/// <summary>What a buyer typed on the details page, kept with the cart until the order is placed.</summary>
public sealed record BuyerDetails
{
    public string Name { get; init; } = "";

    public string Tel { get; init; } = "";

    public string Province { get; init; } = "";

    public string Commune { get; init; } = "";

    public string Street { get; init; } = "";

    public string Note { get; init; } = "";

    public string Payment { get; init; } = "";

    /// <summary>By the seller's slug: the key of the time and place where its goods are fetched. Who is not here is delivered to.</summary>
    public IReadOnlyDictionary<string, string> Pickups { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>By the seller's slug: another way to pay that seller than <see cref="Payment"/>.</summary>
    public IReadOnlyDictionary<string, string> Methods { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>True once the whole form was accepted.</summary>
    public bool Complete { get; init; }
}

/// <summary>One line with today's price and stock.</summary>
/// <param name="NetWeightG">Grams of one sale unit.</param>
/// <param name="Lots">What each lot that may be sold has left, "2026-12-01 7,…": the day until which it is good, and sale units.</param>
public sealed record CartLine(
    long ListingId, string Slug, string Title, string TitleEn, string CategorySlug, string SaleUnit, string BaseUnit, long BasePerUnit, long NetWeightG, long PriceVnd, int MinUnits, int? MaxUnits,
    int Quantity, long ProducerId, string ProducerSlug, string ProducerName, Guid? PictureId, string? SpecialitySlug, bool OnSale, string? Lots)
{
    /// <summary>The day on which the buyer has it; null while nobody knows: what is good today counts.</summary>
    public DateOnly? GoodOn { get; init; }

    /// <summary>Sale units that can be had now and are good until the buyer has them.</summary>
    public long Left => LeftOn(GoodOn);

    /// <summary>Spoils within days: somebody has to be there when it comes, and look at it at once.</summary>
    public bool Fresh => FreshCategories.Contains(CategorySlug);

    public static readonly string[] FreshCategories = ["fresh-fruit", "vegetable", "meat", "fish", "dairy", "ornamental"];

    public long TotalVnd => checked(PriceVnd * Quantity);

    public long WeightG => checked(NetWeightG * Quantity);

    /// <summary>Null when the line can be bought as it stands.</summary>
    public LineProblem? Problem =>
        !OnSale ? LineProblem.NotOnSale
        : LeftOn(null) <= 0 ? LineProblem.SoldOut
        : Left <= 0 ? LineProblem.EndsBefore
        : Quantity > Left ? LineProblem.TooFewLeft
        : Quantity < MinUnits ? LineProblem.UnderMinimum
        : Quantity > MaxUnits ? LineProblem.OverMaximum : null;

    private long LeftOn(DateOnly? day) => (Lots ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' '))
        .Where(l => day is null || DateOnly.ParseExact(l[0], "yyyy-MM-dd", CultureInfo.InvariantCulture) >= day).Sum(l => long.Parse(l[1], CultureInfo.InvariantCulture));
}

public enum LineProblem
{
    NotOnSale,
    SoldOut,
    EndsBefore,
    TooFewLeft,
    UnderMinimum,
    OverMaximum,
}

/// <summary>The lines of one seller: one parcel, one payment.</summary>
public sealed record SellerPart(long ProducerId, string ProducerSlug, string ProducerName, IReadOnlyList<CartLine> Lines, DeliveryTable Delivery, IReadOnlyList<string> Awaited, string? ProvinceCode, DateTimeOffset Now)
{
    /// <summary>Where and when its goods can be fetched.</summary>
    public IReadOnlyList<PickupSlot> Slots { get; init; } = [];

    /// <summary>What the buyer chose, while it still can be had.</summary>
    public PickupSlot? Pickup { get; init; }

    /// <summary>How this seller is paid; empty until the buyer said so.</summary>
    public string Method { get; init; } = "";

    public bool Fresh => Lines.Any(l => l.Fresh);

    public long GoodsVnd => Lines.Sum(l => l.TotalVnd);

    /// <summary>Null until a province is known.</summary>
    public long? ShippingVnd => Pickup is not null ? 0 : ProvinceCode is null ? null : Delivery.FeeVnd(ProvinceCode, Lines.Sum(l => l.WeightG));

    /// <summary>The day by which it arrives; null until a province is known.</summary>
    public DateOnly? DeliverBy => Pickup is not null ? Pickup.Day : ProvinceCode is null ? null : Delivery.DeliverBy(ProvinceCode, Now);

    public long TotalVnd => checked(GoodsVnd + (ShippingVnd ?? 0));

    /// <summary>Methods whose money comes before the goods go, as the seller takes them.</summary>
    public bool TakesVnpay => Awaited.Contains(PaymentMethod.Vnpay);

    public bool TakesCash => TotalVnd <= Delivery.Terms.CodLimitVnd;
}

/// <param name="ShareCode">The code by which another browser takes the goods over; null when none was asked for, or its time is over.</param>
public sealed record PricedCart(IReadOnlyList<SellerPart> Parts, BuyerDetails Details, string? ShareCode = null)
{
    public static readonly PricedCart Empty = new([], new BuyerDetails());

    public IEnumerable<CartLine> Lines => Parts.SelectMany(p => p.Lines);

    public long TotalVnd => Parts.Sum(p => p.TotalVnd);

    /// <summary>Null until the province is known, and with it every fee.</summary>
    public string? ProvinceCode => Parts.Count == 0 ? null : Parts[0].ProvinceCode;

    public bool CanBeBought => Parts.Count > 0 && Lines.All(l => l.Problem is null);
}
