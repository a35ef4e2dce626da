using System.Text.Json;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Orders;

public enum AddOutcome
{
    Added,
    Unknown,
    NotOnSale,
}

/// <summary>Carts. The cookie carries a secret, the table its hash; prices are read anew each time.</summary>
public sealed class Carts(Payments.VnpaySettings vnpay, TimeProvider clock)
{
    public const int MostUnits = 999;

    /// <summary>A cart nobody touched this long is deleted.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>How long a code opens a cart elsewhere.</summary>
    public static readonly TimeSpan ShareLifetime = TimeSpan.FromDays(7);

    /// <summary>Lines as the public may buy them, whatever the seller's working copy says meanwhile.</summary>
    private const string LinesSql = """
        select l.id as listing_id, l.slug, coalesce(v.title, l.title) as title, coalesce(v.title_en, l.title_en) as title_en, coalesce(v.category_slug, '') as category_slug, coalesce(v.sale_unit, l.sale_unit) as sale_unit,
          coalesce(v.base_unit, d.base_unit) as base_unit, coalesce(v.base_per_unit, l.base_per_unit) as base_per_unit, coalesce(v.net_weight_g, l.net_weight_g) as net_weight_g,
          l.price_vnd, l.min_units, l.max_units, c.quantity, p.id as producer_id, p.slug as producer_slug, coalesce(w.name, p.name) as producer_name, v.picture_ids[1] as picture_id, v.speciality_slug,
          (v.listing_id is not null and w.producer_id is not null and l.paused_at is null) as on_sale,
          (select string_agg(coalesce(o.best_before, date '9999-12-31') || ' ' || s.available / coalesce(v.base_per_unit, l.base_per_unit), ',') from catalog.lot_stock s join origin.lot o on o.id = s.lot_id
            where s.product_id = l.product_id and (o.best_before is null or o.best_before >= @today) and not exists (select 1 from origin.lot_block b where b.lot_id = s.lot_id and b.lifted_at is null)) as lots
        from orders.cart_line c
        join catalog.listing l on l.id = c.listing_id
        join producers.product d on d.id = l.product_id
        join producers.producer p on p.id = l.producer_id
        left join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version
        left join producers.producer_version w on w.producer_id = p.id and w.version = p.public_version
        where c.token_hash = @token
        order by p.id, c.added_at, l.id
        """;

    /// <summary>The goods of an order's line <c>l</c> can be bought now, and none of it came from a recalled lot.</summary>
    internal const string Again = """
        (exists (select 1 from catalog.search_entry e where e.listing_id = l.listing_id and e.sellable and e.stock_units > 0)
         and not exists (select 1 from orders.line_lot x join origin.lot_block b on b.lot_id = x.lot_id where x.line_id = l.id and b.cause = 'recall' and b.lifted_at is null))
        """;

    /// <summary>Puts units of a listing into the cart, on top of those already there.</summary>
    /// <param name="exactly">True sets the units instead: buying at once, pressed twice, is not twice as much.</param>
    public async Task<AddOutcome> AddAsync(Tx tx, byte[] token, string slug, int quantity, bool exactly = false)
    {
        const string find = """
            select l.id, (l.public_version is not null and p.public_version is not null and l.paused_at is null) as on_sale
            from catalog.listing l join producers.producer p on p.id = l.producer_id where l.slug = @slug
            """;
        const string insert = """
            insert into orders.cart_line (token_hash, listing_id, quantity, added_at) values (@token, @Id, @quantity, @now)
            on conflict on constraint cart_line_pk do update set quantity = case when @exactly then excluded.quantity else least(@MostUnits, orders.cart_line.quantity + excluded.quantity) end
            """;
        var listing = await tx.FirstOrDefaultAsync<Found>(find, new { slug });
        if (listing is null)
            return AddOutcome.Unknown;
        if (!listing.OnSale)
            return AddOutcome.NotOnSale;
        await TouchAsync(tx, token);
        await tx.ExecuteAsync(insert, new { token, listing.Id, quantity, exactly, MostUnits, now = clock.GetUtcNow() });
        return AddOutcome.Added;
    }

