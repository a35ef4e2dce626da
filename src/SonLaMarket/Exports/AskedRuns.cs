using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Exports;

/// <summary>Announced when a program asks for new files of a profile.</summary>
public sealed record RunAsked(Guid Id);

/// <summary>What became of asking.</summary>
/// <param name="Id">The run; null when there is none: no such profile takes files, or the last run was asked for too short a time ago.</param>
public sealed record AskedRun(Guid? Id, bool TooSoon);

/// <summary>Runs that programs ask for by their key: made by the queue, followed by their id.</summary>
public sealed class AskedRuns(Db db, Queue queue, ExportRuns runs, Audit audit, TimeProvider clock) : IHandle<RunAsked>
{
    /// <summary>Who acts when no person does.</summary>
    public const string Role = "api-key";

    /// <summary>A key asks for new files of a profile once in this time: the same process makes the files from which something must go within seconds.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>The run; the one that the key waits for already, where there is one.</summary>
    public async Task<AskedRun> AskAsync(Tx tx, string profile, string key)
    {
        const string insert = """
            insert into exports.asked_run (id, key_code, profile_code, asked_at)
            select @id, @key, f.code, @now from exports.newest_profile f where f.code = @profile and f.status <> 'legacy' and cardinality(f.formats) > 0
              and not exists (select 1 from exports.asked_run a where a.key_code = @key and a.profile_code = @profile and a.ended_at is not null and a.asked_at > @before)
            on conflict (key_code, profile_code) where ended_at is null do nothing
            """;
        const string why = """
            select (select id from exports.asked_run where key_code = @key and profile_code = @profile and ended_at is null) as id,
              exists (select 1 from exports.asked_run where key_code = @key and profile_code = @profile and asked_at > @before) as too_soon
            """;
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        if (await tx.ExecuteAsync(insert, new { id, key, profile, now, before = now - Pause }) == 0)
            return await tx.SingleAsync<AskedRun>(why, new { key, profile, before = now - Pause });
        await queue.AnnounceAsync(tx, new RunAsked(id));
        await audit.WriteAsync(tx, new Actor(null, Role), "export.run", "feed:" + profile, detail: new { key });
        return new(id, false);
    }

    /// <summary>A run that failed says so and is not tried again by itself: whoever asked may ask again.</summary>
    public async Task HandleAsync(RunAsked message, CancellationToken ct)
    {
        if (await db.FirstOrDefaultAsync<string>("update exports.asked_run set begun_at = @now where id = @Id and ended_at is null returning profile_code", new { message.Id, now = clock.GetUtcNow() }, ct) is not { } profile)
            return;
        var (run, _) = await runs.TryBuildAsync(profile, Role, ct);
        await db.ExecuteAsync("update exports.asked_run set run_id = @run, ended_at = @now where id = @Id", new { message.Id, run, now = clock.GetUtcNow() }, ct);
    }
}
