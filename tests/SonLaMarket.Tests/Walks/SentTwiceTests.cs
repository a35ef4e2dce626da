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
        var count = await CountingAsync();
        var cases = new MatrixCases(market, owner);
        var faults = new List<string>();
        var grew = 0;
        foreach (var route in cases.Routes.Where(r => r.StartsWith("POST ", StringComparison.Ordinal)).Where(r => !Meant.ContainsKey(r)).Order(StringComparer.Ordinal))
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
            var before = await CountAsync(count);
            var first = await browser.PostAsync(asked.Path, fields);
            var once = await CountAsync(count);
            grew += once.SequenceEqual(before) ? 0 : 1;
            var second = await browser.PostAsync(asked.Path, fields);
            var twice = await CountAsync(count);
            if ((int)first.Status >= 400 || (int)second.Status >= 500)
                faults.Add($"{route}: {(int)first.Status}, then {(int)second.Status}");
            faults.AddRange(twice.Where(t => once[t.Key] != t.Value && !Notes.Contains(t.Key)).Select(t => $"{route}: {t.Key} had {before[t.Key]} rows, then {once[t.Key]}, then {t.Value}"));
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(grew > 50, $"only {grew} forms made anything");
    }

    /// <summary>One statement that counts the rows of every table.</summary>
    private async Task<string> CountingAsync()
    {
        var tables = await market.Db.QueryAsync<string>("select schemaname || '.' || tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema') and has_schema_privilege(schemaname, 'usage') and has_table_privilege(quote_ident(schemaname) || '.' || quote_ident(tablename), 'select') order by 1");
        return string.Join(" union all ", tables.Select(t => $"select '{t}' as name, count(*) as rows from {t}"));
    }

    private async Task<Dictionary<string, long>> CountAsync(string counting) =>
        (await market.Db.QueryAsync<(string Name, long Rows)>(counting)).ToDictionary(r => r.Name, r => r.Rows, StringComparer.Ordinal);
}
