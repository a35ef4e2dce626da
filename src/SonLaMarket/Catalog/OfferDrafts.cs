using System.Text.Json;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Producers;

namespace SonLaMarket.Catalog;

/// <summary>
/// Goods on their way to being sold: said in parts, kept at every step, and at the end turned into product, listing, lot and
/// stock in one transaction. A draft belongs to the producer: another member or another device goes on with it.
/// </summary>
public sealed class OfferDrafts(Products products, Lots lots, Listings listings, Stock stock, TimeProvider clock)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    public static OfferText Read(string content) => JsonSerializer.Deserialize<OfferText>(content, Json)!;

    /// <summary>Drafts that are not finished, the one last worked on first.</summary>
    public static async Task<List<OpenDraft>> OpenAsync(Sql sql, long memberId, CancellationToken ct = default)
    {
        const string select = """
            select d.id, d.content, d.changed_at from catalog.offer_draft d join producers.acting m on m.producer_id = d.producer_id and m.person_id = @memberId
            where d.finished_at is null order by d.changed_at desc, d.id limit 50
            """;
        return [.. (await sql.QueryAsync<Row>(select, new { memberId }, ct)).Select(r => new OpenDraft(r.Id, Read(r.Content), r.ChangedAt))];
    }

    /// <summary>
    /// Adds what is said here to what the draft holds; what is null stays as it is. The first save begins the draft under the
    /// id that its pages carry, so a save sent twice changes nothing. False when it is another producer's, or finished.
    /// </summary>
    public async Task<bool> SaveAsync(Tx tx, Guid id, long producerId, OfferText said, long memberId)
    {
        const string upsert = """
            insert into catalog.offer_draft as d (id, producer_id, content, created_at, changed_at, changed_by)
            select @id, m.producer_id, @content::jsonb, @now, @now, @memberId from producers.acting m where m.producer_id = @producerId and m.person_id = @memberId
            on conflict (id) do update set content = d.content || excluded.content, changed_at = excluded.changed_at, changed_by = excluded.changed_by
              where d.producer_id = excluded.producer_id and d.finished_at is null
            """;
        return await tx.ExecuteAsync(upsert, new { id, producerId, content = JsonSerializer.Serialize(said, Json), memberId, now = clock.GetUtcNow() }) == 1;
    }

    /// <summary>Throws an unfinished draft away. False when there is none of the member's.</summary>
    public async Task<bool> DiscardAsync(Tx tx, Guid id, long memberId) => await tx.ExecuteAsync("""
        delete from catalog.offer_draft d where d.id = @id and d.finished_at is null
          and exists (select 1 from producers.acting m where m.producer_id = d.producer_id and m.person_id = @memberId)
        """, new { id, memberId }) == 1;

    /// <summary>
    /// Makes product, listing, lot and stock of the draft; the listing goes to the Department at once where the producer did.
    /// A second time: what the first time made. Null when it is not the member's.
    /// </summary>
    public async Task<OfferDone?> FinishAsync(Tx tx, Guid id, Offer offer, long memberId, Actor actor)
    {
        const string lockDraft = """
            select d.producer_id, p.status in ('submitted', 'approved') as producer_submitted, d.finished_at is not null as finished
            from catalog.offer_draft d join producers.producer p on p.id = d.producer_id join producers.acting m on m.producer_id = d.producer_id and m.person_id = @memberId
            where d.id = @id for update of d
            """;
        if (await tx.FirstOrDefaultAsync<Locked>(lockDraft, new { id, memberId }) is not { } draft)
            return null;
        if (draft.Finished)
            return await DoneAsync(tx, id, memberId);
        if (await MakeAsync(tx, draft.ProducerId, offer, draft.ProducerSubmitted, memberId, actor) is not var (listing, lot))
            return null;
        await EndAsync(tx, id, listing, lot);
        return await DoneAsync(tx, id, memberId);
    }

    /// <summary>Product, listing, lot and stock of an offer: their slug and code. Null when the producer is not the member's.</summary>
    /// <param name="submit">Puts the listing before the Department at once: so it is where the producer itself went there.</param>
    public async Task<(string Listing, string Lot)?> MakeAsync(Tx tx, long producerId, Offer offer, bool submit, long memberId, Actor actor)
    {
        var goods = offer.Goods;
        var made = new ProductDraft(goods.Name, goods.NameEn, goods.CategorySlug, goods.SpecialitySlug, null, goods.BaseUnit,
            goods.NetWeightG, goods.Description, "", goods.AlcoholPercent, goods.PictureIds, []);
        var product = await products.AddAsync(tx, producerId, made with { Ingredients = goods.Ingredients }, actor);
        var listing = await listings.CreateAsync(tx, product!, new ListingDraft(goods.Title, goods.TitleEn, goods.SaleUnit, goods.BasePerUnit, offer.Harvest.PriceVnd, goods.SeasonMonths, 1) { Pack = goods.Pack }, memberId, actor);
        var lot = await SupplyAsync(tx, product!, offer.Harvest, memberId, actor);
        if (listing is null || lot is null)
            return null;
        if (submit)
            await listings.SubmitAsync(tx, listing, memberId, actor);
        return (listing, lot);
    }

    /// <summary>
    /// The listing again as last season: a new lot at this season's price, everything else as it was. What is approved is back
    /// on sale at once; what was ended goes to the Department again. Null when the listing is not the member's, or suspended.
    /// </summary>
    /// <param name="takeOffBefore">What is left of lots harvested before this day is sold no more.</param>
    public async Task<OfferDone?> RepeatAsync(Tx tx, Guid id, string slug, OfferHarvest harvest, DateOnly? takeOffBefore, long memberId, Actor actor)
    {
        const string begin = """
            insert into catalog.offer_draft as d (id, producer_id, copied_from_id, content, created_at, changed_at, changed_by)
            select @id, l.producer_id, l.id, '{}', @now, @now, @memberId from catalog.listing l join producers.acting m on m.producer_id = l.producer_id and m.person_id = @memberId
            where l.slug = @slug and l.status <> 'suspended'
            returning (select p.status in ('submitted', 'approved') from producers.producer p where p.id = d.producer_id)
            """;
        if (await tx.FirstOrDefaultAsync<bool?>(begin, new { id, slug, memberId, now = clock.GetUtcNow() }) is not { } producerSubmitted)
            return null;
        var listing = (await listings.FindAsync(tx, slug, memberId))!;
        if (takeOffBefore is not null)
            await stock.TakeOffAsync(tx, listing.ProductId, takeOffBefore, actor);
        if (await SupplyAsync(tx, listing.ProductCode, harvest, memberId, actor) is not { } lot)
            return null;
        if (listing.PriceVnd != harvest.PriceVnd)
            await listings.PriceAsync(tx, slug, harvest.PriceVnd, memberId, actor);
        if (listing.PausedFor is not null)
            await listings.ResumeAsync(tx, slug, memberId, actor);
        if (listing.Status == "closed")
            await listings.ReopenAsync(tx, slug, memberId, actor);
        if (listing.Status is "closed" or "draft" && listing.PublicVersion is null && producerSubmitted)
            await listings.SubmitAsync(tx, slug, memberId, actor);
        await EndAsync(tx, id, slug, lot);
        return await DoneAsync(tx, id, memberId);
    }

    /// <summary>
    /// Takes back what <see cref="MakeAsync"/> made, where nothing was built on it since; else says why not. Null when it is done.
    /// </summary>
    /// <param name="madeAt">What was changed after this instant was changed by somebody.</param>
    public async Task<Said?> TakeBackAsync(Tx tx, string listing, string lot, DateTimeOffset madeAt, long memberId, Actor actor)
    {
        const string select = """
            select p.code as product, l.public_version is not null or exists (select 1 from catalog.listing_version v where v.listing_id = l.id and v.state in ('approved', 'returned')) as decided, l.changed_at > @madeAt as edited,
              exists (select 1 from origin.lot x where x.product_id = p.id and x.code <> @lot) or exists (select 1 from catalog.listing x where x.product_id = p.id and x.id <> l.id) as more, s.available <> s.supplied as sold
            from catalog.listing l join producers.product p on p.id = l.product_id join origin.lot o on o.product_id = p.id and o.code = @lot join catalog.lot_stock s on s.lot_id = o.id
              join producers.acting m on m.producer_id = l.producer_id and m.person_id = @memberId
            where l.slug = @listing and l.taken_back_at is null for update of l, o, s
            """;
        if (await tx.FirstOrDefaultAsync<Built>(select, new { listing, lot, madeAt, memberId }) is not { } built)
            return new Said("Tin hoặc lô không còn như lúc nhập.");
        if (built.Decided)
            return new Said("Sở Công Thương đã xem xét tin này.");
        if (built.Edited)
            return new Said("Tin đã được sửa sau khi nhập.");
        if (built.More)
            return new Said("Sản phẩm này đã có thêm lô hoặc tin khác.");
        if (built.Sold || !await stock.SupplyAsync(tx, lot, 0, memberId, actor))
            return new Said("Hàng của lô đã có người đặt, hoặc đã ghi hao hụt.");
        if (await lots.TakeBackAsync(tx, lot, memberId, actor) is { } why)
            return why;
        await listings.TakeBackAsync(tx, listing, memberId, actor);
        await products.TakeBackAsync(tx, built.Product, memberId, actor);
        return null;
    }

    private sealed record Built(string Product, bool Decided, bool Edited, bool More, bool Sold);

    /// <summary>What a finished draft of the member's became; null while it is open.</summary>
    public static Task<OfferDone?> DoneAsync(Sql sql, Guid id, long memberId, CancellationToken ct = default) => sql.FirstOrDefaultAsync<OfferDone>($"""
        select l.slug as listing_slug, o.code as lot_code, l.status = 'submitted' as submitted, l.public_version is not null and l.paused_at is null as public, {BlockNote.OfLot} as blocked
        from catalog.offer_draft d join producers.acting m on m.producer_id = d.producer_id and m.person_id = @memberId
          join catalog.listing l on l.id = d.listing_id join origin.lot o on o.id = d.lot_id where d.id = @id
        """, new { id, memberId }, ct);

    /// <summary>A lot of the product, all of it for sale.</summary>
    private async Task<string?> SupplyAsync(Tx tx, string product, OfferHarvest harvest, long memberId, Actor actor)
    {
        var lot = await lots.OpenAsync(tx, new NewLot(product, harvest.GrowingAreaId, harvest.HarvestedOn, null, null, null, harvest.QuantityBase), memberId, actor);
        return lot is not null && await stock.SupplyAsync(tx, lot, harvest.QuantityBase, memberId, actor) ? lot : null;
    }

    private Task EndAsync(Tx tx, Guid id, string listing, string lot) => tx.ExecuteAsync("""
        update catalog.offer_draft set finished_at = @now, changed_at = @now, listing_id = l.id, lot_id = o.id
        from catalog.listing l, origin.lot o where offer_draft.id = @id and l.slug = @listing and o.code = @lot
        """, new { id, listing, lot, now = clock.GetUtcNow() });

    private sealed record Row(Guid Id, string Content, DateTimeOffset ChangedAt);

    private sealed record Locked(long ProducerId, bool ProducerSubmitted, bool Finished);
}
