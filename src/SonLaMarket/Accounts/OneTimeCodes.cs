using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts;

/// <summary>How sending a code ended. It does not depend on whether an account with this contact exists.</summary>
public abstract record CodeSending
{
    /// <param name="Ticket">Goes into the form beside the code: without it the code is worth nothing.</param>
    public sealed record Sent(string Ticket) : CodeSending;

    public sealed record TooMany(TimeSpan Wait) : CodeSending;
}

/// <summary>How typing a code ended.</summary>
public abstract record CodeCheck
{
    /// <param name="About">What the sender of the code remembered beside it.</param>
    public sealed record Right(Contact Contact, string About) : CodeCheck;

    public sealed record Wrong(int Left) : CodeCheck;

    /// <summary>Used, too old, tried too often, or never made.</summary>
    public sealed record Ended : CodeCheck;
}

/// <summary>
/// Codes of six digits sent to a phone or mailbox, bound to the form that asked for them (ASVS 5.0, 6.6). What a code is
/// for and whom it went to travels sealed in the form; the database keeps hashes.
/// </summary>
public sealed class OneTimeCodes(Messages messages, IDataProtectionProvider protection, SiteOptions site, IConfiguration configuration, IHostEnvironment environment, ILogger<OneTimeCodes> logger, TimeProvider clock)
{
    public const int Tries = 5;
    public const int PerHour = 3;
    public const int PerDay = 10;
    public const int PerSourceAndHour = 30;
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>More than this in an hour is worth a look: somebody may live on the price of our messages.</summary>
    private const int AlarmPerHour = 200;

    private readonly IDataProtector tickets = protection.CreateProtector("one-time-code");

    /// <summary>All sends of a day together, so that the bill has an end.</summary>
    private readonly int perDayOfAll = configuration.GetValue("Codes:PerDay", 3000);

    /// <param name="purpose">A code of one purpose opens no other.</param>
    /// <param name="text">The message with the code in it; null where there is nobody to tell and nobody is to notice.</param>
    /// <param name="about">Handed back when the code was right.</param>
    public async Task<CodeSending> SendAsync(Tx tx, string purpose, Contact to, IPAddress? from, Func<string, string>? text, string about = "")
    {
        const string insert = """
            insert into accounts.one_time_code (token_hash, purpose, recipient_hash, code_hash, source, created_at, expires_at)
            values (@token, @purpose, @recipient, @code, @source, @now, @expires)
            """;
        var recipient = Codes.Hash(to.Value);
        var source = from is not null && IPAddress.IsLoopback(from) && !environment.IsProduction() ? "" : Source.Of(from);
        if (await WaitAsync(tx, recipient, source) is { } wait)
            return new CodeSending.TooMany(wait);
        var secret = Codes.Secret();
        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
        var now = clock.GetUtcNow();
        await tx.ExecuteAsync(insert, new { token = Codes.Hash(secret), purpose, recipient, code = CodeHash(secret, code), source, now, expires = now + Lifetime });
        // The last line lets a phone fill the code in, and only on our own pages (origin-bound one-time codes).
        var body = text?.Invoke(code) + (to.IsEmail ? "" : $"\n@{new Uri(site.PublicBaseUrl).Host} #{code}");
        if (text is not null)
            await messages.SendAsync(tx, to.Channel, to.Value, "code:" + Convert.ToHexStringLower(Codes.Hash(secret)[..12]), "SonLaMarket", body, now + Lifetime);
        return new CodeSending.Sent(tickets.CreateProtector(purpose).Protect(JsonSerializer.Serialize(new Ticket(secret, to.Value, about))));
    }

    /// <summary>Each try counts, the right one too.</summary>
    public async Task<CodeCheck> CheckAsync(Db db, string purpose, string? ticket, string? code)
    {
        const string check = """
            update accounts.one_time_code set tries = tries + 1, used_at = case when code_hash = @code then @now end
            where token_hash = @token and purpose = @purpose and used_at is null and expires_at > @now and tries < @Tries
            returning tries, used_at is not null as used
            """;
        if (Open(purpose, ticket) is not { } opened)
            return new CodeCheck.Ended();
        var typed = new string([.. (code ?? "").Where(char.IsAsciiDigit)]);
        var tried = await db.FirstOrDefaultAsync<Tried>(check, new { token = Codes.Hash(opened.Secret), purpose, code = CodeHash(opened.Secret, typed), now = clock.GetUtcNow(), Tries });
        return tried switch
        {
            null => new CodeCheck.Ended(),
            { Used: true } => new CodeCheck.Right(new Contact(opened.Recipient), opened.About),
            { Tries: >= Tries } => new CodeCheck.Ended(),
            _ => new CodeCheck.Wrong(Tries - tried.Tries),
        };
    }

    /// <summary>Whom the code went to and what was remembered; null when the ticket is not ours.</summary>
    public (Contact Contact, string About)? Read(string purpose, string? ticket) =>
        Open(purpose, ticket) is { } opened ? (new Contact(opened.Recipient), opened.About) : null;

    private async Task<TimeSpan?> WaitAsync(Tx tx, byte[] recipient, string source)
    {
        const string counts = """
            select pg_advisory_xact_lock(hashtextextended(encode(@recipient, 'hex'), 15));
            select count(*) filter (where recipient_hash = @recipient and created_at > @hour)::int as hour, count(*) filter (where recipient_hash = @recipient)::int as day,
              count(*) filter (where source = @source and source <> '' and created_at > @hour)::int as source, count(*) filter (where created_at > @hour)::int as all_hour, count(*)::int as all_day,
              min(created_at) filter (where recipient_hash = @recipient and created_at > @hour) as first_at
            from accounts.one_time_code where created_at > @daybefore
            """;
        var now = clock.GetUtcNow();
        var sent = await tx.MultipleAsync(counts, new { recipient, source, hour = now.AddHours(-1), daybefore = now.AddDays(-1) }, async g =>
        {
            await g.ReadAsync<object>();
            return await g.ReadSingleAsync<Counts>();
        });
        if (sent.AllHour == AlarmPerHour)
            logger.LogWarning("More than {Count} one-time codes were sent within an hour.", AlarmPerHour);
        if (sent.AllDay >= perDayOfAll || sent.Day >= PerDay || sent.Source >= PerSourceAndHour)
            return TimeSpan.FromHours(1);
        return sent.Hour >= PerHour ? sent.FirstAt!.Value.AddHours(1) - now : null;
    }

    private Ticket? Open(string purpose, string? ticket)
    {
        if (string.IsNullOrEmpty(ticket) || ticket.Length > 4000)
            return null;
        try
        {
            return JsonSerializer.Deserialize<Ticket>(tickets.CreateProtector(purpose).Unprotect(ticket));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static byte[] CodeHash(string secret, string code) => Codes.Hash(secret + ":" + code);

    private sealed record Ticket(string Secret, string Recipient, string About);

    private sealed record Tried(int Tries, bool Used);

    private sealed record Counts(int Hour, int Day, int Source, int AllHour, int AllDay, DateTimeOffset? FirstAt);
}
