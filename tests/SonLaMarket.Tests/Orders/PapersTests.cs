using System.Net;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Orders;

/// <summary>Label and slip of a parcel as other programs see them: poppler measures and reads the PDF, zbar scans the code.</summary>
public sealed class PapersTests(MarketFixture market) : IClassFixture<MarketFixture>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("papers").FullName;

    [Fact]
    public async Task A_label_is_100_by_150_mm_says_what_to_collect_and_its_code_leads_to_the_order()
    {
        var seller = await market.Shop.SellerAsync();
        var goods = await market.Shop.GoodsAsync(seller, 9);
        await (await new Buyer(market.Site).WithAsync(goods, 2)).PlaceAsync("cod");
        var code = await LastAsync(seller);
        var pdf = await SaveAsync(await market.SignInAsync(seller), $"/quan-ly/don-hang/{code}/nhan.pdf");
        Assert.Matches(@"Page size:\s+283(\.\d+)? x 425(\.\d+)? pts", Programs.Run("pdfinfo", pdf));
        var text = Programs.Run("pdftotext", "-layout", pdf, "-");
        foreach (var word in new[] { code, "MẪU", seller.Name, "Nguyễn Thị Mẫu", "Số 1, tổ 2", "Phường Tô Hiệu", "THU HỘ", "445.000", "HÀNG TƯƠI", "Giao chậm nhất", "10 kg", "2 hộp" })
            Assert.Contains(word, text, StringComparison.Ordinal);
        Programs.Run("pdftoppm", "-r", "203", "-gray", "-singlefile", "-png", pdf, pdf);
        Assert.Equal("http://localhost/quan-ly/don-hang/" + code, Assert.Single(Programs.Codes(pdf + ".png")));
    }

    [Fact]
    public async Task What_was_paid_before_is_not_collected()
    {
        var seller = await market.Shop.SellerAsync();
        await (await new Buyer(market.Site).WithAsync(await market.Shop.GoodsAsync(seller, 9))).PlaceAsync();
        var code = await LastAsync(seller);
        var browser = await market.SignInAsync(seller);
        // Not paid yet: nothing to send, no papers.
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/quan-ly/don-hang/{code}/nhan.pdf")).Status);
        await market.Db.ExecuteAsync("update orders.sub_order set status = 'confirmed' where code = @code", new { code });
        var text = Programs.Run("pdftotext", "-layout", await SaveAsync(browser, $"/quan-ly/don-hang/{code}/nhan.pdf"), "-");
        Assert.Contains("Không thu tiền", text, StringComparison.Ordinal);
        Assert.DoesNotContain("THU HỘ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slip_lists_every_line_with_its_lots_on_as_many_pages_as_it_takes_and_leads_to_the_origin()
    {
        var seller = await market.Shop.SellerAsync();
        var buyer = new Buyer(market.Site);
        var goods = new List<Goods>();
        for (var n = 0; n < 14; n++)
        {
            goods.Add(await market.Shop.GoodsAsync(seller, 3, 50_000));
            await buyer.WithAsync(goods[^1]);
        }
        await buyer.PlaceAsync("cod");
        var code = await LastAsync(seller);
        var pdf = await SaveAsync(await market.SignInAsync(seller), $"/quan-ly/don-hang/{code}/phieu-dong-goi.pdf");
        Assert.Matches(@"Pages:\s+2", Programs.Run("pdfinfo", pdf));
        var text = Programs.Run("pdftotext", "-layout", pdf, "-");
        Assert.All(goods, g => Assert.Contains(g.LotCode, text, StringComparison.Ordinal));
        Assert.Contains("2/2", text, StringComparison.Ordinal);
        Assert.Contains("khiếu nại được trong 7 ngày", text, StringComparison.Ordinal);
        Programs.Run("pdftoppm", "-r", "203", "-gray", "-singlefile", "-png", pdf, pdf);
        Assert.Equal("http://localhost/lo/" + goods[0].LotCode, Assert.Single(Programs.Codes(pdf + ".png")));
    }

    [Fact]
    public async Task All_that_wait_are_printed_at_once_and_nobody_elses()
    {
        var seller = await market.Shop.SellerAsync();
        var other = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/quan-ly/don-hang/nhan.pdf")).Status);
        var goods = await market.Shop.GoodsAsync(seller, 9);
        for (var n = 0; n < 3; n++)
            await (await new Buyer(market.Site).WithAsync(goods)).PlaceAsync("cod");
        await (await new Buyer(market.Site).WithAsync(await market.Shop.GoodsAsync(other, 9))).PlaceAsync("cod");
        Assert.Matches(@"Pages:\s+3", Programs.Run("pdfinfo", await SaveAsync(browser, "/quan-ly/don-hang/nhan.pdf")));
        Assert.Matches(@"Pages:\s+3", Programs.Run("pdfinfo", await SaveAsync(browser, "/quan-ly/don-hang/phieu-dong-goi.pdf")));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/quan-ly/don-hang/{await LastAsync(other)}/nhan.pdf")).Status);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Task<string> LastAsync(Seller seller) => market.Db.SingleAsync<string>("select code from orders.sub_order where producer_id = @ProducerId order by id desc limit 1", new { seller.ProducerId });

    private async Task<string> SaveAsync(Browser browser, string path)
    {
        var answer = await browser.GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, "application/pdf"), (answer.Status, answer.Message.Content.Headers.ContentType!.MediaType));
        var file = Path.Combine(folder, Guid.NewGuid().ToString("N") + ".pdf");
        await File.WriteAllBytesAsync(file, await answer.Message.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        return file;
    }
}