    /// <summary>Puts the goods of an order into the cart, as far as they can be had. How many lines that were.</summary>
    public async Task<int> AddFromOrderAsync(Tx tx, byte[] token, string purchaseCode)
    {
        const string insert = $"""
            insert into orders.cart_line as c (token_hash, listing_id, quantity, added_at)
            select @token, l.listing_id, least(@MostUnits, l.quantity), @now
            from orders.purchase u join orders.sub_order s on s.purchase_id = u.id join orders.line l on l.sub_order_id = s.id
              join catalog.listing g on g.id = l.listing_id and g.public_version is not null join producers.producer p on p.id = g.producer_id and p.public_version is not null
            where u.code = @purchaseCode and {Again}
            on conflict on constraint cart_line_pk do update set quantity = greatest(c.quantity, excluded.quantity)
            """;
        await TouchAsync(tx, token);
        return await tx.ExecuteAsync(insert, new { token, purchaseCode, MostUnits, now = clock.GetUtcNow() });
    }

    /// <summary>Sets the units of a line; 0 takes it out. False when there is no such line.</summary>
    public async Task<bool> ChangeAsync(Tx tx, byte[] token, string slug, int quantity)
    {
        const string update = "update orders.cart_line c set quantity = @quantity from catalog.listing l where l.id = c.listing_id and c.token_hash = @token and l.slug = @slug";
        const string delete = "delete from orders.cart_line c using catalog.listing l where l.id = c.listing_id and c.token_hash = @token and l.slug = @slug";
        await TouchAsync(tx, token);
        return await tx.ExecuteAsync(quantity == 0 ? delete : update, new { token, slug, quantity }) == 1;
    }

    /// <summary>The province remembered from elsewhere, as long as the buyer has not said one for this cart.</summary>
    public Task ExpectAsync(Tx tx, byte[] token, string province) => tx.ExecuteAsync("""
        update orders.cart set details = details || jsonb_build_object('Province', @province::text)
        where token_hash = @token and coalesce(details->>'Province', '') = '' and exists (select 1 from foundation.province where code = @province)
        """, new { token, province });

    public async Task KeepDetailsAsync(Tx tx, byte[] token, BuyerDetails details)
    {
        await TouchAsync(tx, token);
        await tx.ExecuteAsync("update orders.cart set details = @details::jsonb where token_hash = @token", new { token, details = JsonSerializer.Serialize(details) });
    }

    /// <summary>The code under which other browsers find what is in this cart; the present one while it lasts. Null when there is no cart.</summary>
    public Task<string?> ShareAsync(Tx tx, byte[] token)
    {
        const string update = """
            update orders.cart set share_code = case when share_until > @now then share_code else @code end, share_until = @until where token_hash = @token returning share_code
            """;
        var now = clock.GetUtcNow();
        return tx.FirstOrDefaultAsync<string>(update, new { token, code = Codes.Random(6), now, until = now + ShareLifetime });
    }

    /// <summary>Puts what is in the cart with this code into the given one. Again: nothing. False when no cart has the code (any more).</summary>
    public async Task<bool> TakeOverAsync(Tx tx, byte[] token, string code)
    {
        const string find = "select token_hash from orders.cart where share_code = @code and share_until > @now";
        const string lines = """
            insert into orders.cart_line as mine (token_hash, listing_id, quantity, added_at) select @token, listing_id, quantity, added_at from orders.cart_line where token_hash = @from
            on conflict on constraint cart_line_pk do update set quantity = greatest(mine.quantity, excluded.quantity)
            """;
        const string province = """
            update orders.cart c set details = c.details || jsonb_build_object('Province', coalesce(o.details->>'Province', '')) from orders.cart o
            where c.token_hash = @token and o.token_hash = @from and coalesce(c.details->>'Province', '') = ''
            """;
        if (await tx.FirstOrDefaultAsync<byte[]>(find, new { code, now = clock.GetUtcNow() }) is not { } from)
            return false;
        await TouchAsync(tx, token);
        await tx.ExecuteAsync(lines, new { token, from });
        await tx.ExecuteAsync(province, new { token, from });
        return true;
    }

