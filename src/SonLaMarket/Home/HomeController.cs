using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Home;

/// <summary>The front page, the page to type a code, the seller's first page. Home composes and owns nothing.</summary>
public sealed class HomeController(Db db, Texts t, TimeProvider clock, ProducerRegister producers, InlineStyle style, SiteOptions site) : PageController(t)
{
    [PublicPage]
    [HttpGet("/")]
    public async Task<IActionResult> Index(CancellationToken ct)
    {
        HttpContext.Tag(PageCache.Browse);
        return View("Index", await FrontPage.LoadAsync(db, Vietnamese.Today(clock).Month, ct));
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

    /// <summary>What the worker shows when there is no network: kept on the device beforehand, with its style inside.</summary>
    [PublicPage]
    [HttpGet("/ngoai-tuyen")]
    public IActionResult Offline()
    {
        HttpContext.AllowInlineStyle(site, style.Css);
        ViewData["Style"] = style.Css;
        return View("Offline");
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

public sealed record ScanPage(string? Code, bool Unknown);

public sealed record TodayCounts(long Products, long Lots, long Drafts, long Waiting, long Returned, long Public, long ToPack, long ToShip, long Blocked, long Expiring);

public sealed record TodayPage(Producer Producer, TodayCounts Counts);
