using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Supervision.Review;

/// <summary>Everything that waits for a decision, longest first.</summary>
[Authorize(Policy = Roles.Officer)]
public sealed class QueueController(Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private const int Take = 30;

    private const string Waiting = """
        with waiting as (
          select 'producer' as kind, v.submitted_at, '/so-cong-thuong/duyet/co-so/' || p.slug || '/' || v.version as path, v.name as title, '' as title_en, p.name as producer, v.version, p.public_version is not null as renewal
          from producers.producer_version v join producers.producer p on p.id = v.producer_id where v.state = 'submitted'
          union all
          select 'listing', v.submitted_at, '/so-cong-thuong/duyet/tin-dang/' || l.slug || '/' || v.version, v.title, v.title_en, p.name, v.version, l.public_version is not null
          from catalog.listing_version v join catalog.listing l on l.id = v.listing_id join producers.producer p on p.id = l.producer_id where v.state = 'submitted'
          union all
          select 'certificate', c.submitted_at, '/so-cong-thuong/duyet/chung-nhan/' || c.id, k.name || ' ' || c.number, k.name_en || ' ' || c.number, p.name, 1, false
          from producers.certificate c join producers.producer p on p.id = c.producer_id join producers.certificate_kind k on k.code = c.kind_code where c.status = 'submitted')
        """;

    private const string Rows = $"""
        {Waiting} select kind, submitted_at, path, title, title_en, producer, version, renewal from waiting
        where (@kind::text is null or kind = @kind) and (@at::timestamptz is null or (submitted_at, path) > (@at, @path)) order by submitted_at, path limit @take;
        {Waiting} select kind, count(*) as count from waiting group by kind
        """;

    [HttpGet("/so-cong-thuong/duyet")]
    public async Task<IActionResult> Index(string? loai, string? sau, CancellationToken ct)
    {
        var kind = loai is "producer" or "listing" or "certificate" ? loai : null;
        DateTimeOffset? at = null;
        string? path = null;
        if (Cursor.Parse(sau, 2) is [var ticks, var last] && long.TryParse(ticks, CultureInfo.InvariantCulture, out var micro))
            (at, path) = (DateTimeOffset.UnixEpoch.AddTicks(micro * 10), last);
        var (rows, counts) = await db.MultipleAsync(Rows, new { kind, at, path, take = Take + 1 }, async g =>
            (Dapper.SqlMapper.AsList(await g.ReadAsync<WaitingRow>()), (await g.ReadAsync<(string Kind, long Count)>()).ToDictionary(c => c.Kind, c => c.Count)), ct);
        var page = Page<WaitingRow>.Of(rows, Take, r => Cursor.Of(((r.SubmittedAt - DateTimeOffset.UnixEpoch).Ticks / 10).ToString(CultureInfo.InvariantCulture), r.Path));
        return View("Queue", new QueuePage(kind, page, counts, clock.GetUtcNow()));
    }
}

public sealed record WaitingRow(string Kind, DateTimeOffset SubmittedAt, string Path, string Title, string TitleEn, string Producer, int Version, bool Renewal);

public sealed record QueuePage(string? Kind, Page<WaitingRow> Page, Dictionary<string, long> Counts, DateTimeOffset Now)
{
    public static readonly (string Kind, string Label, string One)[] Kinds = [("listing", "Tin đăng", "Tin"), ("producer", "Cơ sở sản xuất", "Cơ sở"), ("certificate", "Chứng nhận", "Giấy chứng nhận")];
}
