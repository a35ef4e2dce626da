using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;
using CsvHelper.Configuration;
using MiniExcelLibs;
using MiniExcelLibs.OpenXml;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Exports.Writers;

/// <summary>Flat files: CSV (RFC 4180, with BOM for spreadsheets), TSV, XLSX.</summary>
public static partial class Tables
{
    public static Task CsvAsync(Stream output, Profile profile, IEnumerable<string?[]> rows) => DelimitedAsync(output, profile, rows, ",", new UTF8Encoding(true), c => c.Name);

    /// <summary>Values hold neither tabs nor line ends: the row check took them out. Columns go by their name without namespace.</summary>
    public static Task TsvAsync(Stream output, Profile profile, IEnumerable<string?[]> rows) => DelimitedAsync(output, profile, rows, "\t", new UTF8Encoding(false), c => c.Name.Split(':')[^1]);

    private static async Task DelimitedAsync(Stream output, Profile profile, IEnumerable<string?[]> rows, string delimiter, Encoding encoding, Func<Column, string> name)
    {
        await using var writer = new StreamWriter(output, encoding, leaveOpen: true);
        await using var csv = new CsvWriter(writer, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\r\n", Delimiter = delimiter });
        foreach (var column in profile.Columns)
            csv.WriteField(name(column));
        await csv.NextRecordAsync();
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
                csv.WriteField(profile.Columns[i].Kind == "number" ? row[i] : CsvText.Safe(row[i] ?? ""));
            await csv.NextRecordAsync();
        }
    }

    /// <summary>Text cells are text: a GTIN keeps its zeros and a name that begins with "=" is no formula.</summary>
    public static async Task XlsxAsync(Stream output, Profile profile, IEnumerable<string?[]> rows)
    {
        var sheet = rows.Select(row =>
        {
            var cells = new Dictionary<string, object?>(StringComparer.Ordinal);
            for (var i = 0; i < row.Length; i++)
                cells[profile.Columns[i].Name] = profile.Columns[i].Kind == "number" && long.TryParse(row[i], CultureInfo.InvariantCulture, out var number) ? number : row[i] ?? "";
            return cells;
        });
        using var made = new MemoryStream();
        await made.SaveAsAsync(sheet, sheetName: "San pham", configuration: new OpenXmlConfiguration { TableStyles = TableStyles.None });
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
        foreach (var part in from.Entries)
        {
            var copy = to.CreateEntry(part.FullName, CompressionLevel.Optimal);
            copy.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using var read = new StreamReader(await part.OpenAsync(), Encoding.UTF8);
            var xml = await read.ReadToEndAsync();
            await using var write = new StreamWriter(await copy.OpenAsync(), new UTF8Encoding(false));
            await write.WriteAsync(part.FullName.StartsWith("xl/worksheets/", StringComparison.Ordinal)
                ? xml.Replace("<x:drawing r:id=\"drawing1\" />", "", StringComparison.Ordinal)
                : RandomId().Replace(xml, "sheet-1"));
        }
    }

    [GeneratedRegex("(?<=\")R[0-9a-f]{32}(?=\")", RegexOptions.None, 1000)]
    private static partial Regex RandomId();
}
