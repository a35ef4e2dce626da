using System.Globalization;
using System.Runtime.CompilerServices;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Producers;

namespace SonLaMarket.Exports;

/// <summary>The five sets, each with the query that it is read by.</summary>
internal static class OpenSets
{
    /// <summary>Of fewer sellers no price is told: somebody could be picked out.</summary>
    private const int FewestSellers = 5;

    private const int Weeks = 52;

    private static readonly OpenColumn SellerId = new("seller", "Mã cơ sở"), SellerName = new("sellerName", "Tên cơ sở");
    private static readonly OpenColumn CategoryId = new("category", "Mã nhóm hàng", Required: true), CategoryName = new("categoryName", "Nhóm hàng", Required: true);

    public static readonly IReadOnlyList<OpenSet> All =
    [
        new("products", "Sản phẩm đã duyệt", "Mỗi dòng là một tin đăng mà Sở Công Thương đã duyệt và đang hiện trên sàn: tên, nhóm hàng, cách đóng gói, hạng OCOP. Cơ sở chỉ được ghi khi là hợp tác xã hoặc doanh nghiệp. Không có giá và số lượng.",
            ["nông sản", "đặc sản", "OCOP"],
            [
                new("id", "Mã tin", Required: true), new("name", "Tên", Required: true), new("nameEn", "Tên tiếng Anh"), CategoryId, CategoryName, new("gtin", "Mã GTIN"),
                new("saleUnit", "Đơn vị bán", Required: true, Allowed: [.. SaleUnit.All.Select(u => u.Word)]), new("netWeightG", "Khối lượng tịnh, gam", "integer", Required: true), new("ocopStars", "Số sao OCOP", "integer"), new("geographicalIndication", "Chỉ dẫn địa lý"),
                SellerId, SellerName, new("commune", "Xã của cơ sở"), new("approvedOn", "Ngày duyệt", "date"), new("url", "Trang trên sàn", "url", Required: true),
            ], true, Now, Products),
        new("sellers", "Cơ sở bán hàng", "Hợp tác xã và doanh nghiệp đã duyệt, với xã và số tin đang hiện. Không có hộ, nhóm hộ, cá nhân; không có điện thoại, địa chỉ, thư điện tử, người đại diện.",
            ["hợp tác xã", "doanh nghiệp"],
            [
                new("id", "Mã cơ sở", Required: true), new("kind", "Loại cơ sở", Required: true, Allowed: ProducerKind.Organisations), new("name", "Tên", Required: true), new("brand", "Thương hiệu"), new("communeCode", "Mã xã", Required: true), new("commune", "Xã của cơ sở", Required: true),
                new("approvedOn", "Ngày duyệt", "date"), new("listings", "Số tin đang hiện", "integer", Required: true), new("url", "Trang trên sàn", "url", Required: true),
            ], true, Now, Sellers),
        new("certificates", "Chứng nhận và hạng OCOP", "Chứng nhận còn hiệu lực của hợp tác xã và doanh nghiệp, đã được cán bộ Sở kiểm tra; của OCOP có số sao. Không có bản chụp giấy.",
            ["chứng nhận", "OCOP"],
            [
                new("id", "Mã", Required: true), new("kind", "Mã loại chứng nhận", Required: true), new("kindName", "Loại chứng nhận", Required: true), new("number", "Số chứng nhận", Required: true), new("issuer", "Nơi cấp", Required: true), new("scope", "Phạm vi"),
                new("ocopStars", "Số sao OCOP", "integer"), new("issuedOn", "Ngày cấp", "date", Required: true), new("validUntil", "Có hiệu lực đến", "date", Required: true), SellerId with { Required = true }, SellerName with { Required = true },
            ], true, Now, Certificates),
        new("weekly-prices", "Giá theo tuần", "Giá một kilôgam vào cuối mỗi tuần của 52 tuần đã qua, theo nhóm hàng: trung vị và hai tứ phân vị của các tin nay đang hiện, theo giá người mua trả lúc đó. Nhóm có dưới 5 cơ sở bán không có số và ghi suppressed = true.",
            ["nông sản", "giá cả"],
            [
                new("week", "Tuần (ISO 8601)", Required: true), new("from", "Từ ngày", "date", Required: true), new("until", "Đến hết ngày", "date", Required: true), CategoryId, CategoryName, new("suppressed", "Không công bố vì dưới 5 cơ sở", "boolean", Required: true),
                new("sellers", "Số cơ sở bán", "integer"), new("listings", "Số tin", "integer"), new("lowerQuartileVndPerKg", "Tứ phân vị dưới, đồng một kg", "integer"), new("medianVndPerKg", "Trung vị, đồng một kg", "integer"), new("upperQuartileVndPerKg", "Tứ phân vị trên, đồng một kg", "integer"),
            ], false, today => (Monday(today).AddDays(-7 * Weeks), Monday(today).AddDays(-1)), WeeklyPrices),
        new("season-calendar", "Lịch mùa vụ", "Tháng thu hoạch thường gặp của đặc sản Sơn La theo danh mục tham khảo của sàn; mỗi dòng một đặc sản và một tháng. Một phần là hiểu biết chung, chưa có nguồn cho từng dòng.",
            ["đặc sản", "thời vụ"],
            [
                new("speciality", "Mã đặc sản", Required: true), new("name", "Tên", Required: true), new("nameEn", "Tên tiếng Anh"), new("scientificName", "Tên khoa học"), CategoryId, CategoryName, new("month", "Tháng", "integer", Required: true),
            ], false, Now, SeasonCalendar),
    ];

