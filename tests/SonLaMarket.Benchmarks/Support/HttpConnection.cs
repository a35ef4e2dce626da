using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace SonLaMarket.Benchmarks.Support;

/// <param name="Head">Status line and headers as text.</param>
/// <param name="Length">Bytes of head and body.</param>
public readonly record struct Reply(int Status, string? Head, string? Body, int Length);

/// <summary>One kept-alive HTTP/1.1 connection that does next to nothing, so that the measured program has the processor.</summary>
public sealed class HttpConnection : IDisposable
{
    private readonly Socket socket;
    private byte[] buffer = new byte[1 << 16];
    private int filled;

    private HttpConnection(Socket socket) => this.socket = socket;

    public static async Task<HttpConnection> OpenAsync(Uri url)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(url.Host, url.Port);
        return new HttpConnection(socket);
    }

    public static byte[] Get(Uri url, string path, params string[] headers) =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {url.Authority}\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n");

    public static byte[] Post(Uri url, string path, string form, params string[] headers) =>
        Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: {url.Authority}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {form.Length}\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n{form}");

    /// <param name="read">True to get head and body as text.</param>
    public async ValueTask<Reply> SendAsync(ReadOnlyMemory<byte> request, bool read = false)
    {
        filled = 0;
        await socket.SendAsync(request);
        var head = await UntilAsync("\r\n\r\n"u8.ToArray(), 0);
        var text = buffer.AsSpan(0, head);
        var status = ((text[9] - '0') * 100) + ((text[10] - '0') * 10) + text[11] - '0';
        var end = Number(text, "\r\nContent-Length: "u8) is { } length ? head + length
            : text.IndexOf("\r\nTransfer-Encoding: chunked"u8) >= 0 ? await UntilAsync("0\r\n\r\n"u8.ToArray(), head) : head;
        while (filled < end)
            await MoreAsync();
        return read
            ? new Reply(status, Encoding.UTF8.GetString(buffer, 0, head), Encoding.UTF8.GetString(buffer, head, end - head), end)
            : new Reply(status, null, null, end);
    }

    private static int? Number(ReadOnlySpan<byte> head, ReadOnlySpan<byte> header)
    {
        var at = head.IndexOf(header);
        if (at < 0)
            return null;
        var value = head[(at + header.Length)..];
        return int.Parse(value[..value.IndexOf((byte)'\r')], NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private async ValueTask<int> UntilAsync(byte[] mark, int from)
    {
        while (true)
        {
            var at = buffer.AsSpan(from, filled - from).IndexOf(mark);
            if (at >= 0)
                return from + at + mark.Length;
            await MoreAsync();
        }
    }

    private async ValueTask MoreAsync()
    {
        if (filled == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        var got = await socket.ReceiveAsync(buffer.AsMemory(filled));
        filled += got > 0 ? got : throw new IOException("The connection was closed in the middle of an answer.");
    }

    public void Dispose() => socket.Dispose();
}
