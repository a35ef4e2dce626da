using System.Security.Claims;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Supervision.Inspect;

/// <summary>A planned visit, with what its officer wants to know on the spot.</summary>
/// <param name="BeforeFinding">What was found by the inspection that this one follows.</param>
public sealed record SiteVisit(long Id, string ProducerName, string? AreaName, string? AreaCode, string? LotCode, string CommuneName, DateOnly PlannedFor, string Purpose, DateOnly? BeforeOn, string? BeforeFinding)
{
    public string Number => Inspections.Number(Id);

    public string Subject(Texts t) => InspectionRow.Subject(t, LotCode, AreaName, AreaCode);
}

/// <summary>Everything that is needed to write inspections down, on one page: without signal there is nothing else to ask.</summary>
/// <param name="Account">Whose inspections the device keeps. Nobody reads the person from it.</param>
/// <param name="Visit">The one that is chosen; null: none yet.</param>
public sealed record SitePage(List<SiteVisit> Visits, string? Visit, string Account) : RecordFields
{
    /// <summary>What a visit that was not planned is about.</summary>
    public string? About { get; init; }

    /// <summary>With the visit chosen that is planned for a lot whose label was scanned; else with one that was not planned.</summary>
    public SitePage Of(string code) => code.Length == 0 || Visit is not null ? this
        : Visits.Find(v => v.LotCode is not null && v.LotCode.Equals(code, StringComparison.OrdinalIgnoreCase)) is { } planned ? this with { Visit = planned.Number }
        : this with { Visit = SiteController.Unplanned, About = code };

    /// <summary>The next ones.</summary>
    private const int Most = 60;

    public static async Task<SitePage> LoadAsync(Sql sql, ClaimsPrincipal user, string? visit, CancellationToken ct)
    {
        const string select = """
            select i.id, o.name as producer_name, a.name as area_name, a.code as area_code, l.code as lot_code, c.name as commune_name, i.planned_for, i.purpose, f.done_on as before_on, f.finding as before_finding
            from supervision.inspection i join producers.producer o on o.id = i.producer_id join foundation.commune c on c.code = o.commune_code left join producers.growing_area a on a.id = i.growing_area_id
              left join origin.lot l on l.id = i.lot_id left join supervision.inspection f on f.id = i.follows_id
            where i.recorded_at is null and i.cancelled_at is null order by i.planned_for, i.id limit @Most
            """;
        var visits = await sql.QueryAsync<SiteVisit>(select, new { Most }, ct);
        return new(visits, visits.Exists(v => v.Number == visit) ? visit : null, Convert.ToHexStringLower(Codes.Hash($"inspect {user.Id()}").AsSpan(0, 8)));
    }
}
