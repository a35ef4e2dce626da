using SonLaMarket.Foundation.Data;
using SonLaMarket.Jobs;

namespace SonLaMarket.Accounts;

/// <summary>A way to reach people, such as a mail server or a gateway for SMS or Zalo. What it throws is tried again later.</summary>
public interface IChannel
{
    /// <summary>What it carries: <see cref="Channels.Email"/> or <see cref="Channels.Text"/>.</summary>
    string Carries { get; }

    /// <exception cref="MessageRefusedException">It will never be taken: nobody tries again.</exception>
    Task SendAsync(OutgoingMessage message, CancellationToken ct);
}

/// <summary>A channel refuses this message for good, such as an address that does not exist.</summary>
/// <param name="code">What it said, without the recipient.</param>
public sealed class MessageRefusedException(string code) : Exception($"refused for good: {code}");

/// <summary>A channel cannot be used now. The message names nobody.</summary>
public sealed class ChannelException(string message) : Exception(message);

/// <param name="Key">The same for each try: a gateway that knows it already sends nothing twice.</param>
/// <param name="Recipient">E-mail address, or phone in E.164.</param>
public sealed record OutgoingMessage(string Key, string Recipient, string Subject, string Body);

/// <summary>
/// The channels of this installation. Outside production all of them end on the operator's outbox page, mail of the demonstration
/// in a folder that it shows; in production what no channel carries is not offered to anybody.
/// </summary>
public sealed class Channels(IEnumerable<IChannel> channels, MailFolder samples, IHostEnvironment environment)
{
    public const string Email = "email";

    /// <summary>A short text to a phone, by SMS or Zalo.</summary>
    public const string Text = "sms";

    private readonly Dictionary<string, IChannel> channels = channels.ToDictionary(c => c.Carries, StringComparer.Ordinal);

    /// <summary>Messages are read on the outbox page instead of being sent.</summary>
    public bool OnOutboxPage => !environment.IsProduction() && channels.Count == 0;

    public bool Offers(string channel) => !environment.IsProduction() || channels.ContainsKey(channel);

    public bool OffersAny => Offers(Text) || Offers(Email);

    public IChannel? Find(string channel) => channels.GetValueOrDefault(channel) ?? (channel == Email && environment.IsEnvironment("Demonstration") ? samples : null);
}

/// <summary>Announced with each message that a channel can carry.</summary>
public sealed record MessageWritten(string Key);

/// <summary>Hands messages to their channel: one at a time for each, again after what may pass, never again once it was taken or refused.</summary>
public sealed class Delivery(Channels channels, Db db, TimeProvider clock) : IHandle<MessageWritten>
{
    /// <summary>Longer than any channel takes; a process that died meanwhile leaves the message to the others after it.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(2);

    public async Task HandleAsync(MessageWritten message, CancellationToken ct)
    {
        const string claim = """
            update accounts.message set attempts = attempts + 1, claimed_until = @until
            where key = @Key and sent_at is null and refused_at is null and (expires_at is null or expires_at > @now) and (claimed_until is null or claimed_until <= @now)
            returning channel, recipient, subject, body
            """;
        const string open = "select exists (select 1 from accounts.message where key = @Key and sent_at is null and refused_at is null and claimed_until > @now)";
        var now = clock.GetUtcNow();
        if (await db.FirstOrDefaultAsync<Unsent>(claim, new { message.Key, now, until = now + Claim }, ct) is not { } unsent)
        {
            if (await db.SingleAsync<bool>(open, new { message.Key, now }, ct))
                throw new ChannelException("somebody else was sending it when last heard of");
            return;
        }
        if (unsent.Recipient.Length == 0 || channels.Find(unsent.Channel) is not { } channel)
            return;
        try
        {
            await channel.SendAsync(new OutgoingMessage(message.Key, unsent.Recipient, unsent.Subject, unsent.Body), ct);
        }
        catch (MessageRefusedException e)
        {
            await db.ExecuteAsync("update accounts.message set refused_at = @now, last_error = @Message, claimed_until = null where key = @Key", new { message.Key, e.Message, now = clock.GetUtcNow() }, CancellationToken.None);
            return;
        }
#pragma warning disable CA1031 // Whatever a channel threw, the message is free for the next try.
        catch (Exception e)
        {
            await db.ExecuteAsync("update accounts.message set claimed_until = null, last_error = @error where key = @Key", new { message.Key, error = e is ChannelException ? e.Message : e.GetType().Name }, CancellationToken.None);
            throw;
        }
#pragma warning restore CA1031
        await db.ExecuteAsync("update accounts.message set sent_at = @now, claimed_until = null, last_error = '' where key = @Key", new { message.Key, now = clock.GetUtcNow() }, CancellationToken.None);
    }

    private sealed record Unsent(string Channel, string Recipient, string Subject, string Body);
}
