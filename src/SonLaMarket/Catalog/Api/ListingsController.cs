using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Catalog.Api;

/// <summary>What is on sale, as the public sees it: approved texts, neither suspended nor blocked.</summary>
[Authorize(Policy = ApiScope.Listings)]
[Route(Root + "/listings")]
[Tags("listings")]
public sealed class ListingsController(Db db, SiteOptions site, TimeProvider clock, Texts t) : ApiController(site, t)
{
    /// <summary>As in the files for platforms: blocks are read from their table, so that what was recalled is out at once.</summary>
    private const string Select = """
        select l.slug, v.title, v.title_en, v.description, v.ingredients, v.category_slug, k.name as category_name, v.gtin, p.code as product_code, l.price_vnd, l.usual_vnd, l.sale_vnd, l.sale_from, l.sale_until, v.sale_unit, v.base_unit, v.base_per_unit, v.net_weight_g, l.min_units, l.max_units, l.gross_weight_g, l.length_cm, l.width_cm, l.height_cm,
          case when l.paused_at is null then coalesce(q.units, 0) else 0 end::bigint as stock_units, l.season_months, l.approved_at, l.changed_at, r.slug as producer_slug, w.name as producer_name, w.brand, c.code as commune_code, c.full_name as commune_name,
          (select jsonb_agg(jsonb_build_object('Id', d.id, 'Width', i.width, 'Height', i.height, 'Bytes', i.bytes) order by d.place)
           from unnest(v.picture_ids) with ordinality d (id, place) join files.stored_file u on u.id = d.id and u.state = 'clean' left join files.rendition i on i.file_id = u.id and i.name = 'w1200.jpg')::text as pictures,
          (select jsonb_agg(jsonb_build_object('Kind', y.kind_code, 'Number', y.number, 'Issuer', y.issuer, 'Stars', y.stars, 'ValidUntil', y.valid_until) order by y.kind_code, y.number)
           from producers.certificate y where y.id = any(v.certificate_ids) and y.status = 'verified' and y.valid_until >= @today)::text as certificates, q.lots::text as lots
        from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version
          join producers.product p on p.id = l.product_id join producers.category k on k.slug = v.category_slug
          join producers.producer r on r.id = l.producer_id join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version join foundation.commune c on c.code = w.commune_code
          cross join lateral (
            select sum(x.available / l.base_per_unit) filter (where b.open) as units, count(*) filter (where b.open) as open_lots, count(*) filter (where b.blocked) as blocked_lots,
              jsonb_agg(jsonb_build_object('Code', o.code, 'HarvestedOn', o.harvested_on, 'BestBefore', o.best_before) order by o.best_before nulls last, o.code) filter (where b.open and x.available > 0) as lots
            from catalog.lot_stock x join origin.lot o on o.id = x.lot_id
              cross join lateral (select exists (select 1 from origin.lot_block y where y.lot_id = x.lot_id and y.lifted_at is null) as blocked) y
              cross join lateral (select y.blocked, not y.blocked and (o.best_before is null or o.best_before >= @today) as open) b
            where x.product_id = l.product_id) q
        where (q.open_lots > 0 or q.blocked_lots = 0)
        """;

