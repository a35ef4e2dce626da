using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Home;

/// <summary>The front page, and the page without network. Home composes and owns nothing.</summary>
public sealed class HomeController(Db db, Texts t, TimeProvider clock, InlineStyle style, SiteOptions site) : PageController(t)
{
    [PublicPage]
    [HttpGet("/")]
    public async Task<IActionResult> Index(CancellationToken ct)
    {
        HttpContext.Tag(PageCache.Browse);
        return View("Index", await FrontPage.LoadAsync(db, Vietnamese.Today(clock).Month, ct));
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
