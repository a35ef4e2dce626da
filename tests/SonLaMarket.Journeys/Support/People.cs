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
