using System.Text.Json;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;

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

    /// <summary>True once the whole form was accepted.</summary>
    public bool Complete { get; init; }
}

/// <summary>One line with today's price and stock.</summary>
/// <param name="NetWeightG">Grams of one sale unit.</param>
/// <param name="Left">Sale units that can be had now.</param>
public sealed record CartLine(
    long ListingId, string Slug, string Title, string TitleEn, string SaleUnit, string BaseUnit, long BasePerUnit, long NetWeightG, long PriceVnd, int MinUnits,
    int Quantity, long ProducerId, string ProducerSlug, string ProducerName, Guid? PictureId, bool OnSale, long Left)
{
    public long TotalVnd => checked(PriceVnd * Quantity);

    public long WeightG => checked(NetWeightG * Quantity);

    /// <summary>Null when the line can be bought as it stands.</summary>
    public LineProblem? Problem =>
        !OnSale ? LineProblem.NotOnSale
        : Left <= 0 ? LineProblem.SoldOut
        : Quantity > Left ? LineProblem.TooFewLeft
        : Quantity < MinUnits ? LineProblem.UnderMinimum : null;
}

public enum LineProblem
{
    NotOnSale,
    SoldOut,
    TooFewLeft,
    UnderMinimum,
}

/// <summary>The lines of one seller: one parcel, one payment.</summary>
public sealed record SellerPart(long ProducerId, string ProducerSlug, string ProducerName, IReadOnlyList<CartLine> Lines, DeliveryTable Delivery, bool TakesVnpay, string? ProvinceCode)
{
    public long GoodsVnd => Lines.Sum(l => l.TotalVnd);

    /// <summary>Null until a province is known.</summary>
    public long? ShippingVnd => ProvinceCode is null ? null : Delivery.FeeVnd(ProvinceCode, Lines.Sum(l => l.WeightG));

    public long TotalVnd => checked(GoodsVnd + (ShippingVnd ?? 0));

    public bool TakesCash => TotalVnd <= Delivery.Terms.CodLimitVnd;
}

public sealed record PricedCart(IReadOnlyList<SellerPart> Parts, BuyerDetails Details)
{
    public static readonly PricedCart Empty = new([], new BuyerDetails());

    public IEnumerable<CartLine> Lines => Parts.SelectMany(p => p.Lines);

    public long TotalVnd => Parts.Sum(p => p.TotalVnd);

    public bool CanBeBought => Parts.Count > 0 && Lines.All(l => l.Problem is null);
}

public enum AddOutcome
{
    Added,
    Unknown,
    NotOnSale,
}

/// <summary>Carts. The cookie carries a secret, the table its hash; prices are read anew each time.</summary>
public sealed class Carts(Payments.PaymentRegister payments, TimeProvider clock)
{
    public const int MostUnits = 999;

    /// <summary>A cart nobody touched this long is deleted.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>Lines as the public may buy them, whatever the seller's working copy says meanwhile.</summary>
    private const string LinesSql = """
        select l.id as listing_id, l.slug, coalesce(v.title, l.title) as title, coalesce(v.title_en, l.title_en) as title_en, coalesce(v.sale_unit, l.sale_unit) as sale_unit,
          coalesce(v.base_unit, d.base_unit) as base_unit, coalesce(v.base_per_unit, l.base_per_unit) as base_per_unit, coalesce(v.net_weight_g, l.net_weight_g) as net_weight_g,
          l.price_vnd, l.min_units, c.quantity, p.id as producer_id, p.slug as producer_slug, coalesce(w.name, p.name) as producer_name, v.picture_ids[1] as picture_id,
          (v.listing_id is not null and w.producer_id is not null) as on_sale,
          coalesce((select sum(s.available / coalesce(v.base_per_unit, l.base_per_unit)) from catalog.lot_stock s where s.product_id = l.product_id
            and not exists (select 1 from origin.lot_block b where b.lot_id = s.lot_id and b.lifted_at is null)), 0)::bigint as left
        from orders.cart_line c
        join catalog.listing l on l.id = c.listing_id
        join producers.product d on d.id = l.product_id
        join producers.producer p on p.id = l.producer_id
        left join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version
        left join producers.producer_version w on w.producer_id = p.id and w.version = p.public_version
        where c.token_hash = @token
        order by p.id, c.added_at, l.id
        """;

