using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Files.Serve;

/// <summary>Stored pictures, for everybody who has the address (an id nobody guesses), and the drawings that stand in for them.</summary>
public sealed class MediaController(Db db, FileStore store) : Controller
{
    private const string Find = """
        select r.sha256, r.content_type from files.rendition r join files.stored_file f on f.id = r.file_id
        where r.file_id = @id and r.name = @name and f.kind = 'image' and f.state = 'clean'
        """;

    [AllowAnonymous]
    [HttpGet("/media/{id:guid}/{name}")]
    public async Task<IActionResult> Picture(Guid id, string name, CancellationToken ct)
    {
        if (await db.FirstOrDefaultAsync<Stored>(Find, new { id, name }, ct) is not { } stored || store.Find(stored.Sha256) is not { } path)
            return NotFound();
        Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return PhysicalFile(path, stored.ContentType, null, EntityTagHeaderValue.Parse($"\"{stored.Sha256[..32]}\""));
    }

    [AllowAnonymous]
    [HttpGet("/tranh/{name}/{rendition}")]
    public IActionResult Illustration(string name, string rendition)
    {
        if (Illustrations.Find(name, rendition) is not { } drawing)
            return NotFound();
        Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        Response.Headers.CacheControl = "public, max-age=2592000";
        return File(drawing.Bytes, drawing.ContentType);
    }

    private sealed record Stored(string Sha256, string ContentType);
}
