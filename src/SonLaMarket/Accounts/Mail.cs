using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Accounts;

/// <summary>How mail leaves: <c>Mail__Host</c> and so on. Without a host none does.</summary>
public sealed record MailSettings
{
    public string Host { get; set; } = "";

    public int Port { get; set; } = 587;

    public string User { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>Who writes: an address of a domain that lets this server send for it (SPF, DKIM).</summary>
    public string From { get; set; } = "";

    /// <summary>"starttls", "tls" from the first byte, or "none" for a server on the same machine.</summary>
    public string Security { get; set; } = "starttls";

    public SecureSocketOptions Options => Security switch
    {
        "starttls" => SecureSocketOptions.StartTls,
        "tls" => SecureSocketOptions.SslOnConnect,
        "none" => SecureSocketOptions.None,
        _ => throw new InvalidOperationException("Setting Mail__Security: starttls, tls or none."),
    };

    public static MailSettings Of(IConfiguration configuration) => configuration.GetSection("Mail").Get<MailSettings>() ?? new MailSettings();
}

/// <summary>A message as it goes over the wire.</summary>
internal static class Mime
{
    /// <summary>The id comes from the message's key: a mail server or reader that has seen it already sees that it is the same.</summary>
    public static MimeMessage Of(OutgoingMessage message, string from)
    {
        var sender = MailboxAddress.Parse(from);
        var mail = new MimeMessage
        {
            Subject = message.Subject,
            MessageId = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(message.Key)))[..32] + "@" + sender.Domain,
            Body = new TextPart("plain") { Text = message.Body },
        };
        mail.From.Add(new MailboxAddress("SonLaMarket", sender.Address));
        mail.To.Add(MailboxAddress.Parse(message.Recipient));
        // Machines do not answer machines (RFC 3834).
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        return mail;
    }
}

/// <summary>Mail through a server (SMTP). A refusal for good (5xx of this recipient or message) is told apart from what may pass.</summary>
public sealed class Smtp(MailSettings settings) : IChannel
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Carries => Channels.Email;

    public async Task SendAsync(OutgoingMessage message, CancellationToken ct)
    {
        using var client = new SmtpClient { Timeout = (int)Patience.TotalMilliseconds };
        try
        {
            await client.ConnectAsync(settings.Host, settings.Port, settings.Options, ct);
            if (settings.User.Length > 0)
                await client.AuthenticateAsync(settings.User, settings.Password, ct);
            await client.SendAsync(Mime.Of(message, settings.From), ct);
        }
        // What the server says may repeat the recipient's address, which belongs in no log: its code is enough.
        catch (SmtpCommandException e)
        {
            var code = ((int)e.StatusCode).ToString(CultureInfo.InvariantCulture);
            throw (int)e.StatusCode >= 500 && e.ErrorCode is (SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted)
                ? new MessageRefusedException(code)
                : new ChannelException($"the mail server answered {code}");
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or SmtpProtocolException or MailKit.ServiceNotConnectedException or AuthenticationException or TimeoutException)
        {
            throw new ChannelException($"the mail server could not be used: {e.GetType().Name}");
        }
        await LeaveAsync(client);
    }

    /// <summary>The message was taken over: a goodbye that fails must not send it again.</summary>
    private static async Task LeaveAsync(SmtpClient client)
    {
        try
        {
            await client.DisconnectAsync(true, CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or SmtpProtocolException or SmtpCommandException or System.Net.Sockets.SocketException)
        {
            // Nothing is lost with the connection.
        }
    }
}

/// <summary>Mail of the demonstration: each message a file that every mail reader opens, shown on the outbox page. Nothing leaves the machine.</summary>
public sealed class MailFolder(IConfiguration configuration) : IChannel
{
    private readonly string folder = configuration["Mail:Folder"] is { Length: > 0 } given ? Path.GetFullPath(given) : DataFolders.Of(configuration, "mail");

    public string Carries => Channels.Email;

    public async Task SendAsync(OutgoingMessage message, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        var path = PathOf(message.Key);
        await using (var stream = File.Create(path + ".part"))
            await Mime.Of(message, "cho@mau.invalid").WriteToAsync(stream, ct);
        File.Move(path + ".part", path, overwrite: true);
    }

    /// <summary>The file of a message, or null when there is none.</summary>
    public string? Find(string key) => File.Exists(PathOf(key)) ? PathOf(key) : null;

    private string PathOf(string key) => Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32] + ".eml");
}
