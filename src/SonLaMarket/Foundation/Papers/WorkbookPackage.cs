using System.IO.Compression;
using System.Xml;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Papers;

/// <summary>A file that is not taken, with what its sender can do about it.</summary>
public sealed class WorkbookRefusedException(Said why, Exception? inner = null) : Exception(why.Text, inner)
{
    public Said Why => why;
}

/// <summary>
/// What a workbook (a ZIP of XML parts, ECMA-376) may be before anything reads it: small, packed by an honest factor, without programs,
/// without other files inside, without ties to others. Counted while unpacking: what a head of the ZIP says is not believed.
/// </summary>
public static class WorkbookPackage
{
    public const int MaxBytes = 5 << 20;
    public const int MaxUnpackedBytes = 50 << 20;
    public const int MaxParts = 200;
    private const int MaxRatio = 100;

    /// <summary>Below this size nobody is harmed, however well it packs.</summary>
    private const int RatioFrom = 10 << 20;

    private static readonly Said Broken = new("Không đọc được bảng tính này. Hãy mở nó trong Excel và lưu lại dạng .xlsx.");
    private static readonly Said TooLarge = new("Tệp quá lớn: bảng tính mở ra dài hơn 50 MB. Hãy chép riêng các dòng cần nhập sang một tệp mới.");

    /// <summary>Whether it begins like an XLSX file, which is a ZIP.</summary>
    public static bool Is(ReadOnlySpan<byte> file) => file.StartsWith("PK\x03\x04"u8);

    /// <summary>An old .xls, or an .xlsx locked with a password: both are OLE containers.</summary>
    public static bool IsOle(ReadOnlySpan<byte> file) => file.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);

    /// <exception cref="WorkbookRefusedException">It is not taken.</exception>
    public static void Check(byte[] file)
    {
        if (IsOle(file))
            throw new WorkbookRefusedException(new Said("Tệp này là .xls cũ hoặc có mật khẩu. Trong Excel: bỏ mật khẩu, rồi Lưu dưới dạng “Excel Workbook (.xlsx)”."));
        try
        {
            using var package = new ZipArchive(new MemoryStream(file, writable: false), ZipArchiveMode.Read);
            if (package.Entries.Count > MaxParts)
                throw new WorkbookRefusedException(Broken);
            foreach (var part in package.Entries)
                CheckName(part.FullName);
            if (package.GetEntry("xl/workbook.xml") is null)
                throw new WorkbookRefusedException(package.GetEntry("content.xml") is null ? Broken : new Said("Tệp này là bảng tính OpenDocument. Hãy lưu lại dạng “Excel (.xlsx)”."));
            Measure(package, file.Length);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException or ArgumentException)
        {
            throw new WorkbookRefusedException(Broken, e);
        }
    }

    /// <summary>What reading a broken workbook throws, as the one refusal.</summary>
    public static T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is XmlException or InvalidDataException or DocumentFormat.OpenXml.Packaging.OpenXmlPackageException or IOException or InvalidOperationException or FormatException
            or ArgumentException or NullReferenceException or KeyNotFoundException or NotSupportedException or OverflowException)
        {
            // The library has no exception of its own for a part that is not what it should be.
            throw new WorkbookRefusedException(Broken, e);
        }
    }

    private static void CheckName(string part)
    {
        var name = part.ToLowerInvariant();
        if (name.EndsWith("vbaproject.bin", StringComparison.Ordinal) || name.StartsWith("xl/macrosheets/", StringComparison.Ordinal) || name.StartsWith("xl/activex/", StringComparison.Ordinal))
            throw new WorkbookRefusedException(new Said("Tệp có macro (chương trình chạy trong Excel) nên không nhận. Hãy lưu lại dạng “Excel Workbook (.xlsx)”, không phải .xlsm."));
        if (name.StartsWith("xl/embeddings/", StringComparison.Ordinal))
            throw new WorkbookRefusedException(new Said("Trong tệp có chèn một tệp khác nên không nhận. Hãy xóa đối tượng chèn, rồi lưu lại."));
        if (name.StartsWith("xl/externallinks/", StringComparison.Ordinal))
            throw new WorkbookRefusedException(new Said("Tệp có công thức lấy số từ tệp khác nên không nhận. Trong Excel: chọn cả trang, Chép, Dán dạng giá trị sang một tệp mới."));
    }

    private static void Measure(ZipArchive package, long packed)
    {
        var buffer = new byte[81_920];
        var unpacked = 0L;
        foreach (var part in package.Entries)
        {
            using var read = part.Open();
            for (int count; (count = read.Read(buffer)) > 0;)
            {
                unpacked += count;
                if (unpacked > MaxUnpackedBytes || (unpacked > RatioFrom && unpacked > packed * MaxRatio))
                    throw new WorkbookRefusedException(TooLarge);
            }
        }
    }
}
