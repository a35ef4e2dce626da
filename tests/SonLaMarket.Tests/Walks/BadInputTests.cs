using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using SonLaMarket.Foundation;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Walks;

/// <summary>Bodies and addresses that no browser sends by itself: answered as bad requests, with a page, never as failures of ours.</summary>
public sealed partial class BadInputTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    [Theory]
    [InlineData("/gio-hang", "listing=a%00b&quantity=1")]
    [InlineData("/dang-nhap", "SignIn=a%00b&Password=x")]
    [InlineData("/don-hang", "code=%00&tel=0")]
    [InlineData("/lo/bao-tem-la", "Code=a%00")]
    public async Task A_form_with_a_null_character_is_a_bad_request_with_a_page(string path, string body)
    {
        using var content = new StringContent(body, Encoding.ASCII, "application/x-www-form-urlencoded");
        var answer = await market.Site.Open().PostAsync(path, content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("Không nhận được biểu mẫu này", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_of_too_many_fields_or_cut_off_in_the_middle_is_a_bad_request()
    {
        using var many = new FormUrlEncodedContent(Enumerable.Range(0, 2_000).Select(i => KeyValuePair.Create($"f{i}", "1")));
        Assert.Equal(HttpStatusCode.BadRequest, (await market.Site.Open().PostAsync("/gio-hang", many)).Status);
        using var cut = new StringContent("--x\r\nContent-Disposition: form-data; name=\"Name\"\r\n\r\nMận", Encoding.UTF8);
        cut.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        var (browser, _, _) = await market.SignInAsync(Roles.Seller);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/quan-ly/san-pham", cut)).Status);
    }

    [Theory]
    [InlineData("/lo/", 404, "Mã này không do sàn cấp")]
    [InlineData("/vt/", 404, "Mã này không do sàn cấp")]
    [InlineData("/en/lo/", 404, "We did not issue this code")]
    [InlineData("/01/", 400, "")]
    [InlineData("/01/09521321000018/10/", 400, "")]
    [InlineData("/quet?ma=", 422, "Mã trên tem không dài như vậy")]
    [InlineData("/lo/LO-MAU?x=", 414, "Địa chỉ này quá dài")]
    [InlineData("/san-pham?q=", 414, "Địa chỉ này quá dài")]
    [InlineData("/api/v1/", 414, "")]
    public async Task An_address_of_64_kilobytes_is_told_what_is_wrong_and_nothing_repeats_it(string path, int status, string words)
    {
        var address = path + new string('7', (64 << 10) - path.Length);
        var answer = await market.Site.Open().GetAsync(address);
        Assert.Equal(status, (int)answer.Status);
        Assert.Contains(words, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('7', 400), answer.Body, StringComparison.Ordinal);
        var problem = await market.Site.Open().GetAsync(address, ("Accept", "application/json"));
        if (status != 422)
            Assert.Equal((status, "application/problem+json"), ((int)problem.Status, problem.Message.Content.Headers.ContentType?.MediaType));
    }

    /// <summary>What the fuzzing of the readers has kept (Gs1.Tests) also goes through the page where a code is typed, shortened to what is taken there.</summary>
    [Fact]
    public async Task Every_seed_of_the_fuzzing_is_answered_where_a_code_is_typed()
    {
        var seeds = File.ReadLines(Path.Combine(Repository.Root, "tests", "Gs1.Tests", "fuzz-seeds.txt")).Select(line => Escaped().Replace(line, m => ((char)Convert.ToInt32(m.Groups["code"].Value, 16)).ToString())).ToList();
        Assert.InRange(seeds.Count, 290, 2_000);
        var browser = market.Site.Open();
        var failed = new List<string>();
        foreach (var seed in seeds)
        {
            var answer = await browser.GetAsync("/quet?ma=" + Uri.EscapeDataString(seed));
            if (answer.Status is not (HttpStatusCode.SeeOther or HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest))
                failed.Add($"{answer.Status}: {seed}");
        }
        Assert.Empty(failed);
    }

    [GeneratedRegex(@"\\u(?<code>[0-9a-f]{4})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Escaped();

    /// <summary>A hundred characters end in the middle of an emoji.</summary>
    [Fact]
    public async Task A_search_cut_in_the_middle_of_a_character_finds_nothing_and_does_not_fail() =>
        Assert.Equal(HttpStatusCode.OK, (await market.Site.Open().GetAsync("/san-pham?q=" + Uri.EscapeDataString("x" + string.Concat(Enumerable.Repeat("😀", 60))))).Status);
}
