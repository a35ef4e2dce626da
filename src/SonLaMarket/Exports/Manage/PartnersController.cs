using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Exports.Manage;

/// <summary>What platforms said and sold of our listings: a seller's own, all of them for the Department and for operators.</summary>
public sealed class PartnersController(ProducerRegister producers, PartnerReports reports, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    internal const int Take = 60;
    private const string Seller = "/quan-ly/xuat-du-lieu/san-lien-ket", Officer = "/so-cong-thuong/san-lien-ket", Operator = "/quan-tri/xuat-du-lieu/san-lien-ket";

    [Authorize(Policy = Roles.Seller)]
    [HttpGet(Seller)]
    public async Task<IActionResult> Mine(string? sau, string? ban, CancellationToken ct) =>
        await producers.OfMemberAsync(db, User.Id(), ct) is { } producer ? View("Partners", await LoadAsync(Seller, producer.Id, new(), sau, ban, ct)) : NotFound();

    [Authorize(Policy = Roles.Officer)]
    [HttpGet(Officer)]
    public async Task<IActionResult> Watch(string? sau, string? ban, CancellationToken ct) => View("Partners", await LoadAsync(Officer, null, new(), sau, ban, ct));

    [Authorize(Policy = Roles.Operator)]
    [HttpGet(Operator)]
    public async Task<IActionResult> Index(string? sau, string? ban, CancellationToken ct) => View("Partners", await LoadAsync(Operator, null, new(), sau, ban, ct));

    [Authorize(Policy = Roles.Seller)]
    [HttpPost(Seller)]
    [KeepsFiles(nameof(file))]
    [RequestSizeLimit(PartnerSheet.MaxBytes + (1 << 20))]
    public async Task<IActionResult> SendMine(PartnerForm form, IFormFile? file, CancellationToken ct) =>
        await producers.OfMemberAsync(db, User.Id(), ct) is { } producer ? await SendAsync(Seller, producer.Id, Roles.Seller, form, file, ct) : NotFound();

    [Authorize(Policy = Roles.Operator)]
    [HttpPost(Operator)]
    [KeepsFiles(nameof(file))]
    [RequestSizeLimit(PartnerSheet.MaxBytes + (1 << 20))]
    public Task<IActionResult> Send(PartnerForm form, IFormFile? file, CancellationToken ct) => SendAsync(Operator, null, Roles.Operator, form, file, ct);

    private async Task<IActionResult> SendAsync(string path, long? producerId, string role, PartnerForm form, IFormFile? file, CancellationToken ct)
    {
        var page = await LoadAsync(path, producerId, form, null, null, ct);
        if (page.Platforms.TrueForAll(p => p.Code != form.Platform))
            ModelState.AddModelError(nameof(form.Platform), T["Hãy chọn sàn."]);
        var report = await ReadAsync(file, form.Pasted);
        if (report is { IsSales: true })
        {
            if (form.From is null)
                ModelState.AddModelError(nameof(form.From), T["Tệp này là doanh số: hãy ghi kỳ từ ngày nào."]);
            if (form.Until is null || form.Until < form.From || form.Until > Vietnamese.Today(clock))
                ModelState.AddModelError(nameof(form.Until), T["Hãy ghi ngày cuối kỳ: không trước ngày đầu, không ở tương lai."]);
        }
        if (!ModelState.IsValid || report is null)
            return Invalid("Partners", page);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var (kept, unknown, overlap) = await reports.KeepAsync(tx, form.Platform!, report, report.IsSales ? new(form.From!.Value, form.Until!.Value) : null, producerId, form.Replaces, User.As(role));
        if (overlap is not null)
        {
            ModelState.AddModelError(nameof(form.From), T["Kỳ này chồng lên kỳ {0} – {1} đã ghi, nên có ngày sẽ bị tính hai lần. Hãy ghi đúng kỳ đó để thay số, chọn kỳ không chồng, hoặc đánh dấu ô thay số cũ.", Vietnamese.Date(overlap.From), Vietnamese.Date(overlap.Until)]);
            return Invalid("Partners", page);
        }
        if (kept == 0)
        {
            ModelState.AddModelError("file", T["Không dòng nào có mã của tin đăng ở đây. Cột mã phải ghi mã sản phẩm (SKU) như trong tệp đã xuất."]);
            return Invalid("Partners", page);
        }
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther(path, unknown.Count == 0 ? T["Đã ghi {0} tin đăng.", kept] : T["Đã ghi {0} tin đăng. {1} mã không có ở đây: {2}", kept, unknown.Count, string.Join(", ", unknown.Take(5))]);
    }

    private async Task<PartnerLines?> ReadAsync(IFormFile? file, string? pasted)
    {
        if (file is { Length: 0 or > PartnerSheet.MaxBytes } || (file is null && string.IsNullOrWhiteSpace(pasted)))
        {
            ModelState.AddModelError("file", T["Hãy chọn tệp CSV hoặc XLSX của sàn, nhỏ hơn 5 MB, hoặc dán các dòng vào ô."]);
            return null;
        }
        using var bytes = new MemoryStream();
        if (file is not null)
            await file.CopyToAsync(bytes, CancellationToken.None);
        try
        {
            return PartnerSheet.Read(file is null ? Encoding.UTF8.GetBytes(pasted!) : bytes.ToArray());
        }
        catch (WorkbookRefusedException refused)
        {
            ModelState.AddModelError("file", T[refused.Why]);
            return null;
        }
    }

    private Task<PartnersPage> LoadAsync(string path, long? producer, PartnerForm form, string? resultsAfter, string? salesAfter, CancellationToken ct)
    {
        const string select = $"""
            select f.code, f.name, f.status, f.proved_on from exports.newest_profile f order by f.code;
            select r.profile_code, l.slug, l.title, p.name as producer, r.platform_id, r.url {PartnerReports.StillThere} and (@producer::bigint is null or l.producer_id = @producer) order by r.reported_at, r.profile_code, l.id limit @take;
            select r.profile_code, r.status, count(*) as listings from exports.partner_result r join catalog.listing l on l.id = r.listing_id
            where @producer::bigint is null or l.producer_id = @producer group by r.profile_code, r.status order by r.profile_code, r.status;
            select s.profile_code, s.from_on, s.until_on, count(*) as listings, sum(s.orders)::bigint as orders, sum(s.value_vnd)::bigint as value_vnd from exports.partner_sale s join catalog.listing l on l.id = s.listing_id
            where @producer::bigint is null or l.producer_id = @producer group by s.profile_code, s.from_on, s.until_on order by s.until_on desc, s.from_on desc, s.profile_code limit 24;
            select r.profile_code, r.listing_id, l.slug, l.title, p.name as producer, r.status, r.reason, r.platform_id, r.url, r.reported_at
            from exports.partner_result r join catalog.listing l on l.id = r.listing_id join producers.producer p on p.id = l.producer_id
            where (@producer::bigint is null or l.producer_id = @producer) and (@profile::text is null or (r.profile_code, r.listing_id) > (@profile, @listing)) order by r.profile_code, r.listing_id limit @take;
            select s.profile_code, s.listing_id, l.slug, l.title, p.name as producer, s.from_on, s.until_on, s.orders, s.value_vnd
            from exports.partner_sale s join catalog.listing l on l.id = s.listing_id join producers.producer p on p.id = l.producer_id
            where (@producer::bigint is null or l.producer_id = @producer) and (@until::date is null or (s.until_on, s.from_on, s.profile_code, s.listing_id) < (@until, @from, @sold, @soldListing))
            order by s.until_on desc, s.from_on desc, s.profile_code desc, s.listing_id desc limit @take
            """;
        var result = Cursor.Parse(resultsAfter, 2) is [var profile, var number] && long.TryParse(number, out var listing) ? (profile, listing) : default((string Profile, long Listing)?);
        var sale = Cursor.Parse(salesAfter, 4) is [var until, var from, var sold, var id] && Day(until) is { } last && Day(from) is { } first && long.TryParse(id, out var soldListing) ? (last, first, sold, soldListing) : default((DateOnly Until, DateOnly From, string Profile, long Listing)?);
        return db.MultipleAsync(select, new { producer, profile = result?.Profile, listing = result?.Listing, until = sale?.Until, from = sale?.From, sold = sale?.Profile, soldListing = sale?.Listing, take = Take + 1, today = Vietnamese.Today(clock), fetched = clock.GetUtcNow() - PartnerReports.FetchedWithin }, async g => new PartnersPage(
            path, path != Officer, producer is null, form, (await g.ReadAsync<PlatformName>()).AsList(), (await g.ReadAsync<StillThere>()).AsList(), (await g.ReadAsync<StatusCount>()).AsList(), (await g.ReadAsync<SalesSum>()).AsList(),
            Page<ResultRow>.Of((await g.ReadAsync<ResultRow>()).AsList(), Take, r => Cursor.Of(r.ProfileCode, r.ListingId.ToString(CultureInfo.InvariantCulture))),
            Page<SaleRow>.Of((await g.ReadAsync<SaleRow>()).AsList(), Take, s => Cursor.Of(Iso(s.UntilOn), Iso(s.FromOn), s.ProfileCode, s.ListingId.ToString(CultureInfo.InvariantCulture)))), ct);
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly? Day(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}

public sealed record PartnerForm
{
    public string? Platform { get; init; }

    public DateOnly? From { get; init; }

    public DateOnly? Until { get; init; }

    /// <summary>What was told of periods that share days with this one goes.</summary>
    public bool Replaces { get; init; }

    /// <summary>The rows as they are copied out of a spreadsheet, where there is no file.</summary>
    [DataType(TypedBinder.Rows)]
    [StringLength(500_000, ErrorMessage = "Ô này nhận nhiều nhất 500.000 ký tự. Hãy gửi tệp.")]
    public string? Pasted { get; init; }
}

public sealed record PlatformName(string Code, string Name, string Status, DateOnly? ProvedOn);

/// <summary>A listing that is to be taken down on a platform by hand.</summary>
public sealed record StillThere(string ProfileCode, string Slug, string Title, string Producer, string PlatformId, string Url)
{
    /// <summary>That it is down, as a file would say it.</summary>
    public string Done => $"sku;status\n{Slug};removed";
}

public sealed record StatusCount(string ProfileCode, string Status, long Listings);

public sealed record SalesSum(string ProfileCode, DateOnly FromOn, DateOnly UntilOn, long Listings, long Orders, long ValueVnd);

public sealed record ResultRow(string ProfileCode, long ListingId, string Slug, string Title, string Producer, string Status, string Reason, string PlatformId, string Url, DateTimeOffset ReportedAt);

public sealed record SaleRow(string ProfileCode, long ListingId, string Slug, string Title, string Producer, DateOnly FromOn, DateOnly UntilOn, int Orders, long ValueVnd);

/// <param name="Sends">May send files here.</param>
/// <param name="OfAll">Of all producers.</param>
public sealed record PartnersPage(
    string Path, bool Sends, bool OfAll, PartnerForm Form, List<PlatformName> Platforms, List<StillThere> StillThere, List<StatusCount> Counts, List<SalesSum> Sums, Page<ResultRow> Results, Page<SaleRow> Sales)
{
    public string NameOf(string code) => Platforms.Find(p => p.Code == code)?.Name ?? code;

    public static string Label(string status) => status switch { "accepted" => "Sàn đã nhận", "refused" => "Sàn từ chối", "removed" => "Đã gỡ trên sàn", _ => "Sàn đang duyệt" };

    public static string Badge(string status) => status switch { "accepted" => "ok", "refused" => "bad", "removed" => "quiet", _ => "info" };
}
