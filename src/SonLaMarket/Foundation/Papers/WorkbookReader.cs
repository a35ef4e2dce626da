using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using BookSheet = DocumentFormat.OpenXml.Spreadsheet.Sheet;
using CellText = DocumentFormat.OpenXml.Spreadsheet.Text;

namespace SonLaMarket.Foundation.Papers;

/// <param name="Number">As the spreadsheet numbers it, from 1.</param>
/// <param name="Hidden">Nobody who looks at the sheet sees it.</param>
/// <param name="Cells">From column A; "" where there is nothing.</param>
public sealed record SheetRow(int Number, bool Hidden, string[] Cells);

/// <param name="Hidden">Nobody who opens the workbook sees it.</param>
public sealed record SheetName(string Name, bool Hidden);

/// <summary>
/// Reads a workbook as a person sees it, row by row: results of formulas, days as yyyy-MM-dd, numbers without separators. Nothing is run, nothing fetched.
/// Memory grows with the shared texts alone, not with the rows.
/// </summary>
public sealed class WorkbookReader : IDisposable
{
    public const int MaxColumns = 120;
    private const int MaxMerged = 20_000;

    private readonly SpreadsheetDocument document;
    private readonly List<(SheetName Name, WorksheetPart Part)> sheets;
    private readonly Lazy<List<string>> shared;
    private readonly HashSet<uint> dateStyles;
    private readonly bool from1904;
    private readonly int columns;
    private readonly CancellationToken stop;

    private WorkbookReader(SpreadsheetDocument document, int columns, CancellationToken stop)
    {
        this.document = document;
        this.columns = columns;
        this.stop = stop;
        var workbook = document.WorkbookPart!;
        sheets = [.. workbook.Workbook.Sheets!.Elements<BookSheet>()
            .Where(s => workbook.GetPartById(s.Id!.Value!) is WorksheetPart)
            .Select(s => (new SheetName(s.Name?.Value ?? "", s.State is { } state && state.Value != SheetStateValues.Visible), (WorksheetPart)workbook.GetPartById(s.Id!.Value!)))];
        shared = new(() => SharedTexts(workbook.SharedStringTablePart));
        dateStyles = DateStyles(workbook.WorkbookStylesPart?.Stylesheet);
        from1904 = workbook.Workbook.WorkbookProperties?.Date1904?.Value == true;
    }

    /// <param name="columns">So many columns are read of a row.</param>
    /// <param name="stop">Ends the reading, wherever it is.</param>
    /// <exception cref="WorkbookRefusedException">It is no workbook, a hostile one, or too large.</exception>
    public static WorkbookReader Open(byte[] file, int columns = MaxColumns, CancellationToken stop = default)
    {
        WorkbookPackage.Check(file);
        return WorkbookPackage.Reading(() => new WorkbookReader(SpreadsheetDocument.Open(new MemoryStream(file, writable: false), isEditable: false, new OpenSettings { MaxCharactersInPart = WorkbookPackage.MaxUnpackedBytes }), columns, stop));
    }

    public IReadOnlyList<SheetName> Sheets => [.. sheets.Select(s => s.Name)];

    /// <summary>The name of the sheet's part in the package, as its ZIP says it.</summary>
    internal string PartOf(int sheet) => sheets[sheet].Part.Uri.OriginalString.TrimStart('/');

    /// <summary>What the workbook calls an area, without a sign before it; null where it calls none so.</summary>
    internal string? AreaOf(string name) => document.WorkbookPart!.Workbook.DefinedNames?.Elements<DefinedName>().FirstOrDefault(n => string.Equals(n.Name?.Value, name, StringComparison.OrdinalIgnoreCase))?.Text;

    /// <summary>
    /// The rows of a sheet that hold anything, in their order. A value that was merged over several rows stands in each of them. Read to its end or not at all:
    /// what is broken further down throws when it is reached.
    /// </summary>
    /// <exception cref="WorkbookRefusedException">A row cannot be read.</exception>
    public IEnumerable<SheetRow> Rows(int sheet)
    {
        var part = sheets[sheet].Part;
        var merged = WorkbookPackage.Reading(() => MergedDown(part));
        using var reader = WorkbookPackage.Reading(() => OpenXmlReader.Create(part));
        var number = 0;
        var over = new Dictionary<int, (int To, string Value)>();
        while (WorkbookPackage.Reading(() => NextRow(reader)) is { } row)
        {
            number = (int)(row.RowIndex?.Value ?? (uint)number + 1);
            var cells = WorkbookPackage.Reading(() => Cells(row));
            Fill(merged, over, number, ref cells);
            if (Array.Exists(cells, c => c.Length > 0))
                yield return new SheetRow(number, row.Hidden?.Value == true, cells);
        }
    }

    public void Dispose() => document.Dispose();

    private Row? NextRow(OpenXmlReader reader)
    {
        while (reader.Read())
        {
            stop.ThrowIfCancellationRequested();
            if (reader.IsStartElement && reader.ElementType == typeof(Row))
                return (Row)reader.LoadCurrentElement()!;
        }
        return null;
    }

    private string[] Cells(Row row)
    {
        var cells = new List<string>();
        var at = -1;
        foreach (var cell in row.Elements<Cell>())
        {
            at = cell.CellReference?.Value is { } reference ? Column(reference) : at + 1;
            if (at < 0 || at >= columns)
                continue;
            while (cells.Count <= at)
                cells.Add("");
            cells[at] = Text(cell);
        }
        return [.. cells];
    }

