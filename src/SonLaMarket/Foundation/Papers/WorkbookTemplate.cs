using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using BookSheet = DocumentFormat.OpenXml.Spreadsheet.Sheet;
using CellText = DocumentFormat.OpenXml.Spreadsheet.Text;

namespace SonLaMarket.Foundation.Papers;

/// <param name="Choices">What may be chosen in the column; empty where anything may be written.</param>
/// <param name="Note">What goes in, shown when a cell of the column is chosen.</param>
public sealed record TemplateColumn(string Header, bool Required, string Example, string Note, IReadOnlyList<string> Choices);

/// <summary>
/// A workbook to be filled in: headings, an example, drop-downs, notes on a sheet of their own. Every cell is text, so that a spreadsheet neither drops
/// leading zeros nor turns 5/7 into the seventh of May.
/// </summary>
public static class WorkbookTemplate
{
    private const uint HeaderStyle = 1;
    private const uint RequiredStyle = 2;
    private const uint TextStyle = 3;
    private const uint ExampleStyle = 4;
    private const uint NoteStyle = 5;

    /// <param name="rows">Down to which row the drop-downs reach.</param>
    /// <param name="notes">Title and lines of the sheet of notes.</param>
    /// <param name="filled">Rows that are there already, below the headings; without any an example stands there.</param>
    public static byte[] Write(string sheet, IReadOnlyList<TemplateColumn> columns, (string Sheet, string[][] Lines) notes, string lists, int rows, IEnumerable<string[]>? filled = null)
    {
        using var stream = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(stream, SpreadsheetDocumentType.Workbook))
        {
            var workbook = document.AddWorkbookPart();
            workbook.AddNewPart<WorkbookStylesPart>("styles").Stylesheet = Styles();
            var (data, notesPart, listsPart) = (workbook.AddNewPart<WorksheetPart>("sheet1"), workbook.AddNewPart<WorksheetPart>("sheet2"), workbook.AddNewPart<WorksheetPart>("sheet3"));
            data.Worksheet = Data(columns, lists, rows, filled);
            notesPart.Worksheet = Plain([28, 110], notes.Lines.Select((line, at) => (line, at == 0 ? HeaderStyle : NoteStyle)));
            var chosen = columns.Where(c => c.Choices.Count > 0).ToList();
            listsPart.Worksheet = Plain([.. chosen.Select(_ => 34.0)], Transposed(chosen).Select((line, at) => (line, at == 0 ? HeaderStyle : TextStyle)));
            workbook.Workbook = new DocumentFormat.OpenXml.Spreadsheet.Workbook(new Sheets(
                new BookSheet { Id = "sheet1", SheetId = 1, Name = sheet }, new BookSheet { Id = "sheet2", SheetId = 2, Name = notes.Sheet }, new BookSheet { Id = "sheet3", SheetId = 3, Name = lists, State = SheetStateValues.Hidden }));
        }
        return stream.ToArray();
    }

    /// <summary>0 is A, 26 is AA.</summary>
    public static string Letters(int column) => column < 26 ? ((char)('A' + column)).ToString() : Letters(column / 26 - 1) + (char)('A' + column % 26);

    internal static Stylesheet Styles() => new(
        new Fonts(new Font(new FontSize { Val = 11 }, new FontName { Val = "Arial" }), new Font(new Bold(), new FontSize { Val = 11 }, new FontName { Val = "Arial" }), new Font(new Italic(), new FontSize { Val = 11 }, new Color { Rgb = "FF6B6B6B" }, new FontName { Val = "Arial" })),
        new Fills(new Fill(new PatternFill { PatternType = PatternValues.None }), new Fill(new PatternFill { PatternType = PatternValues.Gray125 }),
            new Fill(new PatternFill(new ForegroundColor { Rgb = "FFE3EFE0" }) { PatternType = PatternValues.Solid }), new Fill(new PatternFill(new ForegroundColor { Rgb = "FFFBE7B5" }) { PatternType = PatternValues.Solid })),
        new Borders(new Border(new LeftBorder(), new RightBorder(), new TopBorder(), new BottomBorder(), new DiagonalBorder())),
        new CellStyleFormats(new CellFormat { NumberFormatId = 0, FontId = 0, FillId = 0, BorderId = 0 }),
        new CellFormats(
            new CellFormat { NumberFormatId = 0, FontId = 0, FillId = 0, BorderId = 0 },
            Format(font: 1, fill: 2), Format(font: 1, fill: 3), Format(), Format(font: 2), Format(wrap: true)));

    private static CellFormat Format(uint font = 0, uint fill = 0, bool wrap = false)
    {
        var format = new CellFormat { NumberFormatId = 49, FontId = font, FillId = fill, BorderId = 0, ApplyNumberFormat = true, ApplyFont = font > 0, ApplyFill = fill > 0 };
        if (wrap || fill > 0)
        {
            format.Alignment = new Alignment { WrapText = true, Vertical = VerticalAlignmentValues.Top };
            format.ApplyAlignment = true;
        }
        return format;
    }

    private static Worksheet Data(IReadOnlyList<TemplateColumn> columns, string lists, int rows, IEnumerable<string[]>? filled)
    {
        var widths = new Columns(columns.Select((c, at) => new Column { Min = (uint)at + 1, Max = (uint)at + 1, Width = Math.Clamp(Math.Max(c.Header.Length, c.Example.Length) + 4, 12, 44), CustomWidth = true, Style = TextStyle }));
        var heading = Line(1, [.. columns.Select(c => c.Header)], at => columns[at].Required ? RequiredStyle : HeaderStyle);
        var example = new[] { columns.Select(c => c.Example).ToArray() };
        var style = filled is null ? ExampleStyle : TextStyle;
        var data = new SheetData((filled ?? example).Select((line, at) => Line(at + 2, line, _ => style)).Prepend(heading));
        var sheet = new Worksheet(
            new SheetViews(new SheetView(new Pane { VerticalSplit = 1, TopLeftCell = "A2", ActivePane = PaneValues.BottomLeft, State = PaneStateValues.Frozen }) { WorkbookViewId = 0 }), widths, data);
        var chosen = columns.Where(c => c.Choices.Count > 0).ToList();
        var validations = columns.Select((c, at) => Validation(c, $"{Letters(at)}2:{Letters(at)}{rows.ToString(CultureInfo.InvariantCulture)}", chosen.IndexOf(c), lists)).ToList();
        sheet.AppendChild(new DataValidations(validations) { Count = (uint)validations.Count });
        return sheet;
    }

    private static DataValidation Validation(TemplateColumn column, string cells, int list, string lists)
    {
        var validation = new DataValidation { SequenceOfReferences = new ListValue<StringValue>([cells]), AllowBlank = true, ShowInputMessage = true, Prompt = Short(column.Note, 255), PromptTitle = Short(column.Header, 32) };
        if (list < 0)
            return validation;
        // A warning, not a wall: what is not in the list yet is told when the file is read.
        validation.Type = DataValidationValues.List;
        validation.ShowErrorMessage = true;
        validation.ErrorStyle = DataValidationErrorStyleValues.Warning;
        validation.Formula1 = new Formula1($"'{lists.Replace("'", "''", StringComparison.Ordinal)}'!${Letters(list)}$2:${Letters(list)}${(column.Choices.Count + 1).ToString(CultureInfo.InvariantCulture)}");
        return validation;
    }

    private static Worksheet Plain(double[] widths, IEnumerable<(string[] Line, uint Style)> lines)
    {
        var sheet = new Worksheet();
        if (widths.Length > 0)
            sheet.AppendChild(new Columns(widths.Select((w, at) => new Column { Min = (uint)at + 1, Max = (uint)at + 1, Width = w, CustomWidth = true })));
        sheet.AppendChild(new SheetData(lines.Select((l, at) => Line(at + 1, l.Line, _ => l.Style))));
        return sheet;
    }

    private static IEnumerable<string[]> Transposed(List<TemplateColumn> chosen)
    {
        yield return [.. chosen.Select(c => c.Header)];
        for (var i = 0; i < chosen.Select(c => c.Choices.Count).DefaultIfEmpty().Max(); i++)
            yield return [.. chosen.Select(c => i < c.Choices.Count ? c.Choices[i] : "")];
    }

    private static Row Line(int number, string[] texts, Func<int, uint> style) => new(texts.Select((text, at) => (Text: text, At: at)).Where(c => c.Text.Length > 0).Select(c => new Cell
    {
        CellReference = Letters(c.At) + number.ToString(CultureInfo.InvariantCulture),
        DataType = CellValues.InlineString,
        StyleIndex = style(c.At),
        InlineString = new InlineString(new CellText(c.Text) { Space = SpaceProcessingModeValues.Preserve }),
    }))
    { RowIndex = (uint)number };

    private static string Short(string text, int most) => text.Length <= most ? text : text[..(most - 1)] + "…";
}
