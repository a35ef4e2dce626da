using System.Diagnostics;
using System.Net;
using System.Text;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>How the program starts and what it says then (docs/contract.md, section 1).</summary>
public sealed class StartTests(Province province, PostgresFixture postgres)
{
    [Fact]
    public async Task The_start_prints_the_lines_of_the_contract_the_same_each_time()
    {
        await province.StartAsync(postgres);
        Assert.Equal(["site", "simulator", "account", "account", "account", "account", "account", "api-key", "api-key", "feed-token", "feed-token", "vnpay"], province.First.Lines.Select(l => l[0]));
        Assert.Equal(["seller", "seller", "buyer", "officer", "operator"], province.First.Lines.Where(l => l[0] == "account").Select(l => l[1]));
        Assert.All(province.First.Lines.Where(l => l[0] == "account"), l => Assert.EndsWith(".invalid", l[2], StringComparison.Ordinal));
        Assert.Equal(["epcis:capture:any epcis:query", "epcis:capture epcis:query listings:read"], province.First.Lines.Where(l => l[0] == "api-key").Select(l => l[1]));
        Assert.Equal(["google-merchant", "postmart"], province.First.Lines.Where(l => l[0] == "feed-token").Select(l => l[1]));
        Assert.Equal(Lasting(province.First), Lasting(province.Second));
        foreach (var line in province.First.Lines.Where(l => l[0] == "feed-token"))
        {
            using var http = new HttpClient { BaseAddress = new Uri(province.Second.Url) };
            using var feed = await http.GetAsync($"/feeds/{line[1]}.{(line[1] == "postmart" ? "xlsx" : "xml")}?token={line[2]}");
            Assert.Equal(HttpStatusCode.OK, feed.StatusCode);
        }
    }

    [Fact]
    public async Task The_province_is_as_many_as_the_baseline_says()
    {
        await province.StartAsync(postgres);
        const string count = """
            select concat_ws(', ',
              (select count(*) || ' communes' from foundation.commune where province_code = '14'),
              (select count(*) || ' specialities' from producers.speciality),
              (select count(*) || ' public producers of ' || count(distinct kind) || ' kinds' from producers.producer where is_sample and public_version is not null),
              (select count(*) || ' public listings' from catalog.listing where public_version is not null),
              (select count(*) filter (where not l.opened_standing) || ' lots with a diary, ' || count(*) filter (where l.harvested_on is null) || ' standing' from origin.lot l where exists (select 1 from origin.diary_entry d where d.lot_id = l.id)),
              (select count(*) || ' orders' from orders.purchase where form_key like 'sample-%'),
              (select count(distinct c.to_status) || ' states' from orders.status_change c join orders.sub_order s on s.id = c.sub_order_id join orders.purchase u on u.id = s.purchase_id where u.form_key like 'sample-%'),
              (select count(*) || ' recall' from origin.recall where reason like '%(tình huống mẫu).'), (select count(*) || ' breach' from origin.lot_block where cause = 'interval'),
              (select count(*) || ' expired certificate' from producers.certificate where valid_until < current_date))
            """;
        Assert.Equal(
            "75 communes, 61 specialities, 72 public producers of 4 kinds, 109 public listings, 109 lots with a diary, 4 standing, 40 orders, 9 states, 1 recall, 1 breach, 1 expired certificate",
            await province.Database.Db.SingleAsync<string>(count));
        Assert.Equal(0, await province.Database.Db.SingleAsync<long>("""
            select count(*) from producers.product p join producers.producer r on r.id = p.producer_id and r.is_sample join catalog.listing l on l.product_id = p.id and l.public_version is not null where p.certificate_ids = '{}' and p.category_slug not in ('textile', 'basketry', 'ornamental')
            """));
        const string beyond = """
            select string_agg(l.slug || ' ' || l.price_vnd, ', ') from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version join producers.speciality s on s.slug = v.speciality_slug
            where l.price_vnd * case when s.unit <> 'kg' then 1 when v.base_unit = 'g' then 1000.0 / v.base_per_unit else 1000.0 / v.net_weight_g end not between s.price_min_vnd and s.price_max_vnd
            """;
        Assert.Null(await province.Database.Db.SingleAsync<string?>(beyond));
        Assert.True(await province.Database.Db.SingleAsync<int>("select count(*)::int from producers.product p join catalog.listing l on l.product_id = p.id and l.public_version is not null where p.gtin is null") is > 3 and < 30);
    }

