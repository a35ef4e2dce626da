using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Producers.Api;

/// <summary>Approved producers. Phone, address and who represents them stay on their page.</summary>
[Authorize(Policy = ApiScope.Producers)]
[Route(Root + "/producers")]
[Tags("producers")]
public sealed class ProducersController(Db db, SiteOptions site, Texts t) : ApiController(site, t)
{
    private const string Select = """
        select r.slug, w.kind, w.name, w.about, c.code as commune_code, c.full_name as commune_name, r.approved_at
        from producers.producer r join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version join foundation.commune c on c.code = w.commune_code
        """;

    /// <summary>Producers by their slug.</summary>
    [HttpGet]
    [EndpointName("listProducers")]
    [EndpointSummary("Approved producers")]
    [EndpointDescription("Producers that the Department approved and that are not suspended, ordered by slug.")]
    [ProducesResponseType<ApiPage<ApiProducer>>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Index(
        [FromQuery, Description("Only of the commune with this code of five digits.")] string? commune, [FromQuery, Description("Where the page begins: taken from the next address of the page before.")] string? after,
        [FromQuery, Range(1, 100, ErrorMessage = "Ghi số từ 1 đến 100."), Description("Producers on a page.")] int limit = 50, CancellationToken ct = default)
    {
        const string select = $"{Select} where (@commune::text is null or w.commune_code = @commune) and (@from::text is null or r.slug > @from) order by r.slug limit @take";
        var from = Cursor.Parse(after, 1);
        if (after is not null && from is null)
            return Wrong("after", T["Giá trị này không đúng dạng."]);
        var rows = await db.QueryAsync<Row>(select, new { commune, from = from?[0], take = limit + 1 }, ct);
        return Ok(Page(Page<Row>.Of(rows, limit, r => Cursor.Of(r.Slug)), Of));
    }

    /// <summary>One producer.</summary>
    [HttpGet("{slug}")]
    [EndpointName("getProducer")]
    [EndpointSummary("One approved producer")]
    [ProducesResponseType<ApiProducer>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Show(string slug, CancellationToken ct) =>
        await db.FirstOrDefaultAsync<Row>($"{Select} where r.slug = @slug", new { slug }, ct) is { } row ? Ok(Of(row)) : None();

    private ApiProducer Of(Row r) => new(r.Slug, Site.Absolute("/co-so/" + r.Slug), r.Kind, r.Name, r.About, new(r.CommuneCode, r.CommuneName), r.ApprovedAt is { } at ? Vietnamese.Local(at) : null);

    private sealed record Row(string Slug, string Kind, string Name, string About, string CommuneCode, string CommuneName, DateTimeOffset? ApprovedAt);
}

/// <summary>A producer of the API.</summary>
public sealed record ApiProducer(
    string Slug, [property: Description("Its page.")] string Url, [property: Description("cooperative, enterprise, household or household_group.")] string Kind, string Name, [property: Description("Plain text.")] string About, ApiPlace Commune, DateTimeOffset? ApprovedAt);
