using System.Globalization;
using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Exports.Feeds;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Exports.Manage;

/// <summary>Profiles, their runs and tokens for operators; for sellers, why a listing of theirs is not in a file.</summary>
public sealed class ExportsController(LongTasks tasks, FeedTokens tokens, ExportFiles files, RowKeys keys, Accounts.Audit audit, Db db, TimeProvider clock, Texts t) : PageController(t)
{
    private const string TokenKind = "feed-token";
    private const int TokensAtOnce = 60;
    private const int HeldAtOnce = 60;

    [Authorize(Policy = Roles.Operator)]
    [HttpGet("/quan-tri/xuat-du-lieu")]
    public async Task<IActionResult> Index(string? sau, [FromQuery(Name = "ma")] string? tokensAfter, CancellationToken ct) => View("Index", await LoadAsync(sau, tokensAfter, ct));

    [Authorize(Policy = Roles.Operator)]
    [HttpPost("/quan-tri/xuat-du-lieu/{profile}/chay")]
    [CreatesOnce]
    public async Task<IActionResult> Build(string profile)
    {
        if (await ProfileVersions.NewestAsync(db, profile, CancellationToken.None) is not { Profile.Formats.Length: > 0 })
            return NotFound();
        await using var tx = await db.BeginAsync();
        var task = await tasks.AskAsync(tx, User.Id(), new Said("Tạo tệp {0}", profile), new BuildFeed(profile));
        await tx.CommitAsync();
        return SeeOther($"/quan-tri/viec/{task}");
    }

    [Authorize(Policy = Roles.Operator)]
    [HttpPost("/quan-tri/xuat-du-lieu/{profile}/ma")]
    [CreatesOnce]
    public async Task<IActionResult> AddToken(string profile, string? label, CancellationToken ct)
    {
        if (!await ExistsAsync(profile))
            return NotFound();
        var page = await LoadAsync(null, null, ct);
        if (page.Profiles.Find(p => p.Code == profile) is not { TakesFiles: true })
            return NotNow("Index", page, T["Sàn này không còn nhận tệp, nên không cấp mã truy cập mới."]);
        var name = Vietnamese.Clean(label);
        if (name.Length is 0 or > 80)
        {
            ModelState.AddModelError("label", T["Hãy ghi tên đối tác, dài nhất 80 ký tự."]);
            return Invalid("Index", page with { Refused = profile });
        }
        var token = Codes.Secret();
        await using var tx = await db.BeginAsync();
        await tokens.AddAsync(tx, profile, token, name, User.As(Roles.Operator));
        await tx.CommitAsync();
        return SeeOther("/quan-tri/xuat-du-lieu", T["Mã truy cập (chỉ hiện một lần): {0}", token]);
    }

    [Authorize(Policy = Roles.Operator)]
    [HttpPost("/quan-tri/xuat-du-lieu/ma/thu-hoi")]
    public async Task<IActionResult> Revoke(string? token)
    {
        if (keys.Open(TokenKind, token) is not { } id)
            return NotFound();
        await using var tx = await db.BeginAsync();
        if (!await tokens.RevokeAsync(tx, id, User.As(Roles.Operator)))
            return Conflict();
        await tx.CommitAsync();
        return SeeOther("/quan-tri/xuat-du-lieu", T["Đã thu hồi mã."]);
    }

    /// <summary>A download is audited: the file holds what sellers wrote.</summary>
    [Authorize(Policy = Roles.Operator)]
    [HttpGet("/quan-tri/xuat-du-lieu/{profile}/tep.{extension:regex(^(xml|tsv|csv|json|xlsx)$)}")]
    public async Task<IActionResult> Download(string profile, string extension, CancellationToken ct)
    {
        const string newest = "select r.id, f.sha256 from exports.newest_run r join exports.run_file f on f.run_id = r.id and f.extension = @extension where r.profile_code = @profile";
        var (run, sha256) = await db.FirstOrDefaultAsync<(long, string?)>(newest, new { profile, extension }, ct);
        if (sha256 is null || files.Find(sha256) is not { } path)
            return NotFound();
        await using var tx = await db.BeginAsync(CancellationToken.None);
        await audit.WriteAsync(tx, User.As(Roles.Operator), "export.download", $"feed:{profile}", detail: new { extension });
        await tx.CommitAsync(CancellationToken.None);
        return new TakenFile(path, extension, sha256, run, db, clock) { FileDownloadName = $"{profile}.{extension}" };
    }

