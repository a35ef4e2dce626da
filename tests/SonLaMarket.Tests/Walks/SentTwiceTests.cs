using SonLaMarket.Foundation;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Walks;

/// <summary>Every form of the matrix sent twice with the same key, as a double click, the back button or a lost answer does: the second time makes nothing.</summary>
public sealed class SentTwiceTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    /// <summary>Forms that mean it twice, each with its reason.</summary>
    private static readonly Dictionary<string, string> Meant = new(StringComparer.Ordinal)
    {
        ["POST don-hang/{code}/thanh-toan"] = "opens the payment page anew; an order is paid once all the same",
    };

    /// <summary>Tables that may grow: what was asked, said and planned. Codes and messages go out as often as they are asked for, within their limits.</summary>
    private static readonly string[] Notes =
        ["foundation.sent_form", "accounts.audit", "accounts.message", "accounts.one_time_code", "accounts.passkey_challenge", "payments.notification", "jobs.job"];

    [Fact]
    public async Task A_form_sent_twice_has_one_effect()
    {
        var owner = await market.Shop.SellerAsync();
        var people = new Dictionary<string, Browser>(StringComparer.Ordinal)
        {
            ["quan-ly"] = await market.SignInAsync(owner),
            ["so-cong-thuong"] = (await market.SignInAsync(Roles.Officer)).Browser,
            ["quan-tri"] = (await market.SignInAsync(Roles.Operator)).Browser,
        };
        var changed = await market.Database.WatchAsync();
        var cases = new MatrixCases(market, owner);
        var faults = new List<string>();
        var grew = 0;
        foreach (var route in cases.Forms.Where(r => !Meant.ContainsKey(r)).Order(StringComparer.Ordinal))
        {
            // Codes are sent so often and no more; each form begins anew.
            await market.Db.ExecuteAsync("delete from accounts.one_time_code");
            var asked = await cases.MakeAsync(route);
            var browser = asked.As ?? people.GetValueOrDefault(route[5..].Split('/')[0], people["quan-ly"]);
            var fields = await asked.FormAsync(browser) is { } form ? Browser.Fields(form) : new(StringComparer.Ordinal) { ["_once"] = Guid.NewGuid().ToString() };
            foreach (var (name, value) in asked.Fields!)
                fields[name] = value;
            if (!fields.ContainsKey("__RequestVerificationToken") && await browser.TokenAsync() is { } token)
                fields["__RequestVerificationToken"] = token;
            await changed();
            var first = await asked.PostAsync(browser, fields);
            grew += (await changed()).Any(t => t.Value != 0 && !Notes.Contains(t.Key)) ? 1 : 0;
            var second = await asked.PostAsync(browser, fields);
            if ((int)first.Status >= 400 || (int)second.Status >= 500)
                faults.Add($"{route}: {(int)first.Status}, then {(int)second.Status}");
            faults.AddRange((await changed()).Where(t => t.Value != 0 && !Notes.Contains(t.Key)).Select(t => $"{route}: the second time {t.Key} had {t.Value:+0;-0} rows"));
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(grew > 50, $"only {grew} forms made anything");
    }
}
