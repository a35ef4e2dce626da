using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Supervision.Health;

/// <summary>Whether what must always hold did so when it was last asked, how old the last backup is, and until when the servers' certificates hold.</summary>
[Authorize(Policy = Roles.Operator)]
public sealed class HealthController(Db db, Texts t, TimeProvider clock) : PageController(t)
{
    [HttpGet("/quan-tri/kiem-tra")]
    public async Task<IActionResult> Show(CancellationToken ct)
    {
        const string select = """
            select id, checked_at, faults, broken_since, took_ms from supervision.invariant order by id;
            select name, kind, started_at, ended_at, bytes, new_files from supervision.backup order by id desc limit 10;
            select last_archived_time as last_at, last_failed_time as failed_at, current_setting('archive_mode') = 'on' as kept from pg_catalog.pg_stat_archiver;
            select address, kind, valid_until, checked_at from supervision.server_certificate order by kind desc, address
            """;
        return View("Show", await db.MultipleAsync(select, null, async g => new HealthPage(
            (await g.ReadAsync<InvariantState>()).ToDictionary(i => i.Id, StringComparer.Ordinal),
            (await g.ReadAsync<BackupMade>()).AsList(), await g.ReadSingleAsync<WalArchive>(), (await g.ReadAsync<ServerCertificate>()).AsList(), clock.GetUtcNow()), ct));
    }
}

public sealed record InvariantState(string Id, DateTimeOffset CheckedAt, string[] Faults, DateTimeOffset? BrokenSince, int TookMs);

/// <param name="Kept">The server keeps its log for a restore to any moment.</param>
public sealed record WalArchive(DateTimeOffset? LastAt, DateTimeOffset? FailedAt, bool Kept)
{
    public bool Fails => Kept && FailedAt > (LastAt ?? DateTimeOffset.MinValue);
}

public sealed record HealthPage(IReadOnlyDictionary<string, InvariantState> States, List<BackupMade> Backups, WalArchive Archive, List<ServerCertificate> Certificates, DateTimeOffset Now)
{
    public bool BackupLate => Backups.Count == 0 || Now - Backups[0].EndedAt > BackupLog.Late;
}
