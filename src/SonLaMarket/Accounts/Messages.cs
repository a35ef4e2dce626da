using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Jobs;

namespace SonLaMarket.Accounts;

/// <summary>Mail and text messages to a person: written in the transaction they tell of, sent afterwards, at most one for each key.</summary>
public sealed class Messages(Queue queue, Channels channels, TimeProvider clock)
{
    /// <param name="channel">"email" or "sms".</param>
    /// <param name="key">Names the effect, e.g. "purchase-placed:SL7Q2K9M": a second message with it is not written.</param>
    /// <param name="expires">After this it is of no use and not sent any more.</param>
    public Task SendAsync(Tx tx, string channel, string recipient, string key, string subject, string body, DateTimeOffset? expires = null) =>
        SendAsync(tx, channel, [new(key, recipient, subject, body)], expires);

    /// <summary>Many of one kind at once, each with a key of its own.</summary>
    public Task SendAsync(Tx tx, string channel, IReadOnlyCollection<OutgoingMessage> all, DateTimeOffset? expires = null)
    {
        const string sql = """
            insert into accounts.message (key, channel, recipient, subject, body, created_at, expires_at)
            select m.key, @channel, m.recipient, m.subject, m.body, @now, @expires::timestamptz from unnest(@keys, @recipients, @subjects, @bodies) as m (key, recipient, subject, body)
            on conflict (key) do nothing
            """;
        var keys = all.Select(m => m.Key).ToArray();
        tx.Add(sql, new
        {
            channel,
            keys,
            recipients = all.Select(m => m.Recipient).ToArray(),
            subjects = all.Select(m => m.Subject).ToArray(),
            bodies = all.Select(m => m.Body).ToArray(),
            now = clock.GetUtcNow(),
            expires,
        });
        return channels.Find(channel) is null ? Task.CompletedTask : queue.AnnounceEachAsync(tx, [.. keys.Select(key => new MessageWritten(key))], keys);
    }

    /// <summary>Tells a person by every way to them, once for each <paramref name="happening"/>.</summary>
    /// <param name="happening">Names what happened, e.g. the order's code.</param>
    public Task TellAsync(Tx tx, IEnumerable<Contact> to, string language, Notice notice, string happening, params object[] values) =>
        TellEachAsync(tx, [new(to, language, notice, happening, values)]);

    /// <summary>The same for many people at once.</summary>
    public async Task TellEachAsync(Tx tx, IReadOnlyCollection<Telling> all)
    {
        foreach (var way in all.SelectMany(t => t.To.DistinctBy(c => c.Channel).Select(c => (To: c, Telling: t))).GroupBy(w => w.To.Channel))
            await SendAsync(tx, way.Key, [.. way.Select(w => w.Telling.Through(w.To))]);
    }

    /// <summary>Tells a person at every address that is theirs. Used where somebody else may have done what it tells of.</summary>
    public async Task TellAsync(Tx tx, IEnumerable<Contact> contacts, string effect, string subject, string body)
    {
        foreach (var contact in contacts)
            await SendAsync(tx, contact.Channel, contact.Value, $"{effect}:{Codes.Random(16)}", subject, body);
    }
}
