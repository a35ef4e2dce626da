using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Imports;

/// <summary>The person's own file back, with two columns behind its last one: what became of each row and why; cells with faults are red and carry a note.</summary>
public static class ReturnedFile
{
    /// <summary>Headings of the two columns, in both languages, and what they say of rows that need not come in again: a file that was given back is corrected and sent once more as it is.</summary>
    internal static readonly string[] Results = Both("Kết quả"), Reasons = Both("Vì sao"), Done = [.. Both("Đã lưu"), .. Both("Đã lưu, không hoàn tác được"), .. Both("Giữ nguyên")];

    private static string[] Both(string text) => [text, Texts.In(Texts.En, text)];

    /// <param name="lines">As they stand now.</param>
    public static byte[] Make(byte[] file, Import import, IEnumerable<ImportLine> lines, IImportSheet? sheet, IImportKind kind, Texts t)
    {
        var marks = lines.ToDictionary(l => l.Row, l => Mark(l, import, sheet, kind, t));
        string[] headings = [t["Kết quả"], t["Vì sao"]];
        if (!WorkbookPackage.Is(file))
            return Csv(file, import.HeadingRow, headings, marks);
        using var workbook = WorkbookReader.Open(file);
        return WorkbookMarks.Add(file, import.Sheet, (import.HeadingRow, headings), workbook.Rows(import.Sheet).Max(r => r.Cells.Length), marks);
    }

    private static RowMark Mark(ImportLine line, Import import, IImportSheet? sheet, IImportKind kind, Texts t)
    {
        if (line.KeptBecause is { } kept)
            return new([t["Đã lưu, không hoàn tác được"], Told(kept, t)], []);
        if (line.Made is { } made)
            return new([import.UndoneAt is null ? t["Đã lưu"] : t["Đã hoàn tác"], made], []);
        if (line.Faults == 0 || sheet is null)
            return new([line.Faults > 0 ? t["Chưa lưu"] : import.SavedAt is not null || sheet?.Read(line.Cells).Unchanged == true ? t["Giữ nguyên"] : t["Đúng, chưa lưu"], ""], []);
        var faults = sheet.Read(line, t).Faults;
        return new([t["Cần sửa"], string.Join(" ", faults.Select(f => Sentence(f, kind, t)))], [.. faults.GroupBy(f => Array.Find(import.Columns, h => h.Field == f.Field)?.Column ?? -1).Where(c => c.Key >= 0).Select(c => (c.Key, string.Join("\n", c.Select(f => Said(f, t)))))]);
    }

    private static string Sentence(CellFault fault, IImportKind kind, Texts t)
    {
        var column = kind.Columns.FirstOrDefault(c => c.Field == fault.Field);
        return column is null ? Said(fault, t) : $"{t[column.Header]}: {Said(fault, t)}";
    }

    private static string Said(CellFault fault, Texts t) => string.IsNullOrEmpty(fault.Suggestion) ? fault.Message : $"{fault.Message} {t["Có phải: {0}", fault.Suggestion]}";

    private static string Told(Told told, Texts t) => told.Args is { Length: > 0 } args ? t[told.Note, args] : t[told.Note];

    private static byte[] Csv(byte[] file, int heading, string[] headings, Dictionary<int, RowMark> marks)
    {
        using var output = new MemoryStream();
        using (var writer = new StreamWriter(output, new UTF8Encoding(true), leaveOpen: true))
        using (var csv = new CsvWriter(writer, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\r\n" }))
        {
            var rows = CsvFile.Rows(file).ToList();
            var width = rows.Max(r => r.Cells.Length);
            foreach (var row in rows)
            {
                for (var i = 0; i < width; i++)
                    csv.WriteField(CsvText.Safe(i < row.Cells.Length ? row.Cells[i] : ""));
                foreach (var text in row.Number == heading ? headings : marks.TryGetValue(row.Number, out var mark) ? mark.Texts : ["", ""])
                    csv.WriteField(CsvText.Safe(text));
                csv.NextRecord();
            }
        }
        return output.ToArray();
    }
}
