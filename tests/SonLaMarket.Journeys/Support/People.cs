using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Microsoft.Playwright;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys.Support;

/// <summary>What people do at a screen, step by step.</summary>
public static class Steps
{
    public const string Password = "qua-chin-tren-doi-cao-58";

    /// <summary>An officer as the operator would have set them up; the second factor is tried out elsewhere.</summary>
    public static Task AddOfficerAsync(TestDatabase database, string signIn) => AddAsync(database, signIn, Roles.Officer);

    public static async Task AddAsync(TestDatabase database, string signIn, string role)
    {
        var hasher = new PasswordHasher<Person>(Options.Create(new PasswordHasherOptions { IterationCount = AccountsRoom.PasswordRounds }));
        await using var tx = await database.Db.BeginAsync();
        await new People(hasher, new Audit(TimeProvider.System), TimeProvider.System).AddAsync(tx, new NewPerson(signIn, null, "Người thử", Password, [role], SecondFactorDemanded: false), Actor.System);
        await tx.CommitAsync();
    }

    public static async Task SignInAsync(this IPage page, string signIn, string password = Password)
    {
        await page.GotoAsync("/dang-nhap");
        await page.FillAsync("[name=SignIn]", signIn);
        await page.FillAsync("[name=Password]", password);
        await page.PressMainButtonAsync();
    }

    /// <summary>A page of somebody who has signed in.</summary>
    public static async Task<IPage> SignedInAsync(this Chromium chromium, RunningSite site, (string SignIn, string Password) account, int width = 360)
    {
        var page = await chromium.OpenAsync(site.Url, width);
        await page.SignInAsync(account.SignIn, account.Password);
        return page;
    }

    /// <summary>At the page of the account, which a phone has it on alone.</summary>
    public static async Task SignOutAsync(this IPage page)
    {
        await page.GotoAsync("/tai-khoan");
        await page.NextPageAsync(() => page.ClickAsync("main form[action$='/dang-xuat'] button"));
    }

    /// <summary>Proves again who they are, so that the guarded pages open.</summary>
    public static async Task ConfirmAsync(this IPage page, string password = Password)
    {
        await page.GotoAsync("/tai-khoan/xac-nhan");
        await page.FillAsync("[name=Password]", password);
        await page.PressMainButtonAsync();
    }

    /// <summary>The one primary button of the page's own form, as a thumb would find it.</summary>
    public static Task PressMainButtonAsync(this IPage page) => page.ClickAsync("main form .button--primary");

    /// <summary>Presses the button of the form that posts to an address with this ending.</summary>
    public static Task PressAsync(this IPage page, string action) => page.ClickAsync($"form[action$='{action}'] button, button[formaction$='{action}']");

    /// <summary>Presses what asks first, and means it.</summary>
    public static async Task AnswerYesAsync(this IPage page, ILocator button)
    {
        // The script that asks is fetched after the page.
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await button.ClickAsync();
        await page.NextPageAsync(() => page.ClickAsync("dialog button[value=yes]"));
    }

    /// <summary>Buys what is in the cart as a guest without script, from the check-out to the page of the order.</summary>
    public static async Task PlaceAsGuestAsync(this IPage page, string payment)
    {
        await page.GotoAsync("/thanh-toan");
        await page.FillAsync("[name=name]", "Người mua thử");
        await page.FillAsync("[name=tel]", "0009876543");
        await page.SelectOptionAsync("[name=address-level1]", "01");
        await page.ClickAsync("button[value=tinh]");
        await page.SelectOptionAsync("[name=address-level2]", new SelectOptionValue { Index = 3 });
        await page.FillAsync("[name=street-address]", "Số 1 phố Thử");
        await page.CheckAsync($"[name=payment][value={payment}]");
        await page.ClickAsync("main form button.button--primary");
        await page.ClickAsync("form[action$='/thanh-toan/xac-nhan'] .button--primary");
        Assert.Matches("/don-hang/[0-9A-Z]+\\?k=", page.Url);
    }

    /// <summary>Does what leads to another page, or to the same one anew, and waits until it is there.</summary>
    public static async Task NextPageAsync(this IPage page, Func<Task> act)
    {
        await page.EvaluateAsync("window.before = true");
        await act();
        await page.UntilAsync("!window.before && document.readyState === 'complete'");
    }

    /// <summary>Asks from outside until it is so: the pages' own policy allows no eval, and between two pages there is nothing to ask.</summary>
    public static async Task UntilAsync(this IPage page, string expression)
    {
        for (var i = 0; i < 300; i++)
        {
            try
            {
                if (await page.EvaluateAsync<bool>(expression))
                    return;
            }
            catch (PlaywrightException)
            {
                // The page is just being replaced.
            }
            await Task.Delay(100);
        }
        Assert.Fail($"{page.Url}: never so: {expression}");
    }

    public static Task SaysAsync(this IPage page, string text) => Assertions.Expect(page.Locator("body")).ToContainTextAsync(text);
}
