using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace SonLaMarket.Benchmarks.Limit;

/// <summary>A page of exactly 10 kB, written as UTF-8 where Kestrel reads it.</summary>
internal sealed class Utf8Page
{
    private const int Size = 10_240;
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private static readonly byte[] Frame = [.. Enumerable.Repeat("<p>Nông sản Sơn La, biết rõ từ vườn nào.</p>\n", 300).SelectMany(System.Text.Encoding.UTF8.GetBytes)];
    private readonly PipeWriter writer;
    private int written;

    public Utf8Page(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = Size;
        writer = context.Response.BodyWriter;
        Raw("<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\"><title>SonLaMarket</title></head><body><main>"u8);
    }

    public Utf8Page Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(writer.GetSpan(bytes.Length));
        writer.Advance(bytes.Length);
        written += bytes.Length;
        return this;
    }

    /// <summary>Text of people, escaped.</summary>
    public Utf8Page Text(ReadOnlySpan<char> text)
    {
        Span<byte> plain = stackalloc byte[1024];
        while (text.Length > 0)
        {
            var part = text[..Math.Min(text.Length, 300)];
            text = text[part.Length..];
            var length = System.Text.Encoding.UTF8.GetBytes(part, plain);
            var span = writer.GetSpan(6 * length);
            Encoder.EncodeUtf8(plain[..length], span, out _, out var bytes);
            writer.Advance(bytes);
            written += bytes;
        }
        return this;
    }

    public Utf8Page Number(long number)
    {
        var span = writer.GetSpan(20);
        number.TryFormat(span, out var bytes, provider: System.Globalization.CultureInfo.InvariantCulture);
        writer.Advance(bytes);
        written += bytes;
        return this;
    }

    public async Task EndAsync()
    {
        var end = "</main></body></html>"u8.ToArray();
        if (written + end.Length > Size)
            throw new InvalidOperationException($"{written} bytes before the end");
        Raw(Frame.AsSpan(0, Size - written - end.Length)).Raw(end);
        await writer.FlushAsync();
    }
}
