using Microsoft.Playwright;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>The pictures of a product, by thumb, by key and without script.</summary>
public sealed class GalleryTests(Province province, PostgresFixture postgres, Chromium chromium) : IAsyncLifetime
{
    private string path = "";

    public async ValueTask InitializeAsync()
    {
        await province.StartAsync(postgres);
        path = "/san-pham/" + await province.Database.Db.SingleAsync<string>("select l.slug from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version where cardinality(v.picture_ids) > 1 order by l.id limit 1");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_second_small_picture_brings_the_second_large_one_into_sight(bool script)
    {
        var page = await chromium.OpenAsync(province.First.Url, script: script);
        await page.GotoAsync(path);
        var second = page.Locator(".gallery__strip > a").Nth(1);
        await Assertions.Expect(second).Not.ToBeInViewportAsync(new() { Ratio = 0.6f });
        await page.Locator(".gallery__thumbs a").Nth(1).ClickAsync();
        await Assertions.Expect(second).ToBeInViewportAsync(new() { Ratio = 0.6f });
        if (script)
        {
            await Assertions.Expect(page.Locator(".gallery__thumbs a").Nth(1)).ToHaveAttributeAsync("aria-current", "true");
            Assert.DoesNotContain("#", page.Url, StringComparison.Ordinal);
        }
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Keys_reach_every_picture_and_the_one_with_focus_is_in_sight()
    {
        var page = await chromium.OpenAsync(province.First.Url);
        await page.GotoAsync(path);
        var pictures = page.Locator(".gallery__strip > a");
        await pictures.First.FocusAsync();
        for (var i = 1; i < await pictures.CountAsync(); i++)
        {
            await page.Keyboard.PressAsync("Tab");
            await Assertions.Expect(pictures.Nth(i)).ToBeFocusedAsync();
            await Assertions.Expect(pictures.Nth(i)).ToBeInViewportAsync(new() { Ratio = 0.6f });
        }
        await page.Context.CloseAsync();
    }

    /// <summary>Buttons that a browser cannot serve stay hidden, as inside Zalo.</summary>
    [Fact]
    public async Task Copying_appears_only_where_it_works()
    {
        var page = await chromium.OpenAsync(province.First.Url);
        await page.GotoAsync(path);
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.Locator("[data-share=copy]").ClickAsync();
        await Assertions.Expect(page.Locator("[data-share=copy]")).ToHaveTextAsync("Đã chép liên kết");
        Assert.Equal(await page.Locator(".share").GetAttributeAsync("data-address"), await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        await page.Context.CloseAsync();

        page = await chromium.OpenAsync(province.First.Url);
        await page.AddInitScriptAsync("Object.defineProperty(navigator, 'clipboard', { value: undefined }); Object.defineProperty(navigator, 'share', { value: undefined });");
        await page.GotoAsync(path);
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await Assertions.Expect(page.Locator("[data-share=copy]")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("[data-share=send]")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator(".share a")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }
}
