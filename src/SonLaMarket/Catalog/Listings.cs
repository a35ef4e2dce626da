using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Producers;

namespace SonLaMarket.Catalog;

/// <summary>What a seller is told of a listing; <c>{0}</c> is its title, <c>{1}</c> the page to look at.</summary>
public static class ListingNotice
{
    public static readonly Notice Approved = new("listing-approved", "Tin đăng “{0}” đã được duyệt", "SonLaMarket: tin đăng “{0}” đã được Sở Công Thương duyệt và đang bán.", "Xem tin: {1}");
    public static readonly Notice ApprovedUnsold = new("listing-approved", "Tin đăng “{0}” đã được duyệt", "SonLaMarket: tin đăng “{0}” đã được Sở Công Thương duyệt, nhưng người mua chưa đặt được: hàng đã hết, lô bị chặn, hoặc cơ sở chưa được duyệt.", "Xem tin: {1}");
    public static readonly Notice Returned = new("listing-returned", "Tin đăng “{0}” cần sửa", "SonLaMarket: tin đăng “{0}” cần sửa trước khi duyệt: {2}", "Sửa tại {1}");
}

/// <summary>Listings and their way to the public.</summary>
public sealed class Listings(Shelf shelf, ApprovedProducts approved, ProducerNotices notices, Audit audit, TimeProvider clock)
{
    private const string Columns = """
        l.id, l.slug, l.producer_id, l.product_id, p.code as product_code, p.name as product_name, p.base_unit, l.title, l.title_en, l.sale_unit, l.base_per_unit, l.net_weight_g,
        coalesce(l.usual_vnd, l.price_vnd) as price_vnd, l.season_months, l.min_units, l.max_units, l.gross_weight_g, l.length_cm, l.width_cm, l.height_cm, l.status, l.status_reason, l.returned_parts, l.version, l.public_version, l.paused_for, l.changed_at,
        l.sale_vnd, l.sale_from, l.sale_until, l.usual_vnd is not null as on_sale
        """;

    internal const string Own = "exists (select 1 from producers.acting m where m.producer_id = l.producer_id and m.person_id = @memberId)";

    public Task<Listing?> FindAsync(Sql sql, string slug, long memberId, CancellationToken ct = default) =>
        sql.FirstOrDefaultAsync<Listing>($"select {Columns} from catalog.listing l join producers.product p on p.id = l.product_id where l.slug = @slug and {Own}", new { slug, memberId }, ct);

    /// <summary>The same with its row locked until the transaction ends.</summary>
    public Task<Listing?> LockAsync(Tx tx, string slug, long memberId) =>
        tx.FirstOrDefaultAsync<Listing>($"select {Columns} from catalog.listing l join producers.product p on p.id = l.product_id where l.slug = @slug and {Own} for update of l", new { slug, memberId });

    /// <summary>The new listing's slug; null when the product is not the member's.</summary>
    public async Task<string?> CreateAsync(Tx tx, string productCode, ListingDraft draft, long memberId, Actor actor)
    {
        const string insert = $"""
            insert into catalog.listing (slug, producer_id, product_id, title, title_en, sale_unit, base_per_unit, net_weight_g, price_vnd, season_months, min_units, max_units, gross_weight_g, length_cm, width_cm, height_cm, status, created_at, changed_at)
            select @slug, l.producer_id, l.id, @Title, @TitleEn, @SaleUnit, @BasePerUnit, case l.base_unit when 'g' then @BasePerUnit else @BasePerUnit * l.net_weight_g end, @PriceVnd, @SeasonMonths, @MinUnits, @MaxUnits, @GrossWeightG, @LengthCm, @WidthCm, @HeightCm, 'draft', @now, @now
            from producers.product l where l.code = @productCode and {Own}
            """;
        var slug = await FreeSlugAsync(tx, draft.Title);
        if (await tx.ExecuteAsync(insert, Args(slug, productCode, memberId, draft)) == 0)
            return null;
        await NotePriceAsync(tx, slug, actor);
        await audit.WriteAsync(tx, actor, "listing.create", $"listing:{slug}");
        return slug;
    }