    private string Text(Cell cell)
    {
        var value = cell.CellValue?.Text ?? "";
        var type = cell.DataType?.Value;
        if (type == CellValues.SharedString)
            return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < shared.Value.Count ? shared.Value[index] : "";
        if (type == CellValues.InlineString)
            return cell.InlineString is { } inline ? Texts(inline) : "";
        if (type == CellValues.Boolean)
            return value == "1" ? "TRUE" : "FALSE";
        if (type is not null && type != CellValues.Number)
            return value;
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return value;
        return cell.StyleIndex is { } style && dateStyles.Contains(style.Value) && Day(number) is { } day ? day : Plain(number);
    }

    /// <summary>35000, 1.2: never 1,2E+05.</summary>
    private static string Plain(double number) => number is > -1e15 and < 1e15 ? ((decimal)number).ToString("0.############", CultureInfo.InvariantCulture) : number.ToString("R", CultureInfo.InvariantCulture);

    private string? Day(double serial)
    {
        var days = serial + (from1904 ? 1462 : 0);
        if (days is < 1 or > 2_958_465)
            return null;
        var at = DateTime.FromOADate(days);
        return at.ToString(at.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>"C7" is 2.</summary>
    internal static int Column(string reference)
    {
        var at = 0;
        foreach (var c in reference)
        {
            if (!char.IsAsciiLetter(c) || at > 100_000)
                break;
            at = at * 26 + (char.ToUpperInvariant(c) - 'A' + 1);
        }
        return at - 1;
    }

    private List<string> SharedTexts(SharedStringTablePart? part)
    {
        var texts = new List<string>();
        if (part is null)
            return texts;
        using var reader = OpenXmlReader.Create(part);
        while (reader.Read())
        {
            stop.ThrowIfCancellationRequested();
            if (reader.IsStartElement && reader.ElementType == typeof(SharedStringItem))
                texts.Add(Texts(reader.LoadCurrentElement()!));
        }
        return texts;
    }

    /// <summary>The text without how it is to be pronounced, which Japanese workbooks carry along.</summary>
    private static string Texts(OpenXmlElement item) => string.Concat(item.Descendants<CellText>().Where(t => t.Parent is not PhoneticRun).Select(t => Workbook.Read(t.Text)));

    /// <summary>Styles whose number format shows a day: built in (ECMA-376, 18.8.30), or one that has day or year in it.</summary>
    private static HashSet<uint> DateStyles(Stylesheet? styles)
    {
        var own = styles?.NumberingFormats?.Elements<NumberingFormat>().Where(f => IsDate(f.FormatCode?.Value ?? "")).Select(f => f.NumberFormatId!.Value).ToHashSet() ?? [];
        return [.. (styles?.CellFormats?.Elements<CellFormat>() ?? []).Select((format, at) => (Format: format.NumberFormatId?.Value ?? 0, At: (uint)at))
            .Where(f => f.Format is >= 14 and <= 17 or 22 or >= 27 and <= 36 or >= 50 and <= 58 || own.Contains(f.Format)).Select(f => f.At)];
    }

    private static bool IsDate(string format)
    {
        var quoted = false;
        var code = new string([.. format.Where(c => c == '"' ? !(quoted = !quoted) && false : !quoted)]);
        var bracket = code.LastIndexOf(']');
        return (bracket < 0 ? code : code[(bracket + 1)..]).AsSpan().IndexOfAny("dDyY") >= 0;
    }

    /// <summary>Where a column is merged over several rows: by the first row, the column and the last row.</summary>
    private ILookup<int, (int Column, int To)> MergedDown(WorksheetPart part)
    {
        var merged = new List<(int From, int Column, int To)>();
        using var reader = OpenXmlReader.Create(part);
        while (reader.Read() && merged.Count < MaxMerged)
        {
            stop.ThrowIfCancellationRequested();
            if (!reader.IsStartElement || reader.ElementType != typeof(MergeCell))
                continue;
            var ends = (((MergeCell)reader.LoadCurrentElement()!).Reference?.Value ?? "").Split(':');
            if (ends.Length == 2 && Row(ends[0]) is var from && Row(ends[1]) is var to && to > from && Column(ends[0]) is >= 0 and < MaxColumns and var column)
                merged.Add((from, column, to));
        }
        return merged.ToLookup(m => m.From, m => (m.Column, m.To));
    }

    private static int Row(string reference) => int.TryParse(reference.AsSpan(reference.AsSpan().IndexOfAnyInRange('0', '9') is var at and >= 0 ? at : reference.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row : 0;

    /// <summary>Lays the value of a merged column into the rows below that hold anything of their own.</summary>
    private static void Fill(ILookup<int, (int Column, int To)> merged, Dictionary<int, (int To, string Value)> over, int row, ref string[] cells)
    {
        foreach (var (column, (to, value)) in over)
        {
            if (row > to || !Array.Exists(cells, c => c.Length > 0) || (column < cells.Length && cells[column].Length > 0))
                continue;
            var before = cells.Length;
            if (column >= before)
            {
                Array.Resize(ref cells, column + 1);
                Array.Fill(cells, "", before, cells.Length - before);
            }
            cells[column] = value;
        }
        foreach (var (column, to) in merged[row])
            over[column] = (to, column < cells.Length ? cells[column] : "");
    }
}
