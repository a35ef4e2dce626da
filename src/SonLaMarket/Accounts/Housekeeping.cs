using SonLaMarket.Foundation.Data;
using SonLaMarket.Jobs;

namespace SonLaMarket.Accounts;

/// <summary>Forgets what has served: ended sessions and codes, old failures, the content of old messages, who came in a year ago.</summary>
public sealed class Housekeeping(Db db, TimeProvider clock) : IRecurring
{
    /// <summary>Nghị định 333/2026/NĐ-CP, Điều 16.6: at least 12 months.</summary>
    public static readonly TimeSpan AccessKept = TimeSpan.FromDays(366);

    public static readonly TimeSpan MessagesKept = TimeSpan.FromDays(30);

    public Task RunAsync(CancellationToken ct)
    {
        const string forget = """
            delete from accounts.session where expires_at < @now;
            delete from accounts.one_time_code where created_at < @day;
            delete from accounts.passkey_challenge where expires_at < @now;
            delete from accounts.sign_in_failure where failed_at < @day;
            delete from accounts.one_time_link where expires_at < @month;
            delete from accounts.access where at < @year;
            update accounts.message set recipient = '', body = '', last_error = '' where created_at < @month and recipient <> ''
            """;
        var now = clock.GetUtcNow();
        return db.ExecuteAsync(forget, new { now, day = now.AddDays(-1), month = now - MessagesKept, year = now - AccessKept }, ct);
    }
}
