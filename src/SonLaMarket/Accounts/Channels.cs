using SonLaMarket.Foundation.Data;
using SonLaMarket.Jobs;

namespace SonLaMarket.Accounts;

/// <summary>A way to reach people, such as a mail server or a gateway for SMS or Zalo. What it throws is tried again later.</summary>
public interface IChannel
{
    /// <summary>What it carries: <see cref="Channels.Email"/> or <see cref="Channels.Text"/>.</summary>
    string Carries { get; }

    Task SendAsync(OutgoingMessage message, CancellationToken ct);
}

/// <param name="Key">The same for each try: a gateway that knows it already sends nothing twice.</param>
/// <param name="Recipient">E-mail address, or phone in E.164.</param>
public sealed record OutgoingMessage(string Key, string Recipient, string Subject, string Body);

/// <summary>
/// The channels of this installation. Outside production all of them end on the operator's outbox page; in production
/// what no channel carries is not offered to anybody.
/// </summary>
public sealed class Channels(IEnumerable<IChannel> channels, IHostEnvironment environment)
{
    public const string Email = "email";

    /// <summary>A short text to a phone, by SMS or Zalo.</summary>
    public const string Text = "sms";

    private readonly Dictionary<string, IChannel> channels = channels.ToDictionary(c => c.Carries, StringComparer.Ordinal);

    /// <summary>Messages are read on the outbox page instead of being sent.</summary>
    public bool OnOutboxPage => !environment.IsProduction() && channels.Count == 0;

    public bool Offers(string channel) => !environment.IsProduction() || channels.ContainsKey(channel);

    public bool OffersAny => Offers(Text) || Offers(Email);

    public IChannel? Find(string channel) => channels.GetValueOrDefault(channel);
}

/// <summary>Announced with each message that a channel can carry.</summary>
public sealed record MessageWritten(string Key);

/// <summary>Hands messages to their channel, once each unless the channel fails after it has sent.</summary>
public sealed class Delivery(Channels channels, Db db, TimeProvider clock) : IHandle<MessageWritten>
{
    public async Task HandleAsync(MessageWritten message, CancellationToken ct)
    {
        const string select = "select channel, recipient, subject, body from accounts.message where key = @Key and sent_at is null and (expires_at is null or expires_at > @now)";
        if (await db.FirstOrDefaultAsync<Unsent>(select, new { message.Key, now = clock.GetUtcNow() }, ct) is not { } unsent || channels.Find(unsent.Channel) is not { } channel)
            return;
        await channel.SendAsync(new OutgoingMessage(message.Key, unsent.Recipient, unsent.Subject, unsent.Body), ct);
        await db.ExecuteAsync("update accounts.message set sent_at = @now where key = @Key", new { message.Key, now = clock.GetUtcNow() }, CancellationToken.None);
    }

    private sealed record Unsent(string Channel, string Recipient, string Subject, string Body);
}
