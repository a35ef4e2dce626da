using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Supervision.Monitor;

/// <summary>Listings that are or were live, with everything that may be wrong with them; suspension with a reason; the same rows as CSV.</summary>
[Authorize(Policy = Roles.Officer)]
[Route("/so-cong-thuong/giam-sat")]
public sealed class MonitorController(Decisions decisions, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private const int Take = 50;

    /// <summary>A price outside half to double the group's median price of a kilogram is "far".</summary>
    private const string Watched = """
        with live as (
          select l.id, l.slug, l.status, l.price_vnd, l.price_vnd * 1000.0 / v.net_weight_g as per_kg, l.approved_at, v.version, v.title, v.title_en, v.category_slug, v.sale_unit, v.certificate_ids,
            k.name as category_name, k.name_en as category_name_en, p.slug as producer_slug, p.name as producer_name, c.code as commune_code, c.full_name as commune_name,
            c.name_en as commune_name_en, l.product_id,
            l.public_version is not null and p.public_version is not null as public
          from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = coalesce(l.public_version, (select max(x.version) from catalog.listing_version x where x.listing_id = l.id and x.state = 'approved'))
            join producers.category k on k.slug = v.category_slug join producers.producer p on p.id = l.producer_id join foundation.commune c on c.code = p.commune_code
          where l.status in ('approved', 'suspended', 'draft', 'submitted', 'returned') and l.approved_at is not null),
        median as (select category_slug, percentile_cont(0.5) within group (order by per_kg) as per_kg from live where public group by category_slug),
        watched as (
          select x.*, coalesce(m.per_kg, x.per_kg) as median_per_kg, coalesce(x.per_kg < m.per_kg / 2 or x.per_kg > m.per_kg * 2, false) as price_far,
            exists (select 1 from producers.certificate q where q.id = any(x.certificate_ids) and q.status = 'verified' and q.valid_until < @today) as certificate_expired,
            (select min(q.valid_until) - @today from producers.certificate q where q.id = any(x.certificate_ids) and q.status = 'verified' and q.valid_until >= @today) as certificate_days,
            (select q.number from producers.certificate q where q.id = any(x.certificate_ids) and q.status = 'verified' order by q.valid_until < @today desc, q.valid_until limit 1) as certificate_number,
            not exists (select 1 from catalog.lot_stock s where s.product_id = x.product_id) as no_lot,
            exists (select 1 from origin.lot o join origin.lot_block b on b.lot_id = o.id and b.lifted_at is null and b.cause <> 'recall' where o.product_id = x.product_id) as lot_blocked,
            exists (select 1 from origin.lot o join origin.lot_block b on b.lot_id = o.id and b.lifted_at is null and b.cause = 'recall' where o.product_id = x.product_id) as lot_recalled,
            (@today - (x.approved_at at time zone 'Asia/Ho_Chi_Minh')::date) as days
          from live x left join median m on m.category_slug = x.category_slug)
        """;

    private const string Where = """
        where (@group::text is null or category_slug = @group) and (@commune::text is null or commune_code = @commune) and (@seller::text is null or producer_slug = @seller)
          and (@state::text is null or status = @state)
          and (@certificate::text is null or certificate_expired) and (@within::int is null or certificate_days <= @within)
          and (@lot::text is null or (@lot = 'khong' and no_lot) or (@lot = 'chan' and lot_blocked) or (@lot = 'thu-hoi' and lot_recalled))
          and (@price::boolean is null or price_far = @price) and (@days::int is null or days >= @days)
        """;

    private const string Columns = """
        select id, slug, status, price_vnd, per_kg, median_per_kg, approved_at, version, title, title_en, sale_unit, category_name, category_name_en, producer_slug, producer_name, commune_name, commune_name_en, price_far, certificate_expired,
          certificate_days, certificate_number, no_lot, lot_blocked, lot_recalled, days from watched
        """;

    private const string Rows = $"""
        {Watched} {Columns} {Where} and (@before::bigint is null or id < @before) order by id desc limit @take;
        {Watched} select count(*) as total, count(*) filter (where certificate_expired) as expired, count(*) filter (where certificate_days <= 90) as expiring90, count(*) filter (where certificate_days <= 60) as expiring60, count(*) filter (where certificate_days <= 30) as expiring, count(*) filter (where no_lot) as no_lot,
          count(*) filter (where lot_blocked) as blocked, count(*) filter (where lot_recalled) as recalled, count(*) filter (where price_far) as price_far, count(*) filter (where status = 'suspended') as suspended
        from watched {Where};
        {Watched} select category_slug as value, category_name as name, category_name_en as name_en, count(*) as count from watched group by 1, 2, 3 order by 2;
        {Watched} select commune_code as value, commune_name as name, commune_name_en as name_en, count(*) as count from watched group by 1, 2, 3 order by 2;
        {Watched} select producer_slug as value, producer_name as name, '' as name_en, count(*) as count from watched group by 1, 2 order by 2 limit 500
        """;

    private const string All = $"{Watched} {Columns} {Where} order by id desc";

    [HttpGet("")]
    public async Task<IActionResult> Index([FromQuery] MonitorFilter filter, string? sau, CancellationToken ct) => View("Index", await PageAsync(filter, sau, ct));

    [HttpGet("/so-cong-thuong/giam-sat.csv")]
    public async Task<IActionResult> Csv([FromQuery] MonitorFilter filter, CancellationToken ct)
    {
        Response.ContentType = "text/csv; charset=utf-8";
        Response.Headers.ContentDisposition = "attachment; filename=\"giam-sat.csv\"";
        await using var writer = new StreamWriter(Response.Body, new UTF8Encoding(true));
        await using var csv = new CsvWriter(writer, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\r\n" });
        foreach (var header in new[] { "slug", "tieu_de", "nhom", "co_so", "xa", "trang_thai", "gia_vnd", "gia_kg_vnd", "trung_vi_kg_vnd", "gia_xa_trung_vi", "chung_nhan_het_han", "chung_nhan_sap_het", "khong_lo", "lo_bi_chan", "lo_thu_hoi", "ngay_tu_khi_duyet", "chung_nhan_con_ngay" })
            csv.WriteField(header);
        await csv.NextRecordAsync();
        await foreach (var r in db.StreamAsync<WatchedRow>(All, Args(filter, null), ct))
        {
            csv.WriteField(r.Slug);
            csv.WriteField(CsvText.Safe(r.Title));
            csv.WriteField(r.CategoryName);
            csv.WriteField(CsvText.Safe(r.ProducerName));
            csv.WriteField(r.CommuneName);
            csv.WriteField(r.Status);
            csv.WriteField(r.PriceVnd);
            csv.WriteField((long)r.PerKg);
            csv.WriteField((long)r.MedianPerKg);
            foreach (var flag in new[] { r.PriceFar, r.CertificateExpired, r.CertificateDays <= 30, r.NoLot, r.LotBlocked, r.LotRecalled })
                csv.WriteField(flag ? 1 : 0);
            csv.WriteField(r.Days);
            csv.WriteField(r.CertificateDays);
            await csv.NextRecordAsync();
        }
        await writer.FlushAsync(ct);
        return new EmptyResult();
    }

    [HttpPost("{slug}/tam-ngung")]
    public async Task<IActionResult> Suspend(string slug, string? reason, [FromQuery] MonitorFilter filter, CancellationToken ct)
    {
        if (!await db.SingleAsync<bool>("select exists (select 1 from catalog.listing where slug = @slug)", new { slug }, ct))
            return NotFound();
        if (reason is null || reason.Length is < 5 or > 500)
        {
            ModelState.AddModelError("reason", T["Hãy ghi lý do, từ 5 đến 500 ký tự."]);
            return Invalid("Index", await PageAsync(filter, null, ct) with { Suspending = slug });
        }
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await decisions.OnListingAsync(tx, slug, null, Decisions.Suspend, reason, [], [], User.As(Roles.Officer)))
            return Conflict();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/so-cong-thuong/giam-sat" + Request.QueryString, T["Đã tạm ngừng tin đăng. Tin rời trang công khai và các bản xuất ngay."]);
    }

    private async Task<MonitorPage> PageAsync(MonitorFilter filter, string? sau, CancellationToken ct)
    {
        var before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, out var key) ? key : (long?)null;
        var (rows, counts, groups, communes, sellers) = await db.MultipleAsync(Rows, Args(filter, before), async g => (
            (await g.ReadAsync<WatchedRow>()).AsList(), await g.ReadSingleAsync<WatchedCounts>(), (await g.ReadAsync<FilterChoice>()).AsList(), (await g.ReadAsync<FilterChoice>()).AsList(), (await g.ReadAsync<FilterChoice>()).AsList()), ct);
        return new(filter, Page<WatchedRow>.Of(rows, Take, r => Cursor.Of(r.Id.ToString(CultureInfo.InvariantCulture))), counts, groups, communes, sellers, Request.QueryString.Value ?? "");
    }

    private object Args(MonitorFilter f, long? before) => new
    {
        today = Vietnamese.Today(clock),
        group = Word(f.Nhom),
        commune = Word(f.Xa),
        seller = Word(f.CoSo),
        state = f.TrangThai is "approved" or "suspended" or "draft" or "submitted" or "returned" ? f.TrangThai : null,
        certificate = f.ChungNhan is "het" ? f.ChungNhan : null,
        within = Within(f.ChungNhan),
        lot = f.Lo is "khong" or "chan" or "thu-hoi" ? f.Lo : null,
        price = f.Gia == "xa" ? true : (bool?)null,
        days = f.Ngay is > 0 and < 10_000 ? f.Ngay : null,
        before,
        take = Take + 1,
    };

    /// <summary>Days until a certificate ends: "sap-het" is 30, or 60 or 90.</summary>
    private static int? Within(string? word) => word == "sap-het" ? 30 : int.TryParse(word, CultureInfo.InvariantCulture, out var days) && CertificateEnd.Warnings.Contains(days) ? days : null;

    private static string? Word(string? value) => string.IsNullOrEmpty(value) ? null : value;
}

