using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Accounts;

/// <summary>Mail and text messages to a person: written in the transaction they tell of, sent afterwards, at most one for each key.</summary>
public sealed class Messages(TimeProvider clock)
{
    /// <param name="channel">"email" or "sms".</param>
    /// <param name="key">Names the effect, e.g. "purchase-placed:SL7Q2K9M": a second message with it is not written.</param>
    public Task SendAsync(Tx tx, string channel, string recipient, string key, string subject, string body)
    {
        const string sql = """
            insert into accounts.message (key, channel, recipient, subject, body, created_at)
            values (@key, @channel, @recipient, @subject, @body, @now)
            on conflict (key) do nothing
            """;
        return tx.ExecuteAsync(sql, new { key, channel, recipient, subject, body, now = clock.GetUtcNow() });
    }
}
