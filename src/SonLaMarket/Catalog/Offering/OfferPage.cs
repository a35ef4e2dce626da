using Microsoft.AspNetCore.Mvc.Rendering;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Producers;

namespace SonLaMarket.Catalog.Offering;

public sealed record OfferProducer(long Id, string Name, string CommuneName, string? FormerDistrict, string Status);

/// <summary>A draft with all that its pages show.</summary>
public sealed record OfferPage(Guid Id, OfferProducer Producer, OfferText Text, OfferLists Lists, bool Begun, bool Finished, OfferReading Reading, OfferStep? Step = null, string? PictureError = null, OfferPack? Pack = null)
{
    public string Path => $"/quan-ly/dang-ban/{Id}";

    private const string Select = """
        select p.id, p.name, c.full_name as commune_name, c.former_district, p.status
        from producers.producer p join producers.acting m on m.producer_id = p.id join foundation.commune c on c.code = p.commune_code where m.person_id = @memberId;
        """ + OfferLists.Select;

    /// <summary>A draft, in one round trip. Null when it is another producer's, or the person has none yet.</summary>
    public static async Task<OfferPage?> LoadAsync(Sql sql, Guid id, long memberId, DateOnly today, Texts t, CancellationToken ct)
    {
        const string select = Select + "select d.producer_id, d.content, d.finished_at is not null as finished from catalog.offer_draft d where d.id = @id";
        var (producer, lists, draft) = await sql.MultipleAsync(select, new { id, memberId }, async g => (await g.ReadFirstOrDefaultAsync<OfferProducer>(), await OfferLists.ReadAsync(g), await g.ReadFirstOrDefaultAsync<Row>()), ct);
        if (producer is null || (draft is not null && draft.ProducerId != producer.Id))
            return null;
        var text = draft is null ? new OfferText() : OfferDrafts.Read(draft.Content);
        return new OfferPage(id, producer, text, lists, draft is not null, draft?.Finished == true, new OfferReading(text, lists, today, t));
    }

    /// <summary>A listing that exists, as its pages would have been filled in.</summary>
    public static async Task<OfferPage> OfAsync(Sql sql, Listing listing, Product product, long memberId, DateOnly today, Texts t, CancellationToken ct)
    {
        var (producer, lists) = await sql.MultipleAsync(Select, new { memberId }, async g => (await g.ReadSingleAsync<OfferProducer>(), await OfferLists.ReadAsync(g)), ct);
        var text = TextOf(listing, product);
        var pack = new OfferPack(listing.BaseUnit, listing.BasePerUnit, listing.NetWeightG);
        return new OfferPage(Guid.Empty, producer, text, lists, true, false, new OfferReading(text, lists, today, t, pack), Pack: pack);
    }

    public static OfferText TextOf(Listing listing, Product product) => new()
    {
        Pictures = product.PictureIds,
        Speciality = product.SpecialitySlug ?? OfferText.NotListed,
        Name = listing.Title,
        Category = product.CategorySlug,
        SaleUnit = listing.SaleUnit,
        Price = Vietnamese.Number(listing.PriceVnd),
        Months = listing.SeasonMonths,
        Description = product.Description,
    };

    public OfferPage With(OfferText text, DateOnly today, Texts t) => this with { Text = text, Reading = new OfferReading(text, Lists, today, t, Pack) };

    public List<SelectListItem> SpecialityOptions(Texts t) =>
        [new(t["Chọn mặt hàng"], ""), .. Lists.Specialities.Select(s => new SelectListItem(t.Of(s.Name, s.NameEn), s.Slug)), new(t["Không có trong danh sách"], OfferText.NotListed)];

    public List<SelectListItem> CategoryOptions(Texts t) => [new(t["Theo mặt hàng đã chọn"], ""), .. Lists.Categories.Select(c => new SelectListItem(t.Of(c.Name, c.NameEn), c.Slug))];

    public List<SelectListItem> PlaceOptions(Texts t) =>
        [.. Lists.Places.Select(p => new SelectListItem($"{p.Name} – {p.CommuneName}{(p.Status == AreaState.Active ? "" : $" ({t[AreaState.Label(p.Status)]})")}", p.Id.ToString())), new(t["{0}, nơi cơ sở khai báo", Producer.CommuneName], OfferText.OwnPlace)];

    private sealed record Row(long ProducerId, string Content, bool Finished);
}
