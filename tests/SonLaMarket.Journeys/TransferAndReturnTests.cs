using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>What is sold by the kilogram and paid by transfer, from the order to the end of a quarrel about it: guest, seller and officer, each at their own screen.</summary>
public sealed class TransferAndReturnTests(Province province, PostgresFixture postgres, Chromium chromium) : IAsyncLifetime
{
    private const int Ordered = 5;
    private static readonly string Photo = Path.Combine(AppContext.BaseDirectory, "seed", "pictures", "man-hau.webp");

    public async ValueTask InitializeAsync() => await province.StartAsync(postgres);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_guest_pays_by_transfer_gets_less_than_ordered_back_and_the_officer_settles_the_return_that_the_seller_refused()
    {
        var (listing, price, phone) = await ListingAsync();
        // A cheap phone without script; the others have a screen each.
        var guest = await chromium.OpenAsync(province.First.Url, script: false);
        var seller = await chromium.SignedInAsync(province.First, (phone, province.First.Account("seller").Password), 1280);
        var order = await BuyAsync(guest, listing);
        await MatchAsync(guest, seller, order);
        await TakeStatementAsync(seller, order);
        await PackLessAsync(seller, order.Part, price);
        await guest.GotoAsync(order.Page);
        await guest.SaysAsync("cân thực tế 4,6 kg");

        var complaint = await ReturnAsync(guest, order.Part);
        await RefuseAsync(seller, complaint);
        await guest.ReloadAsync();
        await guest.FillAsync("[name=Words]", "Tôi có ảnh chụp lúc mở thùng.");
        await guest.PressAsync("/len-so");
        await guest.SaysAsync("Đã chuyển đến Sở Công Thương");
        await SettleAsync(await chromium.SignedInAsync(province.First, province.First.Account("officer"), 1280), complaint, 3 * price);
        await guest.ReloadAsync();
        await guest.SaysAsync("Sở Công Thương đã kết luận");

        // What is spoiled does not come back on sale, and what goes back of the money is what both said.
        await seller.GotoAsync("/quan-ly/khieu-nai/" + complaint);
        await seller.FillAsync("[name='Lots[0].Shelf']", "1,6");
        await seller.FillAsync("[name='Lots[0].Gone']", "3");
        await seller.PressAsync("/nhan-lai");
        await seller.SaysAsync("Đã ghi hàng nhận lại");
        Assert.Equal([("weight", price * 4 / 10, "open"), ("return", 3 * price, "open")],
            await province.Database.Db.QueryAsync<(string, long, string)>("select r.cause, r.amount_vnd, r.status from payments.refund_case r join payments.payment p on p.id = r.payment_id where p.payable = 'sub-order:' || @Part order by r.id", new { order.Part }));
        // 5 kg taken, 0.4 not packed, 1.6 back on the shelf, 3 spoiled: what this order still has of the lots is nothing.
        Assert.Equal((0L, 1_600L, 3_000L), await province.Database.Db.SingleAsync<(long, long, long)>("""
            select coalesce((select sum(r.quantity_base) from catalog.reservation r where r.holder = 'sub-order:' || @Part and r.state in ('held', 'sold')), 0)::bigint,
              coalesce(sum(g.quantity_base) filter (where g.to_shelf), 0)::bigint, coalesce(sum(g.quantity_base) filter (where not g.to_shelf), 0)::bigint
            from orders.returned_goods g join orders.complaint c on c.id = g.complaint_id where c.code = @complaint
            """, new { order.Part, complaint }));
    }

    private sealed record Order(string Page, string Part, string Purpose, string AmountVnd);