    /// <summary>The cart with today's prices, fees and stock. Empty when there is none.</summary>
    public async Task<PricedCart> PriceAsync(Sql sql, byte[]? token, CancellationToken ct = default)
    {
        if (token is null)
            return PricedCart.Empty;
        const string cart = "select details::text as details, case when share_until > @now then share_code end as share_code from orders.cart where token_hash = @token";
        var (kept, lines, points) = await sql.MultipleAsync($"{cart}; {LinesSql}; {Pickups.OfCartSql}", new { token, now = clock.GetUtcNow(), today = Vietnamese.Today(clock) },
            async grid => (await grid.ReadFirstOrDefaultAsync<Kept>(), (await grid.ReadAsync<CartLine>()).ToList(), (await grid.ReadAsync<PickupPoint>()).ToList()), ct);
        return (await PriceAsync(sql, Read(kept?.Details), lines, points, ct)) with { ShareCode = kept?.ShareCode };
    }

    /// <summary>The same lines for other details: fees follow the province.</summary>
    public Task<PricedCart> PriceAsync(Sql sql, PricedCart cart, BuyerDetails details, CancellationToken ct) => PriceAsync(sql, details, [.. cart.Lines], [.. cart.Parts.SelectMany(p => p.Slots).Select(s => s.Point).Distinct()], ct);

    private async Task<PricedCart> PriceAsync(Sql sql, BuyerDetails details, List<CartLine> lines, List<PickupPoint> points, CancellationToken ct)
    {
        long[] ids = [.. lines.Select(l => l.ProducerId).Distinct()];
        if (ids.Length == 0)
            return new PricedCart([], details);
        var (tables, taken, known) = await sql.MultipleAsync($"{DeliveryFees.TablesSql}; {Payments.PayeeMethods.TakenSql}; {Addresses.ProvinceByCodeSql}", new { ids, vnpay.SharedTerminal, typed = Vietnamese.Clean(details.Province) },
            async grid => (await DeliveryFees.ReadAsync(grid, ids), await Payments.PayeeMethods.ReadAsync(grid), await grid.ReadFirstOrDefaultAsync<string>()), ct);
        var province = known ?? await Addresses.ProvinceAsync(sql, details.Province, ct);
        var now = clock.GetUtcNow();
        return new PricedCart(
            [.. lines.GroupBy(l => l.ProducerId).Select(g => new SellerPart(g.Key, g.First().ProducerSlug, g.First().ProducerName, [.. g], tables[g.Key], [.. taken[g.Key]], province, now)).Select(p => AsChosen(p, details, points))],
            details);
    }

    private static SellerPart AsChosen(SellerPart part, BuyerDetails details, List<PickupPoint> points)
    {
        var slots = points.Where(p => p.ProducerId == part.ProducerId).SelectMany(p => p.Slots(part.Delivery.Terms.HandedOver(part.Now))).OrderBy(s => s.From).ToList();
        var chosen = part with { Slots = slots, Pickup = details.Pickups.GetValueOrDefault(part.ProducerSlug) is { } key ? slots.Find(s => s.Key == key) : null, Method = details.Methods.GetValueOrDefault(part.ProducerSlug) ?? details.Payment };
        return chosen with { Lines = [.. part.Lines.Select(l => l with { GoodOn = chosen.DeliverBy })] };
    }

    public static void Delete(Tx tx, byte[] token) => tx.Add("delete from orders.cart where token_hash = @token", new { token });

    private async Task TouchAsync(Tx tx, byte[] token) =>
        await tx.ExecuteAsync("""
            insert into orders.cart (token_hash, created_at, changed_at) values (@token, @now, @now)
            on conflict on constraint cart_pk do update set changed_at = excluded.changed_at
            """, new { token, now = clock.GetUtcNow() });

    private static BuyerDetails Read(string? json) => json is null ? new BuyerDetails() : JsonSerializer.Deserialize<BuyerDetails>(json) ?? new BuyerDetails();

    private sealed record Found(long Id, bool OnSale);

    private sealed record Kept(string Details, string? ShareCode);
}
