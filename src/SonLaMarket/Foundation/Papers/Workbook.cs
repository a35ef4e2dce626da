using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using MiniExcelLibs;
using MiniExcelLibs.OpenXml;

namespace SonLaMarket.Foundation.Papers;

/// <summary>Spreadsheets (XLSX). Text cells are text: a GTIN keeps its zeros and a name that begins with "=" is no formula.</summary>
public static partial class Workbook
{
    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>Far more than any sheet that people make; a file that claims less and unpacks to more is no sheet.</summary>
    private const int MaxUnpackedBytes = 32 << 20;

    /// <summary>Whether it begins like an XLSX file, which is a ZIP.</summary>
    public static bool Is(ReadOnlySpan<byte> file) => file.StartsWith("PK\x03\x04"u8);

    /// <summary>The rows of the first sheet as text, with their numbers from 1: days as yyyy-MM-dd HH:mm:ss, numbers without separators.</summary>
    /// <exception cref="InvalidDataException">It is no workbook, or a hostile one.</exception>
    public static IReadOnlyList<(int Row, string[] Cells)> Rows(byte[] file)
    {
        try
        {
            using var unpacked = Unpack(file);
            return [.. unpacked.Query(excelType: ExcelType.XLSX).Select((row, at) => (at + 1, ((IDictionary<string, object?>)row).Values.Select(Cell).ToArray()))];
        }
        catch (Exception e) when (e is XmlException or InvalidDataException or InvalidOperationException or NotSupportedException or NullReferenceException or KeyNotFoundException or FormatException or ArgumentException)
        {
            // The library has no exception of its own for a file that it does not understand.
            throw new InvalidDataException("No workbook.", e);
        }
    }

    private static string Cell(object? value) => value switch
    {
        null => "",
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>The same package with no part larger than is allowed, whatever its head says.</summary>
    private static MemoryStream Unpack(byte[] file)
    {
        var unpacked = new MemoryStream();
        using (var from = new ZipArchive(new MemoryStream(file), ZipArchiveMode.Read))
        using (var to = new ZipArchive(unpacked, ZipArchiveMode.Create, leaveOpen: true))
        {
            var buffer = new byte[81_920];
            var left = MaxUnpackedBytes;
            foreach (var part in from.Entries)
            {
                using var read = part.Open();
                using var write = to.CreateEntry(part.FullName, CompressionLevel.NoCompression).Open();
                for (int count; (count = read.Read(buffer)) > 0; left -= count)
                {
                    if (count > left)
                        throw new InvalidDataException("Unpacks to too much.");
                    write.Write(buffer, 0, count);
                }
            }
        }
        unpacked.Position = 0;
        return unpacked;
    }

    /// <inheritdoc cref="WriteAsync"/>
    public static async Task<byte[]> BytesAsync(IReadOnlyDictionary<string, IEnumerable<Dictionary<string, object?>>> sheets)
    {
        using var output = new MemoryStream();
        await WriteAsync(output, sheets);
        return output.ToArray();
    }

    /// <param name="sheets">Rows by the name of their sheet; the keys of the first row are the head.</param>
    public static async Task WriteAsync(Stream output, IReadOnlyDictionary<string, IEnumerable<Dictionary<string, object?>>> sheets)
    {
        using var made = new MemoryStream();
        await made.SaveAsAsync(sheets.ToDictionary(s => s.Key, s => (object)s.Value, StringComparer.Ordinal), configuration: new OpenXmlConfiguration { TableStyles = TableStyles.None });
        made.Position = 0;
        await RepackAsync(made, output);
    }

    /// <summary>
    /// The same rows give the same bytes: no times and no random relationship ids. The library refers to an empty drawing
    /// within the cells, where the schema (ECMA-376, 18.3.1.99) has no place for one; strict readers would ask to repair.
    /// </summary>
    private static async Task RepackAsync(Stream package, Stream output)
    {
        await using var from = new ZipArchive(package, ZipArchiveMode.Read);
        await using var to = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in from.Entries)
        {
            var copy = to.CreateEntry(part.FullName, CompressionLevel.Optimal);
            copy.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using var read = new StreamReader(await part.OpenAsync(), Encoding.UTF8);
            var xml = await read.ReadToEndAsync();
            await using var write = new StreamWriter(await copy.OpenAsync(), new UTF8Encoding(false));
            await write.WriteAsync(part.FullName.StartsWith("xl/worksheets/", StringComparison.Ordinal)
                ? Drawing().Replace(xml, "")
                : RandomId().Replace(xml, id => ids.TryGetValue(id.Value, out var known) ? known : ids[id.Value] = $"sheet-{ids.Count + 1}"));
        }
    }

    [GeneratedRegex("<x:drawing r:id=\"drawing[0-9]+\" />", RegexOptions.None, 1000)]
    private static partial Regex Drawing();

    [GeneratedRegex("(?<=\")R[0-9a-f]{32}(?=\")", RegexOptions.None, 1000)]
    private static partial Regex RandomId();
}