    /// <summary>Of the week in which the day is.</summary>
    public static DateOnly Monday(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    private static (DateOnly, DateOnly) Now(DateOnly today) => (today, today);

    /// <summary>From the one record that platforms get, too: what is suspended, blocked or recalled is in neither.</summary>
    private static async IAsyncEnumerable<OpenRow> Products(OpenReading reading, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var l in ExportListing.StreamAsync(reading.Db, reading.Today, ct))
        {
            var named = ProducerKind.IsOrganisation(l.ProducerKind);
            yield return new(
            [
                l.Slug, l.Title, l.TitleEn, l.CategorySlug, l.CategoryName, l.Gtin, l.SaleUnit, Number(l.NetWeightG), Number(l.Stars), l.GeographicalIndication, named ? l.ProducerSlug : null, named ? l.ProducerName : null, named ? l.CommuneName : null,
                l.ApprovedAt is { } at ? Vietnamese.Day(at).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null, reading.Site.Absolute("/san-pham/" + l.Slug),
            ]);
        }
    }

    private static IAsyncEnumerable<OpenRow> Sellers(OpenReading reading, CancellationToken ct)
    {
        const string select = """
            select array[r.slug, w.kind, w.name, w.brand, w.commune_code, c.full_name, (r.approved_at at time zone 'Asia/Ho_Chi_Minh')::date::text,
              (select count(*) from catalog.listing l where l.producer_id = r.id and l.public_version is not null)::text, @page || r.slug] as cells
            from producers.producer r join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version join foundation.commune c on c.code = w.commune_code
            where w.kind = any(@Organisations) order by r.id
            """;
        return reading.Db.StreamAsync<OpenRow>(select, new { ProducerKind.Organisations, page = reading.Site.Absolute("/co-so/") }, ct);
    }

    private static IAsyncEnumerable<OpenRow> Certificates(OpenReading reading, CancellationToken ct)
    {
        const string select = """
            select array[y.id::text, y.kind_code, z.name, y.number, y.issuer, y.scope, y.stars::text, y.issued_on::text, y.valid_until::text, r.slug, w.name] as cells
            from producers.certificate y join producers.certificate_kind z on z.code = y.kind_code join producers.producer r on r.id = y.producer_id join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version
            where y.status = 'verified' and y.valid_until >= @Today and w.kind = any(@Organisations) order by y.producer_id, y.id
            """;
        return reading.Db.StreamAsync<OpenRow>(select, new { ProducerKind.Organisations, reading.Today }, ct);
    }

    /// <summary>Of each listing the price that was charged when the week ended. Nobody compares cloth or orchids by the kilogram.</summary>
    private static IAsyncEnumerable<OpenRow> WeeklyPrices(OpenReading reading, CancellationToken ct)
    {
        const string select = """
            with week as (select @monday::date - 7 * n as monday from generate_series(1, @Weeks) n),
            price as (
              select w.monday, v.category_slug, l.producer_id, h.price_vnd * 1000::float8 / v.net_weight_g as vnd
              from week w cross join lateral (select (w.monday + 7)::timestamp at time zone 'Asia/Ho_Chi_Minh' as ends) e
                join catalog.listing l on l.public_version is not null and l.published_at < e.ends join producers.producer r on r.id = l.producer_id and r.public_version is not null
                join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version
                cross join lateral (select p.price_vnd from catalog.listing_price p where p.listing_id = l.id and p.at < e.ends order by p.no desc limit 1) h),
            grouped as (
              select monday, category_slug, count(distinct producer_id) as sellers, count(*) as listings, percentile_cont(array[0.25, 0.5, 0.75]) within group (order by vnd) as vnd from price group by monday, category_slug)
            select array[to_char(g.monday, 'IYYY-"W"IW'), g.monday::text, (g.monday + 6)::text, g.category_slug, k.name, (g.sellers < @FewestSellers)::text]
              || case when g.sellers < @FewestSellers then array_fill(null::text, array[5]) else array[g.sellers::text, g.listings::text, round(g.vnd[1])::bigint::text, round(g.vnd[2])::bigint::text, round(g.vnd[3])::bigint::text] end as cells
            from grouped g join producers.category k on k.slug = g.category_slug order by g.monday, k.sort, k.slug
            """;
        return reading.Db.StreamAsync<OpenRow>(select, new { monday = Monday(reading.Today), Weeks, FewestSellers }, ct).Where(r => KilogramPrice.IsCompared(r.Cells[3]));
    }

    private static IAsyncEnumerable<OpenRow> SeasonCalendar(OpenReading reading, CancellationToken ct)
    {
        const string select = """
            select array[s.slug, s.name, s.name_en, s.scientific_name, s.category_slug, k.name, m.month::text] as cells
            from producers.speciality s join producers.category k on k.slug = s.category_slug cross join lateral unnest(s.harvest_months) m (month)
            where s.sale_online_allowed order by k.sort, k.slug, s.slug collate "C", m.month
            """;
        return reading.Db.StreamAsync<OpenRow>(select, null, ct);
    }

    private static string? Number(long? value) => value?.ToString(CultureInfo.InvariantCulture);
}
