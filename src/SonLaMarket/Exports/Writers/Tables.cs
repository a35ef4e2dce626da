using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using MiniExcelLibs;
using MiniExcelLibs.OpenXml;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Exports.Writers;

/// <summary>Flat files: CSV (RFC 4180, with BOM for spreadsheets), TSV, XLSX.</summary>
public static class Tables
{
    public static async Task CsvAsync(Stream output, Profile profile, IEnumerable<string?[]> rows)
    {
        await using var writer = new StreamWriter(output, new UTF8Encoding(true), leaveOpen: true);
        await using var csv = new CsvWriter(writer, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\r\n" });
        foreach (var column in profile.Columns)
            csv.WriteField(column.Name);
        await csv.NextRecordAsync();
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
                csv.WriteField(profile.Columns[i].Kind == "number" ? row[i] : CsvText.Safe(row[i] ?? ""));
            await csv.NextRecordAsync();
        }
    }

    /// <summary>Values hold neither tabs nor line ends (the row check took them out), so nothing needs quoting.</summary>
    public static async Task TsvAsync(Stream output, Profile profile, IEnumerable<string?[]> rows)
    {
        await using var writer = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        await writer.WriteLineAsync(string.Join('\t', profile.Columns.Select(c => c.Name.Split(':')[^1])));
        foreach (var row in rows)
            await writer.WriteLineAsync(string.Join('\t', row.Select(v => (v ?? "").Replace('"', '”'))));
    }

    /// <summary>Text cells are text: a GTIN keeps its zeros and a name that begins with "=" is no formula.</summary>
    public static Task XlsxAsync(Stream output, Profile profile, IEnumerable<string?[]> rows)
    {
        var sheet = rows.Select(row =>
        {
            var cells = new Dictionary<string, object?>(StringComparer.Ordinal);
            for (var i = 0; i < row.Length; i++)
                cells[profile.Columns[i].Name] = profile.Columns[i].Kind == "number" && long.TryParse(row[i], CultureInfo.InvariantCulture, out var number) ? number : row[i] ?? "";
            return cells;
        });
        return output.SaveAsAsync(sheet, sheetName: "San pham", configuration: new OpenXmlConfiguration { TableStyles = TableStyles.None });
    }
}
