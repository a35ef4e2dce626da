using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OtpNet;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>A phone of 360 x 640 whose fingerprint reader is the browser's own simulated one; another phone; a phone without script.</summary>
public sealed class WaysInTests(ReferenceSite reference, Chromium chromium) : IClassFixture<ReferenceSite>
{
    /// <summary>A passkey belongs to a name, never to a number.</summary>
    private string Home => reference.Site.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    [Fact]
    public async Task Sign_up_by_code_authenticator_app_passkey_and_the_other_phone_sent_away()
    {
        const string phone = "0001000001";
        var page = await chromium.OpenAsync(Home, height: 640);
        var (session, device) = await DeviceAsync(page);
        await page.GotoAsync("/dang-ky");
        await page.FillAsync("[name=Name]", "Lò Thị Mẫu");
        await page.FillAsync("[name=SignIn]", "0001 000.001");
        await page.PressMainButtonAsync();
        await EnterCodeAsync(page, phone);
        Assert.EndsWith("/quan-ly/co-so", page.Url, StringComparison.Ordinal);

        // Whoever only holds the phone changes nothing: some minutes later the guarded page asks for a code first.
        await reference.Database.Db.ExecuteAsync("update accounts.session set confirmed_at = confirmed_at - interval '1 hour'");
        await page.GotoAsync("/tai-khoan/hai-buoc");
        Assert.Contains("/tai-khoan/xac-nhan", page.Url, StringComparison.Ordinal);
        await page.PressAsync("/xac-nhan/gui-ma");
        await EnterCodeAsync(page, phone);
        Assert.EndsWith("/tai-khoan/hai-buoc", page.Url, StringComparison.Ordinal);
        var recovery = await EnrolAsync(page);

        await page.GotoAsync("/tai-khoan/khoa");
        await page.NextPageAsync(page.PressMainButtonAsync);
        Assert.Equal(1, await page.Locator("main .row").CountAsync());
        var kept = (await session.SendAsync("WebAuthn.getCredentials", new() { ["authenticatorId"] = device }))!.Value.GetProperty("credentials");
        Assert.Equal((1, true), (kept.GetArrayLength(), kept[0].GetProperty("isResidentCredential").GetBoolean()));

        var other = await OtherPhoneAsync(phone, recovery[0]);
        await page.SignOutAsync();
        await page.GotoAsync("/dang-nhap");
        await page.NextPageAsync(() => page.PressAsync("/dang-nhap/khoa"));
        Assert.Contains("/quan-ly", page.Url, StringComparison.Ordinal);
        Assert.Equal("passkey", await reference.Database.Db.SingleAsync<string>("select method from accounts.access order by id desc limit 1"));

        await page.GotoAsync("/tai-khoan/thiet-bi");
        Assert.Equal(2, await page.Locator("main .row").CountAsync());
        Assert.Equal(1, await page.Locator("main .row .badge--ok").CountAsync());
        await page.NextPageAsync(() => page.PressAsync("/thiet-bi/ket-thuc"));
        Assert.Equal(1, await page.Locator("main .row").CountAsync());
        await other.GotoAsync("/tai-khoan");
        Assert.Contains("/dang-nhap", other.Url, StringComparison.Ordinal);
        await page.GotoAsync("/tai-khoan");
        Assert.EndsWith("/tai-khoan", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_script_and_without_passkeys_the_other_ways_stay()
    {
        const string phone = "0001000002";
        var page = await chromium.OpenAsync(Home, script: false, height: 640);
        await page.GotoAsync("/dang-ky");
        await page.FillAsync("[name=Name]", "Quàng Văn Mẫu");
        await page.FillAsync("[name=SignIn]", phone);
        await page.PressMainButtonAsync();
        await EnterCodeAsync(page, phone);
        Assert.EndsWith("/quan-ly/co-so", page.Url, StringComparison.Ordinal);
        await page.GotoAsync("/tai-khoan/xac-nhan?tiep=/tai-khoan/khoa");
        await page.PressAsync("/xac-nhan/gui-ma");
        await EnterCodeAsync(page, phone);
        await Assertions.Expect(page.Locator(".without-script")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("form[data-enhance=passkey]")).ToBeHiddenAsync();

        var cancelled = await chromium.OpenAsync(Home, height: 640);
        await DeviceAsync(cancelled);
        await cancelled.GotoAsync("/dang-nhap");
        await cancelled.PressAsync("/dang-nhap/khoa");
        await Assertions.Expect(cancelled.Locator("[data-failed]")).ToBeVisibleAsync(new() { Timeout = 90_000 });
        await cancelled.FillAsync("[name=SignIn]", phone);
        await cancelled.PressAsync("/dang-nhap/bang-ma");
        await EnterCodeAsync(cancelled, phone);
        Assert.Contains("/quan-ly", cancelled.Url, StringComparison.Ordinal);
    }

    /// <summary>Gives the page's browser a reader that always knows the finger, without passkeys yet; its number in the browser.</summary>
    private static async Task<(ICDPSession Session, string Id)> DeviceAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable");
        var options = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["protocol"] = "ctap2",
            ["transport"] = "internal",
            ["hasResidentKey"] = true,
            ["hasUserVerification"] = true,
            ["isUserVerified"] = true,
            ["automaticPresenceSimulation"] = true,
        };
        return (session, (await session.SendAsync("WebAuthn.addVirtualAuthenticator", new() { ["options"] = options }))!.Value.GetProperty("authenticatorId").GetString()!);
    }

    /// <summary>The authenticator app by its typed key; the recovery codes as a real download, the same as shown.</summary>
    private static async Task<string[]> EnrolAsync(IPage page)
    {
        await Assertions.Expect(page.Locator(".qr-preview svg")).ToBeVisibleAsync();
        var secret = (await page.TextContentAsync(".secret"))!.Replace(" ", "", StringComparison.Ordinal);
        await page.FillAsync("[name=Code]", new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp());
        await page.PressMainButtonAsync();
        await page.SaysAsync("Chỉ hiện một lần");
        var shown = (await page.Locator("main .codes code").AllTextContentsAsync()).ToArray();
        Assert.Equal(10, shown.Distinct(StringComparer.Ordinal).Count());
        var download = await page.RunAndWaitForDownloadAsync(() => page.PressAsync("/tai-khoan/ma-du-phong"));
        var file = await File.ReadAllTextAsync(await download.PathAsync());
        Assert.All(shown, code => Assert.Contains(code, file, StringComparison.Ordinal));
        return shown;
    }

    /// <summary>Signs in by code, and with a recovery code, as the app is on the first phone.</summary>
    private async Task<IPage> OtherPhoneAsync(string phone, string recovery)
    {
        var page = await chromium.OpenAsync(Home, height: 640);
        await page.GotoAsync("/dang-nhap");
        await page.FillAsync("[name=SignIn]", phone);
        await page.PressAsync("/dang-nhap/bang-ma");
        await EnterCodeAsync(page, phone);
        await page.FillAsync("[name=Code]", recovery);
        await page.ClickAsync("main form .button--primary");
        Assert.Contains("/quan-ly", page.Url, StringComparison.Ordinal);
        return page;
    }

    private async Task EnterCodeAsync(IPage page, string phone)
    {
        var message = await reference.Database.Db.SingleAsync<string>("select body from accounts.message where recipient = @phone order by id desc limit 1", new { phone });
        await page.FillAsync("[name=Code]", Regex.Match(message, "[0-9]{6}", RegexOptions.None, TimeSpan.FromSeconds(1)).Value);
        await page.PressMainButtonAsync();
    }
}
