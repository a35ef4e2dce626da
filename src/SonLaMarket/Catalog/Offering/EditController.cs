using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Catalog.Offering;

/// <summary>One part of a listing on one page, with what the Department said about it.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/tin-dang/{slug}/sua/{part}")]
public sealed class EditController(Listings listings, Products products, PictureInput pictures, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private static readonly OfferStep[] Editable = [OfferSteps.Photo, OfferSteps.What, OfferSteps.Price, OfferSteps.More];

    private DateOnly Today => Vietnamese.Today(clock);

    [HttpGet("")]
    public async Task<IActionResult> Edit(string slug, string part, CancellationToken ct) => await LoadAsync(slug, part, ct) is { } page ? View("Edit", page) : NotFound();

    [HttpPost("")]
    [RequestSizeLimit(64 << 20)]
    public async Task<IActionResult> Update(string slug, string part, OfferForm form, CancellationToken ct)
    {
        if (await LoadAsync(slug, part, ct) is not { } page)
            return NotFound();
        var said = OfferPrefill.Over(page.Offer.Text, form.Said(page.Step));
        if (page.Step == OfferSteps.Photo)
        {
            var (ids, error) = await pictures.TakeAsync($"producer:{page.Listing.ProducerId}", form.Kept, form.Removed, Request, User.As(Roles.Seller));
            (said, page) = (said with { Pictures = ids }, page with { Offer = page.Offer with { PictureError = error } });
            if (error is not null)
                ModelState.AddModelError(nameof(form.Photos), error);
        }
        page = page with { Offer = page.Offer.With(said, Today, T) };
        foreach (var fault in page.Offer.Reading.Faults.Where(f => page.Step.Fields.Contains(f.Field)))
            ModelState.AddModelError(fault.Field, fault.Message);
        if (!ModelState.IsValid)
            return Invalid("Edit", page);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (await listings.LockAsync(tx, slug, User.Id()) is not { } listing || await products.LockAsync(tx, page.Product.Code, User.Id()) is not { } product)
            return NotFound();
        page = page with { Listing = listing, Product = product, Stored = OfferForm.Of(OfferPage.TextOf(listing, product), page.Step) };
        if (Request.IsOutdated(page.Stored))
            return ChangedMeanwhile("Edit", page, OfferForm.Of(said, page.Step), page.Stored, (_, value) => page.Offer.SpecialityOptions(T).Concat(page.Offer.CategoryOptions(T)).FirstOrDefault(o => o.Value == value)?.Text);
        if (page.Step == OfferSteps.Price && PriceJump.Question(listing.PriceVnd, page.Offer.Reading.PriceVnd!.Value, listing.SaleUnit, listing.Title, listing.NetWeightG, product.CategorySlug, T) is { } jump && AskOnce(jump, T["Lưu giá này"]) is { } question)
            return question;
        if (!await ChangeAsync(tx, page))
            return NotNow("Edit", page, T["Tin đang bị tạm ngừng hoặc vừa được gửi duyệt nên chưa lưu được thay đổi này."]);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/quan-ly/tin-dang/{slug}", page.Step == OfferSteps.Price ? (listing.PublicVersion is null ? T["Đã đổi giá. Người mua thấy khi tin được duyệt."] : T["Đã đổi giá. Người mua thấy giá mới ngay."]) : T["Đã lưu. Sửa xong hết thì bấm Gửi duyệt."]);
    }

    private async Task<bool> ChangeAsync(Tx tx, EditPage page)
    {
        var (me, actor, reading, text) = (User.Id(), User.As(Roles.Seller), page.Offer.Reading, page.Offer.Text);
        var (l, p) = (page.Listing, page.Product);
        var listing = new ListingDraft(l.Title, l.TitleEn, l.SaleUnit, l.BasePerUnit, l.PriceVnd, l.SeasonMonths, l.MinUnits);
        var product = new ProductDraft(p.Name, p.NameEn, p.CategorySlug, p.SpecialitySlug, p.Gtin, p.BaseUnit, p.NetWeightG, p.Description, p.Storage, p.AlcoholPercent, p.PictureIds, p.CertificateIds) { Brand = p.Brand, Model = p.Model, Ingredients = p.Ingredients };
        if (page.Step == OfferSteps.Price)
            return await listings.PriceAsync(tx, l.Slug, reading.PriceVnd!.Value, me, actor);
        if (page.Step == OfferSteps.Photo)
            return await products.UpdateAsync(tx, p.Code, me, product with { PictureIds = text.Pictures ?? [] }, actor);
        return page.Step == OfferSteps.What
            ? await products.UpdateAsync(tx, p.Code, me, product with { CategorySlug = reading.CategorySlug!, SpecialitySlug = reading.Speciality?.Slug }, actor) && await listings.UpdateAsync(tx, l.Slug, listing with { Title = reading.Name }, me, actor)
            : await products.UpdateAsync(tx, p.Code, me, product with { Description = text.Description ?? "" }, actor) && await listings.UpdateAsync(tx, l.Slug, listing with { SeasonMonths = text.Months ?? [] }, me, actor);
    }

    private async Task<EditPage?> LoadAsync(string slug, string part, CancellationToken ct)
    {
        if (Array.Find(Editable, s => s.Slug == part) is not { } step || await listings.FindAsync(db, slug, User.Id(), ct) is not { } listing || await products.FindAsync(db, listing.ProductCode, User.Id(), ct) is not { } product)
            return null;
        var offer = await OfferPage.OfAsync(db, listing, product, User.Id(), Today, T, ct);
        return new EditPage(step, listing, product, offer with { Step = step }, OfferForm.Of(offer.Text, step));
    }
}

/// <param name="Stored">The page as it stands filled in with what is stored.</param>
public sealed record EditPage(OfferStep Step, Listing Listing, Product Product, OfferPage Offer, OfferForm Stored)
{
    /// <summary>What the Department wants changed on this page.</summary>
    public IEnumerable<ListingPart> Returned => Listing.ReturnedParts.Select(ListingPart.Find).OfType<ListingPart>().Where(p => ReturnedPaths.StepOf(p) == Step);
}

/// <summary>Where each part of a listing is changed.</summary>
public static class ReturnedPaths
{
    public static OfferStep? StepOf(ListingPart part) => part.Word switch
    {
        "photo" => OfferSteps.Photo,
        "name" => OfferSteps.What,
        "text" => OfferSteps.More,
        _ => null,
    };

    public static string Of(ListingPart part, Listing listing) => part.Word switch
    {
        "pack" => $"/quan-ly/tin-dang/{listing.Slug}?sua=tat-ca#SaleUnit",
        "certificates" => $"/quan-ly/san-pham/{listing.ProductCode}#CertificateIds",
        "origin" => $"/quan-ly/tin-dang/{listing.Slug}#ton-kho",
        "text" => $"/quan-ly/tin-dang/{listing.Slug}/sua/{OfferSteps.More.Slug}#Description",
        _ => $"/quan-ly/tin-dang/{listing.Slug}/sua/{StepOf(part)!.Slug}#{StepOf(part)!.Fields[part.Word == "name" ? 1 : 0]}",
    };
}
