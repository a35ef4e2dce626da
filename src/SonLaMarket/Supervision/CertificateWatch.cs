using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Npgsql;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Supervision;

/// <param name="Kind">"site" or "database".</param>
public sealed record ServerCertificate(string Address, string Kind, DateTimeOffset ValidUntil, DateTimeOffset CheckedAt)
{
    public bool EndsSoon(DateTimeOffset now) => ValidUntil - now < CertificateWatch.Soon;
}

/// <summary>
/// Looks once a day until when the certificates hold that the site's own address and, where it speaks TLS, the database show. From two weeks
/// before their end it is an error in the log and stands on the operator's first page.
/// </summary>
public sealed class CertificateWatch(Db db, SiteOptions site, TimeProvider clock, ILogger<CertificateWatch> logger) : IRecurring
{
    public static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What a client of PostgreSQL says to be answered 'S' where the server speaks TLS.</summary>
    private static readonly byte[] TlsWanted = [0, 0, 0, 8, 4, 210, 22, 47];

    public async Task RunAsync(CancellationToken ct)
    {
        const string keep = """
            insert into supervision.server_certificate (address, kind, valid_until, checked_at) values (@Address, @Kind, @ValidUntil, @CheckedAt)
            on conflict (address) do update set kind = excluded.kind, valid_until = excluded.valid_until, checked_at = excluded.checked_at
            """;
        var servers = Servers().ToList();
        // A place that is none of ours any more, or has shown none for a week.
        await db.ExecuteAsync("delete from supervision.server_certificate where address <> all(@addresses) or checked_at < @old", new { addresses = servers.ConvertAll(s => s.Address).ToArray(), old = clock.GetUtcNow().AddDays(-7) }, ct);
        foreach (var (address, kind, host, port) in servers)
        {
            var now = clock.GetUtcNow();
            if (await TryReadAsync(address, host, port, kind == "database", ct) is not { } until)
                continue;
            var shown = new ServerCertificate(address, kind, until, now);
            await db.ExecuteAsync(keep, shown, ct);
            if (shown.EndsSoon(now))
                logger.LogError("The certificate of {Address} ends on {Day}: renew it", address, Vietnamese.Day(until));
        }
    }

    /// <summary>Whose certificates matter to us, named as the operator knows them.</summary>
    private IEnumerable<(string Address, string Kind, string Host, int Port)> Servers()
    {
        if (Uri.TryCreate(site.PublicBaseUrl, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps)
            yield return (url.Authority, "site", url.Host, url.Port);
        var database = new NpgsqlConnectionStringBuilder(db.Source.ConnectionString);
        foreach (var named in database.SslMode == SslMode.Disable ? [] : (database.Host ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // A socket of this machine has no certificate; an address may bring its own port.
            var (host, port) = named.Split(':') is [var name, var given] && int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (name, number) : (named, database.Port);
            if (!named.StartsWith('/') && !named.StartsWith('@'))
                yield return (string.Create(CultureInfo.InvariantCulture, $"{host}:{port}"), "database", host, port);
        }
    }

    private async Task<DateTimeOffset?> TryReadAsync(string address, string host, int port, bool postgres, CancellationToken ct)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        enough.CancelAfter(Patience);
        try
        {
            return await ReadAsync(host, port, postgres, enough.Token);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            logger.LogWarning("The certificate of {Address} could not be looked at: {Reason}", address, e.Message);
            return null;
        }
    }

    /// <summary>The end of the certificate that a server shows; null where it speaks no TLS.</summary>
    /// <param name="postgres">It is asked for TLS in PostgreSQL's own words first.</param>
    public static async Task<DateTimeOffset?> ReadAsync(string host, int port, bool postgres, CancellationToken ct)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host, port, ct);
        var stream = client.GetStream();
        if (postgres)
        {
            await stream.WriteAsync(TlsWanted, ct);
            var answer = new byte[1];
            if (await stream.ReadAsync(answer, ct) == 0 || answer[0] != 'S')
                return null;
        }
#pragma warning disable CA5359 // It is looked at, not trusted: nothing is said over this connection, and one that has ended must be seen, too.
        await using var tls = new SslStream(stream, leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, ct);
        using var certificate = new X509Certificate2(tls.RemoteCertificate!);
        return new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);
    }
}
