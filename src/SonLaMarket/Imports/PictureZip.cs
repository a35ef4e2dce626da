using System.IO.Compression;
using SonLaMarket.Files;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Imports;

/// <param name="Name">As the person's device calls it.</param>
public sealed record SentFile(string Name, Stream Content);

/// <summary>
/// Pictures beside a sheet, one by one or packed into a ZIP, as far as they are believed: few enough, small enough, each under a name of its own, nothing packed within.
/// Counted while unpacking: what a head of the ZIP says is not believed. Nothing is written to where a name points: of a path only its last part counts.
/// </summary>
public static class PictureZip
{
    /// <summary>Of all that is sent together.</summary>
    public const int MaxBytes = 50 << 20;
    public const int MaxPictures = 1000;
    private const long MaxUnpacked = 2L * MaxBytes;
    private const int MaxRatio = 100;

    /// <summary>Below this size nobody is harmed, however well it packs.</summary>
    private const int RatioFrom = 10 << 20;

    private static readonly Said Broken = new("Không đọc được tệp ảnh. Hãy nén lại các ảnh thành một tệp .zip, không đặt mật khẩu.");
    private static readonly Said TooLarge = new("Ảnh gửi kèm quá nhiều hoặc quá lớn. Hãy gửi nhiều nhất {0} ảnh, tất cả không quá 100 MB.", Vietnamese.Number(MaxPictures));

    /// <summary>What was seen of all that is sent together.</summary>
    private sealed class Seen
    {
        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

        /// <summary>How long all was on its way.</summary>
        public long Packed { get; set; }

        public long Unpacked { get; set; }
    }

    /// <summary>One after the other, so that one picture at a time is held; null instead of bytes where one is larger than a picture may be.</summary>
    /// <exception cref="WorkbookRefusedException">They are not taken together.</exception>
    public static IEnumerable<(string Name, byte[]? Bytes)> Read(IEnumerable<SentFile> sent)
    {
        var seen = new Seen();
        foreach (var file in sent)
        {
            seen.Packed += file.Content.Length;
            foreach (var picture in IsZip(file) ? Unpack(file.Content, seen) : [Take(file.Name.Split('/', '\\', ':')[^1], file.Content, seen)])
                yield return picture;
        }
    }

    private static bool IsZip(SentFile file)
    {
        var head = new byte[2];
        var length = file.Content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        file.Content.Position = 0;
        return file.Name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) || head.AsSpan(0, length).SequenceEqual("PK"u8);
    }

    private static IEnumerable<(string Name, byte[]? Bytes)> Unpack(Stream zip, Seen seen)
    {
        using var package = Careful(() => new ZipArchive(zip, ZipArchiveMode.Read));
        if (Careful(() => package.Entries.Count) > MaxPictures * 2)
            throw new WorkbookRefusedException(TooLarge);
        foreach (var entry in package.Entries.Where(e => !IsLitter(e.FullName)))
        {
            yield return Careful(() =>
            {
                using var content = entry.Open();
                return Take(entry.FullName, content, seen);
            });
        }
    }

    private static (string Name, byte[]? Bytes) Take(string path, Stream content, Seen seen)
    {
        var name = Name(path);
        if (!seen.Names.Add(SentPictures.Key(name)))
            throw new WorkbookRefusedException(new Said("Có hai ảnh cùng tên “{0}”. Hãy đổi tên một ảnh.", name));
        if (seen.Names.Count > MaxPictures)
            throw new WorkbookRefusedException(TooLarge);
        var (bytes, length) = Read(content, name);
        seen.Unpacked += length;
        if (seen.Unpacked > MaxUnpacked || (seen.Unpacked > RatioFrom && seen.Unpacked > seen.Packed * MaxRatio))
            throw new WorkbookRefusedException(TooLarge);
        return (name, bytes);
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

    /// <summary>The bytes, and how many were read to see them: of what is too large no more than that.</summary>
    private static (byte[]? Bytes, long Length) Read(Stream content, string name)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[81_920];
        for (int count; bytes.Length <= Images.MaxBytes && (count = content.Read(buffer)) > 0;)
            bytes.Write(buffer, 0, count);
        var found = bytes.ToArray();
        if (found.AsSpan() is var head && (head.StartsWith("PK\x03\x04"u8) || head.StartsWith("Rar!"u8) || head.StartsWith((ReadOnlySpan<byte>)[0x37, 0x7A, 0xBC, 0xAF]) || head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])))
            throw new WorkbookRefusedException(new Said("Trong ảnh gửi kèm có một tệp nén khác (“{0}”). Hãy giải nén nó trước.", name));
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