    /// <summary>And "localhost" is answered in both families.</summary>
    [Fact]
    public async Task With_reference_data_alone_the_printed_accounts_and_feeds_are_there_and_nothing_else()
    {
        await province.StartAsync(postgres);
        await using var database = await postgres.CloneAsync();
        var files = Directory.CreateTempSubdirectory("slm-start-");
        var port = RunningSite.FreePort();
        await using (var site = await RunningSite.StartAsync(Settings(database, files), port, RunningSite.FreePort(), "--data", "reference", "--urls", $"http://localhost:{port}"))
        {
            using var anybody = new HttpClient();
            foreach (var host in new[] { "127.0.0.1", "[::1]", "localhost" })
                Assert.Equal(HttpStatusCode.OK, (await anybody.GetAsync($"http://{host}:{port}/health/ready")).StatusCode);
            Assert.Equal(Lasting(province.First), Lasting(site));
            foreach (var role in new[] { "seller", "buyer", "officer", "operator" })
            {
                using var web = new Web(site.Url);
                var (signIn, password) = site.Account(role);
                await web.SignInAsync(signIn, password);
            }
            using var http = new HttpClient { BaseAddress = new Uri(site.Url) };
            var token = site.Lines.First(l => l[0] == "feed-token");
            using var feed = await http.GetAsync($"/feeds/{token[1]}.xml?token={token[2]}");
            Assert.NotEqual(HttpStatusCode.Unauthorized, feed.StatusCode);
            // The server lets an address of 64 kB in, so that the page which it is for may answer it.
            foreach (var (path, status) in new[] { ("/lo/", 404), ("/vt/", 404), ("/01/", 400), ("/quet?ma=", 422), ("/san-pham?q=", 414) })
            {
                using var answer = await http.GetAsync(path + new string('7', (64 << 10) - path.Length));
                Assert.Equal((status, true), ((int)answer.StatusCode, (await answer.Content.ReadAsStringAsync()).Length is > 0 and < 40_000));
            }
            Assert.Equal(0, await database.Db.SingleAsync<long>("select count(*) from producers.producer"));
        }
        files.Delete(recursive: true);
    }

    [Fact]
    public async Task Production_refuses_a_database_that_holds_samples()
    {
        await province.StartAsync(postgres);
        var (code, said) = await RunAsync(new Dictionary<string, string?>(Settings(province.Database, new(province.FilesFolder))) { ["ASPNETCORE_ENVIRONMENT"] = "Production", ["Site__PublicBaseUrl"] = "https://x.vn", ["Vnpay__PaymentUrl"] = "https://pay.vn", ["Vnpay__TransactionUrl"] = "https://pay.vn", ["Vnpay__ServerAddress"] = "203.0.113.9" });
        Assert.Equal(2, code);
        Assert.Contains("holds samples", said, StringComparison.Ordinal);
    }

    /// <summary>Whoever waits for the health check may read the lines then. The last step before them is held up by a lock here.</summary>
    [Fact]
    public async Task Ready_is_not_said_before_the_lines_are_printed()
    {
        await using var database = await postgres.CloneAsync();
        var files = Directory.CreateTempSubdirectory("slm-start-");
        var port = RunningSite.FreePort();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        Task<RunningSite> starting;
        await using (var tx = await database.Db.BeginAsync())
        {
            await tx.ExecuteAsync("lock table payments.simulator in share mode");
            starting = RunningSite.StartAsync(Settings(database, files), port, RunningSite.FreePort(), "--data", "reference");
            while (await AskAsync(http, "/health/live") != HttpStatusCode.OK)
                await Task.Delay(20);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await AskAsync(http, "/health/ready"));
        }
        await using var site = await starting;
        while (await AskAsync(http, "/health/ready") != HttpStatusCode.OK)
            await Task.Delay(20);
        files.Delete(recursive: true);
    }

    [Fact]
    public async Task Production_names_each_missing_setting_on_a_line_of_its_own_and_takes_no_simulator()
    {
        var (code, said) = await RunAsync(new Dictionary<string, string?> { ["ASPNETCORE_ENVIRONMENT"] = "Production", ["Vnpay__SimulatorUrl"] = "http://localhost:5081" });
        Assert.Equal(2, code);
        var lines = said.Trim().Split('\n');
        foreach (var setting in new[] { "ConnectionStrings__SonLaMarket", "Site__PublicBaseUrl", "Vnpay__PaymentUrl", "Vnpay__TransactionUrl", "Vnpay__ServerAddress", "Files__Folder", "Vnpay__SimulatorUrl" })
            Assert.Single(lines, l => l.Contains(setting, StringComparison.Ordinal));
        Assert.Equal(7, lines.Length);
    }

    /// <summary>A person sees why, and not a broken connection.</summary>
    [Theory]
    [InlineData("/dang-nhap", 2)]
    [InlineData("/gio-hang", 2)]
    [InlineData("/lo/bao-tem-la", 5)]
    public async Task Too_large_a_body_gets_a_page_that_says_so(string path, int megabytes)
    {
        await province.StartAsync(postgres);
        using var http = new HttpClient { BaseAddress = new Uri(province.First.Url) };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("Note=" + new string('a', megabytes << 20), Encoding.ASCII, "application/x-www-form-urlencoded") };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("quá lớn", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var machine = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(new byte[megabytes << 20]) };
        machine.Headers.Add("Accept", "application/json");
        using var problem = await http.SendAsync(machine);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "application/problem+json"), (problem.StatusCode, problem.Content.Headers.ContentType!.MediaType));
    }

    private static string[] Lasting(RunningSite site) => [.. site.Lines.Where(l => l[0] is not ("site" or "simulator")).Select(l => string.Join('\t', l))];

    private static Dictionary<string, string?> Settings(TestDatabase database, DirectoryInfo files) =>
        new Dictionary<string, string?>(database.Settings, StringComparer.Ordinal) { ["Files:Folder"] = files.FullName }.ToDictionary(s => s.Key.Replace(":", "__", StringComparison.Ordinal), s => s.Value, StringComparer.Ordinal);

    private static async Task<HttpStatusCode?> AskAsync(HttpClient http, string path)
    {
        try
        {
            using var answer = await http.GetAsync(path);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>A start that ends by itself: its code and what it said on standard error.</summary>
    private static async Task<(int Code, string Said)> RunAsync(Dictionary<string, string?> settings)
    {
        var start = new ProcessStartInfo("dotnet", [RunningSite.Program()]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        using var process = Process.Start(start)!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }
}
