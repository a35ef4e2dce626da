using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Catalog.Search;

/// <summary>Suggestions for the script of a search box; the box works without them.</summary>
public sealed class SuggestController(Lexicons lexicons, Texts t) : PageController(t)
{
    private const int Longest = 100;

    [PublicPage]
    [HttpGet("/goi-y")]
    public async Task<IActionResult> Index(string? q, CancellationToken ct)
    {
        HttpContext.Tag(PageCache.Browse);
        return Json(Suggestion.For(q is { Length: > Longest } ? q[..Longest] : q ?? "", await lexicons.PresentAsync(ct), T));
    }
}
