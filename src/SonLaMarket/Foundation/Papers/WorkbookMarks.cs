using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using BookSheet = DocumentFormat.OpenXml.Spreadsheet.Sheet;
using CellText = DocumentFormat.OpenXml.Spreadsheet.Text;

namespace SonLaMarket.Foundation.Papers;

/// <param name="Texts">What the added columns say of the row.</param>
/// <param name="Bad">Cells to be coloured, by their column from 0, and the note on each.</param>
public sealed record RowMark(string[] Texts, (int Column, string Note)[] Bad);

/// <summary>A workbook as it was sent, with columns added behind its last one, cells coloured and notes on them: everything else in it stays as it is.</summary>
public static class WorkbookMarks
{
    /// <param name="sheet">As counted by <see cref="WorkbookReader.Sheets"/>.</param>
    /// <param name="heading">The row of the headings, and what the added columns are called.</param>
    /// <param name="firstColumn">Of the added columns, from 0.</param>
    public static byte[] Add(byte[] file, int sheet, (int Row, string[] Texts) heading, int firstColumn, IReadOnlyDictionary<int, RowMark> rows)
    {
        WorkbookPackage.Check(file);
        using var stream = new MemoryStream();
        stream.Write(file);
        using (var document = SpreadsheetDocument.Open(stream, isEditable: true, new OpenSettings { MaxCharactersInPart = WorkbookPackage.MaxUnpackedBytes }))
        {
            var workbook = document.WorkbookPart!;
            var part = (WorksheetPart)workbook.GetPartById(workbook.Workbook.Sheets!.Elements<BookSheet>().Where(s => workbook.GetPartById(s.Id!.Value!) is WorksheetPart).ElementAt(sheet).Id!.Value!);
            var colours = new Colours(workbook);
            var notes = rows.OrderBy(r => r.Key).SelectMany(r => r.Value.Bad.Select(b => new CellNote(r.Key, b.Column, b.Note))).ToList();
            using var changed = new MemoryStream();
            var boxes = Copy(part, changed, notes.Count > 0, row => Mark(row, heading, firstColumn, rows, colours));
            changed.Position = 0;
            part.FeedData(changed);
            if (boxes is not null)
                WorkbookNotes.Put(part, boxes, notes);
        }
        return stream.ToArray();
    }

    /// <summary>What stands behind the place of the boxes of notes, which is one of the last.</summary>
    private static readonly HashSet<Type> BehindBoxes = [typeof(LegacyDrawingHeaderFooter), typeof(DrawingHeaderFooter), typeof(Picture), typeof(OleObjects), typeof(Controls), typeof(WebPublishItems), typeof(TableParts), typeof(WorksheetExtensionList)];

    /// <returns>The id of the part with the boxes of notes; null where there are none and none are needed.</returns>
    private static string? Copy(WorksheetPart part, Stream output, bool needsBoxes, Action<Row> mark)
    {
        string? boxes = null;
        using var reader = OpenXmlReader.Create(part);
        using var writer = OpenXmlWriter.Create(output);
        writer.WriteStartDocument();
        reader.Read();
        writer.WriteStartElement(reader);
        for (var more = reader.ReadFirstChild(); more; more = reader.ReadNextSibling())
        {
            // The area in use grows, and is optional.
            if (reader.ElementType == typeof(SheetDimension))
                reader.Skip();
            if (reader.ElementType != typeof(SheetData))
            {
                if (boxes is null && needsBoxes && BehindBoxes.Contains(reader.ElementType))
                    writer.WriteElement(new LegacyDrawing { Id = boxes = WorkbookNotes.Boxes });
                var element = reader.LoadCurrentElement()!;
                boxes = (element as LegacyDrawing)?.Id?.Value ?? boxes;
                writer.WriteElement(element);
                continue;
            }
            writer.WriteStartElement(reader);
            for (var rows = reader.ReadFirstChild(); rows; rows = reader.ReadNextSibling())
            {
                var row = (Row)reader.LoadCurrentElement()!;
                mark(row);
                writer.WriteElement(row);
            }
            writer.WriteEndElement();
        }
        if (boxes is null && needsBoxes)
            writer.WriteElement(new LegacyDrawing { Id = boxes = WorkbookNotes.Boxes });
        writer.WriteEndElement();
        return boxes;
    }

    private static void Mark(Row row, (int Row, string[] Texts) heading, int firstColumn, IReadOnlyDictionary<int, RowMark> rows, Colours colours)
    {
        var number = (int)(row.RowIndex?.Value ?? 0);
        var mark = number == heading.Row ? new RowMark(heading.Texts, []) : rows.GetValueOrDefault(number);
        if (mark is null)
            return;
        row.Spans = null;
        foreach (var (bad, _) in mark.Bad)
        {
            var cell = Cell(row, number, bad);
            cell.StyleIndex = colours.Red(cell.StyleIndex?.Value ?? 0);
        }
        for (var i = 0; i < mark.Texts.Length; i++)
        {
            var cell = Cell(row, number, firstColumn + i);
            cell.RemoveAllChildren();
            cell.DataType = CellValues.InlineString;
            cell.InlineString = new InlineString(new CellText(Workbook.Writable(mark.Texts[i])) { Space = SpaceProcessingModeValues.Preserve });
        }
    }

    /// <summary>The cell at its place, made there where it is not: cells stand in the order of their columns.</summary>
    private static Cell Cell(Row row, int number, int column)
    {
        var reference = WorkbookTemplate.Letters(column) + number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Cell? after = null;
        foreach (var cell in row.Elements<Cell>())
        {
            if (cell.CellReference?.Value == reference)
                return cell;
            if (WorkbookReader.Column(cell.CellReference?.Value ?? "") > column)
                break;
            after = cell;
        }
        var added = new Cell { CellReference = reference };
        return after is null ? row.PrependChild(added)! : row.InsertAfter(added, after)!;
    }

    /// <summary>Each style that a coloured cell has, with a red ground.</summary>
    private sealed class Colours(WorkbookPart workbook)
    {
        private readonly Dictionary<uint, uint> red = [];
        private uint? fill;

        public uint Red(uint style)
        {
            if (red.TryGetValue(style, out var known))
                return known;
            var part = workbook.WorkbookStylesPart ?? workbook.AddNewPart<WorkbookStylesPart>();
            var sheet = part.Stylesheet ??= WorkbookTemplate.Styles();
            var fills = sheet.Fills ??= new Fills(new Fill(new PatternFill { PatternType = PatternValues.None }), new Fill(new PatternFill { PatternType = PatternValues.Gray125 }));
            fill ??= Append(fills, new Fill(new PatternFill(new ForegroundColor { Rgb = "FFFFC7CE" }) { PatternType = PatternValues.Solid }));
            fills.Count = (uint)fills.Count();
            var formats = sheet.CellFormats ??= new CellFormats(new CellFormat());
            var format = (CellFormat)(formats.ElementAtOrDefault((int)style) ?? new CellFormat()).CloneNode(deep: true);
            format.FillId = fill;
            format.ApplyFill = true;
            var added = Append(formats, format);
            formats.Count = (uint)formats.Count();
            return red[style] = added;
        }

        private static uint Append(OpenXmlCompositeElement list, OpenXmlElement item)
        {
            list.AppendChild(item);
            return (uint)list.ChildElements.Count - 1;
        }
    }
}
