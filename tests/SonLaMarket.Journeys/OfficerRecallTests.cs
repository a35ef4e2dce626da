using System.Diagnostics;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>An officer at one instance looks a lot up, blocks it, lifts that, recalls it and closes the recall; buyers read the other instance.</summary>
public sealed class OfficerRecallTests(Province province, PostgresFixture postgres, Chromium chromium) : IAsyncLifetime
{
    /// <summary>What was warned of has to stand on every page by then.</summary>
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(10);

    public async ValueTask InitializeAsync() => await province.StartAsync(postgres);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task An_officer_blocks_frees_and_recalls_a_lot_and_the_other_instance_warns_on_every_page_within_ten_seconds()
    {
        var (slug, lot, words) = await LotAsync();
        var item = await PackageAsync(lot);
        var page = await chromium.SignedInAsync(province.First, province.First.Account("officer"), 1280);
        await page.GotoAsync("/so-cong-thuong/thu-hoi");
        await page.FillAsync("[name=tim]", words);
        await page.ClickAsync("form[action$='/xem-truoc'] button");
        await page.ClickAsync($"main a[href$='/xem-truoc?lo={lot}'] >> nth=0");
        await page.ClickAsync($"main a[href$='/lo/{lot}/so-do']");
        await page.SaysAsync("Thu hoạch");
        await page.GoBackAsync();
        await page.ClickAsync($"main a[href$='/lo-bi-chan?lo={lot}']");
        await page.FillAsync("[name=Why]", "Có tin báo trộn hàng nơi khác, chờ kiểm tra kho.");
        await page.AnswerYesAsync(page.Locator("form[action$='/lo-bi-chan'] button"));
        await WarnedAsync(["/lo/" + lot], "Có tin báo trộn hàng nơi khác");
        await page.ClickAsync($"details:has(#reason-{lot}) summary");
        await page.FillAsync("#reason-" + lot, "Đã kiểm tra kho: hàng của chính cơ sở.");
        await page.PressAsync($"/{lot}/go-chan");
        await page.SaysAsync("Đã gỡ chặn lô");
        await WarnedAsync(["/lo/" + lot], "Đã kiểm tra kho: hàng của chính cơ sở.");

        await page.GotoAsync("/so-cong-thuong/thu-hoi/xem-truoc?lo=" + lot);
        await page.SaysAsync("gói có mã riêng");
        await page.FillAsync("[name=Reason]", "Mẫu lưu có dư lượng vượt mức cho phép.");
        await page.FillAsync("[name=Advice]", "Không dùng, trả lại nơi bán.");
        var clock = Stopwatch.StartNew();
        await page.AnswerYesAsync(page.Locator("#mo-thu-hoi .button--danger"));
        await WarnedAsync(["/lo/" + lot, "/vt/" + item], "Mẫu lưu có dư lượng vượt mức cho phép.");
        await WarnedAsync(["/san-pham/" + slug], "Các lô đang có bị thu hồi hoặc bị chặn bán.");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Promised);

        var number = await province.Database.Db.SingleAsync<string>("select r.number from origin.recall r join origin.recall_lot x on x.recall_id = r.id join origin.lot l on l.id = x.lot_id where l.code = @lot", new { lot });
        await page.GotoAsync("/so-cong-thuong/thu-hoi/" + number);
        await page.FillAsync("[name=Recovered]", "3 yến");
        await page.FillAsync("[name=Destroyed]", "12,5");
        await page.FillAsync("[name=Note]", "Đã thu lại hàng ở kho và tiêu hủy phần hỏng.");
        await page.AnswerYesAsync(page.Locator("form[action$='/ket-thuc'] button"));
        await page.SaysAsync("Đã kết thúc thu hồi " + number);
        await WarnedAsync(["/thu-hoi/" + number], "Thu lại 30\u00a0kg, tiêu hủy 12,5\u00a0kg.");
    }

    /// <summary>Asks the second instance, where nobody has changed anything, until each page says it.</summary>
    private async Task WarnedAsync(string[] paths, string words)
    {
        using var reader = new HttpClient { BaseAddress = new Uri(province.Second.Url) };
        var clock = Stopwatch.StartNew();
        foreach (var path in paths)
        {
            while (!System.Net.WebUtility.HtmlDecode(await reader.GetStringAsync(path, TestContext.Current.CancellationToken)).Contains(words, StringComparison.Ordinal))
            {
                Assert.True(clock.Elapsed < Promised, $"{path} does not say: {words}");
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Of the last listing that is sold by weight out of one lot: the other journeys take the first ones.</summary>
    private Task<(string Slug, string Lot, string Words)> LotAsync() => province.Database.Db.SingleAsync<(string, string, string)>("""
        select l.slug, o.code, p.name || ' ' || o.code from catalog.listing l join catalog.search_entry e on e.listing_id = l.id and e.sellable join catalog.lot_stock s on s.product_id = l.product_id join origin.lot o on o.id = s.lot_id
          join producers.product p on p.id = l.product_id
        where o.base_unit = 'g' and (select count(*) from catalog.lot_stock x where x.product_id = l.product_id) = 1
          and not exists (select 1 from origin.lot_block b where b.lot_id = o.id) and not exists (select 1 from origin.recall_lot r where r.lot_id = o.id)
        order by l.id desc limit 1
        """);

    /// <summary>A package of the lot with a code of its own, as its label has it.</summary>
    private async Task<string> PackageAsync(string lot)
    {
        var code = Gs1.ItemSerial.New();
        await province.Database.Db.ExecuteAsync("""
            with s as (
              insert into origin.item_series (key, lot_id, producer_id, items, net_weight_g, note, created_at, made_at) select gen_random_uuid(), id, producer_id, 1, 1000, '', now(), now() from origin.lot where code = @lot
              returning id, lot_id, producer_id)
            insert into origin.item (code, series_id, place, lot_id, producer_id) select @code, id, 1, lot_id, producer_id from s
            """, new { lot, code });
        return code;
    }
}
