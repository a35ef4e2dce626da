using System.IO.Compression;
using SonLaMarket.Files;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Imports;

/// <summary>
/// Pictures packed into one file beside a sheet, as far as they are believed: few enough, small enough, each under a name of its own, nothing packed within.
/// Counted while unpacking: what a head of the ZIP says is not believed. Nothing is written to where a name points: of a path only its last part counts.
/// </summary>
public static class PictureZip
{
    public const int MaxBytes = 50 << 20;
    public const int MaxPictures = 1000;
    private const long MaxUnpacked = 2L * MaxBytes;
    private const int MaxRatio = 100;

    /// <summary>Below this size nobody is harmed, however well it packs.</summary>
    private const int RatioFrom = 10 << 20;

    private static readonly Said Broken = new("Không đọc được tệp ảnh. Hãy nén lại các ảnh thành một tệp .zip, không đặt mật khẩu.");
    private static readonly Said TooLarge = new("Tệp ảnh mở ra quá lớn. Hãy gửi nhiều nhất {0} ảnh, tất cả không quá 100 MB.", Vietnamese.Number(MaxPictures));

    /// <summary>One after the other, so that one picture at a time is held; null instead of bytes where one is larger than a picture may be.</summary>
    /// <exception cref="WorkbookRefusedException">The file as a whole is not taken.</exception>
    public static IEnumerable<(string Name, byte[]? Bytes)> Read(Stream zip)
    {
        using var package = Careful(() => new ZipArchive(zip, ZipArchiveMode.Read));
        var (names, unpacked) = (new HashSet<string>(StringComparer.Ordinal), 0L);
        if (Careful(() => package.Entries.Count) > MaxPictures * 2)
            throw new WorkbookRefusedException(TooLarge);
        foreach (var entry in package.Entries.Where(e => !IsLitter(e.FullName)))
        {
            var name = Name(entry.FullName);
            if (!names.Add(SentPictures.Key(name)))
                throw new WorkbookRefusedException(new Said("Trong tệp ảnh có hai ảnh cùng tên “{0}”. Hãy đổi tên một ảnh.", name));
            if (names.Count > MaxPictures)
                throw new WorkbookRefusedException(TooLarge);
            var (bytes, length) = Careful(() => Unpack(entry, name));
            unpacked += length;
            if (unpacked > MaxUnpacked || (unpacked > RatioFrom && unpacked > zip.Length * MaxRatio))
                throw new WorkbookRefusedException(TooLarge);
            yield return (name, bytes);
        }
    }

    /// <summary>What operating systems add by themselves, and folders.</summary>
    private static bool IsLitter(string path) => path.EndsWith('/') || path.EndsWith('\\') || path.StartsWith("__MACOSX/", StringComparison.Ordinal) || path.Split('/', '\\')[^1] is "Thumbs.db" or "desktop.ini" or ".DS_Store";

    private static string Name(string path)
    {
        var parts = path.Split('/', '\\');
        if (parts.Contains("..") || path.StartsWith('/') || path.StartsWith('\\') || path.Contains(':', StringComparison.Ordinal) || path.Any(char.IsControl))
            throw new WorkbookRefusedException(new Said("Trong tệp ảnh có tên đi ra ngoài thư mục nên không nhận. Hãy nén lại các ảnh."));
        var name = Vietnamese.Clean(parts[^1]);
        return name.Length <= 120 ? name : name[..120];
    }

    /// <summary>The bytes, and how many were unpacked to see them: of what is too large no more than that.</summary>
    private static (byte[]? Bytes, long Length) Unpack(ZipArchiveEntry entry, string name)
    {
        using var read = entry.Open();
        using var bytes = new MemoryStream();
        var buffer = new byte[81_920];
        for (int count; bytes.Length <= Images.MaxBytes && (count = read.Read(buffer)) > 0;)
            bytes.Write(buffer, 0, count);
        var found = bytes.ToArray();
        if (found.AsSpan() is var head && (head.StartsWith("PK\x03\x04"u8) || head.StartsWith("Rar!"u8) || head.StartsWith((ReadOnlySpan<byte>)[0x37, 0x7A, 0xBC, 0xAF]) || head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])))
            throw new WorkbookRefusedException(new Said("Trong tệp ảnh có một tệp nén khác (“{0}”). Hãy giải nén nó trước.", name));
        return found.Length > Images.MaxBytes ? (null, found.Length) : (found, found.Length);
    }

    private static T Careful<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException or ArgumentException)
        {
            throw new WorkbookRefusedException(Broken, e);
        }
    }
}
