using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Home;

/// <summary>The web's own files: robots and security.txt.</summary>
[AllowAnonymous]
public sealed class WebController(SiteOptions site, TimeProvider clock) : Controller
{
    private static readonly string[] Closed = ["/gio-hang", "/thanh-toan", "/don-hang", "/quan-ly", "/so-cong-thuong", "/quan-tri"];

    [HttpGet("/robots.txt")]
    public IActionResult Robots() => Content($"User-agent: *\n{string.Concat(from language in new[] { "", Language.Prefix } from path in Closed select $"Disallow: {language}{path}\n")}Sitemap: {site.Absolute("/sitemap.xml")}\n", "text/plain; charset=utf-8");

    [HttpGet("/.well-known/security.txt")]
    public IActionResult Security() => Content($"Contact: {site.SecurityContact}\nExpires: {clock.GetUtcNow().AddDays(180):yyyy-MM-dd'T'00:00:00'Z'}\nPreferred-Languages: vi, en\nCanonical: {site.Absolute("/.well-known/security.txt")}\n", "text/plain; charset=utf-8");
}
