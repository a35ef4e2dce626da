using System.Globalization;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports;

/// <summary>The one canonical record that every platform's file is made from: approved, sellable, as the public sees it.</summary>
public sealed record ExportListing(
    long Id, string Slug, string Title, string Description, string Storage, long PriceVnd, string SaleUnit, long NetWeightG, long StockUnits, string? Gtin, Guid[] PictureIds, string CategorySlug,
    string CategoryName, string? ParentName, string ProducerSlug, string ProducerName, string ProducerAddress, string? ProducerTaxCode, string CommuneName, string[]? Certificates, int? Stars, string? LotCode)
{
    private const string Select = """
        select l.id, l.slug, v.title, v.description, v.storage, l.price_vnd, v.sale_unit, v.net_weight_g, s.stock_units, v.gtin, v.picture_ids, v.category_slug, k.name as category_name, h.name as parent_name,
          r.slug as producer_slug, w.name as producer_name, w.address_line as producer_address, w.tax_code as producer_tax_code, c.full_name as commune_name, q.names as certificates, q.stars,
          (select o.code from catalog.lot_stock t join origin.lot o on o.id = t.lot_id where t.product_id = l.product_id and t.available > 0
             and not exists (select 1 from origin.lot_block b where b.lot_id = o.id and b.lifted_at is null) order by o.best_before nulls last, o.id limit 1) as lot_code
        from catalog.search_entry s join catalog.listing l on l.id = s.listing_id join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version
          join producers.category k on k.slug = v.category_slug left join producers.category h on h.slug = k.parent_slug
          join producers.producer r on r.id = l.producer_id join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version join foundation.commune c on c.code = w.commune_code
          left join lateral (select array_agg(x.name || ' ' || y.number order by x.name) as names, max(y.stars) as stars from producers.certificate y join producers.certificate_kind x on x.code = y.kind_code
            where y.id = any(v.certificate_ids) and y.status = 'verified' and y.valid_until >= @today) q on true
        where s.sellable order by l.product_id, l.id
        """;

    public static IAsyncEnumerable<ExportListing> StreamAsync(Db db, DateOnly today, CancellationToken ct) => db.StreamAsync<ExportListing>(Select, new { today }, ct);

    /// <summary>The names that a profile may say in "from". Null when a listing has no such value.</summary>
    public string? Value(string field, SiteOptions site) => field switch
    {
        "slug" => Slug,
        "title" => Title,
        "description" => Description,
        "storage" => Storage,
        "url" => site.Absolute("/san-pham/" + Slug),
        "image" => PictureIds.Length == 0 ? null : site.Absolute($"/media/{PictureIds[0]}/w1200.jpg"),
        "moreImages" => PictureIds.Length < 2 ? null : string.Join(',', PictureIds.Skip(1).Select(p => site.Absolute($"/media/{p}/w1200.jpg"))),
        "availability" => StockUnits > 0 ? "in_stock" : "out_of_stock",
        "stock" => Number(StockUnits),
        "priceVnd" => Number(PriceVnd),
        "pricePerKgVnd" => Number((long)decimal.Round(PriceVnd * 1000m / NetWeightG)),
        "netWeightG" => Number(NetWeightG),
        "unit" => Catalog.SaleUnit.Label(SaleUnit),
        "gtin" => Gtin,
        "category" => CategorySlug,
        "categoryPath" => ParentName is null ? CategoryName : $"{ParentName} > {CategoryName}",
        "producerSlug" => ProducerSlug,
        "producerName" => ProducerName,
        "producerAddress" => $"{ProducerAddress}, {CommuneName}, Sơn La",
        "producerTaxCode" => ProducerTaxCode,
        "origin" => $"{CommuneName}, Sơn La, Việt Nam",
        "certificates" => Certificates is null ? null : string.Join("; ", Certificates),
        "stars" => Stars is null ? null : Number(Stars.Value),
        "traceUrl" => LotCode is null ? null : site.Absolute("/lo/" + LotCode),
        _ => throw new ProfileException($"Không có trường “{field}”."),
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
