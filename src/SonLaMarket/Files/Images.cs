using NetVips;
using SonLaMarket.Foundation.Text;
using ZXing;
using ZXing.Common;

namespace SonLaMarket.Files;

/// <summary>A picture as pages need it: re-encoded, upright, without EXIF, GPS or other metadata.</summary>
public sealed record Rendered(string Name, string ContentType, int Width, int Height, byte[] Bytes);

/// <summary>Why a picture was refused; <see cref="Message"/> is Vietnamese and goes beside the field.</summary>
public sealed record PictureRefused(string Message);

/// <summary>Checks what an upload really is, and draws it anew.</summary>
public static class Images
{
    public const int MaxBytes = 10 << 20;
    public const long MaxPixels = 40_000_000;

    /// <summary>The most characters of a code, read or typed.</summary>
    public const int LongestCode = 300;

    public const string NoCode = "Không thấy mã nào đọc được trong ảnh này. Hãy chụp gần hơn, đủ sáng, thấy trọn mã QR; hoặc gõ mã in dưới mã QR.";
    public const string TooLarge = "Ảnh lớn hơn 10 MB. Hãy chọn ảnh nhỏ hơn hoặc chụp ở cỡ vừa.";
    private static readonly int[] Widths = [320, 640, 1200];

    public static (List<Rendered>? Renditions, PictureRefused? Refused) Render(byte[] bytes) =>
        Open(bytes, () => Widths.SelectMany(w => At(bytes, w)).ToList());

    /// <summary>What the code on the picture says, a QR code or the number of a GTIN; else why none was read.</summary>
    public static (string? Code, PictureRefused? Refused) ReadCode(byte[] bytes)
    {
        var (text, refused) = Open(bytes, () => CodeSizes.Select(s => CodeOf(bytes, s)).FirstOrDefault(text => text is not null));
        return Vietnamese.Clean(text) is { Length: > 0 and <= LongestCode } code ? (code, null) : (null, refused ?? new(NoCode));
    }

    /// <summary>The same of a picture that came with a form. Nothing of it is kept.</summary>
    public static async Task<(string? Code, PictureRefused? Refused)> ReadCodeAsync(IFormFile picture, CancellationToken ct)
    {
        if (picture.Length > MaxBytes)
            return (null, new(TooLarge));
        using var bytes = new MemoryStream((int)picture.Length);
        await picture.CopyToAsync(bytes, ct);
        return ReadCode(bytes.ToArray());
    }

    /// <summary>Small print needs the large picture, a blurred one is read better when it is small.</summary>
    private static readonly int[] CodeSizes = [1600, 800];

    private static string? CodeOf(byte[] bytes, int longest)
    {
        using var pipeline = Image.ThumbnailBuffer(bytes, longest, height: longest, size: Enums.Size.Down, failOn: Enums.FailOn.Error);
        using var flat = pipeline.HasAlpha() ? pipeline.Flatten(background: [255, 255, 255]) : pipeline.Copy();
        using var grey = flat.Colourspace(Enums.Interpretation.Bw);
        using var image = grey.Cast(Enums.BandFormat.Uchar);
        var reader = new BarcodeReaderGeneric
        {
            AutoRotate = true,
            Options = new DecodingOptions { TryHarder = true, TryInverted = true, PossibleFormats = [BarcodeFormat.QR_CODE, BarcodeFormat.EAN_13] },
        };
        return reader.Decode(image.WriteToMemory<byte>(), image.Width, image.Height, RGBLuminanceSource.BitmapFormat.Gray8)?.Text;
    }

