using Npgsql;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Jobs;

/// <summary>
/// Runs long tasks apart from the queue, which must not wait for them: two at a time, of two persons, and beside them
/// what is urgent. What a killed process left is taken up again when its lease is over, three times at most.
/// </summary>
public sealed class TaskRunner(Db db, IServiceScopeFactory scopes, IEnumerable<LongTaskRegistration> kinds, TimeProvider clock, ILogger<TaskRunner> logger) : BackgroundService
{
    private const int MaxAttempts = 3;
    private const int Places = 2;

    /// <summary>Who takes the next task sees what the other has taken.</summary>
    private readonly SemaphoreSlim taking = new(1, 1);

    private readonly string[] urgent = [.. kinds.Where(k => k.Urgent).Select(k => k.Kind)];

    private readonly Dictionary<string, LongTaskRegistration> kinds = kinds.ToDictionary(k => k.Kind, StringComparer.Ordinal);

    private sealed record Taken(Guid Id, string Kind, string Input, int Attempts);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // One that dies ends the service, and says so.
        await foreach (var ended in Task.WhenEach(Enumerable.Range(0, Places + 1).Select(place => KeepOnAsync(place == Places, stoppingToken))))
            await ended;
    }

    private async Task KeepOnAsync(bool onlyUrgent, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunDueAsync(onlyUrgent, stoppingToken);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
            {
                logger.LogWarning("Long tasks wait for the database: {Reason}", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Runs everything that was asked for. Tests call it directly.</summary>
    public Task<int> RunDueAsync(CancellationToken ct) => RunDueAsync(false, ct);

    private async Task<int> RunDueAsync(bool onlyUrgent, CancellationToken ct)
    {
        var ran = 0;
        for (; await TakeAsync(onlyUrgent, ct) is { } task; ran++)
            await RunAsync(task, ct);
        return ran;
    }

    public override void Dispose()
    {
        taking.Dispose();
        base.Dispose();
    }

    private async Task<Taken?> TakeAsync(bool onlyUrgent, CancellationToken ct)
    {
        const string sql = """
            update jobs.long_task set state = 'running', attempts = attempts + 1, leased_until = @until, done = 0, total = null
            where id = (
              select w.id from jobs.long_task w
              where (w.state = 'waiting' or (w.state = 'running' and w.leased_until < @now))
                and (w.kind = any(@urgent) or (not @onlyUrgent and not exists (select 1 from jobs.long_task r where r.person_id = w.person_id and r.state = 'running' and r.leased_until >= @now)))
              order by w.kind = any(@urgent) desc, w.asked_at limit 1 for update skip locked)
            returning id, kind, input::text as input, attempts
            """;
        await taking.WaitAsync(ct);
        try
        {
            var now = clock.GetUtcNow();
            return await db.FirstOrDefaultAsync<Taken>(sql, new { now, until = now + TaskProgress.Lease, urgent, onlyUrgent }, ct);
        }
        finally
        {
            taking.Release();
        }
    }

    private async Task RunAsync(Taken task, CancellationToken ct)
    {
        TaskResult result;
        try
        {
            if (task.Attempts > MaxAttempts)
                result = new(new Said("Việc này bị ngắt nhiều lần nên đã dừng. Hãy thử lại sau."), Failed: true);
            else if (kinds.TryGetValue(task.Kind, out var kind))
            {
                await using var scope = scopes.CreateAsyncScope();
                result = await kind.Run(scope.ServiceProvider, task.Input, new TaskProgress(db, clock, task.Id), ct);
            }
            else
                throw new InvalidOperationException($"no long task {task.Kind}");
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await db.ExecuteAsync("update jobs.long_task set state = 'waiting', attempts = attempts - 1, leased_until = null where id = @Id", new { task.Id }, CancellationToken.None);
            throw;
        }
#pragma warning disable CA1031 // Work may fail in any way; its person is told, the reason is in the log.
        catch (Exception e)
        {
            logger.LogError(e, "Long task {Id} ({Kind}) failed", task.Id, task.Kind);
            result = new(new Said("Có lỗi khi làm việc này, không có gì dở dang. Lỗi đã được ghi lại; hãy thử lại sau."), Failed: true);
        }
#pragma warning restore CA1031
        await EndAsync(task.Id, result);
    }

    private Task EndAsync(Guid id, TaskResult result)
    {
        const string sql = """
            update jobs.long_task set state = @state, ended_at = @now, leased_until = null, message = @Text, message_args = @Args, result_path = @Path,
              done = case when @state = 'done' then coalesce(total, done) else done end
            where id = @id and state = 'running'
            """;
        return db.ExecuteAsync(sql, new { id, state = result.Failed ? "failed" : "done", now = clock.GetUtcNow(), result.Message.Text, result.Message.Args, result.Path }, CancellationToken.None);
    }
}

/// <summary>Forgets what ended a month ago.</summary>
public sealed class ForgetTasks(LongTasks tasks, Db db) : IRecurring
{
    public Task RunAsync(CancellationToken ct) => tasks.ForgetAsync(db, ct);
}
