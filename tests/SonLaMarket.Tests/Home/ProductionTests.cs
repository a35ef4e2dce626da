using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Home;
using SonLaMarket.Payments;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Home;

/// <summary>What differs where real people buy: cookies bound to the host and to https, the proxy in front, no samples.</summary>
public sealed class ProductionTests(PostgresFixture postgres)
{
    private const string SignIn = "nguoi-mua@example.vn";

    [Fact]
    public async Task Every_cookie_is_bound_to_the_host_and_to_https()
    {
        await using var market = await MarketAsync();
        using var client = Client(market.Site, "https://localhost");
        var set = new List<string>();
        var page = await client.GetAsync("/dang-nhap", TestContext.Current.CancellationToken);
        Assert.Equal("max-age=31536000; includeSubDomains", page.Headers.GetValues("Strict-Transport-Security").Single());
        set.AddRange(Cookies(page));
        var (token, cookie) = (Token(await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), set[0].Split(';')[0]);
        using var entered = await PostAsync(client, "/dang-nhap", cookie, ("SignIn", SignIn), ("Password", Seller.Password), ("__RequestVerificationToken", token));
        Assert.Equal(HttpStatusCode.SeeOther, entered.StatusCode);
        set.AddRange(Cookies(entered));
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 3);
        using var added = await PostAsync(client, "/gio-hang", null, ("listing", goods.Slug), ("quantity", "1"));
        Assert.Equal(HttpStatusCode.SeeOther, added.StatusCode);
        set.AddRange(Cookies(added));
        Assert.Equal(["__Host-sl_cart", "__Host-sl_device", "__Host-sl_flash", "__Host-sl_form", "__Host-sl_session"], set.Select(c => c.Split('=')[0]).Distinct().Order(StringComparer.Ordinal));
        foreach (var attributes in set.Select(c => c.Split("; ").Skip(1).ToList()))
        {
            Assert.Contains("path=/", attributes);
            Assert.Contains("secure", attributes);
            Assert.Contains("httponly", attributes);
            Assert.Contains(attributes, a => a is "samesite=lax" or "samesite=strict");
            Assert.DoesNotContain(attributes, a => a.StartsWith("domain", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("192.0.2.8", true)]
    [InlineData("192.0.2.9", false)]
    public async Task Only_a_known_proxy_is_believed_about_the_scheme_and_none_about_the_host(string proxy, bool believed)
    {
        await using var market = await MarketAsync();
        using var client = Client(market.Site, "http://localhost");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/robots.txt");
        foreach (var (name, value) in new[] { ("Test-From", proxy), ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "203.0.113.80"), ("X-Forwarded-Host", "evil.invalid") })
            request.Headers.Add(name, value);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(believed, answer.Headers.Contains("Strict-Transport-Security"));
        Assert.Contains("Sitemap: https://cho.example.vn/sitemap.xml", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_not_the_marketplace_s_own_is_refused()
    {
        await using var market = await MarketAsync();
        foreach (var (name, status) in new[] { ("cho.example.vn", HttpStatusCode.OK), ("localhost", HttpStatusCode.OK), ("evil.invalid", HttpStatusCode.BadRequest) })
        {
            using var client = Client(market.Site, $"https://{name}");
            using var answer = await client.GetAsync("/robots.txt", TestContext.Current.CancellationToken);
            Assert.Equal(status, answer.StatusCode);
        }
    }

    /// <summary>VNPAY wants the address of the server that asks; the machine itself is none.</summary>
    [Theory]
    [InlineData("203.0.113.9", 0)]
    [InlineData("2001:db8::9", 0)]
    [InlineData("127.0.0.1", 1)]
    [InlineData("::1", 1)]
    [InlineData("0.0.0.0", 1)]
    [InlineData("cho.example.vn", 1)]
    [InlineData("", 1)]
    public void The_address_of_the_server_is_asked_for_at_the_start(string address, int faults)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vnpay:ServerAddress"] = address }).Build();
        Assert.Equal(faults, Arguments.Faults(configuration, new HostingEnvironment { EnvironmentName = Environments.Production }).Count(f => f.Contains("Vnpay__ServerAddress", StringComparison.Ordinal)));
        Assert.Empty(Arguments.Faults(configuration, new HostingEnvironment { EnvironmentName = "Demonstration" }));
    }

    [Fact]
    public async Task It_starts_no_payment_simulator_however_it_is_asked()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vnpay:SimulatorUrl"] = "http://localhost:5081" }).Build();
        Assert.Contains(Arguments.Faults(configuration, new HostingEnvironment { EnvironmentName = Environments.Production }), f => f.Contains("Vnpay__SimulatorUrl", StringComparison.Ordinal));
        await using var app = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production }).Build();
        await Assert.ThrowsAsync<InvalidOperationException>(() => Simulator.StartAsync(app));
    }

    [Fact]
    public async Task A_real_account_is_shown_and_chosen_here_alone_and_never_the_bank_of_samples()
    {
        var account = new BankAccount("970405", "7900205123456", "HTX MAU");
        await using var market = await MarketAsync();
        // Ordered where a phone of samples is taken; the page is production's.
        await using var elsewhere = new Site(market.Database);
        var goods = await new Shop(elsewhere).GoodsAsync(await new Shop(elsewhere).SellerAsync(), 3);
        await using (var tx = await elsewhere.Db.BeginAsync())
        {
            await elsewhere.Get<PayeeMethods>().SetBankAccountAsync(tx, goods.Seller.ProducerId, account, true, Actor.System);
            await tx.ExecuteAsync("update producers.producer set is_sample = false where id = @ProducerId", new { goods.Seller.ProducerId });
            await tx.CommitAsync();
        }
        var placed = await (await new Buyer(elsewhere).WithAsync(goods)).PlaceAsync("transfer");
        var (code, amount, bank) = await elsewhere.Db.SingleAsync<(string, long, string)>("select p.code, p.amount_vnd, b.short_name from payments.payment p join foundation.bank b on b.bin = '970405' where p.producer_id = @ProducerId", new { goods.Seller.ProducerId });
        using var client = Client(market.Site, "https://localhost");
        var page = await client.GetStringAsync(placed.Location, TestContext.Current.CancellationToken);
        Assert.Contains(Qr.Svg(Transfers.QrText(account, amount, code)), page, StringComparison.Ordinal);
        Assert.Contains(bank, page, StringComparison.Ordinal);
        Assert.DoesNotContain(">MẪU<", page, StringComparison.Ordinal);
        var banks = await PayeeMethods.BanksAsync(market.Site.Db, market.Site.Get<SiteOptions>(), TestContext.Current.CancellationToken);
        Assert.Contains(banks, b => b.Bin == account.BankBin);
        Assert.DoesNotContain(banks, b => b.Bin == BankAccount.NoBank);
    }

    private async Task<Market> MarketAsync()
    {
        var database = await postgres.CloneAsync();
        var folder = Directory.CreateTempSubdirectory("slm-production-");
        var site = new Site(database, settings: new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["environment"] = Environments.Production,
            ["Site:PublicBaseUrl"] = "https://cho.example.vn",
            ["Site:Proxies"] = "192.0.2.8 10.0.0.0/8",
            ["Vnpay:PaymentUrl"] = "https://pay.example.vn/",
            ["Vnpay:TransactionUrl"] = "https://pay.example.vn/transaction",
            ["Vnpay:ServerAddress"] = "203.0.113.9",
            ["Files:Folder"] = folder.FullName,
        });
        await using var tx = await site.Db.BeginAsync();
        await site.Get<People>().AddAsync(tx, new NewPerson(SignIn, null, "Người mua", Seller.Password, [Roles.Buyer]), Actor.System);
        await tx.CommitAsync();
        return new(database, site, new Shop(site), folder);
    }

    private sealed record Market(TestDatabase Database, Site Site, Shop Shop, DirectoryInfo Folder) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Site.DisposeAsync();
            await Database.DisposeAsync();
            Folder.Delete(recursive: true);
        }
    }

    private static HttpClient Client(Site site, string url) => new(site.Handler()) { BaseAddress = new Uri(url) };

    private static IEnumerable<string> Cookies(HttpResponseMessage answer) => answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [];

    private static string Token(string html) => new AngleSharp.Html.Parser.HtmlParser().ParseDocument(html).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string? cookie, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))) };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