    private static (T? Result, PictureRefused? Refused) Open<T>(byte[] bytes, Func<T?> read) where T : class
    {
        if (bytes.Length > MaxBytes)
            return (null, new(TooLarge));
        switch (Sniff(bytes))
        {
            case Kind.Heic:
                return (null, new("Ảnh HEIC chưa dùng được. Trên iPhone: Cài đặt → Camera → Định dạng → Tương thích nhất, rồi chụp lại; hoặc gửi ảnh qua Zalo rồi tải xuống."));
            case Kind.Other:
                return (null, new("Tệp này không phải ảnh JPEG, PNG hoặc WebP."));
        }
        try
        {
            // The header alone is read first: a small file may unpack to a giant picture.
            using (var header = Image.NewFromBuffer(bytes, access: Enums.Access.Sequential))
            {
                if ((long)header.Width * header.Height > MaxPixels || header.Width < 64 || header.Height < 64)
                    return (null, new("Ảnh quá lớn hoặc quá nhỏ. Hãy dùng ảnh từ 64 điểm đến 40 triệu điểm."));
            }
            return (read(), null);
        }
        catch (VipsException)
        {
            return (null, new("Không đọc được ảnh này, có thể tệp bị hỏng. Hãy chụp hoặc lưu lại rồi thử lần nữa."));
        }
    }

    /// <summary>Names of all renditions that a picture has.</summary>
    public static readonly IReadOnlyList<string> Sizes = ["w320.webp", "w640.webp", "w640.jpg", "w1200.webp", "w1200.jpg"];

    /// <summary>One rendition of a picture that is known to be good.</summary>
    internal static Rendered? RenderOne(byte[] bytes, string name) => Widths.Where(w => name.StartsWith($"w{w}.", StringComparison.Ordinal)).SelectMany(w => At(bytes, w)).FirstOrDefault(r => r.Name == name);

    /// <summary>All renditions of a drawing of ours. It is finished, in WebP: in its own size it stays as it is, which saves most of the work.</summary>
    public static List<Rendered> RenderDrawing(byte[] webp)
    {
        using var header = Image.NewFromBuffer(webp, access: Enums.Access.Sequential);
        return Math.Max(header.Width, header.Height) == Widths[^1] ? [.. Widths.SelectMany(w => At(webp, w, w == Widths[^1] ? webp : null))] : [.. Widths.SelectMany(w => At(webp, w))];
    }

    /// <param name="finished">The WebP of this size, when there is one already.</param>
    private static IEnumerable<Rendered> At(byte[] bytes, int width, byte[]? finished = null)
    {
        // Thumbnail applies the orientation; one copy in memory because the pipeline can be read only once.
        using var pipeline = Image.ThumbnailBuffer(bytes, width, height: width, size: Enums.Size.Down, failOn: Enums.FailOn.Error);
        using var srgb = pipeline.HasAlpha() ? pipeline.Flatten(background: [255, 255, 255]) : pipeline.Copy();
        using var image = srgb.CopyMemory();
        yield return new($"w{width}.webp", "image/webp", image.Width, image.Height, finished ?? image.WebpsaveBuffer(q: 78, keep: Enums.ForeignKeep.None, effort: 3));
        if (width == 640 || width == 1200)
            yield return new($"w{width}.jpg", "image/jpeg", image.Width, image.Height, image.JpegsaveBuffer(q: 80, keep: Enums.ForeignKeep.None, optimizeCoding: true));
    }

    private enum Kind { Picture, Heic, Other }

    /// <summary>By its first bytes; names and types that the browser sends are not believed.</summary>
    private static Kind Sniff(ReadOnlySpan<byte> b)
    {
        if (b.Length < 16)
            return Kind.Other;
        if (b.StartsWith<byte>([0xFF, 0xD8, 0xFF]) || b.StartsWith<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
            return Kind.Picture;
        if (b.StartsWith("RIFF"u8) && b[8..].StartsWith("WEBP"u8))
            return Kind.Picture;
        if (b[4..].StartsWith("ftyp"u8) && (b[8..].StartsWith("heic"u8) || b[8..].StartsWith("heix"u8) || b[8..].StartsWith("mif1"u8) || b[8..].StartsWith("hevc"u8) || b[8..].StartsWith("avif"u8)))
            return Kind.Heic;
        return Kind.Other;
    }
}
