using System.Globalization;
using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports.Manage;

/// <summary>One run: its files, and what it changed against the run before it.</summary>
[Authorize(Policy = Roles.Operator)]
public sealed class RunController(Db db, Texts t) : PageController(t)
{
    private const int Take = 60;

    [HttpGet("/quan-tri/xuat-du-lieu/{profile}/lan-chay/{key:guid}")]
    public async Task<IActionResult> Show(string profile, Guid key, [FromQuery(Name = "loai")] string? kind, string? sau, CancellationToken ct) =>
        await LoadAsync(profile, key, ChangeKind.All.FirstOrDefault(k => k.Word == kind), sau, ct) is { } page ? View("Run", page) : NotFound();

    private Task<RunPage?> LoadAsync(string profile, Guid key, ChangeKind? kind, string? cursor, CancellationToken ct)
    {
        const string select = $"""
            select {RunRow.Columns} from exports.run r where r.profile_code = @profile and r.key = @key;
            select f.name, r.profile_version, case when p.version is null then f.status else 'proved' end as status, p.proved_on
            from exports.run r join exports.profile f on f.code = r.profile_code and f.version = r.profile_version left join exports.proof p on p.profile_code = f.code and p.version = f.version where r.key = @key;
            select f.extension, f.bytes, f.sha256 from exports.run_file f join exports.run r on r.id = f.run_id where r.key = @key order by f.extension;
            select c.listing_id, c.change, c.columns, l.slug, l.title, p.name as producer from exports.run r join exports.run_change c on c.run_id = r.id join catalog.listing l on l.id = c.listing_id join producers.producer p on p.id = l.producer_id
            where r.key = @key and (@change::text is null or c.change = @change) and (@after::bigint is null or c.listing_id > @after) order by c.listing_id limit @take
            """;
        var after = Cursor.Parse(cursor, 1) is [var text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : (long?)null;
        return db.MultipleAsync(select, new { profile, key, change = kind?.Change, after, take = Take + 1 }, async g =>
        {
            if (await g.ReadFirstOrDefaultAsync<RunRow>() is not { } run)
                return null;
            var (name, version, status, provedOn) = await g.ReadFirstAsync<(string, int, string, DateOnly?)>();
            var files = (await g.ReadAsync<FileRow>()).AsList();
            return new RunPage(run, name, version, files, kind, Page<ChangeRow>.Of((await g.ReadAsync<ChangeRow>()).AsList(), Take, c => Cursor.Of(c.ListingId.ToString(CultureInfo.InvariantCulture))))
            {
                State = (status, provedOn),
            };
        }, ct);
    }
}

/// <param name="Added">Listings that the run before it did not have; like the next two null where there was none.</param>
/// <param name="Removed">Listings that only the run before it had.</param>
public sealed record RunRow(
    Guid Key, string ProfileCode, string State, string Cause, DateTimeOffset AskedAt, DateTimeOffset? StartedAt, DateTimeOffset? ValidatedAt, DateTimeOffset? FinishedAt, DateTimeOffset? DeliveredAt, DateTimeOffset? AcknowledgedAt,
    int ListingsRead, int? ListingsTotal, int Selected, int Exported, int SetAside, int? Unchanged, int? Added, int? Changed, int? Removed, string? Error)
{
    internal const string Columns = """
        r.key, r.profile_code, r.state, r.cause, r.asked_at, r.started_at, r.validated_at, r.finished_at, r.delivered_at, r.acknowledged_at, r.listings_read, r.listings_total, r.selected, r.exported, r.set_aside, r.unchanged, r.added, r.changed, r.removed, r.error
        """;

    /// <summary>Its files are there.</summary>
    public bool HasFiles => State is "written" or "delivered" or "acknowledged";

    public string Path => $"/quan-tri/xuat-du-lieu/{ProfileCode}/lan-chay/{Key}";

    public string StateLabel => State switch
    {
        "queued" => "Chờ đến lượt",
        "building" => "Đang đọc tin",
        "validated" => "Đã kiểm tra",
        "written" => "Đã có tệp",
        "delivered" => "Đã giao",
        "acknowledged" => "Sàn đã trả lời",
        _ => "Thất bại",
    };

    public string StateBadge => HasFiles ? "ok" : State == "failed" ? "bad" : "info";

    public string CauseLabel => Cause switch
    {
        "change" => "tin thay đổi",
        "takedown" => "tin hoặc lô bị ngừng",
        "hourly" => "mỗi giờ",
        "operator" => "người quản trị",
        AskedRuns.Role => "phần mềm, qua API",
        "demonstration" => "dữ liệu mẫu",
        ExportRuns.Erasure => "xóa dữ liệu cá nhân",
        _ => Cause,
    };
}

public sealed record FileRow(string Extension, long Bytes, string Sha256);

/// <param name="Word">In the address.</param>
public sealed record ChangeKind(string Change, string Word, string Label, string Badge, Func<RunRow, int?> Count)
{
    public static readonly IReadOnlyList<ChangeKind> All =
    [
        new("new", "moi", "Tin mới", "ok", r => r.Added),
        new("changed", "doi", "Tin đổi", "info", r => r.Changed),
        new("gone", "bo-ra", "Tin bỏ ra", "warn", r => r.Removed),
    ];
}

/// <param name="Columns">Of the platform's; none where the listing is new or gone, or another version of the profile made the row.</param>
public sealed record ChangeRow(long ListingId, string Change, string[] Columns, string Slug, string Title, string Producer)
{
    public ChangeKind Kind => ChangeKind.All.First(k => k.Change == Change);
}

/// <param name="Kind">The list is narrowed to it.</param>
public sealed record RunPage(RunRow Run, string Name, int Version, List<FileRow> Files, ChangeKind? Kind, Page<ChangeRow> Changes)
{
    /// <summary>Of the version, and when a real platform took a file of it.</summary>
    public (string Status, DateOnly? ProvedOn) State { get; init; }
}
