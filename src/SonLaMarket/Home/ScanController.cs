using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Files;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;

namespace SonLaMarket.Home;

/// <summary>From a label to what is known of it: a photo of its code, or the code typed. Nothing of a photo is kept.</summary>
[AllowAnonymous]
[Route("/quet")]
public sealed class ScanController(Db db, Scans scans, ScanLimit limit, SiteOptions site, Texts t) : PageController(t)
{
    private const string TooLong = "Mã trên tem không dài như vậy. Hãy gõ lại mã in dưới mã QR.";

    /// <param name="ma">A lot's code, the address on a label, a GTIN, or the number of a recall.</param>
    [HttpGet("")]
    public async Task<IActionResult> Show(string? ma, CancellationToken ct)
    {
        var typed = Vietnamese.Clean(ma);
        if (typed.Length == 0)
            return View("Scan", Page());
        if (typed.Length > Images.LongestCode)
        {
            ModelState.AddModelError(nameof(ma), T[TooLong]);
            return Invalid("Scan", Page());
        }
        var address = Uri.TryCreate(typed, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null;
        if (address is not null)
            typed = address.AbsolutePath;
        var last = typed.TrimEnd('/').Split('/')[^1].ToUpperInvariant();
        const string find = """
            select '/lo/' || code from origin.lot where code = @code
            union all select '/vt/' || code from origin.item where code = @serial
            union all select '/thu-hoi/' || number from origin.recall where number = @recall
            union all select '/01/' || gtin from producers.product where gtin = lpad(@code, 14, '0') limit 1
            """;
        var path = await db.FirstOrDefaultAsync<string>(find, new { code = Gs1.LotCode.TryRead(last, out var code) ? code : last, serial = Gs1.ItemSerial.TryRead(last, out var serial) ? serial : null, recall = Recalls.Read(last) }, ct);
        if (path is not null)
            return SeeOther(path);
        // What another host or the number of others' goods leads to never pretended to be ours: no lead for officers.
        if (address is not null ? string.Equals(address.Host, new Uri(site.PublicBaseUrl).Host, StringComparison.OrdinalIgnoreCase) : !await IsOthersAsync(typed, last, ct))
            scans.CountUnknown(last, null);
        Response.StatusCode = StatusCodes.Status404NotFound;
        return View("Scan", Page() with { Unknown = last.Length > 60 ? last[..60] : last });
    }

    /// <summary>A number of goods, alone or before lot and serial, that none of our products has; or the number of a recall that there is not.</summary>
    private async Task<bool> IsOthersAsync(string typed, string last, CancellationToken ct)
    {
        if (Recalls.Read(last) is not null)
            return true;
        var gtin = Gs1.DigitalLink.TryParse(typed, out var link, out _) ? link.Gtin : Gs1.Gtin.TryParse(last, out var alone) ? (Gs1.Gtin?)alone : null;
        return gtin is { } number && !await db.SingleAsync<bool>("select exists (select 1 from producers.product where gtin = @gtin)", new { gtin = number.ToString() }, ct);
    }

    /// <param name="ma">What was typed, where no photo is sent.</param>
    [SameSiteForm]
    [RequestSizeLimit(2 * Images.MaxBytes + (1 << 20))]
    [HttpPost("")]
    public async Task<IActionResult> Read(IFormFile? camera, IFormFile? gallery, string? ma)
    {
        var field = camera is { Length: > 0 } ? nameof(camera) : gallery is { Length: > 0 } ? nameof(gallery) : nameof(ma);
        var (found, fault) = field == nameof(ma) ? Typed(ma) : await PhotoAsync(field == nameof(camera) ? camera! : gallery!);
        if (fault is null)
            return SeeOther("/quet?ma=" + Uri.EscapeDataString(found!));
        ModelState.AddModelError(field, fault);
        return Invalid("Scan", Page());
    }

    private (string? Found, string? Fault) Typed(string? ma) => Vietnamese.Clean(ma) switch
    {
        "" => (null, T["Hãy chụp hoặc chọn ảnh con tem, hoặc gõ mã in dưới mã QR."]),
        { Length: > Images.LongestCode } => (null, T[TooLong]),
        var code => (code, null),
    };

    private async Task<(string? Found, string? Fault)> PhotoAsync(IFormFile photo)
    {
        if (!limit.TryTake(HttpContext.Connection.RemoteIpAddress))
            return (null, T["Bạn thao tác quá nhanh. Hãy đợi vài phút, hoặc gõ mã in dưới mã QR."]);
        var (code, refused) = await Images.ReadCodeAsync(photo, HttpContext.RequestAborted);
        return refused is null ? (code, null) : (null, T[refused.Message]);
    }

    private ScanPage Page() => new(InAppBrowser.Of(Request));
}

/// <param name="App">The app in which the page is open, where that is no browser.</param>
public sealed record ScanPage(string? App)
{
    /// <summary>A code that no lot has.</summary>
    public string? Unknown { get; init; }
}
