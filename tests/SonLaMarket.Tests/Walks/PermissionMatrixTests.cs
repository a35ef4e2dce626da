using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using SonLaMarket.Foundation;
using SonLaMarket.Producers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Walks;

/// <summary>
/// Every route asked by everybody with the same ids: the owner gets on, another seller does not find it, a wrong role is refused, a stranger is led to
/// the sign-in page; and whoever is refused changes nothing.
/// </summary>
public sealed class PermissionMatrixTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private static readonly Dictionary<string, string> RoleOfArea = new(StringComparer.Ordinal) { ["quan-ly"] = Roles.Seller, ["so-cong-thuong"] = Roles.Officer, ["quan-tri"] = Roles.Operator };
    private static readonly string[] OwnAreas = ["tai-khoan", "dang-xuat", "tiep-tuc"];

    /// <summary>What asking itself may leave: when a session was last used, a form kept until its sender has signed in, who tried to, that a form was sent once.</summary>
    private static readonly string[] BesideTheRequest = ["accounts.session", "accounts.kept_form", "accounts.access", "foundation.sent_form"];

    [Fact]
    public async Task Every_route_lets_in_whom_it_should_and_nobody_else()
    {
        var owner = await market.Shop.SellerAsync();
        var stranger = await market.Shop.SellerAsync();
        await market.Shop.GoodsAsync(stranger, 5);
        var people = new Dictionary<string, Browser>(StringComparer.Ordinal)
        {
            [Roles.Seller] = await market.SignInAsync(owner),
            [Roles.Officer] = (await market.SignInAsync(Roles.Officer)).Browser,
            [Roles.Operator] = (await market.SignInAsync(Roles.Operator)).Browser,
            [Roles.Buyer] = (await market.SignInAsync(Roles.Buyer)).Browser,
        };
        var other = await market.SignInAsync(stranger);
        var cases = new MatrixCases(market, owner);
        var routes = Routes().ToHashSet(StringComparer.Ordinal);
        // For addresses of programs: keys that are allowed something else.
        foreach (var scope in new[] { ApiScope.Listings, ApiScope.Producers })
            await cases.ApiKeyAsync(null, scope);
        var changed = await market.Database.WatchAsync();
        var (faults, changes) = (new List<string>(), 0);
        faults.AddRange(routes.Except(cases.Routes).Select(r => $"{r}: the matrix does not know how to fill it"));
        faults.AddRange(cases.Routes.Except(routes).Select(r => $"{r}: no such route any more"));
        foreach (var route in routes.Intersect(cases.Routes).Order(StringComparer.Ordinal))
        {
            var asked = await cases.MakeAsync(route);
            var method = route[..route.IndexOf(' ', StringComparison.Ordinal)];
            var path = route[(method.Length + 1)..];
            var area = path.Split('/')[0];
            var role = RoleOfArea.GetValueOrDefault(area);
            await changed();
            if (role is not null || OwnAreas.Contains(area))
            {
                Expect(faults, route, "signed out", await AskAsync(market.Site.Open(), method, asked, null), HttpStatusCode.Redirect, HttpStatusCode.Unauthorized);
                foreach (var (who, browser) in people.Where(p => role is not null && p.Key != role))
                    Expect(faults, route, who, await AskAsync(browser, method, asked, null), HttpStatusCode.Forbidden, HttpStatusCode.NotFound);
            }
            if (asked.Key is not null)
            {
                // A session opens nothing here, and a key only what it is allowed.
                foreach (var (who, browser) in people.Append(new("signed out", market.Site.Open())))
                    Expect(faults, route, who, await AskAsync(browser, method, asked with { Key = null }, null), HttpStatusCode.Unauthorized);
                Expect(faults, route, "a key without the scope", await AskAsync(market.Site.Open(), method, asked with { Key = await cases.ApiKeyAsync(null, path.Contains("producers", StringComparison.Ordinal) ? ApiScope.Listings : ApiScope.Producers) }, null), HttpStatusCode.Forbidden);
                if (asked.OtherKey is not null)
                    Expect(faults, route, "another key", await AskAsync(market.Site.Open(), method, asked with { Key = asked.OtherKey }, null), HttpStatusCode.NotFound);
            }
            // The form is the owner's, with every hidden field of it; the token is the stranger's own.
            var entitled = asked.As ?? people[role ?? Roles.Seller];
            var form = await asked.FormAsync(entitled) is { } element ? Browser.Fields(element) : null;
            if (asked.Owned)
                Expect(faults, route, "another seller", await AskAsync(other, method, asked, form), HttpStatusCode.NotFound);
            faults.AddRange((await changed()).Keys.Except(asked.Key is null ? BesideTheRequest : [.. BesideTheRequest, "producers.api_key", "producers.api_minute"]).Select(table => $"{route}: somebody who was refused changed {table}"));
            var answer = await AskAsync(asked.As ?? people[role ?? Roles.Seller], method, asked, form);
            if (((int)answer.Status is < 200 or > 399 && !(route == "GET loi/{status}" && answer.Status == HttpStatusCode.NotFound)) || (role is not null && answer.Location?.StartsWith("/dang-nhap", StringComparison.Ordinal) == true))
                faults.Add($"{route} ({asked.Path}): who may gets {(int)answer.Status} {answer.Location} {string.Join(' ', answer.Text.Split(' ').Take(60))}");
            // A text without its English fails the English page here.
            if (method == "GET" && answer.Status == HttpStatusCode.OK && answer.Message.Content.Headers.ContentType?.MediaType == "text/html"
                && await AskAsync(asked.As ?? people[role ?? Roles.Seller], method, asked with { Path = "/en" + asked.Path }, null) is { Status: not HttpStatusCode.OK } english)
                faults.Add($"{route} (/en{asked.Path}): {(int)english.Status} in English");
            changes += (await changed()).Count > 0 ? 1 : 0;
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(changes > 100, $"only {changes} of those who may changed anything: is that watched?");
    }

    [Fact]
    public async Task A_machine_that_is_signed_out_gets_401_as_problem_details()
    {
        var answer = await market.Site.Open().GetAsync("/quan-ly", ("Accept", "application/json"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("application/problem+json", answer.Message.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>"GET quan-ly/lo/{code}": the method and the pattern without its constraints.</summary>
    private IEnumerable<string> Routes()
    {
        foreach (var endpoint in market.Site.Get<IEnumerable<EndpointDataSource>>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<ControllerActionDescriptor>() is null)
                continue;
            var path = string.Join('/', endpoint.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(p => p switch
            {
                RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
                RoutePatternSeparatorPart separator => separator.Content,
                RoutePatternLiteralPart literal => literal.Content,
                _ => throw new NotSupportedException(p.GetType().Name),
            }))));
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                if (method is not ("HEAD" or "OPTIONS"))
                    yield return $"{method} {path}";
            }
        }
    }

    private static async Task<Answer> AskAsync(Browser browser, string method, Case asked, Dictionary<string, string>? sent)
    {
        (string, string)[] headers = asked.Key is { } key ? [("Authorization", "Bearer " + key)] : [];
        if (method == "GET")
            return await browser.GetAsync(asked.Path, headers);
        if (method == "POST" && asked.Json is not null)
            return await browser.PostAsync(asked.Path, JsonContent.Create(asked.Json), headers);
        if (method == "PUT")
            return await browser.PutAsync(asked.Path, asked.Bytes is { } bytes ? new ByteArrayContent(bytes) : JsonContent.Create(asked.Json));
        var fields = new Dictionary<string, string>(sent ?? [], StringComparer.Ordinal);
        foreach (var (name, value) in asked.Fields!)
            fields[name] = value;
        if (await browser.TokenAsync() is { } token)
            fields["__RequestVerificationToken"] = token;
        return await asked.PostAsync(browser, fields);
    }

    private static void Expect(List<string> faults, string route, string who, Answer answer, params HttpStatusCode[] statuses)
    {
        if (!statuses.Contains(answer.Status))
            faults.Add($"{route} by {who}: {(int)answer.Status} {answer.Location}, expected {string.Join(" or ", statuses.Select(s => (int)s))}");
        else if (answer.Status == HttpStatusCode.Redirect && answer.Location?.Contains("/dang-nhap", StringComparison.Ordinal) != true)
            faults.Add($"{route} by {who}: led to {answer.Location} instead of the sign-in page");
    }
}
