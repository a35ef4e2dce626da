using Gs1;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin.Trace;

/// <summary>GS1 Digital Link addresses of our labels: 307 to the trace page of a lot or the page of a product, 400 malformed, 404 unknown.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
public sealed class DigitalLinkController(Scans scans, Db db, Texts t) : Controller
{
    [AcceptVerbs("GET", "HEAD", "OPTIONS", Route = "/01/{**rest}")]
    public async Task<IActionResult> Resolve(CancellationToken ct)
    {
        Response.Headers.AccessControlAllowOrigin = "*";
        Response.Headers.AccessControlExposeHeaders = "Link, Location";
        if (HttpMethods.IsOptions(Request.Method))
        {
            Response.Headers.AccessControlAllowMethods = Response.Headers.Allow = "GET, HEAD, OPTIONS";
            return NoContent();
        }
        // The raw target: routing has decoded %2F, which belongs to a value here.
        var target = HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var path = target.StartsWith(Language.Prefix + "/", StringComparison.Ordinal) ? target[Language.Prefix.Length..] : target;
        if (!DigitalLink.TryParse($"{Request.Scheme}://{Request.Host}{path}", out var link, out _))
            return Problem400();
        return await FindAsync(link, ct) is { } found ? Temporary(found) : Unknown(link);
    }

    private Task<string?> FindAsync(DigitalLink link, CancellationToken ct)
    {
        // A label may be printed before the product is approved: the lot's own code is what leads to its page. A product that was taken back together with
        // its lot gave its GTIN back; the lot's history remembers under which number it was opened.
        const string lot = """
            select '/lo/' || l.code from origin.lot l join producers.product p on p.id = l.product_id
            where l.code = @lot and (p.gtin = @gtin or l.taken_back_at is not null
              and exists (select 1 from origin.event e where e.lot_id = l.id and e.document #>> '{quantityList,0,epcClass}' like '%/01/' || @gtin || '/10/' || l.code))
            """;
        // GTIN and serial name the package; a lot beside them must be its own.
        const string item = """
            select '/vt/' || i.code from origin.item i join origin.lot l on l.id = i.lot_id join producers.product p on p.id = l.product_id
            where i.code = @serial and p.gtin = @gtin and (@lot::text is null or l.code = @lot)
            """;
        const string product = """
            select '/san-pham/' || listing_slug from origin.approved_product where gtin = @gtin order by approved_at desc limit 1
            """;
        // Variants are never issued here; of the kinds of link, only the one that the default leads to exists.
        var ofProduct = link.Lot is null && link.Serial is null;
        if (link.Qualifiers.Any(q => q.Ai is not ("10" or "21")) || LinkType is not (null or "" or "gs1:defaultLink" or "defaultLink") && LinkType != (ofProduct ? "gs1:pip" : "gs1:traceability"))
            return Task.FromResult<string?>(null);
        return db.FirstOrDefaultAsync<string>(ofProduct ? product : link.Serial is null ? lot : item, new { gtin = link.Gtin?.ToString(), lot = link.Lot, serial = link.Serial }, ct);
    }

    private string? LinkType => Request.Query["linkType"];

    private StatusCodeResult Temporary(string path)
    {
        // Every pair of the query but the resolver's own is passed on (GS1-Conformant Resolver 1.2).
        var rest = Request.Query.Where(q => q.Key is not ("linkType" or "context")).SelectMany(q => q.Value, (q, v) => new KeyValuePair<string, string?>(q.Key, v));
        Response.Headers.Location = t.To(path) + QueryString.Create(rest);
        return StatusCode(StatusCodes.Status307TemporaryRedirect);
    }

    private ObjectResult Problem400() => Machines.Problem(StatusCodes.Status400BadRequest, "malformed-digital-link", t["Địa chỉ này không đúng cấu trúc mã GS1."]);

    private IActionResult Unknown(DigitalLink link)
    {
        if ((link.Serial ?? link.Lot) is { } code)
            scans.CountUnknown(code, link.Gtin?.ToString());
        return UnknownCode.Page(this, t, link.Serial ?? link.Lot ?? link.Gtin?.ToString() ?? "");
    }
}
