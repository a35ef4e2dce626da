using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Supervision.Hub;

/// <summary>The officer's first page: what waits, what is wrong, how much there is.</summary>
[Authorize(Policy = Roles.Officer)]
public sealed class HubController(Db db, Texts t, TimeProvider clock) : PageController(t)
{
    [HttpGet("/so-cong-thuong")]
    public async Task<IActionResult> Show(CancellationToken ct)
    {
        const string select = """
            select
              (select count(*) from producers.producer_version where state = 'submitted') as producers_waiting,
              (select count(*) from catalog.listing_version where state = 'submitted') as listings_waiting,
              (select count(*) from producers.certificate where status = 'submitted') as certificates_waiting,
              (select count(*) from producers.growing_area where code is not null and checked_at is null) as area_codes_waiting,
              (select count(*) from producers.producer where public_version is not null) as producers_public,
              (select count(*) from catalog.listing where public_version is not null) as listings_public,
              (select count(*) from origin.lot where taken_back_at is null) as lots,
              (select count(*) from origin.lot_block where lifted_at is null and cause <> 'recall') as blocked,
              (select count(*) from origin.recall where closed_at is null) as recalls_open,
              (select count(*) from supervision.recall_proposal where decided_at is null) as recalls_proposed,
              (select count(*) from supervision.inspection where recorded_at is null and cancelled_at is null and planned_for <= @today) as inspections_due,
              (select count(*) from origin.problem_report where handled_at is null) as label_reports,
              (select count(*) from origin.scan_alert where handled_at is null) as scan_alerts,
              (select count(*) from orders.complaint where status = 'escalated') as complaints,
              (select count(*) from producers.certificate where status = 'verified' and valid_until between @today and @today + 30) as expiring,
              (select count(*) from orders.sub_order where status in ('confirmed', 'packed', 'shipped', 'delivered')) as orders
            """;
        return View("Show", await db.SingleAsync<HubCounts>(select, new { today = Vietnamese.Today(clock) }, ct));
    }
}

public sealed record HubCounts(
    long ProducersWaiting, long ListingsWaiting, long CertificatesWaiting, long AreaCodesWaiting, long ProducersPublic, long ListingsPublic, long Lots, long Blocked, long RecallsOpen, long RecallsProposed, long InspectionsDue, long LabelReports, long ScanAlerts, long Complaints,
    long Expiring, long Orders);