    /// <summary>
    /// Changes the working copy; price and season reach buyers at once. The price belongs to the sale unit, so the unit is
    /// fixed while a version is public or waits. Another usual price ends the promotion. False when it is not the member's, suspended, or the unit would change.
    /// </summary>
    public async Task<bool> UpdateAsync(Tx tx, string slug, ListingDraft draft, long memberId, Actor actor)
    {
        const string lockRow = $"select l.id, coalesce(l.usual_vnd, l.price_vnd) as price_vnd, {Ends} as ends from catalog.listing l where l.slug = @slug and l.status <> 'suspended' and {Own} and (l.public_version is null and l.status <> 'submitted' or (l.sale_unit, l.base_per_unit) = (@SaleUnit, @BasePerUnit)) for update";
        const string update = $"""
            update catalog.listing l set title = @Title, title_en = @TitleEn, sale_unit = @SaleUnit, base_per_unit = @BasePerUnit,
              net_weight_g = case p.base_unit when 'g' then @BasePerUnit else @BasePerUnit * p.net_weight_g end, {Priced}, season_months = @SeasonMonths, min_units = @MinUnits,
              max_units = case when @hasPack then @MaxUnits else case when l.max_units >= @MinUnits then l.max_units end end, gross_weight_g = case when @hasPack then @GrossWeightG when {SamePack} then l.gross_weight_g end,
              length_cm = case when @hasPack then @LengthCm when {SamePack} then l.length_cm end, width_cm = case when @hasPack then @WidthCm when {SamePack} then l.width_cm end, height_cm = case when @hasPack then @HeightCm when {SamePack} then l.height_cm end, changed_at = @now,
              status = case when l.status in ('approved', 'closed') and (l.title, l.title_en, l.sale_unit, l.base_per_unit) is distinct from (@Title, @TitleEn, @SaleUnit, @BasePerUnit) then 'draft' else l.status end
            from producers.product p where p.id = l.product_id and l.id = @id
            """;
        var before = await tx.FirstOrDefaultAsync<(long Id, long PriceVnd, bool Ends)?>(lockRow, new { slug, memberId, draft.SaleUnit, draft.BasePerUnit, draft.PriceVnd });
        if (before is null)
            return false;
        await tx.ExecuteAsync(update, Args(slug, null, memberId, draft, before.Value.Id));
        if (before.Value.PriceVnd != draft.PriceVnd)
            await NotePriceAsync(tx, slug, actor);
        await audit.WriteAsync(tx, actor, "listing.edit", $"listing:{slug}", detail: new { priceBefore = before.Value.PriceVnd, price = draft.PriceVnd });
        if (before.Value.Ends)
            await audit.WriteAsync(tx, actor, "listing.promotion-end", $"listing:{slug}");
        await shelf.RefreshAsync(tx, before.Value.Id);
        return true;
    }

    /// <summary>Another usual price ends the promotion that runs, since it was told with the one before; a planned one stays while it is lower.</summary>
    private const string Priced = $"""
        price_vnd = case when coalesce(l.usual_vnd, l.price_vnd) = @PriceVnd then l.price_vnd else @PriceVnd end, usual_vnd = case when l.usual_vnd = @PriceVnd then l.usual_vnd end,
        sale_vnd = case when {Stays} then l.sale_vnd end, sale_from = case when {Stays} then l.sale_from end, sale_until = case when {Stays} then l.sale_until end
        """;

    private const string Stays = "(l.usual_vnd = @PriceVnd or l.usual_vnd is null and l.sale_vnd < @PriceVnd)";

    private const string Ends = $"l.sale_vnd is not null and {Stays} is not true";

    /// <summary>What a listing l is without its promotion: at the usual price again.</summary>
    internal const string PromotionOver = "price_vnd = coalesce(l.usual_vnd, l.price_vnd), usual_vnd = null, sale_vnd = null, sale_from = null, sale_until = null";

    private const string SamePack = "(l.sale_unit, l.base_per_unit) = (@SaleUnit, @BasePerUnit)";

    private object Args(string slug, string? productCode, long memberId, ListingDraft draft, long? id = null) => new
    {
        id,
        slug,
        productCode,
        memberId,
        draft.Title,
        draft.TitleEn,
        draft.SaleUnit,
        draft.BasePerUnit,
        draft.PriceVnd,
        draft.SeasonMonths,
        draft.MinUnits,
        hasPack = draft.Pack is not null,
        draft.Pack?.MaxUnits,
        draft.Pack?.GrossWeightG,
        draft.Pack?.Size?.LengthCm,
        draft.Pack?.Size?.WidthCm,
        draft.Pack?.Size?.HeightCm,
        now = clock.GetUtcNow(),
    };

