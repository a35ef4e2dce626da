using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Catalog.Search;

/// <summary>How results are ordered, for everybody to read.</summary>
public sealed class RankingController(Texts t) : PageController(t)
{
    [PublicPage]
    [HttpGet("/cach-xep-hang")]
    public IActionResult Show() => View("Ranking", Ranking.Rules);
}