public sealed record MonitorFilter
{
    public string? Nhom { get; init; }

    public string? Xa { get; init; }

    [FromQuery(Name = "co-so")]
    public string? CoSo { get; init; }

    [FromQuery(Name = "trang-thai")]
    public string? TrangThai { get; init; }

    [FromQuery(Name = "chung-nhan")]
    public string? ChungNhan { get; init; }

    public string? Lo { get; init; }

    public string? Gia { get; init; }

    public int? Ngay { get; init; }
}

public sealed record WatchedRow(
    long Id, string Slug, string Status, long PriceVnd, decimal PerKg, double MedianPerKg, DateTimeOffset ApprovedAt, int Version, string Title, string TitleEn, string SaleUnit, string CategoryName, string CategoryNameEn, string ProducerSlug,
    string ProducerName, string CommuneName, string CommuneNameEn, bool PriceFar, bool CertificateExpired, int? CertificateDays, string? CertificateNumber, bool NoLot, bool LotBlocked, bool LotRecalled, int Days);

public sealed record WatchedCounts(long Total, long Expired, long Expiring90, long Expiring60, long Expiring, long NoLot, long Blocked, long Recalled, long PriceFar, long Suspended);

public sealed record FilterChoice(string Value, string Name, string NameEn, long Count);

public sealed record MonitorPage(MonitorFilter Filter, Page<WatchedRow> Page, WatchedCounts Counts, List<FilterChoice> Groups, List<FilterChoice> Communes, List<FilterChoice> Sellers, string QueryString, string? Suspending = null);
