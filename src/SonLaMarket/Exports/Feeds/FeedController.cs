using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports.Feeds;

/// <summary>The last good file of a profile for whoever holds its token.</summary>
[AllowAnonymous]
public sealed class FeedController(FeedTokens tokens, ExportFiles files, OwnFiles own, Db db, TimeProvider clock, Texts t) : Controller
{
    public static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["xml"] = "application/rss+xml; charset=utf-8",
        ["tsv"] = "text/tab-separated-values; charset=utf-8",
        ["csv"] = "text/csv; charset=utf-8",
        ["json"] = "application/json; charset=utf-8",
        ["xlsx"] = Workbook.ContentType,
    };

    /// <summary>What a profile may say, for whoever writes one in an editor.</summary>
    [HttpGet("/feeds/profile.schema.json")]
    public IActionResult Schema() => PhysicalFile(Path.Combine(SeedFolder.Find().Path, "profile.schema.json"), "application/schema+json");

    [HttpGet("/feeds/{profile}.{extension:regex(^(xml|tsv|csv|json|xlsx)$)}")]
    public async Task<IActionResult> Show(string profile, string extension, string? token, CancellationToken ct)
    {
        Response.Headers["Referrer-Policy"] = "no-referrer";
        if (await tokens.OpenAsync(db, profile, token, ct) is not { } opened)
            return Machines.Problem(StatusCodes.Status401Unauthorized, "feed-token", t["Thiếu mã truy cập, hoặc mã không đúng."]);
        if (opened.ProducerId is { } producer)
            return await OwnAsync(profile, extension, opened, producer, ct);
        const string newest = "select r.id, f.sha256 from exports.newest_run r join exports.run_file f on f.run_id = r.id and f.extension = @extension where r.profile_code = @profile";
        var (run, sha256) = await db.FirstOrDefaultAsync<(long, string?)>(newest, new { profile, extension }, ct);
        if (sha256 is null || files.Find(sha256) is not { } path)
        {
            if (!await db.SingleAsync<bool>("select exists (select 1 from exports.newest_profile where code = @profile and @extension = any(formats))", new { profile, extension }, ct))
                return Machines.Problem(StatusCodes.Status404NotFound, "no-such-format", t["Hồ sơ này không có dạng tệp như vậy."]);
            Response.Headers.RetryAfter = "15";
            return Machines.Problem(StatusCodes.Status503ServiceUnavailable, "no-file-yet", t["Tệp đầu tiên đang được tạo."]);
        }
        Response.Headers.CacheControl = "private, no-cache";
        await tokens.TakenAsync(db, profile, opened, run.ToString(CultureInfo.InvariantCulture), extension);
        return new TakenFile(path, extension, sha256, run, db, clock);
    }

    private async Task<IActionResult> OwnAsync(string profile, string extension, FeedToken token, long producer, CancellationToken ct)
    {
        if (await own.MakeAsync(profile, extension, producer, ct) is not { } file)
            return Machines.Problem(StatusCodes.Status404NotFound, "no-such-format", t["Hồ sơ này không có dạng tệp như vậy."]);
        Response.Headers.CacheControl = "private, no-cache";
        await tokens.TakenAsync(db, profile, token, file.Sha256, extension);
        return new HashedStream(file.Content, Types[extension], file.Sha256);
    }
}
