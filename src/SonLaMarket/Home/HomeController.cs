using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Home;

/// <summary>The front page, the page to type a code, the seller's first page. Home composes and owns nothing.</summary>
public sealed class HomeController(Db db, Texts t, TimeProvider clock, ProducerRegister producers) : PageController(t)
{
    private const string Front = """
        select l.slug, v.title, v.title_en, l.price_vnd, v.sale_unit, v.net_weight_g, v.picture_ids[1] as picture_id, w.name as producer_name, c.full_name as commune_name, c.name_en as commune_name_en
        from catalog.search_entry s join catalog.listing l on l.id = s.listing_id join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version
          join producers.producer r on r.id = l.producer_id join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version join foundation.commune c on c.code = w.commune_code
        where s.sellable and s.stock_units > 0 and l.season_months <> '{}' and @month = any(l.season_months) order by l.published_at desc, l.id desc limit 8;
        select k.slug, k.name, k.name_en, count(*) as listings
        from catalog.search_entry s join catalog.listing l on l.id = s.listing_id join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version
          join producers.category k on k.slug = v.category_slug where s.sellable group by 1, 2, 3, k.sort order by k.sort;
        select r.slug, w.name, w.kind, c.full_name as commune_name, c.name_en as commune_name_en, w.picture_ids[1] as picture_id
        from producers.producer r join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version join foundation.commune c on c.code = w.commune_code
        where exists (select 1 from catalog.listing l join catalog.search_entry s on s.listing_id = l.id and s.sellable where l.producer_id = r.id) order by r.approved_at desc, r.id desc limit 6;
        select (select count(*) from catalog.search_entry where sellable) as listings, (select count(*) from producers.producer where public_version is not null) as producers, (select count(*) from origin.lot) as lots
        """;

    [PublicPage]
    [HttpGet("/")]
    public async Task<IActionResult> Index(CancellationToken ct)
    {
        HttpContext.Tag(PageCache.Browse);
        var month = Vietnamese.Today(clock).Month;
        return View("Index", await db.MultipleAsync(Front, new { month }, async g => new FrontPage(
            (await g.ReadAsync<FrontListing>()).AsList(), (await g.ReadAsync<FrontGroup>()).AsList(), (await g.ReadAsync<FrontProducer>()).AsList(), await g.ReadSingleAsync<FrontCounts>()), ct));
    }

    /// <summary>Scan or type a code: a lot's code, the address on a label, or a GTIN.</summary>
    [AllowAnonymous]
    [HttpGet("/quet")]
    public async Task<IActionResult> Scan(string? ma, CancellationToken ct)
    {
        var typed = Vietnamese.Clean(ma);
        if (typed.Length == 0)
            return View("Scan", new ScanPage(null, false));
        if (Uri.TryCreate(typed, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            typed = uri.AbsolutePath;
        var last = typed.TrimEnd('/').Split('/')[^1].ToUpperInvariant();
        const string find = """
            select '/lo/' || code from origin.lot where code = @code
            union all select '/01/' || gtin from producers.product where gtin = lpad(@code, 14, '0') limit 1
            """;
        var path = await db.FirstOrDefaultAsync<string>(find, new { code = Gs1.LotCode.TryRead(last, out var code) ? code : last }, ct);
        if (path is not null)
            return SeeOther(path);
        Response.StatusCode = StatusCodes.Status404NotFound;
        return View("Scan", new ScanPage(last.Length > 60 ? last[..60] : last, true));
    }

    /// <summary>The seller's day: what waits, what was refused, what is on the way.</summary>
    [Authorize(Policy = Roles.Seller)]
    [HttpGet("/quan-ly")]
    public async Task<IActionResult> Today(CancellationToken ct)
    {
        const string counts = """
            select (select count(*) from producers.product p where p.producer_id = @Id) as products,
              (select count(*) from origin.lot l where l.producer_id = @Id) as lots,
              (select count(*) from catalog.listing l where l.producer_id = @Id and l.status = 'draft') as drafts,
              (select count(*) from catalog.listing l where l.producer_id = @Id and l.status = 'submitted') as waiting,
              (select count(*) from catalog.listing l where l.producer_id = @Id and l.status = 'returned') as returned,
              (select count(*) from catalog.listing l where l.producer_id = @Id and l.public_version is not null) as public,
              (select count(*) from orders.sub_order o where o.producer_id = @Id and o.status = 'confirmed') as to_pack,
              (select count(*) from orders.sub_order o where o.producer_id = @Id and o.status = 'packed') as to_ship,
              (select count(*) from origin.lot_block b join origin.lot l on l.id = b.lot_id where l.producer_id = @Id and b.lifted_at is null) as blocked,
              (select count(*) from producers.certificate c where c.producer_id = @Id and c.status = 'verified' and c.valid_until < @today + 30) as expiring
            """;
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer)
            return SeeOther("/quan-ly/co-so");
        return View("Today", new TodayPage(producer, await db.SingleAsync<TodayCounts>(counts, new { producer.Id, today = Vietnamese.Today(clock) }, ct)));
    }
}

public sealed record FrontListing(string Slug, string Title, string TitleEn, long PriceVnd, string SaleUnit, long NetWeightG, Guid? PictureId, string ProducerName, string CommuneName, string CommuneNameEn);

public sealed record FrontGroup(string Slug, string Name, string NameEn, long Listings);

public sealed record FrontProducer(string Slug, string Name, string Kind, string CommuneName, string CommuneNameEn, Guid? PictureId);

public sealed record FrontCounts(long Listings, long Producers, long Lots);

public sealed record FrontPage(List<FrontListing> InSeason, List<FrontGroup> Groups, List<FrontProducer> Producers, FrontCounts Counts);

public sealed record ScanPage(string? Code, bool Unknown);

public sealed record TodayCounts(long Products, long Lots, long Drafts, long Waiting, long Returned, long Public, long ToPack, long ToShip, long Blocked, long Expiring);

public sealed record TodayPage(Producer Producer, TodayCounts Counts);
