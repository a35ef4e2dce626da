using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Exports.Feeds;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports.Manage;

/// <summary>Profiles, their runs and tokens for operators; for sellers, why a listing of theirs is not in a file.</summary>
public sealed class ExportsController(ExportRuns runs, FeedTokens tokens, FileStore store, Accounts.Audit audit, Db db, Texts t) : PageController(t)
{
    [Authorize(Policy = Roles.Operator)]
    [HttpGet("/quan-tri/xuat-du-lieu")]
    public async Task<IActionResult> Index(CancellationToken ct) => View("Index", await LoadAsync(ct));

    [Authorize(Policy = Roles.Operator)]
    [HttpPost("/quan-tri/xuat-du-lieu/{profile}/chay")]
    public async Task<IActionResult> Build(string profile)
    {
        if (!await ExistsAsync(profile))
            return NotFound();
        await runs.BuildAsync(profile, "operator", CancellationToken.None);
        return SeeOther("/quan-tri/xuat-du-lieu", T["Đã tạo tệp mới."]);
    }

    [Authorize(Policy = Roles.Operator)]
    [HttpPost("/quan-tri/xuat-du-lieu/{profile}/ma")]
    public async Task<IActionResult> AddToken(string profile, string? label)
    {
        if (!await ExistsAsync(profile))
            return NotFound();
        var name = Vietnamese.Clean(label);
        if (name.Length is 0 or > 80)
            return SeeOther("/quan-tri/xuat-du-lieu", T["Hãy ghi tên đối tác, dài nhất 80 ký tự."]);
        var token = Codes.Secret();
        await using var tx = await db.BeginAsync();
        await tokens.AddAsync(tx, profile, token, name, User.As(Roles.Operator));
        await tx.CommitAsync();
        return SeeOther("/quan-tri/xuat-du-lieu", T["Mã truy cập (chỉ hiện một lần): {0}", token]);
    }

    [Authorize(Policy = Roles.Operator)]
    [HttpPost("/quan-tri/xuat-du-lieu/ma/thu-hoi")]
    public async Task<IActionResult> Revoke(long token)
    {
        await using var tx = await db.BeginAsync();
        if (!await tokens.RevokeAsync(tx, token, User.As(Roles.Operator)))
            return Conflict();
        await tx.CommitAsync();
        return SeeOther("/quan-tri/xuat-du-lieu", T["Đã thu hồi mã."]);
    }

    /// <summary>A download is audited: the file holds what sellers wrote.</summary>
    [Authorize(Policy = Roles.Operator)]
    [HttpGet("/quan-tri/xuat-du-lieu/{profile}/tep.{extension:regex(^(xml|tsv|csv|xlsx)$)}")]
    public async Task<IActionResult> Download(string profile, string extension, CancellationToken ct)
    {
        const string newest = "select f.sha256 from exports.run r join exports.run_file f on f.run_id = r.id and f.extension = @extension where r.profile_code = @profile and r.state = 'written' order by r.id desc limit 1";
        if (await db.FirstOrDefaultAsync<string>(newest, new { profile, extension }, ct) is not { } sha256 || store.Find(sha256) is not { } path)
            return NotFound();
        await using var tx = await db.BeginAsync(CancellationToken.None);
        await audit.WriteAsync(tx, User.As(Roles.Operator), "export.download", $"feed:{profile}", detail: new { extension });
        await tx.CommitAsync(CancellationToken.None);
        return PhysicalFile(path, FeedController.Types[extension], $"{profile}.{extension}");
    }

    [Authorize(Policy = Roles.Seller)]
    [HttpGet("/quan-ly/xuat-du-lieu")]
    public async Task<IActionResult> Mine(CancellationToken ct)
    {
        const string select = """
            select r.profile_code, l.slug, l.title, p.code as product_code, s.code, s.field, s.value, s.rule, s.hint
            from (select profile_code, max(id) as id from exports.run where state = 'written' group by profile_code) r join exports.set_aside s on s.run_id = r.id
              join catalog.listing l on l.id = s.listing_id join producers.product p on p.id = l.product_id join producers.member m on m.producer_id = l.producer_id
            where m.person_id = @me order by l.title, r.profile_code, s.field limit 200
            """;
        return View("Mine", await db.QueryAsync<MyFault>(select, new { me = User.Id() }, ct));
    }

    private Task<bool> ExistsAsync(string profile) => db.SingleAsync<bool>("select exists (select 1 from exports.profile where code = @profile)", new { profile });

    private Task<ExportsPage> LoadAsync(CancellationToken ct)
    {
        const string select = """
            select distinct on (code) code, version, name, status, array(select jsonb_array_elements_text(definition->'formats')) as formats from exports.profile order by code, version desc;
            select id, profile_code, state, cause, started_at, finished_at, selected, exported, set_aside, error from exports.run order by id desc limit 30;
            select id, profile_code, label, created_at, revoked_at, used_at from exports.feed_token order by id desc limit 100;
            select r.profile_code, l.slug, l.title, '' as product_code, s.code, s.field, s.value, s.rule, s.hint
            from (select profile_code, max(id) as id from exports.run where state = 'written' group by profile_code) r join exports.set_aside s on s.run_id = r.id join catalog.listing l on l.id = s.listing_id
            order by r.profile_code, l.title, s.field limit 100
            """;
        return db.MultipleAsync(select, null, async g => new ExportsPage(
            (await g.ReadAsync<ProfileRow>()).AsList(), (await g.ReadAsync<RunRow>()).AsList(), (await g.ReadAsync<TokenRow>()).AsList(), (await g.ReadAsync<MyFault>()).AsList()), ct);
    }
}

public sealed record ProfileRow(string Code, int Version, string Name, string Status, string[] Formats);

public sealed record RunRow(long Id, string ProfileCode, string State, string Cause, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, int Selected, int Exported, int SetAside, string? Error);

public sealed record TokenRow(long Id, string ProfileCode, string Label, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt, DateTimeOffset? UsedAt);

public sealed record MyFault(string ProfileCode, string Slug, string Title, string ProductCode, string Code, string Field, string Value, string Rule, string Hint);

public sealed record ExportsPage(List<ProfileRow> Profiles, List<RunRow> Runs, List<TokenRow> Tokens, List<MyFault> Faults);
