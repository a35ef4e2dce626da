using System.Net;
using System.Text.Json;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Origin;

/// <summary>The product passport: each missing field is named, a whole one says so, and nothing says more than that.</summary>
public sealed class PassportTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    [Fact]
    public async Task Each_missing_field_is_named_and_a_lot_with_all_of_them_is_complete()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 2);
        Assert.Equal(["gtin", "image", "stages"], await MissingAsync(goods.LotCode));
        var seller = await market.SignInAsync(goods.Seller);
        var list = await seller.GetAsync($"/quan-ly/lo/{goods.LotCode}/ho-chieu");
        Assert.Contains("Còn thiếu 3 trường dữ liệu.", list.Text, StringComparison.Ordinal);
        Assert.Equal(3, list.Page.QuerySelectorAll(".badge--warn").Length);
        foreach (var never in new[] { "đạt chuẩn", "an toàn" })
            Assert.DoesNotContain(never, list.Text, StringComparison.OrdinalIgnoreCase);

        await market.Db.ExecuteAsync("update origin.approved_product set gtin = '09521234543213', picture_id = @id where product_id = (select product_id from origin.lot where id = @LotId)", new { id = Guid.CreateVersion7(), goods.LotId });
        // What is written off and what an officer looks at are no stages of production.
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            foreach (var loss in new[] { LotLoss.Destroyed, LotLoss.Kept })
                await market.Site.Get<LotMovements>().LoseAsync(tx, new(goods.LotId, 1), loss, new Actor(goods.Seller.PersonId, Roles.Seller));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        Assert.Equal(["stages"], await MissingAsync(goods.LotCode));
        await seller.SubmitAsync(await seller.GetAsync("/quan-ly/lo/" + goods.LotCode), "/nhat-ky", ("Kind", "care"), ("Note", "Tỉa cành"));
        Assert.Empty(await MissingAsync(goods.LotCode));
        Assert.Contains("Đủ trường dữ liệu.", (await seller.GetAsync($"/quan-ly/lo/{goods.LotCode}/ho-chieu")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await seller.GetAsync($"/en/quan-ly/lo/{goods.LotCode}/ho-chieu")).Status);

        await market.Db.ExecuteAsync("update producers.product set brand = 'Nhãn MẪU', model = 'loại 1' where id = (select product_id from origin.lot where id = @LotId)", new { goods.LotId });
        // Nobody approved that yet; with the version that says so it is told.
        Assert.DoesNotContain("Nhãn MẪU", (await market.Site.Open().GetAsync($"/lo/{goods.LotCode}/ho-chieu.json")).Body, StringComparison.Ordinal);
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            var listings = market.Site.Get<SonLaMarket.Catalog.Listings>();
            Assert.True(await listings.SubmitAsync(tx, goods.Slug, goods.Seller.PersonId, new Actor(goods.Seller.PersonId, Roles.Seller)));
            Assert.True(await listings.ApproveAsync(tx, goods.Slug, 2, new Actor(null, Roles.Officer)));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        Assert.Contains("\"brand\":\"Nhãn MẪU\",\"model\":\"loại 1\"", (await market.Site.Open().GetAsync($"/lo/{goods.LotCode}/ho-chieu.json?n=nhan")).Body, StringComparison.Ordinal);

        // A warning of safety that everybody is to have: the recall.
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.NotNull(await market.Site.Get<Recalls>().OpenAsync(tx, [goods.LotCode], "Phát hiện dư lượng thuốc", "", new Actor(null, Roles.Officer)));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        Assert.Matches("\"warnings\":\"Thu hồi TH-.*Phát hiện dư lượng thuốc", (await market.Site.Open().GetAsync($"/lo/{goods.LotCode}/ho-chieu.json")).Body);
    }

    /// <summary>From a lot that has all of them, one after the other.</summary>
    [Fact]
    public async Task Every_field_that_goes_missing_is_named_beside_those_before()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 2);
        var lot = new { id = Guid.CreateVersion7(), goods.LotId, goods.Seller.ProducerId };
        await market.Db.ExecuteAsync("update origin.approved_product set gtin = '09521234543220', picture_id = @id where product_id = (select product_id from origin.lot where id = @LotId)", lot);
        var seller = await market.SignInAsync(goods.Seller);
        await seller.SubmitAsync(await seller.GetAsync("/quan-ly/lo/" + goods.LotCode), "/nhat-ky", ("Kind", "care"), ("Note", "Tỉa cành"));
        var gone = new List<string>();
        Assert.Equal(gone, await MissingAsync(goods.LotCode));
        foreach (var (field, update) in new[]
        {
            ("productionDate", "update origin.lot set harvested_on = null, harvest_until = null, packed_on = null, best_before = null, opened_standing = true where id = @LotId"),
            ("producerIdentifier", "with v as (update producers.producer_version set tax_code = null where producer_id = @ProducerId) update producers.producer set tax_code = null where id = @ProducerId"),
            ("image", "update origin.approved_product set picture_id = null where product_id = (select product_id from origin.lot where id = @LotId)"),
            ("gtin", "update origin.approved_product set gtin = null where product_id = (select product_id from origin.lot where id = @LotId)"),
        })
        {
            await market.Db.ExecuteAsync(update, lot);
            gone.Add(field);
            Assert.Equal(gone.Order(StringComparer.Ordinal), (await MissingAsync(goods.LotCode)).Order(StringComparer.Ordinal));
        }
        Assert.Equal(4, (await seller.GetAsync($"/quan-ly/lo/{goods.LotCode}/ho-chieu")).Page.QuerySelectorAll(".badge--warn").Length);
    }

    [Fact]
    public async Task A_lot_that_nobody_approved_has_no_public_passport()
    {
        var none = await market.Site.Open().GetAsync("/lo/KHONG-CO/ho-chieu.json");
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (none.Status, none.Message.Content.Headers.ContentType!.MediaType));
    }

    private async Task<string[]> MissingAsync(string lot)
    {
        var answer = await market.Site.Open().GetAsync($"/lo/{lot}/ho-chieu.json?n={Guid.NewGuid():N}");
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.Status, answer.Message.Content.Headers.ContentType!.MediaType));
        using var passport = JsonDocument.Parse(answer.Body);
        var missing = passport.RootElement.GetProperty("missing").EnumerateArray().Select(m => m.GetString()!).ToArray();
        Assert.Equal(missing.Length == 0, passport.RootElement.GetProperty("fieldsComplete").GetBoolean());
        return missing;
    }
}
