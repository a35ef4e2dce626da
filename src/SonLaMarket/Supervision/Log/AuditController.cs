using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Supervision.Log;

/// <summary>The audit log: every decision and change that matters, newest first.</summary>
[Authorize(Policy = Roles.Officer)]
public sealed class AuditController(Db db, Texts t) : PageController(t)
{
    private const int Take = 50;

    [HttpGet("/so-cong-thuong/nhat-ky-he-thong")]
    public async Task<IActionResult> Index([FromQuery(Name = "doi-tuong")] string? subject, [FromQuery(Name = "viec")] string? action, DateOnly? ngay, string? sau, CancellationToken ct)
    {
        const string select = """
            select a.id, a.at, a.action, a.subject, a.reason, a.detail::text as detail, a.actor_role, p.name as actor_name, b.name as on_behalf_of
            from accounts.audit a left join accounts.person p on p.id = a.actor_id left join accounts.person b on b.id = a.on_behalf_of_id
            where (@subject::text is null or a.subject = @subject) and (@action::text is null or a.action = @action or a.action like @action || '.%')
              and (@day::date is null or (a.at at time zone 'Asia/Ho_Chi_Minh')::date = @day) and (@before::bigint is null or a.id < @before)
            order by a.id desc limit @take
            """;
        var before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, out var key) ? key : (long?)null;
        var rows = await db.QueryAsync<AuditRow>(select, new { subject = Word(subject), action = Word(action), day = ngay, before, take = Take + 1 }, ct);
        return View("Index", new AuditPage(subject, action, ngay, Page<AuditRow>.Of(rows, Take, r => Cursor.Of(r.Id.ToString(CultureInfo.InvariantCulture)))));
    }

    private static string? Word(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}

public sealed record AuditRow(long Id, DateTimeOffset At, string Action, string Subject, string? Reason, string Detail, string ActorRole, string? ActorName, string? OnBehalfOf);

public sealed record AuditPage(string? Subject, string? Action, DateOnly? Day, Page<AuditRow> Page);
