using Dapper;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Catalog.Browse;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Catalog.Sellers;

/// <summary>The public page of a producer with what it sells.</summary>
public sealed class SellersController(Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private const string Select = """
        select r.id, r.slug, w.name, w.kind, w.about, w.address_line, w.picture_ids, w.decided_at as checked_at, c.full_name as commune_name, c.name_en as commune_name_en, r.is_sample
        from producers.producer r join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version join foundation.commune c on c.code = w.commune_code where r.slug = @slug;
        select l.id, l.slug, v.title, v.title_en, l.price_vnd, v.sale_unit, v.base_unit, v.net_weight_g, v.picture_ids[1] as picture_id, r.slug as producer_slug, r.name as producer_name,
          c.full_name as commune_name, c.name_en as commune_name_en, c.code as commune_code, s.stock_units, l.season_months, v.gtin, null::text[] as certificates, null::int as stars, 0::numeric as rank
        from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version join catalog.search_entry s on s.listing_id = l.id and s.sellable
          join producers.producer r on r.id = l.producer_id join foundation.commune c on c.code = r.commune_code
        where r.slug = @slug and r.public_version is not null and (@before::bigint is null or l.id < @before) order by l.id desc limit @take;
        select k.name, k.name_en, x.number, x.issuer, x.valid_until, x.decided_at
        from producers.certificate x join producers.certificate_kind k on k.code = x.kind_code join producers.producer r on r.id = x.producer_id
        where r.slug = @slug and x.status = 'verified' and x.valid_until >= @today order by x.valid_until desc limit 20
        """;

    private const int Take = 24;

    [PublicPage]
    [HttpGet("/co-so/{slug}")]
    public async Task<IActionResult> Show(string slug, string? sau, CancellationToken ct)
    {
        HttpContext.Tag(PageCache.Producer(slug));
        var before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, out var key) ? key : (long?)null;
        var (seller, tiles, certificates) = await db.MultipleAsync(Select, new { slug, before, take = Take + 1, today = Vietnamese.Today(clock) }, async g =>
            (await g.ReadFirstOrDefaultAsync<Seller>(), (await g.ReadAsync<Tile>()).AsList(), (await g.ReadAsync<SellerCertificate>()).AsList()), ct);
        if (seller is null)
            return await db.SingleAsync<bool>("select exists (select 1 from producers.producer where slug = @slug and approved_at is not null)", new { slug }, ct)
                ? StatusCode(StatusCodes.Status410Gone)
                : NotFound();
        return View("Show", new SellerPage(seller, Page<Tile>.Of(tiles, Take, r => Cursor.Of(r.Id.ToString(System.Globalization.CultureInfo.InvariantCulture))), certificates));
    }
}

public sealed record Seller(long Id, string Slug, string Name, string Kind, string About, string AddressLine, Guid[] PictureIds, DateTimeOffset CheckedAt, string CommuneName, string CommuneNameEn, bool IsSample);

public sealed record SellerCertificate(string Name, string NameEn, string Number, string Issuer, DateOnly ValidUntil, DateTimeOffset DecidedAt);

public sealed record SellerPage(Seller Seller, Page<Tile> Listings, List<SellerCertificate> Certificates);
