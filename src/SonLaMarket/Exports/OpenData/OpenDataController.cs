using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Exports.Feeds;
using SonLaMarket.Exports.Writers;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports.OpenData;

/// <summary>What anybody may take: the sets for people to read about, the catalogue for portals, the files.</summary>
public sealed class OpenDataController(ExportFiles files, Db db, SiteOptions site, Texts t) : PageController(t)
{
    [PublicPage]
    [HttpGet("/open-data")]
    public async Task<IActionResult> Index(CancellationToken ct)
    {
        HttpContext.Tag(OpenBuilds.PageTag);
        return View("Index", await PublishedSet.AllAsync(db, ct));
    }

    [AllowAnonymous]
    [HttpGet("/open-data/catalog.{notation:regex(^(jsonld|ttl)$)}")]
    public async Task<IActionResult> Catalogue(string notation, CancellationToken ct)
    {
        var catalogue = OpenCatalogue.Of(await PublishedSet.AllAsync(db, ct), site);
        return notation == "ttl" ? Made(LinkedData.Turtle(catalogue), "text/turtle; charset=utf-8") : Made(LinkedData.JsonLd(catalogue), "application/ld+json");
    }

    [AllowAnonymous]
    [HttpGet("/open-data/{set}.schema.json")]
    public IActionResult Schema(string set) =>
        OpenSet.Find(set) is { } found ? Made(OpenCatalogue.Schema(found, site).ToJsonString(Payload.Readable), "application/schema+json") : NotFound();

    [AllowAnonymous]
    [HttpGet("/open-data/{set:regex(^[[^.]]+$)}.{extension:regex(^(csv|json)$)}")]
    public async Task<IActionResult> Show(string set, string extension, CancellationToken ct)
    {
        if (OpenSet.Find(set) is null)
            return NotFound();
        const string select = "select case @extension when 'csv' then csv_sha256 else json_sha256 end from exports.newest_open_build where set_code = @set";
        if (await db.FirstOrDefaultAsync<string>(select, new { set, extension }, ct) is not { } sha256 || files.Find(sha256) is not { } path)
        {
            Response.Headers.RetryAfter = "15";
            return Machines.Problem(StatusCodes.Status503ServiceUnavailable, "no-file-yet", T["Tệp đầu tiên đang được tạo."]);
        }
        KeepForAWhile();
        return new HashedFile(path, extension, sha256) { FileDownloadName = $"{set}.{extension}" };
    }

    /// <summary>Made from rows when somebody asks, and tagged like a file.</summary>
    private HashedStream Made(string text, string type)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        KeepForAWhile();
        return new(new MemoryStream(bytes), type, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    /// <summary>By whoever asks, and by what stands between: what is taken down waits for the next build anyway.</summary>
    private void KeepForAWhile() => Response.Headers.CacheControl = "public, max-age=600";
}
