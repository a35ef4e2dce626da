using SonLaMarket.Accounts;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Payments;
using SonLaMarket.Producers;

namespace SonLaMarket.Tests.Support;

/// <param name="TmnCode">Its VNPAY terminal; null when it takes no online payments.</param>
public sealed record Seller(long ProducerId, string Slug, string Name, long PersonId, string SignIn, string? TmnCode)
{
    public const string Password = "rung-xanh-may-trang-73";

    public string Secret { get; init; } = "SECRET" + TmnCode;
}

public sealed record Goods(long ListingId, string Slug, long LotId, string LotCode, Seller Seller, long PriceVnd);

/// <summary>Approved sellers with goods on the shelf, made by the rooms' own verbs.</summary>
public sealed class Shop(Site site)
{
    private static readonly Actor Officer = new(null, Roles.Officer);
    private static int number;

    public async Task<Seller> SellerAsync(bool online = true)
    {
        var n = Interlocked.Increment(ref number);
        var name = $"HTX mẫu {n}";
        var signIn = $"seller{n}@example.invalid";
        var tmnCode = online ? $"SL{n:000000}" : null;
        await using var tx = await site.Db.BeginAsync();
        var person = (await site.Get<People>().AddAsync(tx, new NewPerson(signIn, null, name, Seller.Password, [Roles.Seller], true), Actor.System))!.Value;
        var actor = new Actor(person, Roles.Seller);
        var register = site.Get<ProducerRegister>();
        var id = (await register.CreateAsync(tx, new ProducerDraft("cooperative", name, $"000000{n:0000}", "Lò Văn Mẫu", "0001234567", "", "03646", "Tổ 1", "", "", null, null, "", [], true), person, actor))!.Value;
        var slug = await tx.SingleAsync<string>("select slug from producers.producer where id = @id", new { id });
        Assert(await register.SubmitAsync(tx, id, person, actor));
        Assert(await register.ApproveAsync(tx, slug, 1, Officer));
        var seller = new Seller(id, slug, name, person, signIn, tmnCode);
        if (tmnCode is not null)
            Assert(await site.Get<Terminals>().AddAsync(tx, id, tmnCode, seller.Secret, actor));
        await tx.CommitAsync();
        return seller;
    }

    /// <summary>A listing of boxes of 5 kg with so many of them in one lot.</summary>
    public async Task<Goods> GoodsAsync(Seller seller, int boxes, long priceVnd = 200_000, string? title = null, string? group = null, int[]? months = null, Guid[]? certificates = null, bool supplied = true)
    {
        const long box = 5_000;
        var actor = new Actor(seller.PersonId, Roles.Seller);
        await using var tx = await site.Db.BeginAsync();
        var category = group ?? await tx.FirstOrDefaultAsync<string>("select slug from producers.category where parent_slug is not null order by sort limit 1");
        var product = (await site.Get<Products>().AddAsync(tx, seller.ProducerId, new ProductDraft("Mận hậu mẫu", "Sample plum", category!, null, null, "g", null, "Mận hậu mẫu để thử.", "", null, [], certificates ?? []), actor))!;
        var lot = (await site.Get<Lots>().OpenAsync(tx, new NewLot(product, null, DateOnly.FromDateTime(site.Clock.GetUtcNow().UtcDateTime).AddDays(-1), null, null, null, 1_000_000), seller.PersonId, actor))!;
        var listings = site.Get<Listings>();
        var slug = (await listings.CreateAsync(tx, product, new ListingDraft(title ?? $"Mận hậu mẫu {Interlocked.Increment(ref number)}", "", "box", box, priceVnd, months ?? [], 1), seller.PersonId, actor))!;
        Assert(await listings.SubmitAsync(tx, slug, seller.PersonId, actor));
        Assert(await listings.ApproveAsync(tx, slug, 1, Officer));
        Assert(!supplied || await site.Get<Stock>().SupplyAsync(tx, lot, boxes * box, seller.PersonId, actor));
        var ids = await tx.SingleAsync<Ids>("select l.id as listing, o.id as lot from catalog.listing l cross join origin.lot o where l.slug = @slug and o.code = @lot", new { slug, lot });
        await tx.CommitAsync();
        return new Goods(ids.Listing, slug, ids.Lot, lot, seller, priceVnd);
    }

    private static void Assert(bool done)
    {
        if (!done)
            throw new InvalidOperationException("The shop could not be set up.");
    }

    private sealed record Ids(long Listing, long Lot);
}

/// <summary>A buyer on the way through the three pages.</summary>
public sealed class Buyer(Site site)
{
    public const string Phone = "0009876543";

    public Browser Browser { get; } = site.Open();

    public async Task<Buyer> WithAsync(Goods goods, int quantity = 1)
    {
        var answer = await Browser.PostAsync("/gio-hang", new Dictionary<string, string>(StringComparer.Ordinal) { ["listing"] = goods.Slug, ["quantity"] = $"{quantity}" });
        return answer.Location == "/gio-hang" ? this : throw new InvalidOperationException($"not added: {answer.Status} {answer.Text}");
    }

    public async Task<Answer> DetailsAsync(string payment = "vnpay", params (string Name, string Value)[] changes) =>
        await Browser.SubmitAsync(await Browser.GetAsync("/thanh-toan"), "/thanh-toan",
            [("name", "Nguyễn Thị Mẫu"), ("tel", Phone), ("address-level1", "14"), ("address-level2", "03646"), ("street-address", "Số 1, tổ 2"), ("note", ""), ("payment", payment), .. changes]);

    /// <summary>The third page, ready to be sent.</summary>
    public async Task<Answer> ConfirmAsync(string payment = "vnpay")
    {
        var details = await DetailsAsync(payment);
        return details.Location == "/thanh-toan/xac-nhan" ? await Browser.GetAsync(details.Location) : throw new InvalidOperationException($"details refused: {details.Status} {details.Text}");
    }

    public async Task<Answer> PlaceAsync(string payment = "vnpay") => await Browser.SubmitAsync(await ConfirmAsync(payment), "/thanh-toan/xac-nhan");
}