    [Authorize(Policy = Roles.Seller)]
    [HttpGet("/quan-ly/xuat-du-lieu")]
    public async Task<IActionResult> Mine(string? sau, CancellationToken ct)
    {
        const string select = $"""
            select f.name, f.status, f.proved_on, f.code, f.formats from exports.newest_profile f where f.status <> 'legacy' order by f.code;
            select k.id, k.profile_code, k.label, k.created_at, k.revoked_at, k.used_at from exports.feed_token k where k.revoked_at is null and exists (select 1 from producers.acting m where m.producer_id = k.producer_id and m.person_id = @me) order by k.id;
            select count(*) {PartnerReports.StillThere} and exists (select 1 from producers.acting m where m.producer_id = l.producer_id and m.person_id = @me);
            select exists (select 1 from catalog.listing l join producers.producer r on r.id = l.producer_id join producers.acting m on m.producer_id = l.producer_id where m.person_id = @me and l.public_version is not null and r.public_version is not null);
            {ExportListing.HeldBack};
            {Faults} where not s.warning and exists (select 1 from producers.acting m where m.producer_id = l.producer_id and m.person_id = @me) and {After}
            """;
        return View("Mine", await db.MultipleAsync(select, Fault.After(sau, new { me = (long?)User.Id(), held = HeldAtOnce, today = Vietnamese.Today(clock), fetched = clock.GetUtcNow() - PartnerReports.FetchedWithin }), async g => new MinePage(
            (await g.ReadAsync<Platform>()).AsList(), (await g.ReadAsync<TokenRow>()).AsList(), await g.ReadSingleAsync<long>(), await g.ReadSingleAsync<bool>(), (await g.ReadAsync<HeldBack>()).AsList(), Fault.Page((await g.ReadAsync<Fault>()).AsList()), k => keys.Seal(OwnController.TokenKind, k.Id)), ct));
    }

    /// <summary>Rows set aside in the last good run of each profile, with the field of the profile's column.</summary>
    private const string Faults = """
        select r.profile_code, f.name as profile_name, s.listing_id, l.slug, l.title, p.code as product_code, s.code, s.field, s.value, s.rule, s.hint, s.suggestion, s.warning,
          coalesce((select c->>'from' from jsonb_array_elements(f.definition->'columns') c where c->>'name' = s.field limit 1), s.field) as source
        from exports.newest_run r join exports.profile f on f.code = r.profile_code and f.version = r.profile_version join exports.set_aside s on s.run_id = r.id
          join catalog.listing l on l.id = s.listing_id and l.public_version is not null join producers.product p on p.id = l.product_id
        """;

    private const string After = """
        (@profile::text is null or (r.profile_code, s.listing_id, s.field, s.code) > (@profile, @listing, @field, @code))
        order by r.profile_code, s.listing_id, s.field, s.code limit @take
        """;

    private Task<bool> ExistsAsync(string profile) => db.SingleAsync<bool>("select exists (select 1 from exports.profile where code = @profile)", new { profile });

    private Task<ExportsPage> LoadAsync(string? faultsAfter, string? tokensAfter, CancellationToken ct)
    {
        const string select = $"""
            select f.code, f.version, f.name, f.status, f.proved_on, f.author, f.note, f.created_at, f.formats, exists (select 1 from exports.newest_run r where r.profile_code = f.code) as has_files from exports.newest_profile f order by f.code;
            select {RunRow.Columns} from exports.run r order by r.id desc limit 30;
            select id, profile_code, label, created_at, revoked_at, used_at from exports.feed_token where @before::bigint is null or id < @before order by id desc limit @tokens;
            {ExportListing.HeldBack};
            {Faults} where {After}
            """;
        var before = Cursor.Parse(tokensAfter, 1) is [var id] && long.TryParse(id, out var key) ? key : (long?)null;
        return db.MultipleAsync(select, Fault.After(faultsAfter, new { before, tokens = TokensAtOnce + 1, me = (long?)null, held = HeldAtOnce, today = Vietnamese.Today(clock) }), async g => new ExportsPage(
            (await g.ReadAsync<ProfileRow>()).AsList(), (await g.ReadAsync<RunRow>()).AsList(),
            Page<TokenRow>.Of((await g.ReadAsync<TokenRow>()).AsList(), TokensAtOnce, k => Cursor.Of(k.Id.ToString(CultureInfo.InvariantCulture))), (await g.ReadAsync<HeldBack>()).AsList(), Fault.Page((await g.ReadAsync<Fault>()).AsList()),
            k => keys.Seal(TokenKind, k.Id)), ct);
    }
}

