using SonLaMarket.Catalog;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Producers;

namespace SonLaMarket.Tests.Support;

/// <param name="Pictures">How many photos the seller has sent.</param>
/// <param name="Boxes">Boxes of 5 kg on the shelf.</param>
public sealed record StallPlan(int Pictures = 0, int Boxes = 40, string? Speciality = "man-hau", bool Certified = true, int DiaryEntries = 0, int[]? Season = null, int? BestBeforeDays = null);

/// <summary>A listing with everything that its page can show.</summary>
public sealed record Stall(string Slug, string Title, string TitleEn, string LotCode, long LotId, string Gtin, Seller Seller, Guid[] PictureIds)
{
    public const long PriceVnd = 175_000;
    public const string Certificate = "MẪU-VIETGAP-7";
    private static readonly Actor Officer = new(null, Roles.Officer);
    private static int number;

    public static async Task<Stall> OpenAsync(MarketFixture market, StallPlan? plan = null)
    {
        plan ??= new();
        var n = Interlocked.Increment(ref number);
        var seller = await market.Shop.SellerAsync();
        var actor = new Actor(seller.PersonId, Roles.Seller);
        var digits = "095212377" + n.ToString("D4", System.Globalization.CultureInfo.InvariantCulture);
        var gtin = digits + Gs1.CheckDigit.Compute(digits);
        var today = DateOnly.FromDateTime(market.Site.Clock.GetUtcNow().UtcDateTime.AddHours(7));
        var pictures = new List<Guid>();
        await using var tx = await market.Db.BeginAsync();
        for (var i = 0; i < plan.Pictures; i++)
            pictures.Add((await market.Site.Get<Uploads>().AddPictureAsync(tx, $"producer:{seller.ProducerId}", $"{i}.webp", await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "db", "seed", "pictures", i == 0 ? "man-hau.webp" : "packing.webp")), actor)).Id!.Value);
        Guid[] certificates = [];
        if (plan.Certified)
        {
            var id = (await market.Site.Get<Certificates>().SubmitAsync(tx, seller.ProducerId, new("vietgap-crop", Certificate, "Tổ chức chứng nhận MẪU", "", null, today.AddYears(-1), today.AddDays(300), null), actor))!.Value;
            await market.Site.Get<Certificates>().DecideAsync(tx, id, true, "", Officer);
            certificates = [id];
        }
        var (title, titleEn) = ($"Mận hậu sạp {n}, hộp 5 kg", $"Hau plum of stall {n}, 5 kg box");
        var product = (await market.Site.Get<Products>().AddAsync(tx, seller.ProducerId, new("Mận hậu", "Hau plum", "fresh-fruit", plan.Speciality, gtin, "g", null, "Quả mẫu để thử.\nHái tay.", "Để nơi mát.", null, [.. pictures], certificates), actor))!;
        var lot = (await market.Site.Get<Lots>().OpenAsync(tx, new(product, null, today.AddDays(-2), null, today.AddDays(-1), plan.BestBeforeDays is { } days ? today.AddDays(days) : null, 1_000_000), seller.PersonId, actor))!;
        for (var i = 0; i < plan.DiaryEntries; i++)
            await market.Site.Get<Diary>().AddAsync(tx, lot, seller.PersonId, new(null, "care", today.AddDays(-20 - i), null, null, null, null, null, null, "Người mẫu", null, $"Việc thứ {i}", []), actor);
        var slug = (await market.Site.Get<Listings>().CreateAsync(tx, product, new(title, titleEn, "box", 5_000, PriceVnd, plan.Season ?? [], 1), seller.PersonId, actor))!;
        await market.Site.Get<Listings>().SubmitAsync(tx, slug, seller.PersonId, actor);
        await market.Site.Get<Listings>().ApproveAsync(tx, slug, 1, Officer);
        if (plan.Boxes > 0)
            await market.Site.Get<Stock>().SupplyAsync(tx, lot, plan.Boxes * 5_000, seller.PersonId, actor);
        var lotId = await tx.SingleAsync<long>("select id from origin.lot where code = @lot", new { lot });
        await tx.CommitAsync();
        return new(slug, title, titleEn, lot, lotId, gtin, seller, [.. pictures]);
    }
}
