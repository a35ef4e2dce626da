using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using MiniExcelLibs;
using MiniExcelLibs.OpenXml;

namespace SonLaMarket.Foundation.Papers;

/// <summary>Writes spreadsheets (XLSX). Text cells are text: a GTIN keeps its zeros and a name that begins with "=" is no formula.</summary>
public static partial class Workbook
{
    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

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
