using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using SonLaMarket.Accounts;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Tests.Supervision;

/// <summary>What sellers hand in and officers press, for the tests of Supervision.</summary>
internal sealed class Office(MarketFixture market)
{
    private int number;

    public static Actor SellerOf(Goods goods) => new(goods.Seller.PersonId, Roles.Seller);

    /// <summary>The seller changes the title and puts the listing before the Department again; the waiting version.</summary>
    public async Task<int> ResubmitAsync(Goods goods, string title)
    {
        var listings = market.Site.Get<Listings>();
        await using var tx = await market.Db.BeginAsync();
        var listing = (await listings.FindAsync(tx, goods.Slug, goods.Seller.PersonId))!;
        if (!await listings.UpdateAsync(tx, goods.Slug, new ListingDraft(title, "", listing.SaleUnit, listing.BasePerUnit, listing.PriceVnd, [], 1), goods.Seller.PersonId, SellerOf(goods))
            || !await listings.SubmitAsync(tx, goods.Slug, goods.Seller.PersonId, SellerOf(goods)))
            throw new InvalidOperationException("not submitted");
        await tx.CommitAsync();
        return listing.Version + 1;
    }

    public async Task<Guid> CertificateAsync(Seller seller, DateOnly validUntil, Guid? file = null)
    {
        await using var tx = await market.Db.BeginAsync();
        var kind = await tx.SingleAsync<string>("select code from producers.certificate_kind order by code limit 1");
        var draft = new CertificateDraft(kind, $"MẪU-{Interlocked.Increment(ref number)}-{seller.ProducerId}", "Nơi cấp MẪU", "", null, validUntil.AddYears(-1), validUntil, file);
        var id = (await market.Site.Get<Certificates>().SubmitAsync(tx, seller.ProducerId, draft, new Actor(seller.PersonId, Roles.Seller)))!.Value;
        await tx.CommitAsync();
        return id;
    }

    /// <summary>Verified, and named by the listing's public version.</summary>
    public async Task CertifyAsync(Goods goods, DateOnly validUntil)
    {
        var id = await CertificateAsync(goods.Seller, validUntil);
        await using var tx = await market.Db.BeginAsync();
        await market.Site.Get<Certificates>().DecideAsync(tx, id, verified: true, "", Actor.System);
        await tx.CommitAsync();
        await market.Db.ExecuteAsync("update catalog.listing_version set certificate_ids = array_append(certificate_ids, @id) where listing_id = @ListingId", new { id, goods.ListingId });
    }

    /// <summary>Every check of the page ticked: an approval needs them all.</summary>
    public static (string, string)[] Ticked(Answer dossier) =>
        [.. dossier.Page.QuerySelectorAll("input[name=Checks]").Select((c, i) => ($"Checks[{i}]", c.GetAttribute("value")!))];

    /// <summary>Presses a button of the page's decision form.</summary>
    public static Task<Answer> DecideAsync(Browser browser, Answer dossier, string verb, params (string Name, string Value)[] fields)
    {
        var form = dossier.Page.QuerySelector<IHtmlFormElement>(".dossier__decide form")!;
        var path = form.GetAttribute("action")!;
        return browser.PostAsync(path[..path.LastIndexOf('/')] + "/" + verb, Browser.Fields(form, fields));
    }
}