    /// <summary>Listings by their slug.</summary>
    [HttpGet]
    [EndpointName("listListings")]
    [EndpointSummary("Listings on sale")]
    [EndpointDescription("""
        Approved listings that are on sale, ordered by slug. A listing that is suspended, withdrawn or recalled is not among them; one whose seller rests it is, with a stock of 0.
        To follow them: read all pages once, then ask with changedSince = the changedSince of the last answer. Then come those that changed since (text, price, stock, season, certificates), those that changed longest ago first, and in gone the slugs that are no longer on sale.
        A change may come twice, none is left out; it takes a few seconds to appear.
        """)]
    [ProducesResponseType<ApiListings>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Index(
        [FromQuery, Description("Only of the producer with this slug.")] string? producer, [FromQuery, Description("Only of this category, or of one below it.")] string? category,
        [FromQuery, Description("Only what changed since an answer that had this mark.")] string? changedSince,
        [FromQuery, Description("Where the page begins: taken from the next address of the page before.")] string? after, [FromQuery, Range(1, 100, ErrorMessage = "Ghi số từ 1 đến 100."), Description("Listings on a page.")] int limit = 50, CancellationToken ct = default)
    {
        const string select = $"""
            select coalesce(max(no), 0) from catalog.listing_change;
            {Select} and {Chosen} and (@from::text is null or l.slug > @from) order by l.slug limit @take
            """;
        if (changedSince is not null)
            return Number(changedSince) is { } since && after is null ? await ChangedAsync(producer, category, since, limit, ct) : Wrong("changedSince", T["Giá trị này không đúng dạng."]);
        // A walk carries the mark of its first page along: what changes while it goes on comes with the changes.
        string? from = null;
        long? begun = null;
        if (after is not null)
        {
            if (Cursor.Parse(after, 2) is not [var slug, var mark] || Number(mark) is not { } first)
                return Wrong("after", T["Giá trị này không đúng dạng."]);
            (from, begun) = (slug, first);
        }
        var (now, rows) = await db.MultipleAsync(select, new { producer, category, from, take = limit + 1, today = Vietnamese.Today(clock) }, async g => (await g.ReadSingleAsync<long>(), (await g.ReadAsync<Row>()).AsList()), ct);
        var known = Mark(begun ?? now);
        var page = Page(Page<Row>.Of(rows, limit, r => Cursor.Of(r.Slug, known)), Of);
        return Ok(new ApiListings(page.Items, page.Next, [], known));
    }

    private const string Chosen = "(@producer::text is null or r.slug = @producer) and (@category::text is null or k.slug = @category or k.parent_slug = @category)";

    /// <summary>First which listings changed, then what they are now: whatever changes between both comes again with its next number.</summary>
    private async Task<IActionResult> ChangedAsync(string? producer, string? category, long since, int limit, CancellationToken ct)
    {
        const string changed = """
            select l.slug, c.no from catalog.listing_change c join catalog.listing l on l.id = c.listing_id join producers.producer r on r.id = l.producer_id
            where c.no > @since and (@producer::text is null or r.slug = @producer) order by c.no limit @take
            """;
        var marks = await db.QueryAsync<(string Slug, long No)>(changed, new { since, producer, take = limit + 1 }, ct);
        var slugs = marks.Take(limit).Select(m => m.Slug).ToArray();
        var rows = (await db.QueryAsync<Row>($"{Select} and {Chosen} and l.slug = any(@slugs)", new { slugs, producer, category, today = Vietnamese.Today(clock) }, ct)).ToDictionary(r => r.Slug, StringComparer.Ordinal);
        var known = Mark(slugs.Length == 0 ? since : marks[slugs.Length - 1].No);
        return Ok(new ApiListings([.. slugs.Where(rows.ContainsKey).Select(s => Of(rows[s]))], marks.Count > limit ? Site.Absolute(Request.Path + Addresses.With(Request.Query, ("changedSince", known))) : null,
            [.. slugs.Where(s => !rows.ContainsKey(s))], known));
    }

    private static string Mark(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long? Number(string mark) => long.TryParse(mark, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>One listing.</summary>
    [HttpGet("{slug}")]
    [EndpointName("getListing")]
    [EndpointSummary("One listing on sale")]
    [ProducesResponseType<ApiListing>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Show(string slug, CancellationToken ct) =>
        await db.FirstOrDefaultAsync<Row>($"{Select} and l.slug = @slug", new { slug, today = Vietnamese.Today(clock) }, ct) is { } row ? Ok(Of(row)) : None();

    private ApiListing Of(Row r)
    {
        var today = Vietnamese.Today(clock);
        var pictures = Read<PictureRow>(r.Pictures);
        var certificates = Read<CertificateRow>(r.Certificates);
        var bought = r.StockUnits >= r.MinUnits;
        return new(
            r.Slug, Site.Absolute("/san-pham/" + r.Slug), r.Title, r.TitleEn.Length == 0 ? null : r.TitleEn, r.Description, r.Ingredients.Length == 0 ? null : r.Ingredients, r.ProductCode, r.Gtin, new(r.CategorySlug, r.CategoryName), new(r.ProducerSlug, r.ProducerName, Site.Absolute("/co-so/" + r.ProducerSlug)),
            new(r.CommuneCode, r.CommuneName), r.PriceVnd, r.UsualVnd, r.SaleVnd is { } sale ? new(sale, Vietnamese.Local(r.SaleFrom!.Value), Vietnamese.Local(r.SaleUntil!.Value)) : null, r.SaleUnit, new(r.BasePerUnit, r.BaseUnit), r.NetWeightG, r.GrossWeightG, r.LengthCm is { } length ? new(length, r.WidthCm!.Value, r.HeightCm!.Value) : null, r.MinUnits, r.MaxUnits, r.StockUnits, bought ? null : Season.From(r.SeasonMonths, today), r.SeasonMonths, [.. pictures.Select(p => Site.Absolute($"/media/{p.Id}/w1200.jpg"))],
            [.. certificates.Select(c => new ApiCertificate(c.Kind, c.Number, c.Issuer, c.Stars, c.ValidUntil))],
            [.. Read<LotRow>(r.Lots).Select(l => new ApiLot(l.Code, l.HarvestedOn, l.BestBefore, Site.Absolute("/lo/" + l.Code)))],
            r.ApprovedAt is { } approved ? Vietnamese.Local(approved) : null, Vietnamese.Local(r.ChangedAt), r.ApprovedAt is null ? null : HandedOn.ApprovedBy(Site),
            HandedOn.ValidTo(bought ? Season.Until(r.SeasonMonths, today) : null, certificates.Select(c => c.ValidUntil)),
            [.. pictures.Select((p, i) => new ApiPicture(Site.Absolute($"/media/{p.Id}/w1200.jpg"), p.Width, p.Height, p.Bytes, HandedOn.PictureText(r.Title, i + 1, pictures.Count)))], null, HandedOn.Sku(r.ProductCode, r.Slug), HandedOn.Brand(r.Brand, r.ProducerName));
    }

    private static List<T> Read<T>(string? json) => json is null ? [] : JsonSerializer.Deserialize<List<T>>(json)!;

    private sealed record Row(
        string Slug, string Title, string TitleEn, string Description, string Ingredients, string CategorySlug, string CategoryName, string? Gtin, string ProductCode, long PriceVnd, long? UsualVnd, long? SaleVnd, DateTimeOffset? SaleFrom, DateTimeOffset? SaleUntil, string SaleUnit, string BaseUnit, long BasePerUnit, long NetWeightG, int MinUnits,
        int? MaxUnits, long? GrossWeightG, int? LengthCm, int? WidthCm, int? HeightCm,
        long StockUnits, int[] SeasonMonths, DateTimeOffset? ApprovedAt, DateTimeOffset ChangedAt, string ProducerSlug, string ProducerName, string Brand, string CommuneCode, string CommuneName, string? Pictures, string? Certificates, string? Lots);

    private sealed record PictureRow(Guid Id, int? Width, int? Height, long? Bytes);

    private sealed record CertificateRow(string Kind, string Number, string Issuer, int? Stars, DateOnly ValidUntil);

    private sealed record LotRow(string Code, DateOnly? HarvestedOn, DateOnly? BestBefore);
}

/// <summary>A page of listings.</summary>
public sealed record ApiListings(
    [property: Description("In a fixed order.")] IReadOnlyList<ApiListing> Items, [property: Description("The address of the next page; null on the last one.")] string? Next,
    [property: Description("Slugs that changed and are not, or no longer, among those asked for. Empty without changedSince.")] IReadOnlyList<string> Gone, [property: Description("The mark up to which everything is told once all pages are read: ask with it later.")] string ChangedSince);

/// <summary>A listing of the API.</summary>
public sealed record ApiListing(
    string Slug, [property: Description("Its page.")] string Url, string Title, string? TitleEn, [property: Description("Plain text.")] string Description, [property: Description("What it is made of, as its label says.")] string? Ingredients, [property: Description("The product's own code; several listings may sell one product.")] string ProductCode,
    [property: Description("14 digits.")] string? Gtin, ApiCategory Category, ApiProducerLink Producer, [property: Description("Where the producer is.")] ApiPlace Commune,
    [property: Description("Price of one sale unit in Vietnamese dong (VND), a whole number, taxes included: what is charged now.")] long PriceVnd, [property: Description("While a promotion runs: the price before it.")] long? UsualPriceVnd, [property: Description("One that runs or is planned.")] ApiPromotion? Promotion, [property: Description("kg, bunch, box or piece.")] string SaleUnit,
    [property: Description("What one sale unit holds.")] ApiQuantity UnitContent, [property: Description("Net weight of one sale unit in grams.")] long NetWeightGrams, [property: Description("With its packing, where that is known.")] long? GrossWeightGrams, [property: Description("The outside of one packed sale unit.")] ApiSize? PackSize, [property: Description("The fewest sale units that are sold at once.")] int MinimumUnits, [property: Description("The most of one order; null: no limit.")] int? MaximumUnits,
    [property: Description("Sale units in stock now.")] long StockUnits, [property: Description("Where none can be bought: the day from which there should be some again, by the season; nothing can be ordered before. Null where nobody knows.")] DateOnly? AvailableFrom, [property: Description("Months of the season, 1 to 12; empty: all year.")] IReadOnlyList<int> SeasonMonths, [property: Description("Addresses of JPEG pictures.")] IReadOnlyList<string> Pictures,
    [property: Description("Certificates in force that were checked.")] IReadOnlyList<ApiCertificate> Certificates, [property: Description("Lots that it is sold from now, the one sold next first.")] IReadOnlyList<ApiLot> Lots, DateTimeOffset? ApprovedAt, [property: Description("When text, price, season or state were last changed; stock changes apart from it.")] DateTimeOffset ChangedAt,
    [property: Description("The body that approved it.")] string? ApprovedBy, [property: Description("The last day on which what is told here holds by itself: the season or the first of its certificates ends. Null: nothing of it has an end.")] DateOnly? ValidTo,
    [property: Description("The pictures again, with what is known of each.")] IReadOnlyList<ApiPicture> Images, [property: Description("Class of value added tax. Always null for now: nobody has said it of a product.")] string? TaxClass,
    [property: Description("What files for platforms and the page call it.")] string Sku, [property: Description("Under what name its producer sells: a brand, or its own name.")] string Brand);

/// <summary>A JPEG picture.</summary>
public sealed record ApiPicture(string Url, [property: Description("In pixels, like the height; null of one that is still being made.")] int? Width, int? Height, long? Bytes, [property: Description("For who does not see it.")] string Alt);

/// <summary>A lower price for some time.</summary>
public sealed record ApiPromotion(long PriceVnd, DateTimeOffset From, [property: Description("The first instant after it.")] DateTimeOffset Until);

/// <summary>Whole centimetres.</summary>
public sealed record ApiSize(int LengthCm, int WidthCm, int HeightCm);

/// <summary>Where a listing stands in the catalogue.</summary>
public sealed record ApiCategory(string Slug, string Name);

/// <summary>Who sells.</summary>
public sealed record ApiProducerLink(string Slug, string Name, string Url);

/// <summary>A certificate in force.</summary>
public sealed record ApiCertificate(string Kind, string Number, string Issuer, [property: Description("Of OCOP.")] int? Stars, DateOnly ValidUntil);

/// <summary>A lot on sale.</summary>
public sealed record ApiLot(string Code, DateOnly? HarvestedOn, DateOnly? BestBefore, [property: Description("The page of its origin.")] string Url);
