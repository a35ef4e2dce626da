using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Npgsql;
using SonLaMarket.Catalog.Browse;
using SonLaMarket.Catalog.Search;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Tests.Support;
using Xunit;
using Results = SonLaMarket.Catalog.Browse.Results;

namespace SonLaMarket.Tests.Catalog.Search;

/// <summary>How the database answers a list: never by reading a big table from end to end, and with as many blocks as the rows need.</summary>
public sealed class SearchPlanTests(SearchFixture market, ITestOutputHelper output) : IClassFixture<SearchFixture>
{
    /// <summary>Blocks that the rows of one page may touch: 24 times seven tables by key, with their indexes, and some to spare.</summary>
    private const long PageBlocks = 1_000;

    [Theory]
    [InlineData("")]
    [InlineData("xep=gia-tang")]
    [InlineData("xep=gia-giam")]
    [InlineData("nhom=fresh-fruit")]
    [InlineData("nhom=fresh-fruit&xep=gia-tang")]
    [InlineData("nhom=food&mua=6")]
    [InlineData("xa=04186")]
    [InlineData("nhom=fresh-fruit", 100)]
    [InlineData("", 100)]
    public async Task A_list_reads_its_page_and_no_more(string query, int page = 1)
    {
        var plan = await ExplainAsync(query, page);
        Assert.DoesNotContain(plan.Scanned, Big);
        Assert.True(plan.RowBlocks <= PageBlocks, $"{plan.RowBlocks} blocks\n{plan.Text}");
    }

    [Theory]
    [InlineData("q=xoài")]
    [InlineData("q=man hau moc chau")]
    [InlineData("q=mật ong&xep=gia-tang")]
    [InlineData("q=mật ong&xep=moi&chung-nhan=attp")]
    [InlineData("q=macca")]
    [InlineData("q=cà phê")]
    public async Task A_search_reads_what_has_the_words_and_no_more(string query)
    {
        var plan = await ExplainAsync(query, 1);
        Assert.DoesNotContain(plan.Scanned, Big);
        var found = await FoundAsync(query);
        Assert.True(plan.RowBlocks <= PageBlocks + 2 * found, $"{plan.RowBlocks} blocks for {found} found\n{plan.Text}");
    }

    /// <summary>One journey to the database a page, two where another reading had to be tried.</summary>
    [Theory]
    [InlineData("/san-pham?nhom=tea", 1)]
    [InlineData("/san-pham?q=tr%C3%A0", 1)]
    [InlineData("/san-pham?q=xaoi", 2)]
    [InlineData("/goi-y?q=man", 0)]
    [InlineData("/cach-xep-hang", 0)]
    public async Task A_page_asks_the_database_as_often_as_it_must(string path, int commands)
    {
        await market.Site.Get<Lexicons>().PresentAsync(TestContext.Current.CancellationToken);
        Assert.Equal(commands, await Commands.CountAsync(market.Database, async () => Assert.Equal(200, (int)(await market.Site.Open().GetAsync(path)).Status)));
    }

    private static bool Big(string table) => table is "search_entry" or "listing" or "listing_version" or "lot_stock" or "lot" or "product";

    private sealed record Plan(List<string> Scanned, long RowBlocks, string Text);

    private async Task<Plan> ExplainAsync(string text, int page)
    {
        var lexicon = await market.Site.Get<Lexicons>().PresentAsync(TestContext.Current.CancellationToken);
        var query = Read(text, lexicon);
        var asked = Asked.Read(query.Text, lexicon);
        var whole = lexicon.Listings <= 2 * Facets.Most;
        if (page > 1 && asked is null)
            query = query with { After = await market.Db.SingleAsync<After>("""
                select extract(epoch from published_at)::numeric as key, listing_id as id from catalog.search_entry
                where sellable and (@Groups::text[] is null or category_slug = any(@Groups)) order by published_at desc, listing_id desc offset @offset limit 1
                """, new { query.Groups, offset = (page - 1) * Query.Take }) };
        var (statements, args) = Results.Statements(query, asked, GeneratedMarket.Today, facets: true, whole);
        var plan = new Plan([], 0, "");
        foreach (var (sql, i) in statements.Split(';', StringSplitOptions.RemoveEmptyEntries).Select((s, i) => (s, i)))
        {
            using var json = JsonDocument.Parse(await ExplainAsync(sql, args));
            var root = json.RootElement[0].GetProperty("Plan");
            var scanned = new List<string>();
            Walk(root, scanned);
            plan = plan with { Scanned = [.. plan.Scanned, .. scanned], Text = plan.Text + root.GetRawText() };
            if (i == 0)
                plan = plan with { RowBlocks = root.GetProperty("Shared Hit Blocks").GetInt64() + root.GetProperty("Shared Read Blocks").GetInt64() };
        }
        output.WriteLine($"{text} page {page}: {plan.RowBlocks} blocks");
        return plan;
    }

    /// <summary>A short run's tables are small enough to be read whole; told not to, the planner shows whether there is another way at all.</summary>
    private async Task<string> ExplainAsync(string sql, object args)
    {
        var settings = SearchFixture.Listings < 100_000 ? "-c enable_seqscan=off" : null;
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(market.Database.AppConnectionString) { Options = settings, Pooling = false }.ConnectionString);
        return await new Db(source).SingleAsync<string>("explain (analyze, buffers, format json) " + sql, args);
    }

    private static void Walk(JsonElement node, List<string> scanned)
    {
        if (node.GetProperty("Node Type").GetString() == "Seq Scan")
            scanned.Add(node.GetProperty("Relation Name").GetString()!);
        if (node.TryGetProperty("Plans", out var plans))
        {
            foreach (var child in plans.EnumerateArray())
                Walk(child, scanned);
        }
    }

    private async Task<long> FoundAsync(string text)
    {
        var lexicon = await market.Site.Get<Lexicons>().PresentAsync(TestContext.Current.CancellationToken);
        return await market.Db.SingleAsync<long>("select count(*) from catalog.search_entry where sellable and tsv @@ @Match::tsquery", new { Asked.Read(Read(text, lexicon).Text, lexicon)!.Match });
    }

    private static Query Read(string text, Lexicon lexicon) => Query.Of(new QueryCollection(
        text.Split('&', StringSplitOptions.RemoveEmptyEntries).ToDictionary(p => p.Split('=')[0], p => new StringValues(p.Split('=')[1]), StringComparer.Ordinal)), lexicon);
}
