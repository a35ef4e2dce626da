using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Payments;

namespace SonLaMarket.Supervision.Operations;

/// <summary>The operator's first page: what does not run as it should.</summary>
[Authorize(Policy = Roles.Operator)]
public sealed class OperationsController(Channels channels, DayFiles files, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    /// <summary>A message that some channel carries and that has waited longer does not run as it should.</summary>
    private static readonly TimeSpan Outbox = TimeSpan.FromMinutes(2);

    [HttpGet("/quan-tri")]
    public async Task<IActionResult> Show(CancellationToken ct)
    {
        const string select = $"""
            select
              (select count(*) from supervision.invariant where broken_since is not null) as invariants_broken,
              (select count(*) from supervision.server_certificate where valid_until < @soon) as certificates_ending,
              (select count(*) from jobs.job where dead_at is not null) as jobs_dead,
              (select count(*) from jobs.job where done_at is null and dead_at is null) as jobs_waiting,
              (select count(*) from accounts.message where sent_at is null and refused_at is null and channel = any(@carried) and created_at < @waited and (expires_at is null or expires_at > @now)) as messages_unsent,
              (select count(*) from exports.run r where r.state = 'failed' and r.id > coalesce((select w.id from exports.newest_run w where w.profile_code = r.profile_code), 0)) as runs_failed,
              (select coalesce(sum(r.set_aside), 0) from exports.newest_run r)::bigint as set_aside,
              (select count(*) from accounts.person where disabled_at is null) as people,
              (select count(*) from accounts.person p where p.disabled_at is null and p.totp_secret is null and not exists (select 1 from accounts.passkey k where k.person_id = p.id)
                 and exists (select 1 from accounts.person_role r where r.person_id = p.id and r.role in ('officer', 'operator'))) as without_second_factor,
              (select count(*) from accounts.session where expires_at > now()) as sessions,
              (select count(*) from payments.difference where status = 'open') as differences,
              (select count(*) from payments.notification n where {Reconciliation.Refused} and n.received_at > @yesterday) as refused_notices,
              (select count(*) from payments.refund where status in ('awaiting_approval', 'review')) as refunds,
              (select count(*) from payments.attempt where status = 'review') as payments
            """;
        var now = clock.GetUtcNow();
        var counts = await db.SingleAsync<OperationCounts>(select, new { carried = new[] { Channels.Email, Channels.Text }.Where(c => channels.Find(c) is not null).ToArray(), now, soon = now + CertificateWatch.Soon, waited = now - Outbox, yesterday = now.AddDays(-1) }, ct);
        return View("Hub", counts with { FilesMissing = (await files.MissingAsync(ct)).Count, SilentTerminals = (await Reconciliation.SilentAsync(db, now, ct)).Count });
    }
}

public sealed record OperationCounts(long InvariantsBroken, long CertificatesEnding, long JobsDead, long JobsWaiting, long MessagesUnsent, long RunsFailed, long SetAside, long People, long WithoutSecondFactor, long Sessions, long Differences, long RefusedNotices, long Refunds, long Payments)
{
    /// <summary>Days of the last week without VNPAY's file.</summary>
    public long FilesMissing { get; init; }

    /// <summary>Terminals at which somebody paid in the last day without a notification of VNPAY.</summary>
    public long SilentTerminals { get; init; }
}