    /// <summary>Puts units of a listing into the cart, on top of those already there.</summary>
    public async Task<AddOutcome> AddAsync(Tx tx, byte[] token, string slug, int quantity)
    {
        const string find = """
            select l.id, (l.public_version is not null and p.public_version is not null) as on_sale
            from catalog.listing l join producers.producer p on p.id = l.producer_id where l.slug = @slug
            """;
        const string insert = """
            insert into orders.cart_line (token_hash, listing_id, quantity, added_at) values (@token, @Id, @quantity, @now)
            on conflict on constraint cart_line_pk do update set quantity = least(@MostUnits, orders.cart_line.quantity + excluded.quantity)
            """;
        var listing = await tx.FirstOrDefaultAsync<Found>(find, new { slug });
        if (listing is null)
            return AddOutcome.Unknown;
        if (!listing.OnSale)
            return AddOutcome.NotOnSale;
        await TouchAsync(tx, token);
        await tx.ExecuteAsync(insert, new { token, listing.Id, quantity, MostUnits, now = clock.GetUtcNow() });
        return AddOutcome.Added;
    }

    /// <summary>Sets the units of a line; 0 takes it out. False when there is no such line.</summary>
    public async Task<bool> ChangeAsync(Tx tx, byte[] token, string slug, int quantity)
    {
        const string update = "update orders.cart_line c set quantity = @quantity from catalog.listing l where l.id = c.listing_id and c.token_hash = @token and l.slug = @slug";
        const string delete = "delete from orders.cart_line c using catalog.listing l where l.id = c.listing_id and c.token_hash = @token and l.slug = @slug";
        await TouchAsync(tx, token);
        return await tx.ExecuteAsync(quantity == 0 ? delete : update, new { token, slug, quantity }) == 1;
    }

    public async Task KeepDetailsAsync(Tx tx, byte[] token, BuyerDetails details)
    {
        await TouchAsync(tx, token);
        await tx.ExecuteAsync("update orders.cart set details = @details::jsonb where token_hash = @token", new { token, details = JsonSerializer.Serialize(details) });
    }

    /// <summary>The cart with today's prices, fees and stock. Empty when there is none.</summary>
    public async Task<PricedCart> PriceAsync(Sql sql, byte[]? token, CancellationToken ct = default)
    {
        if (token is null)
            return PricedCart.Empty;
        var (details, lines) = await sql.MultipleAsync($"select details::text from orders.cart where token_hash = @token; {LinesSql}", new { token },
            async grid => (await grid.ReadFirstOrDefaultAsync<string>(), (await grid.ReadAsync<CartLine>()).ToList()), ct);
        return await PriceAsync(sql, Read(details), lines, ct);
    }

    /// <summary>The same lines for other details: fees follow the province.</summary>
    public Task<PricedCart> PriceAsync(Sql sql, PricedCart cart, BuyerDetails details, CancellationToken ct) => PriceAsync(sql, details, [.. cart.Lines], ct);

    private async Task<PricedCart> PriceAsync(Sql sql, BuyerDetails details, List<CartLine> lines, CancellationToken ct)
    {
        var producers = lines.Select(l => l.ProducerId).Distinct().ToList();
        var tables = await DeliveryFees.OfAsync(sql, producers, ct);
        var online = await payments.TakingVnpayAsync(sql, producers, ct);
        var province = await Addresses.ProvinceAsync(sql, details.Province, ct);
        return new PricedCart(
            [.. lines.GroupBy(l => l.ProducerId).Select(g => new SellerPart(g.Key, g.First().ProducerSlug, g.First().ProducerName, [.. g], tables[g.Key], online.Contains(g.Key), province))],
            details);
    }

    public static Task DeleteAsync(Tx tx, byte[] token) => tx.ExecuteAsync("delete from orders.cart where token_hash = @token", new { token });

    private async Task TouchAsync(Tx tx, byte[] token) =>
        await tx.ExecuteAsync("""
            insert into orders.cart (token_hash, created_at, changed_at) values (@token, @now, @now)
            on conflict on constraint cart_pk do update set changed_at = excluded.changed_at
            """, new { token, now = clock.GetUtcNow() });

    private static BuyerDetails Read(string? json) => json is null ? new BuyerDetails() : JsonSerializer.Deserialize<BuyerDetails>(json) ?? new BuyerDetails();

    private sealed record Found(long Id, bool OnSale);
}
