using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using SonLaMarket.Accounts;
using SonLaMarket.Exports.Feeds;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Exports.Api;

/// <summary>Files for platforms: asked for, followed, taken away. Each key sees the runs that it asked for.</summary>
[Authorize(Policy = ApiScope.Exports)]
[Tags("exports")]
public sealed class ExportRunsController(AskedRuns asked, ExportFiles files, Audit audit, Db db, SiteOptions site, TimeProvider clock, Texts t) : ApiController(site, t)
{
    private const string Runs = Root + "/export-runs";

    /// <summary>Platforms that take files.</summary>
    [HttpGet(Root + "/export-profiles")]
    [EndpointName("listExportProfiles")]
    [EndpointSummary("Platforms that files are made for")]
    [ProducesResponseType<ApiPage<ApiProfile>>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Profiles(CancellationToken ct)
    {
        const string select = """
            select f.code, f.name, f.version, f.status, f.formats from exports.newest_profile f where f.status <> 'legacy' and cardinality(f.formats) > 0 order by f.code
            """;
        return Ok(new ApiPage<ApiProfile>([.. (await db.QueryAsync<ProfileRow>(select, ct: ct)).Select(p => new ApiProfile(p.Code, p.Name, p.Version, p.Status, p.Formats))], null));
    }

    /// <summary>Asks for new files.</summary>
    [HttpPost(Runs)]
    [IgnoreAntiforgeryToken]
    [EndpointName("startExportRun")]
    [EndpointSummary("Ask for new files of a platform")]
    [EndpointDescription("Asked again before the run has ended, it is the same run; after that once a minute (429). Follow the address in Location until endedAt is there.")]
    [ProducesResponseType<ApiRun>(StatusCodes.Status202Accepted, "application/json")]
    public async Task<IActionResult> Start([FromBody] ApiRunOrder order)
    {
        await using var tx = await db.BeginAsync();
        var run = await asked.AskAsync(tx, order.Profile, Key);
        if (run.Id is not { } id)
            return run.TooSoon ? TooSoon() : Wrong("profile", T["Không có hồ sơ nào như vậy nhận tệp."]);
        await tx.CommitAsync();
        return Accepted(Site.Absolute($"{Runs}/{id}"), await FindAsync(id, CancellationToken.None));
    }

    /// <summary>How far a run is.</summary>
    [HttpGet(Runs + "/{id:guid}")]
    [EndpointName("getExportRun")]
    [EndpointSummary("State of a run, its counts and files")]
    [ProducesResponseType<ApiRun>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Show(Guid id, CancellationToken ct) => await FindAsync(id, ct) is { } run ? Ok(run) : None();

    /// <summary>A file of a run that is written; each download is audited.</summary>
    [HttpGet(Runs + "/{id:guid}/files/{format:regex(^(xml|tsv|csv|json|xlsx)$)}")]
    [SendsFile]
    [EndpointName("getExportFile")]
    [EndpointSummary("One file of a run")]
    [EndpointDescription("The bytes as the run wrote them; the ETag is their SHA-256.")]
    [ProducesResponseType<Stream>(StatusCodes.Status200OK, "application/rss+xml", "text/tab-separated-values", "text/csv", "application/json", Workbook.ContentType)]
    public async Task<IActionResult> File(Guid id, string format, CancellationToken ct)
    {
        const string select = "select f.run_id, f.sha256, a.profile_code from exports.asked_run a join exports.run_file f on f.run_id = a.run_id and f.extension = @format where a.id = @id and a.key_code = @key";
        var (run, sha256, profile) = await db.FirstOrDefaultAsync<(long, string?, string?)>(select, new { id, format, key = Key }, ct);
        if (sha256 is null || files.Find(sha256) is not { } path)
            return None();
        var tag = EntityTagHeaderValue.Parse($"\"{sha256}\"");
        if (!Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
        {
            await using var tx = await db.BeginAsync(CancellationToken.None);
            await audit.WriteAsync(tx, new Actor(null, AskedRuns.Role), "export.download", $"feed:{profile}", detail: new { extension = format, key = Key });
            await tx.CommitAsync(CancellationToken.None);
        }
        return new TakenFile(path, format, sha256, run, db, clock) { FileDownloadName = $"{profile}.{format}" };
    }

    private ObjectResult TooSoon()
    {
        Response.Headers.RetryAfter = AskedRuns.Pause.TotalSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Machines.Problem(StatusCodes.Status429TooManyRequests, "too-many-runs", T["Mỗi phút một lần: tệp của sàn này vừa được tạo."]);
    }

    private string Key => User.FindFirst(KeyClaim)!.Value;

    private async Task<ApiRun?> FindAsync(Guid id, CancellationToken ct)
    {
        const string select = """
            select a.id, a.profile_code, case when r.id is not null then r.state when a.begun_at is not null then 'building' else 'queued' end as state, a.asked_at, a.ended_at,
              r.selected, r.exported, r.set_aside, r.unchanged, r.added, r.changed, r.removed, array(select f.extension from exports.run_file f where f.run_id = r.id order by f.extension) as formats
            from exports.asked_run a left join exports.run r on r.id = a.run_id where a.id = @id and a.key_code = @key
            """;
        return await db.FirstOrDefaultAsync<Row>(select, new { id, key = Key }, ct) is { } r
            ? new(r.Id, r.ProfileCode, r.State, Vietnamese.Local(r.AskedAt), r.EndedAt is { } end ? Vietnamese.Local(end) : null, r.Selected, r.Exported, r.SetAside, r.Unchanged, r.Added, r.Changed, r.Removed, [.. r.Formats.Select(f => new ApiRunFile(f, Site.Absolute($"{Runs}/{id}/files/{f}")))])
            : null;
    }

    private sealed record Row(Guid Id, string ProfileCode, string State, DateTimeOffset AskedAt, DateTimeOffset? EndedAt, int? Selected, int? Exported, int? SetAside, int? Unchanged, int? Added, int? Changed, int? Removed, string[] Formats);

    private sealed record ProfileRow(string Code, string Name, int Version, string Status, string[] Formats);
}

/// <summary>What a run is asked for.</summary>
public sealed record ApiRunOrder([property: Description("Code of the platform, from export-profiles.")][Required(ErrorMessage = "Hãy ghi mã của sàn.")][StringLength(60, ErrorMessage = "Mã của sàn dài nhất 60 ký tự.")] string Profile);

/// <summary>A platform that files are made for.</summary>
public sealed record ApiProfile(string Code, string Name, int Version, [property: Description("proved: a real platform took a file of this version; draft: not yet.")] string Status, [property: Description("xml, tsv, csv, json, xlsx.")] IReadOnlyList<string> Formats);

/// <summary>A run: files of one platform in the making.</summary>
public sealed record ApiRun(
    Guid Id, string Profile, [property: Description("queued, building, validated (its rows are judged, its files not recorded yet), written, delivered (a file was taken whole), acknowledged (the platform answered) or failed.")] string State, DateTimeOffset AskedAt, DateTimeOffset? EndedAt, [property: Description("Listings that the profile's filter let through.")] int? Selected,
    [property: Description("Listings in the files.")] int? Exported, [property: Description("Listings left out for a fault.")] int? SetAside,
    [property: Description("Listings that stand in the files as in the run before; like the next three null where there was none.")] int? Unchanged, int? Added, int? Changed, [property: Description("Listings that only the run before had.")] int? Removed, IReadOnlyList<ApiRunFile> Files);

/// <summary>A file of a run.</summary>
public sealed record ApiRunFile([property: Description("xml, tsv, csv, json or xlsx.")] string Format, string Url);
