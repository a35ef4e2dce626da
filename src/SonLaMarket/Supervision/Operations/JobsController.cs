using System.Globalization;
using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Supervision.Operations;

/// <summary>Jobs in the queue and recurring work; a dead job gets another try, with an audit row.</summary>
[Authorize(Policy = Roles.Operator)]
public sealed class JobsController(Queue queue, Audit audit, RowKeys keys, Db db, Texts t) : PageController(t)
{
    private const int Take = 50;
    private const string Kind = "job";

    [HttpGet("/quan-tri/viec-nen")]
    public async Task<IActionResult> Index(string? loai, string? sau, CancellationToken ct)
    {
        const string select = """
            select id, kind, run_at, attempts, done_at, dead_at, last_error, created_at, leased_until > now() as running from jobs.job
            where case @state when 'hong' then dead_at is not null when 'cho' then done_at is null and dead_at is null when 'xong' then done_at is not null else true end
              and (@before::bigint is null or id < @before) order by id desc limit @take;
            select count(*) filter (where dead_at is not null) as dead, count(*) filter (where done_at is null and dead_at is null) as waiting, count(*) filter (where done_at is not null) as done from jobs.job;
            select name, cron, next_run_at, last_run_at from jobs.schedule order by name
            """;
        var state = loai is "cho" or "xong" or "tat-ca" ? loai : "hong";
        var before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, out var last) ? last : (long?)null;
        var (rows, counts, schedule) = await db.MultipleAsync(select, new { state, before, take = Take + 1 }, async g =>
            ((await g.ReadAsync<JobRow>()).AsList(), await g.ReadSingleAsync<JobCounts>(), (await g.ReadAsync<ScheduleRow>()).AsList()), ct);
        var page = Page<JobRow>.Of(rows, Take, r => Cursor.Of(r.Id.ToString(CultureInfo.InvariantCulture)));
        return View("Jobs", new JobsPage(state, counts, page, schedule, j => keys.Seal(Kind, j.Id)));
    }

    [HttpPost("/quan-tri/viec-nen/chay-lai")]
    public async Task<IActionResult> RunAgain(string? job)
    {
        if (keys.Open(Kind, job) is not { } id || await db.FirstOrDefaultAsync<string>("select kind from jobs.job where id = @id", new { id }) is not { } kind)
            return NotFound();
        await using var tx = await db.BeginAsync();
        if (!await queue.RunAgainAsync(tx, id))
            return Conflict();
        await audit.WriteAsync(tx, User.As(Roles.Operator), "job.run-again", $"job:{kind}");
        await tx.CommitAsync();
        return SeeOther("/quan-tri/viec-nen", T["Việc sẽ chạy lại ngay."]);
    }
}

public sealed record JobRow(long Id, string Kind, DateTimeOffset RunAt, int Attempts, DateTimeOffset? DoneAt, DateTimeOffset? DeadAt, string? LastError, DateTimeOffset CreatedAt, bool? Running);

public sealed record JobCounts(long Dead, long Waiting, long Done);

public sealed record ScheduleRow(string Name, string Cron, DateTimeOffset NextRunAt, DateTimeOffset? LastRunAt);

public sealed record JobsPage(string State, JobCounts Counts, Page<JobRow> Page, List<ScheduleRow> Schedule, Func<JobRow, string> Key);
