using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SonLaMarket.Tests.Support;

/// <summary>Shows a certificate of its own making that ends when the test says, at once or, as PostgreSQL does, after it was asked for TLS; nothing else.</summary>
public sealed class TlsServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 certificate;
    private readonly Task serving;

    public TlsServer(DateTimeOffset until, bool postgres = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(until.AddDays(-90), until);
        listener.Start();
        serving = ServeAsync(postgres);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    private async Task ServeAsync(bool postgres)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await ShowAsync(client.GetStream(), postgres);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task ShowAsync(NetworkStream stream, bool postgres)
    {
        try
        {
            if (postgres)
            {
                await stream.ReadExactlyAsync(new byte[8]);
                await stream.WriteAsync("S"u8.ToArray());
            }
            await using var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(certificate);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // Who looked has gone.
        }
    }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await serving;
        certificate.Dispose();
    }
}
