using System.Text.Json;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Jobs;

/// <summary>Work of more than two seconds that somebody asked for: imports, reports, many labels, files for other marketplaces.</summary>
/// <typeparam name="TInput">What was asked for; kept as JSON.</typeparam>
public interface ILongTask<in TInput>
{
    /// <summary>Does the work, again from the beginning when the first time was cut off: the effect must bear repetition.</summary>
    Task<TaskResult> RunAsync(TInput input, TaskProgress progress, CancellationToken ct);
}

/// <param name="Path">Where the result is looked at or taken away; null when the message says it all.</param>
/// <param name="Failed">It could not be done, for the reason in the message.</param>
public sealed record TaskResult(Said Message, string? Path = null, bool Failed = false);

/// <param name="Urgent">It waits for no other work, its person's neither.</param>
public sealed record LongTaskRegistration(string Kind, Func<IServiceProvider, string, TaskProgress, CancellationToken, Task<TaskResult>> Run, bool Urgent = false);

public static class LongTaskServices
{
    /// <param name="urgent">A place of the runner is free for it at all times, and it waits for nothing else of its person.</param>
    public static IServiceCollection AddLongTask<TInput, TWork>(this IServiceCollection services, bool urgent = false) where TWork : class, ILongTask<TInput>
    {
        services.AddScoped<TWork>();
        return services.AddSingleton(new LongTaskRegistration(typeof(TInput).Name, (s, input, progress, ct) => s.GetRequiredService<TWork>().RunAsync(JsonSerializer.Deserialize<TInput>(input)!, progress, ct), urgent));
    }
}

/// <summary>The work as its person sees it.</summary>
public sealed record LongTask(
    Guid Id, string Title, string[] TitleArgs, string State, long Done, long? Total, string? Message, string[] MessageArgs, string? ResultPath, DateTimeOffset AskedAt, DateTimeOffset? EndedAt)
{
    public bool Open => State is "waiting" or "running";
}

public sealed class LongTasks(TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Asks for work, in the transaction of whatever causes it; the number under which it is followed.</summary>
    public async Task<Guid> AskAsync<TInput>(Tx tx, long personId, Said title, TInput input)
    {
        const string insert = """
            insert into jobs.long_task (id, person_id, kind, input, title, title_args, state, asked_at)
            values (@id, @personId, @kind, @input::jsonb, @Text, @Args, 'waiting', @now)
            """;
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await tx.ExecuteAsync(insert, new { id, personId, kind = typeof(TInput).Name, input = JsonSerializer.Serialize(input), title.Text, title.Args, now });
        return id;
    }

    public static Task<LongTask?> FindAsync(Sql sql, Guid id, long personId, CancellationToken ct)
    {
        const string select = """
            select id, title, title_args, state, done, total, message, message_args, result_path, asked_at, ended_at from jobs.long_task where id = @id and person_id = @personId
            """;
        return sql.FirstOrDefaultAsync<LongTask>(select, new { id, personId }, ct);
    }

    /// <summary>Newest first.</summary>
    public static async Task<Page<LongTask>> PageAsync(Sql sql, long personId, Guid? before, int take, CancellationToken ct)
    {
        const string select = """
            select id, title, title_args, state, done, total, message, message_args, result_path, asked_at, ended_at from jobs.long_task
            where person_id = @personId and (@before::uuid is null or (asked_at, id) < (select asked_at, id from jobs.long_task where id = @before and person_id = @personId))
            order by asked_at desc, id desc limit @take
            """;
        return Page<LongTask>.Of(await sql.QueryAsync<LongTask>(select, new { personId, before, take = take + 1 }, ct), take, t => Cursor.Of(t.Id.ToString()));
    }

    public Task<int> ForgetAsync(Sql sql, CancellationToken ct) => sql.ExecuteAsync("delete from jobs.long_task where ended_at < @before", new { before = clock.GetUtcNow() - Kept }, ct);
}

/// <summary>Says how far the work has come, at most twice a second, and keeps it from being taken for abandoned.</summary>
public sealed class TaskProgress(Db db, TimeProvider clock, Guid id)
{
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private DateTimeOffset said;

    public async Task ReportAsync(long done, long? total)
    {
        var now = clock.GetUtcNow();
        if (now - said < Pause && done != total)
            return;
        said = now;
        await db.ExecuteAsync("update jobs.long_task set done = @done, total = @total, leased_until = @until where id = @id and state = 'running'", new { id, done, total, until = now + Lease });
    }
}
