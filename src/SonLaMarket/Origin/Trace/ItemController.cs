using Gs1;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Foundation.Web.Maps;

namespace SonLaMarket.Origin.Trace;

/// <summary>The page of a single package: the origin of its lot, and how often the package's code was scanned. Never cached, kept nowhere.</summary>
[AllowAnonymous]
[Route("/vt/{code}")]
public sealed class ItemController(Scans scans, Provinces provinces, CommuneMaps maps, TraceDictionary dictionary, Db db, Texts t, TimeProvider clock, InlineStyle style, SiteOptions site) : PageController(t)
{
    private static readonly string[] Programs = ["bot", "crawl", "spider", "preview", "facebookexternalhit"];

    /// <param name="said">The province that the reader has just named.</param>
    [HttpGet("")]
    public async Task<IActionResult> Show(string? code, [FromQuery(Name = "tinh")] string? said, CancellationToken ct)
    {
        if (await FindAsync(code, ct) is not { } item)
            return Unknown(code);
        if (Machines.Wanted(Request) == "ld+json")
            return await LotHistory.DocumentAsync(db, item.LotCode, User.FindId(), User.IsInRole(Roles.Officer), site, ct) is { } document ? File(document, EpcisDocument.MediaType) : Unknown(code);
        var page = (await TracePage.LoadAsync(db, await dictionary.AllAsync(ct), item.LotCode, Vietnamese.Today(clock), clock.GetUtcNow(), ct))!;
        var uncounted = AtWork || IsProgram;
        var own = uncounted ? null : scans.Count(item.Id, HttpContext.Connection.RemoteIpAddress, Request.Headers.UserAgent.ToString());
        // The reader's own scan is no earlier one; it may still be waiting to be written.
        var written = own is { } at && item.LastScannedAt >= at.AddMilliseconds(-1);
        var alerts = await db.QueryAsync<(string Rule, int Figure)>("select rule, figure from origin.scan_alert where item_id = @Id order by id", new { item.Id }, ct);
        var all = await provinces.AllAsync(ct);
        HttpContext.AllowInlineStyle(site, style);
        ViewData["Style"] = style.Css;
        ViewData["Map"] = page.Known ? await maps.OfAsync(page.Lot.CommuneCode, ct) : null;
        return PartialView(TracePage.View, page with
        {
            Item = new(item, Math.Max(0, item.Scans - (written ? 1 : 0)), own is not null, AtWork, alerts, all, all.FirstOrDefault(p => p.Code == said) is { } place ? T.Of(place.FullName, place.NameEn) : null),
        });
    }

    /// <summary>The reader says, if they like, in which province they are: nothing finer is asked or kept.</summary>
    [HttpPost("noi-quet")]
    public async Task<IActionResult> Place(string code, [FromForm(Name = "tinh")] string? province, CancellationToken ct)
    {
        if (await FindAsync(code, ct) is not { } item)
            return NotFound();
        if ((await provinces.AllAsync(ct)).All(p => p.Code != province))
            return SeeOther("/vt/" + item.Code);
        scans.Say(item.Id, province!);
        return SeeOther($"/vt/{item.Code}?tinh={province}");
    }

    /// <summary>Whoever tends labels or watches over them is no buyer.</summary>
    private bool AtWork => User.IsInRole(Roles.Diary) || User.IsInRole(Roles.Officer) || User.IsInRole(Roles.Operator);

    private Task<Item?> FindAsync(string? code, CancellationToken ct) =>
        ItemSerial.TryRead(code, out var serial) ? ItemSeries.FindItemAsync(db, serial, ct) : Task.FromResult<Item?>(null);

    /// <param name="typed">Null when it is longer than any code.</param>
    private IActionResult Unknown(string? typed)
    {
        var code = typed ?? "";
        scans.CountUnknown(code, null);
        return UnknownCode.Page(this, T, code);
    }

    /// <summary>Programs that look at an address before somebody opens it: previews of messengers, search engines.</summary>
    private bool IsProgram => Array.Exists(Programs, p => Request.Headers.UserAgent.ToString().Contains(p, StringComparison.OrdinalIgnoreCase));
}

/// <summary>What the page says of the package.</summary>
/// <param name="Earlier">Scans before this one.</param>
/// <param name="Again">The same reader opened it a moment ago.</param>
/// <param name="Uncounted">Somebody at work looks: no scan.</param>
/// <param name="Alerts">Rules that its scans broke.</param>
/// <param name="Said">The province that the reader named.</param>
public sealed record ItemView(Item Item, long Earlier, bool Again, bool Uncounted, List<(string Rule, int Figure)> Alerts, IReadOnlyList<Province> Provinces, string? Said)
{
    public string Code => Item.Code;

    public string Shown => ItemSerial.Grouped(Item.Code);

    public int Place => Item.Place;

    public int Items => Item.Items;

    public long? NetWeightG => Item.NetWeightG;

    public DateTimeOffset? FirstAt => Item.FirstScannedAt;

    public DateTimeOffset? LastAt => Again ? null : Item.LastScannedAt;

    public string Tone => Alerts.Count > 0 || Item.VoidedAt is not null ? "band warn" : "band note";
}