    /// <summary>The code as the browser draws it, scanned by another program and taken apart by the published table: "tag, two digits of length, value".</summary>
    private static async Task ReadAsync(IPage guest, string purpose, string amountVnd)
    {
        var picture = Path.Combine(Path.GetTempPath(), $"vietqr-{Guid.NewGuid():N}.png");
        // As large as a phone's fine pixels make it.
        await guest.EvaluateAsync("document.querySelector('.qr-preview').style.inlineSize = '20rem'");
        await guest.Locator(".qr-preview svg").ScreenshotAsync(new() { Path = picture });
        var text = Assert.Single(Programs.Codes(picture));
        File.Delete(picture);
        var read = Objects(text);
        Assert.Equal(("A000000727", "000000", "QRIBFTTA"), (Objects(read["38"])["00"], Objects(Objects(read["38"])["01"])["00"], Objects(read["38"])["02"]));
        Assert.Equal(("12", "704", amountVnd, "VN", purpose), (read["01"], read["53"], read["54"], read["58"], Objects(read["62"])["08"]));
        // CRC-16/CCITT-FALSE over all that stands before it.
        var crc = 0xFFFF;
        foreach (var bit in text[..^4].SelectMany(c => Enumerable.Range(0, 8).Select(i => (c >> (7 - i)) & 1)))
            crc = ((crc << 1) & 0xFFFF) ^ (((crc >> 15) ^ bit) == 1 ? 0x1021 : 0);
        Assert.Equal(crc.ToString("X4", CultureInfo.InvariantCulture), read["63"]);

        static Dictionary<string, string> Objects(string text)
        {
            var found = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var at = 0; at < text.Length;)
            {
                var length = int.Parse(text.AsSpan(at + 2, 2), CultureInfo.InvariantCulture);
                found[text.Substring(at, 2)] = text.Substring(at + 4, length);
                at += 4 + length;
            }
            return found;
        }
    }

    /// <summary>
    /// Sold by the kilogram, by a seller who takes transfers and from now on has the password of the one whose account the start printed. Nobody may take a
    /// single kilogram of it any more, so that no other test empties its shelf.
    /// </summary>
    private async Task<(string Slug, long PriceVnd, string SignIn)> ListingAsync()
    {
        const string choose = """
            update catalog.listing t set min_units = 2 where id = (
              select l.id from catalog.listing l join catalog.search_entry e on e.listing_id = l.id and e.sellable and e.stock_units > 30
                join payments.payee_method y on y.producer_id = l.producer_id and y.method = 'transfer' and y.active
              where l.sale_unit = 'kg' and l.base_per_unit = 1000 order by l.id limit 1)
            returning slug, price_vnd, (select coalesce(p.phone, p.email) from producers.acting m join accounts.person p on p.id = m.person_id where m.producer_id = t.producer_id order by p.id limit 1)
            """;
        var chosen = await province.Database.Db.SingleAsync<(string Slug, long PriceVnd, string SignIn)>(choose);
        await province.Database.Db.ExecuteAsync("update accounts.person set password_hash = (select p.password_hash from accounts.person p where @known in (p.email, p.phone)) where @SignIn in (email, phone)", new { known = province.First.Account("seller").SignIn, chosen.SignIn });
        return chosen;
    }

    /// <summary>From the page of the money to the statement of the month, and home with it: the order stands in the paper.</summary>
    private static async Task TakeStatementAsync(IPage seller, Order order)
    {
        await seller.GotoAsync("/quan-ly/tien");
        await seller.ClickAsync("main a[href='/quan-ly/so-tien']");
        var download = await seller.RunAndWaitForDownloadAsync(() => seller.ClickAsync("main a[href*='/bang-ke.pdf']"));
        await using var stream = await download.CreateReadStreamAsync();
        using var pdf = new MemoryStream();
        await stream.CopyToAsync(pdf);
        Assert.Contains(order.Part, await Pdf.TextAsync(pdf.ToArray()), StringComparison.Ordinal);
    }

    private static async Task<Order> BuyAsync(IPage guest, string listing)
    {
        await guest.GotoAsync("/san-pham/" + listing);
        await guest.FillAsync("form.buy [name=quantity]", Ordered.ToString(CultureInfo.InvariantCulture));
        await guest.ClickAsync("form.buy button");
        await guest.PlaceAsGuestAsync("transfer");
        // The sample's code names a bank that does not exist, and says so.
        await guest.SaysAsync("đừng chuyển tiền");
        Assert.Equal(1, await guest.Locator(".qr-preview svg").CountAsync());
        var words = Regex.Match(await guest.InnerTextAsync("main"), @"Số tiền\s+(?<amount>[0-9.]+)[\s\S]*?(?<purpose>SLM[0-9A-Z]{10})", RegexOptions.None, TimeSpan.FromSeconds(1));
        await ReadAsync(guest, words.Groups["purpose"].Value, words.Groups["amount"].Value.Replace(".", "", StringComparison.Ordinal));
        return new(guest.Url, new Uri(guest.Url).AbsolutePath.Split('/')[^1] + "-1", words.Groups["purpose"].Value, words.Groups["amount"].Value);
    }

    /// <summary>Rows copied out of the bank's statement: one of this order, one of something else.</summary>
    private static async Task MatchAsync(IPage guest, IPage seller, Order order)
    {
        var (day, other) = (Vietnamese.Date(Vietnamese.Today(TimeProvider.System)), "KHAC" + order.Part);
        await seller.GotoAsync("/quan-ly/tien/chuyen-khoan");
        await seller.FillAsync("[name=Pasted]", $"Ngày giao dịch\tSố tham chiếu\tNội dung\tGhi có\n{day}\tFT{order.Part}\tNGUOI MUA chuyen tien {order.Purpose.ToLowerInvariant()}\t{order.AmountVnd}\n{day}\t{other}\tTra tien thue kho\t70.000\n");
        await seller.PressMainButtonAsync();
        await seller.SaysAsync("1 khớp, 1 chưa rõ, 0 đã đọc");
        // It waits for the seller, and no order is named beside it.
        var unclear = seller.Locator("section[aria-labelledby=chua-ro] li.row").Filter(new() { HasText = other });
        await Assertions.Expect(unclear).ToContainTextAsync("70.000");
        await Assertions.Expect(unclear.Locator(".badge")).ToHaveCountAsync(0);
        await guest.ReloadAsync();
        await guest.SaysAsync("Đã nhận đơn của bạn");
    }

    private static async Task PackLessAsync(IPage seller, string part, long price)
    {
        await seller.GotoAsync("/quan-ly/don-hang/" + part);
        await seller.FillAsync("[name='Packed[0]']", "4,6");
        await seller.PressAsync("/dong-goi");
        await seller.SaysAsync("Giảm theo cân thực tế");
        await seller.SaysAsync("Đơn này cần hoàn tiền");
        await Assertions.Expect(seller.Locator("main")).ToContainTextAsync((price * 4 / 10).ToString("#,0", CultureInfo.GetCultureInfo("vi-VN")));
        await seller.ClickAsync("form[action$='/gui-hang'] button");
        await seller.ClickAsync("form[action$='/da-giao'] button");
        await seller.SaysAsync("Đã giao");
    }

    /// <summary>The complaint's code.</summary>
    private static async Task<string> ReturnAsync(IPage guest, string part)
    {
        await guest.ReloadAsync();
        await guest.ClickAsync($"a[href*='/khieu-nai?phan={part}']");
        await guest.CheckAsync("[name=Kind][value=return]");
        await guest.CheckAsync("[name=Matter][value=damaged]");
        await guest.FillAsync("[name=Wish]", "Ba cân dập nát khi mở thùng, xin trả lại.");
        await guest.SetInputFilesAsync("[name=Photos]", Photo);
        await guest.ClickAsync("form[enctype='multipart/form-data'] .button--primary");
        await guest.SaysAsync("Đã gửi cho người bán");
        Assert.Equal(1, await guest.Locator(".thumbs img").CountAsync());
        return await guest.InnerTextAsync("h2 code");
    }

    private static async Task RefuseAsync(IPage seller, string complaint)
    {
        await seller.GotoAsync("/quan-ly/khieu-nai/" + complaint);
        Assert.Equal(1, await seller.Locator(".thumbs img").CountAsync());
        await seller.ClickAsync("details:has(#tu-choi) summary");
        await seller.FillAsync("#tu-choi", "Hàng gửi đi còn nguyên, có ảnh lúc gửi.");
        await seller.AnswerYesAsync(seller.Locator("form[action$='/tu-choi'] button"));
        await seller.SaysAsync("Đã trả lời người mua");
    }

    private static async Task SettleAsync(IPage officer, string complaint, long refundVnd)
    {
        await officer.GotoAsync("/so-cong-thuong/khieu-nai");
        await officer.ClickAsync($"a[href$='/so-cong-thuong/khieu-nai/{complaint}']");
        await officer.SaysAsync("Tôi có ảnh chụp lúc mở thùng.");
        await officer.FillAsync("[name=Refund]", refundVnd.ToString(CultureInfo.InvariantCulture));
        await officer.FillAsync("[name=Conclusion]", "Ảnh cho thấy ba cân hỏng: hoàn tiền ba cân.");
        await officer.AnswerYesAsync(officer.Locator($"form[action$='/{complaint}'] button.button--primary"));
        await officer.SaysAsync("Đã kết luận");
    }
}
