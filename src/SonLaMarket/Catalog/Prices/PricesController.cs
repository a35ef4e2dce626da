using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Catalog.Prices;

/// <summary>Every price that a listing ever had: for its seller, and for officers, who look at jumps.</summary>
public sealed class PricesController(Db db, Texts t) : PageController(t)
{
    private const int Take = 30;

    [Authorize(Policy = Roles.Seller)]
    [HttpGet("/quan-ly/tin-dang/{slug}/gia")]
    public Task<IActionResult> Mine(string slug, string? sau, CancellationToken ct) => ShowAsync(slug, User.Id(), "/quan-ly/tin-dang/" + slug, sau, ct);

    [Authorize(Policy = Roles.Officer)]
    [HttpGet("/so-cong-thuong/giam-sat/{slug}/gia")]
    public Task<IActionResult> Any(string slug, string? sau, CancellationToken ct) => ShowAsync(slug, null, "/so-cong-thuong/giam-sat/" + slug, sau, ct);

    private async Task<IActionResult> ShowAsync(string slug, long? memberId, string root, string? sau, CancellationToken ct)
    {
        const string select = """
            select l.title, l.sale_unit, l.slug from catalog.listing l
            where l.slug = @slug and (@memberId::bigint is null or exists (select 1 from producers.acting m where m.producer_id = l.producer_id and m.person_id = @memberId));

            select p.no, p.at, p.price_vnd, p.usual_vnd, b.price_vnd as before_vnd, n.name as person from catalog.listing l join catalog.listing_price p on p.listing_id = l.id
              left join catalog.listing_price b on b.listing_id = p.listing_id and b.no = p.no - 1 left join accounts.person n on n.id = p.person_id
            where l.slug = @slug and (@before::int is null or p.no < @before) order by p.no desc limit @limit;
            """;
        int? before = Cursor.Parse(sau, 1) is [var no] && int.TryParse(no, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        var page = await db.MultipleAsync(select, new { slug, memberId, before, limit = Take + 1 }, async grid => await grid.ReadFirstOrDefaultAsync<PricedListing>() is { } listing
            ? new PriceHistory(listing, root, Page<PriceRow>.Of((await grid.ReadAsync<PriceRow>()).ToList(), Take, p => Cursor.Of(p.No.ToString(CultureInfo.InvariantCulture))))
            : null, ct);
        return page is null ? NotFound() : View("Show", page);
    }
}

public sealed record PricedListing(string Title, string SaleUnit, string Slug);

/// <param name="UsualVnd">Of a promotion's price: the usual one.</param>
/// <param name="Person">Who set it; null for prices of before the history, and where a promotion began or ended by itself.</param>
public sealed record PriceRow(int No, DateTimeOffset At, long PriceVnd, long? UsualVnd, long? BeforeVnd, string? Person)
{
    /// <summary>By how many percent it rose or fell; null for the first.</summary>
    public decimal? Change => BeforeVnd is > 0 and var before ? decimal.Round((PriceVnd - before) * 100m / before, 1) : null;
}

public sealed record PriceHistory(PricedListing Listing, string Root, Page<PriceRow> Prices);