    /// <summary>Sets the usual price, for buyers at once: another one ends the promotion that runs, and a planned one that would not be lower. False when the listing is not the member's, or suspended.</summary>
    public async Task<bool> PriceAsync(Tx tx, string slug, long priceVnd, long memberId, Actor actor)
    {
        const string update = $"""
            with before as (select l.id, coalesce(l.usual_vnd, l.price_vnd) as price_vnd, {Ends} as ends from catalog.listing l where l.slug = @slug and l.status <> 'suspended' and {Own} for update)
            update catalog.listing l set {Priced}, changed_at = @now from before b where l.id = b.id returning l.id, b.price_vnd, b.ends
            """;
        var before = await tx.FirstOrDefaultAsync<(long Id, long PriceVnd, bool Ends)?>(update, new { slug, PriceVnd = priceVnd, memberId, now = clock.GetUtcNow() });
        if (before is null)
            return false;
        if (before.Value.PriceVnd != priceVnd)
            await NotePriceAsync(tx, slug, actor);
        await audit.WriteAsync(tx, actor, "listing.price", $"listing:{slug}", detail: new { priceBefore = before.Value.PriceVnd, price = priceVnd });
        if (before.Value.Ends)
            await audit.WriteAsync(tx, actor, "listing.promotion-end", $"listing:{slug}");
        await shelf.RefreshAsync(tx, before.Value.Id);
        return true;
    }

    /// <summary>Rests a public listing: it cannot be bought and leaves lists and feeds, its approval stays. False when it is not the member's, or not public.</summary>
    /// <param name="reason"><see cref="Pause.Break"/> or <see cref="Pause.Season"/>.</param>
    public Task<bool> PauseAsync(Tx tx, string slug, string reason, long memberId, Actor actor) => RestAsync(tx, slug, reason, "listing.pause", memberId, actor);

    /// <summary>Back on sale at once, as it was approved. False when it is not the member's, or not public.</summary>
    public Task<bool> ResumeAsync(Tx tx, string slug, long memberId, Actor actor) => RestAsync(tx, slug, null, "listing.resume", memberId, actor);

    /// <summary>A listing that was ended begins again as a draft. False when it is not the member's, or not ended.</summary>
    public async Task<bool> ReopenAsync(Tx tx, string slug, long memberId, Actor actor)
    {
        if (await tx.ExecuteAsync($"update catalog.listing l set status = 'draft', changed_at = @now where slug = @slug and status = 'closed' and {Own}", new { slug, memberId, now = clock.GetUtcNow() }) == 0)
            return false;
        await audit.WriteAsync(tx, actor, "listing.reopen", $"listing:{slug}");
        return true;
    }

    /// <summary>Freezes product and listing as a new version and puts it before the Department. False when it is not theirs or waits already.</summary>
    public async Task<bool> SubmitAsync(Tx tx, string slug, long memberId, Actor actor)
    {
        const string submit = $"""
            update catalog.listing l set status = 'submitted', status_reason = '', returned_parts = default, version = version + 1, changed_at = @now
            where slug = @slug and status in ('draft', 'returned', 'approved') and {Own} returning id
            """;
        const string snapshot = """
            insert into catalog.listing_version (listing_id, version, title, title_en, category_slug, speciality_slug, gtin, sale_unit, base_unit, base_per_unit, net_weight_g, description, storage, ingredients, brand, model, piece_weight_g, picture_ids, certificate_ids, submitted_at, submitted_by, state)
            select l.id, l.version, l.title, l.title_en, p.category_slug, p.speciality_slug, p.gtin, l.sale_unit, p.base_unit, l.base_per_unit, l.net_weight_g, p.description, p.storage, p.ingredients, p.brand, p.model, p.net_weight_g, p.picture_ids, p.certificate_ids, @now, @memberId, 'submitted'
            from catalog.listing l join producers.product p on p.id = l.product_id where l.id = @id
            """;
        var now = clock.GetUtcNow();
        var id = await tx.FirstOrDefaultAsync<long?>(submit, new { slug, memberId, now });
        if (id is null)
            return false;
        await tx.ExecuteAsync("update catalog.listing_version set state = 'withdrawn' where listing_id = @id and state = 'submitted'", new { id });
        await tx.ExecuteAsync(snapshot, new { id, memberId, now });
        await audit.WriteAsync(tx, actor, "listing.submit", $"listing:{slug}");
        return true;
    }