public sealed record ProfileRow(string Code, int Version, string Name, string Status, DateOnly? ProvedOn, string Author, string Note, DateTimeOffset CreatedAt, string[] Formats, bool HasFiles)
{
    /// <summary>False of a platform that takes no more, or only its own workbook: its files are made only for whoever asks for one.</summary>
    public bool TakesFiles => Status != "legacy" && Formats.Length > 0;
}

public sealed record TokenRow(long Id, string ProfileCode, string Label, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt, DateTimeOffset? UsedAt);

public sealed record Fault(string ProfileCode, string ProfileName, long ListingId, string Slug, string Title, string ProductCode, string Code, string Field, string Value, string Rule, string Hint, string Suggestion, bool Warning, string Source)
{
    /// <summary>The platform's rule in words; null where the hint says it all.</summary>
    public Said? RuleWords => Rule.Split('=', 2) is not [var word, var limit] ? null : word switch
    {
        "maxLength" => new("dài nhất {0} ký tự", limit),
        "min" => new("ít nhất {0}", limit),
        "max" => new("nhiều nhất {0}", limit),
        "maxDays" => new("trong {0} ngày tới", limit),
        "allowed" => new("một trong: {0}", limit.Replace("|", ", ", StringComparison.Ordinal)),
        "banned" => new("không có “{0}”", limit),
        "minSize" => new("ít nhất {0} điểm ảnh", limit),
        "maxImageBytes" => new("nhiều nhất {0} byte", limit),
        _ => null,
    };

    /// <summary>Where the seller changes it.</summary>
    public string Path => ExportFields.EditPath(Source, Slug, ProductCode);

    private const int Take = 60;

    internal static Page<Fault> Page(List<Fault> rows) => Page<Fault>.Of(rows, Take, f => Cursor.Of(f.ProfileCode, f.ListingId.ToString(CultureInfo.InvariantCulture), f.Field, f.Code));

    /// <summary>The parameters of a query, and where its page begins.</summary>
    internal static DynamicParameters After(string? cursor, object others)
    {
        var place = Cursor.Parse(cursor, 4) is [var profile, var number, var field, var code] && long.TryParse(number, out var listing) ? (profile, listing, field, code) : default((string Profile, long Listing, string Field, string Code)?);
        var all = new DynamicParameters(others);
        all.AddDynamicParams(new { profile = place?.Profile, listing = place?.Listing, field = place?.Field, code = place?.Code, take = Take + 1 });
        return all;
    }
}

/// <summary>Where listings go, and whether a real one took a file.</summary>
public sealed record Platform(string Name, string Status, DateOnly? ProvedOn, string Code, string[] Formats);

/// <summary>A listing that goes to no platform.</summary>
public sealed record HeldBack(string Slug, string Title, string Producer, string Why)
{
    public string Reason => Why switch
    {
        "suspended" => "Tin đang bị đình chỉ. Hãy xem lý do ở trang của tin.",
        "seller" => "Cơ sở đang bị đình chỉ.",
        "recalled" => "Mọi lô còn lại đã bị thu hồi. Hãy mở bán lô khác.",
        _ => "Mọi lô còn lại đang bị chặn bán. Hãy xem vì sao ở trang của lô, hoặc mở bán lô khác.",
    };
}

/// <param name="Links">In force.</param>
/// <param name="StillThere">So many are to be taken down on platforms by hand.</param>
/// <param name="AnyPublic">A listing of theirs is public: without one there is nothing in any file.</param>
public sealed record MinePage(List<Platform> Platforms, List<TokenRow> Links, long StillThere, bool AnyPublic, List<HeldBack> Held, Page<Fault> Faults, Func<TokenRow, string> Key);

public sealed record ExportsPage(List<ProfileRow> Profiles, List<RunRow> Runs, Page<TokenRow> Tokens, List<HeldBack> Held, Page<Fault> Faults, Func<TokenRow, string> Key)
{
    /// <summary>The profile for which a partner's name was refused.</summary>
    public string? Refused { get; init; }
}
