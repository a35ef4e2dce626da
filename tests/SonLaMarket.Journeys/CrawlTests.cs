using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>
/// Follows every link of the demonstration province as a guest, seller, officer and operator, in both languages: no link is dead, no anchor leads nowhere,
/// every file a page names is there, and every page is what the HTML standard says.
/// </summary>
public sealed class CrawlTests(Province province, PostgresFixture postgres)
{
    /// <summary>Pages of one kind whose links are followed on; the links to all others of the kind are asked all the same.</summary>
    private static readonly int PagesOfAKind = Seeds.Rounds(2, 6);

    private const int Most = 4000;

    [Theory]
    [InlineData(null)]
    [InlineData("seller")]
    [InlineData("officer")]
    [InlineData("operator")]
    public async Task Every_link_leads_somewhere_and_every_page_is_valid_html(string? role)
    {
        await province.StartAsync(postgres);
        using var web = new Web(province.First.Url);
        if (role is not null)
        {
            var (signIn, password) = province.First.Account(role);
            await web.SignInAsync(signIn, password);
        }
        var crawl = new Crawl(web.Http, PagesOfAKind, Most, signedIn: role is not null);
        await crawl.RunAsync(role is null ? ["/", "/en", "/sitemap.xml"] : ["/tai-khoan", "/en/tai-khoan"]);
        TestContext.Current.TestOutputHelper?.WriteLine($"{crawl.Asked} addresses, {crawl.Pages.Count} pages read");
        var findings = await NodeProgram.OfPagesAsync(crawl.Pages.Select(p => (p.Key, p.Value)));
        Assert.True(crawl.Faults.Count + findings.Count == 0, string.Join('\n', crawl.Faults.Concat(findings)));
        Assert.True(crawl.Pages.Count > 10, $"only {crawl.Pages.Count} pages were found");
        Assert.True(crawl.Asked < Most, $"{crawl.Asked} addresses: the crawl does not end");
    }
}
