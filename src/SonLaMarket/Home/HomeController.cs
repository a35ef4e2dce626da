using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Home;

/// <summary>The front page and the page to type a code. Home composes and owns nothing.</summary>
public sealed class HomeController(Db db, Texts t, TimeProvider clock, InlineStyle style, SiteOptions site) : PageController(t)
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
        HttpContext.AllowInlineStyle(site, style);
        ViewData["Style"] = style.Css;
        return View("Offline");
    }
}

public sealed record ScanPage(string? Code, bool Unknown);