    /// <summary>Makes exactly this version public. False when it is no longer the one waiting.</summary>
    public async Task<bool> ApproveAsync(Tx tx, string slug, int version, Actor officer)
    {
        var id = await DecideAsync(tx, slug, version, "approved", null, officer);
        if (id is null)
            return false;
        const string publish = """
            update catalog.listing set status = case when status = 'submitted' and version = @version then 'approved' else status end, status_reason = '', returned_parts = default,
              public_version = @version, approved_at = @now, published_at = coalesce(published_at, @now) where id = @id
            """;
        const string face = """
            select l.product_id, v.title, v.title_en, v.speciality_slug, v.gtin, v.picture_ids[1] as picture_id, v.certificate_ids, v.brand, v.model, v.storage, v.piece_weight_g, v.decided_at as approved_at, l.slug as listing_slug
            from catalog.listing_version v join catalog.listing l on l.id = v.listing_id where v.listing_id = @id and v.version = @version
            """;
        await tx.ExecuteAsync(publish, new { id, version, now = clock.GetUtcNow() });
        await approved.SetAsync(tx, await tx.SingleAsync<ApprovedProduct>(face, new { id, version }));
        await audit.WriteAsync(tx, officer, "listing.approve", $"listing:{slug}", detail: new { version });
        await shelf.RefreshAsync(tx, id.Value);
        var sold = await tx.SingleAsync<bool>("select exists (select 1 from catalog.search_entry e join catalog.listing l on l.id = e.listing_id where e.listing_id = @id and e.sellable and e.stock_units >= l.min_units)", new { id });
        await TellAsync(tx, id.Value, version, sold ? ListingNotice.Approved : ListingNotice.ApprovedUnsold, sold ? "/san-pham/" + slug : "/quan-ly/tin-dang/" + slug);
        return true;
    }

    /// <summary>Sends the version back with a reason and the parts to change (<see cref="ListingPart"/>); the version that was public stays public.</summary>
    public async Task<bool> ReturnAsync(Tx tx, string slug, int version, string reason, string[] parts, Actor officer)
    {
        var id = await DecideAsync(tx, slug, version, "returned", reason, officer);
        if (id is null)
            return false;
        await tx.ExecuteAsync("update catalog.listing set status = 'returned', status_reason = @reason, returned_parts = @parts where id = @id and status = 'submitted'", new { id, reason, parts });
        await audit.WriteAsync(tx, officer, "listing.return", $"listing:{slug}", reason, new { version });
        await TellAsync(tx, id.Value, version, ListingNotice.Returned, "/quan-ly/tin-dang/" + slug, reason);
        return true;
    }

    /// <summary>Takes the listing from the public at once.</summary>
    public Task<bool> SuspendAsync(Tx tx, string slug, string reason, Actor officer) => HideAsync(tx, slug, null, "suspended", reason, officer);

    /// <summary>The seller ends the offer.</summary>
    public Task<bool> CloseAsync(Tx tx, string slug, long memberId, Actor actor) => HideAsync(tx, slug, memberId, "closed", "", actor);

    /// <summary>Takes back a listing that was made by mistake: ended, and listed nowhere any more. Whoever asks has made sure that nothing was built on it.</summary>
    public async Task<bool> TakeBackAsync(Tx tx, string slug, long memberId, Actor actor) =>
        await CloseAsync(tx, slug, memberId, actor) && await tx.ExecuteAsync("update catalog.listing set taken_back_at = @now where slug = @slug", new { slug, now = clock.GetUtcNow() }) == 1;

