using System.Reflection;
using System.Text.Json;
using Cronos;
using Npgsql;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Jobs;

/// <summary>
/// Takes due jobs (skip locked, with a lease), runs their handler, tries again with growing pauses, and gives up after
/// <see cref="MaxAttempts"/>: such a job stays as dead, for an operator to see. What may take seconds has a
/// loop of its own (<see cref="HandlerRegistration.Lane"/>): it keeps nobody's message waiting.
/// </summary>
public sealed class Worker(
    Db db, IServiceScopeFactory scopes, IEnumerable<HandlerRegistration> handlers, IEnumerable<RecurringRegistration> recurring,
    TimeProvider clock, ILogger<Worker> logger) : BackgroundService
{
    public const int MaxAttempts = 8;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    private readonly Dictionary<string, HandlerRegistration> handlers = handlers.ToDictionary(h => h.Kind, StringComparer.Ordinal);
    private readonly ILookup<string, string> lanes = handlers.Where(h => h.Lane.Length > 0).ToLookup(h => h.Lane, h => h.Kind, StringComparer.Ordinal);
    private readonly RecurringRegistration[] recurring = [.. recurring];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var slow = lanes.SelectMany(l => l).ToArray();
        Func<Task<int>>[] loops =
        [
            async () => await RunRecurringAsync(stoppingToken) + await RunJobsAsync(slow, true, stoppingToken),
            .. lanes.Select(l => (Func<Task<int>>)(() => RunJobsAsync([.. l], false, stoppingToken))),
        ];
        var woken = Array.ConvertAll(loops, _ => new SemaphoreSlim(0, 1));
        _ = ListenAsync(woken, stoppingToken);
        // One that dies ends the service, and says so.
        await foreach (var ended in Task.WhenEach(loops.Zip(woken, (run, wake) => KeepOnAsync(run, wake, stoppingToken))))
            await ended;
    }

    /// <summary>Runs everything that is due now; returns how many jobs and recurring works ran. Tests call it directly.</summary>
    public async Task<int> RunDueAsync(CancellationToken ct) => await RunRecurringAsync(ct) + await RunJobsAsync([], true, ct);

    private async Task KeepOnAsync(Func<Task<int>> runDue, SemaphoreSlim woken, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await runDue();
                await woken.WaitAsync(TimeSpan.FromSeconds(1), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
            {
                logger.LogWarning("Jobs wait for the database: {Reason}", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<int> RunRecurringAsync(CancellationToken ct)
    {
        var ran = 0;
        foreach (var work in await DueAsync(ct))
            ran += await RunRecurringAsync(work, ct) ? 1 : 0;
        return ran;
    }

    /// <param name="kinds">Only these.</param>
    /// <param name="others">All but these.</param>
    private async Task<int> RunJobsAsync(string[] kinds, bool others, CancellationToken ct)
    {
        var ran = 0;
        for (; await TakeAsync(kinds, others, ct) is { } job; ran++)
            await RunAsync(job, ct);
        return ran;
    }

    private sealed record Taken(long Id, string Kind, string Payload, int Attempts);

    private Task<Taken?> TakeAsync(string[] kinds, bool others, CancellationToken ct)
    {
        const string sql = """
            update jobs.job set leased_until = @until, attempts = attempts + 1
            where id = (
              select id from jobs.job
              where done_at is null and dead_at is null and run_at <= @now and (leased_until is null or leased_until < @now)
                and (kind = any(@kinds)) <> @others
              order by run_at, id limit 1 for update skip locked)
            returning id, kind, payload::text as payload, attempts
            """;
        var now = clock.GetUtcNow();
        return db.FirstOrDefaultAsync<Taken>(sql, new { now, until = now + Lease, kinds, others }, ct);
    }

    private async Task RunAsync(Taken job, CancellationToken ct)
    {
        try
        {
            if (!handlers.TryGetValue(job.Kind, out var handler))
                throw new InvalidOperationException($"no handler for {job.Kind}");
            await using var scope = scopes.CreateAsyncScope();
            var message = JsonSerializer.Deserialize(job.Payload, handler.Message)!;
            var service = scope.ServiceProvider.GetRequiredService(handler.Handler);
            await (Task)typeof(IHandle<>).MakeGenericType(handler.Message).GetMethod("HandleAsync")!.Invoke(service, BindingFlags.DoNotWrapExceptions, null, [message, ct], null)!;
            await db.ExecuteAsync("update jobs.job set done_at = @now, leased_until = null where id = @Id", new { now = clock.GetUtcNow(), job.Id }, CancellationToken.None);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await db.ExecuteAsync("update jobs.job set leased_until = null, attempts = attempts - 1 where id = @Id", new { job.Id }, CancellationToken.None);
            throw;
        }
#pragma warning disable CA1031 // A job may fail in any way; it is kept, tried again, and shown when it stays dead.
        catch (Exception e)
        {
            logger.LogError(e, "Job {Id} ({Kind}) failed, attempt {Attempt}", job.Id, job.Kind, job.Attempts);
            await FailedAsync(job, e);
        }
#pragma warning restore CA1031
    }

    private Task FailedAsync(Taken job, Exception e)
    {
        const string sql = """
            update jobs.job set leased_until = null, last_error = @error, run_at = @next,
              dead_at = case when attempts >= @MaxAttempts then @now::timestamptz end
            where id = @Id
            """;
        var now = clock.GetUtcNow();
        return db.ExecuteAsync(sql, new
        {
            job.Id,
            MaxAttempts,
            now,
            next = now + TimeSpan.FromSeconds(Math.Pow(3, job.Attempts)),
            error = $"{e.GetType().Name}: {e.Message}",
        });
    }

    /// <summary>Asked each time a job wakes us: of most of them the time has not come.</summary>
    private async Task<IEnumerable<RecurringRegistration>> DueAsync(CancellationToken ct)
    {
        const string waiting = "select name from jobs.schedule where next_run_at > @now";
        var later = (await db.QueryAsync<string>(waiting, new { now = clock.GetUtcNow() }, ct)).ToHashSet(StringComparer.Ordinal);
        return recurring.Where(r => !later.Contains(r.Name));
    }

    private async Task<bool> RunRecurringAsync(RecurringRegistration work, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Ho_Chi_Minh");
        var next = new DateTimeOffset(CronExpression.Parse(work.Cron, CronFormat.IncludeSeconds).GetNextOccurrence(now.UtcDateTime, zone)!.Value);
        await db.ExecuteAsync("insert into jobs.schedule (name, cron, next_run_at) values (@Name, @Cron, @now) on conflict (name) do nothing", new { work.Name, work.Cron, now }, ct);
        if (await db.ExecuteAsync("update jobs.schedule set next_run_at = @next, last_run_at = @now, cron = @Cron where name = @Name and next_run_at <= @now", new { work.Name, work.Cron, next, now }, ct) == 0)
            return false;
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            await ((IRecurring)scope.ServiceProvider.GetRequiredService(work.Work)).RunAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // One failed round of recurring work must not stop the others; the next round tries again.
        catch (Exception e)
        {
            logger.LogError(e, "Recurring work {Name} failed", work.Name);
        }
#pragma warning restore CA1031
        return true;
    }

    private async Task ListenAsync(SemaphoreSlim[] woken, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = await db.Source.OpenConnectionAsync(ct);
                connection.Notification += (_, _) => Array.ForEach(woken, Wake);
                await using (var listen = new NpgsqlCommand("listen jobs", connection))
                    await listen.ExecuteNonQueryAsync(ct);
                while (true)
                    await connection.WaitAsync(ct);
            }
            catch (Exception e) when (e is NpgsqlException or IOException or OperationCanceledException)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static void Wake(SemaphoreSlim woken)
    {
        try
        {
            if (woken.CurrentCount == 0)
                woken.Release();
        }
        catch (SemaphoreFullException)
        {
            // Already awake.
        }
    }
}
