using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Exports.Writers;

/// <summary>Flat files: CSV (RFC 4180, with BOM for spreadsheets), TSV, XLSX.</summary>
public static class Tables
{
    public static Task CsvAsync(Stream output, Profile profile, IEnumerable<IReadOnlyList<string>[]> rows) => DelimitedAsync(output, profile, rows, ",", new UTF8Encoding(true), c => c.Name);

    /// <summary>Values hold neither tabs nor line ends: the row check took them out. Columns go by their name without namespace.</summary>
    public static Task TsvAsync(Stream output, Profile profile, IEnumerable<IReadOnlyList<string>[]> rows) => DelimitedAsync(output, profile, rows, "\t", new UTF8Encoding(false), c => c.Name.Split(':')[^1]);

    private static async Task DelimitedAsync(Stream output, Profile profile, IEnumerable<IReadOnlyList<string>[]> rows, string delimiter, Encoding encoding, Func<Column, string> name)
    {
        await using var writer = new StreamWriter(output, encoding, leaveOpen: true);
        await using var csv = new CsvWriter(writer, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\r\n", Delimiter = delimiter });
        foreach (var column in profile.Columns)
            csv.WriteField(name(column));
        await csv.NextRecordAsync();
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
                csv.WriteField(profile.Columns[i].Kind == "number" ? Cell(row[i]) : CsvText.Safe(Cell(row[i])));
            await csv.NextRecordAsync();
        }
    }

    public static Task XlsxAsync(Stream output, Profile profile, IEnumerable<IReadOnlyList<string>[]> rows) =>
        Workbook.WriteAsync(output, new WorkbookSheet("San pham", Array.ConvertAll(profile.Columns, c => c.Name), rows.Select(row => row.Select((values, i) => profile.Columns[i].Kind == "number" ? Number(Cell(values)) : Cell(values)))));

    private static string Cell(IReadOnlyList<string> values) => values.Count == 1 ? values[0] : string.Join(Column.Separator, values);

    private static object Number(string cell) =>
        long.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
        : decimal.TryParse(cell, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number
        : cell;
}