    /// <summary>The price as it stands now, for the history; the listing's row is locked or new.</summary>
    internal Task NotePriceAsync(Tx tx, string slug, Actor actor) => tx.ExecuteAsync("""
        insert into catalog.listing_price (listing_id, no, at, price_vnd, usual_vnd, person_id)
        select l.id, coalesce((select max(p.no) from catalog.listing_price p where p.listing_id = l.id), 0) + 1, @now, l.price_vnd, l.usual_vnd, @PersonId from catalog.listing l where l.slug = @slug
        """, new { slug, actor.PersonId, now = clock.GetUtcNow() });

    private async Task<bool> RestAsync(Tx tx, string slug, string? reason, string action, long memberId, Actor actor)
    {
        const string rest = $"""
            with before as (select l.id, l.paused_for from catalog.listing l where l.slug = @slug and l.public_version is not null and {Own} for update)
            update catalog.listing l set paused_for = @reason, paused_at = case when @reason::text is null then null else @now end, changed_at = @now
            from before b where l.id = b.id returning l.id, b.paused_for is distinct from @reason as changed
            """;
        var found = await tx.FirstOrDefaultAsync<(long Id, bool Changed)?>(rest, new { slug, reason, memberId, now = clock.GetUtcNow() });
        if (found is null)
            return false;
        if (!found.Value.Changed)
            return true;
        await audit.WriteAsync(tx, actor, action, $"listing:{slug}", detail: new { reason });
        await shelf.RefreshAsync(tx, found.Value.Id);
        return true;
    }

    /// <summary>What nobody sees has no promotion: when it comes back it may be packed otherwise, at another price.</summary>
    private async Task<bool> HideAsync(Tx tx, string slug, long? memberId, string status, string reason, Actor actor)
    {
        const string hide = $"""
            with before as (
              select l.id, l.sale_vnd is not null as promoted, l.usual_vnd is not null as running from catalog.listing l
              where l.slug = @slug and l.status <> @status and l.status <> 'suspended' and (@memberId::bigint is null or {Own}) for update)
            update catalog.listing l set status = @status, status_reason = @reason, public_version = null, paused_at = null, paused_for = null, {PromotionOver}, changed_at = @now
            from before b where l.id = b.id returning l.id, b.promoted, b.running
            """;
        var before = await tx.FirstOrDefaultAsync<(long Id, bool Promoted, bool Running)?>(hide, new { slug, memberId, status, reason, now = clock.GetUtcNow() });
        if (before is not var (id, promoted, running))
            return false;
        await tx.ExecuteAsync("update catalog.listing_version set state = 'withdrawn' where listing_id = @id and state = 'submitted'", new { id });
        if (running)
            await NotePriceAsync(tx, slug, actor);
        await audit.WriteAsync(tx, actor, status == "closed" ? "listing.close" : "listing.suspend", $"listing:{slug}", reason.Length == 0 ? null : reason);
        if (promoted)
            await audit.WriteAsync(tx, actor, "listing.promotion-end", $"listing:{slug}");
        await shelf.RefreshAsync(tx, id);
        return true;
    }

    private async Task TellAsync(Tx tx, long id, int version, Notice notice, string path, params object[] values)
    {
        const string about = "select l.producer_id, v.title from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = @version where l.id = @id";
        var (producerId, title) = await tx.SingleAsync<(long, string)>(about, new { id, version });
        await notices.TellAsync(tx, producerId, notice, $"{id}:{version}", title, path, values);
    }

    private Task<long?> DecideAsync(Tx tx, string slug, int version, string state, string? reason, Actor officer) =>
        tx.FirstOrDefaultAsync<long?>("""
            update catalog.listing_version v set state = @state, decided_at = @now, decided_by = @PersonId, reason = @reason
            from catalog.listing l where l.id = v.listing_id and l.slug = @slug and v.version = @version and v.state = 'submitted' and l.status not in ('suspended', 'closed')
            returning l.id
            """, new { slug, version, state, reason, officer.PersonId, now = clock.GetUtcNow() });

    private static async Task<string> FreeSlugAsync(Tx tx, string title)
    {
        var slug = Vietnamese.Slug(title);
        if (slug.Length == 0)
            slug = "tin-dang";
        return await tx.SingleAsync<bool>("select exists (select 1 from catalog.listing where slug = @slug)", new { slug }) ? $"{slug}-{Codes.Random(4).ToLowerInvariant()}" : slug;
    }
}
