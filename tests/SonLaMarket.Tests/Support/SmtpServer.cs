using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SonLaMarket.Tests.Support;

/// <summary>A mail that was taken over.</summary>
public sealed record ReceivedMail(string From, IReadOnlyList<string> To, string Data);

/// <summary>A small mail server on loopback (RFC 5321: HELO, EHLO, MAIL, RCPT, DATA, RSET, NOOP, QUIT). What it answers to each command can be changed.</summary>
public sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly List<ReceivedMail> mails = [];
    private readonly Task accepting;

    public SmtpServer()
    {
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The answer to a command instead of the usual one; null for the usual one. "DATA." is the end of the message; an empty answer cuts the connection.</summary>
    public Func<string, string?> Answer { get; set; } = _ => null;

    public IReadOnlyList<ReceivedMail> Mails
    {
        get
        {
            lock (mails)
                return [.. mails];
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptTcpClientAsync(stopping.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await TalkAsync(client.GetStream());
            }
            catch (IOException)
            {
                // The other side has gone.
            }
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        var (from, to) = ("", new List<string>());
        await writer.WriteLineAsync("220 localhost");
        while (await reader.ReadLineAsync(stopping.Token) is { } line)
        {
            if (line == "DATA" && Answer(line) is null)
            {
                await writer.WriteLineAsync("354 end with a dot");
                var data = await DataAsync(reader);
                var refused = Answer("DATA.");
                if (refused is null)
                {
                    lock (mails)
                        mails.Add(new(from, [.. to], data));
                }
                line = "DATA.";
            }
            else if (line.StartsWith("MAIL FROM:", StringComparison.OrdinalIgnoreCase))
                (from, to) = (line[10..].Split('>')[0].Trim('<', ' '), []);
            else if (line.StartsWith("RCPT TO:", StringComparison.OrdinalIgnoreCase) && Answer(line) is null)
                to.Add(line[8..].Split('>')[0].Trim('<', ' '));
            if (Answer(line) is "")
                return;
            await writer.WriteLineAsync(Answer(line) ?? (line == "QUIT" ? "221 bye" : "250 OK"));
            if (line == "QUIT")
                return;
        }
    }

    private async Task<string> DataAsync(StreamReader reader)
    {
        var data = new StringBuilder();
        while (true)
        {
            // What ends without its dot was never handed over.
            var line = await reader.ReadLineAsync(stopping.Token) ?? throw new EndOfStreamException();
            if (line == ".")
                return data.ToString();
            data.AppendLine(line.StartsWith('.') ? line[1..] : line);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (accepting.IsCompleted)
            return;
        await stopping.CancelAsync();
        listener.Dispose();
        await accepting;
        stopping.Dispose();
    }
}
