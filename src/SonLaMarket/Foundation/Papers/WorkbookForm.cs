using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Papers;

/// <param name="FirstColumn">From 0, like the next; rows as the spreadsheet numbers them.</param>
/// <param name="Values">What its drop-down offers.</param>
public sealed record SheetChoices(int FirstColumn, int LastColumn, int FirstRow, int LastRow, IReadOnlyList<string> Values)
{
    public bool Covers(int column, int row) => column >= FirstColumn && column <= LastColumn && row >= FirstRow && row <= LastRow;
}

/// <summary>
/// A blank workbook of somebody else, to be filled in. Cells are written into rows of one sheet; every other part stays byte for byte, and in the sheet
/// its drop-downs, widths, styles and protection. Opened with the limits of <see cref="WorkbookPackage"/>.
/// </summary>
public sealed partial class WorkbookForm : IDisposable
{
    /// <summary>Platforms ask for many columns: one for each carrier, picture and property.</summary>
    public const int MaxColumns = 400;

    // A file that means harm must not make us read its lists over and over.
    private const int MaxLists = 100, MaxAreas = 2_000, MaxChoices = 5_000, LowestList = 20_000;
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    private static readonly XmlReaderSettings Distrusting = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = WorkbookPackage.MaxUnpackedBytes };

    private readonly byte[] file;
    private readonly WorkbookReader reader;

    private WorkbookForm(byte[] file, WorkbookReader reader) => (this.file, this.reader) = (file, reader);

    /// <exception cref="WorkbookRefusedException">It is no workbook, a hostile one, or too large.</exception>
    public static WorkbookForm Open(byte[] file)
    {
        if (!WorkbookPackage.Is(file) && !WorkbookPackage.IsOle(file))
            throw new WorkbookRefusedException(new Said("Tệp này không phải bảng tính .xlsx. Hãy tải mẫu trống của sàn và gửi đúng tệp đó."));
        return new(file, WorkbookReader.Open(file, MaxColumns));
    }

    public IReadOnlyList<SheetName> Sheets => reader.Sheets;

    public IEnumerable<SheetRow> Rows(int sheet) => reader.Rows(sheet);

    /// <summary>The drop-downs of a sheet whose choices stand in the workbook. One that a formula works out is left to whoever opens the file.</summary>
    /// <exception cref="WorkbookRefusedException">The sheet cannot be read.</exception>
    public List<SheetChoices> Choices(int sheet) => WorkbookPackage.Reading(() =>
    {
        var found = new List<SheetChoices>();
        var lists = new Dictionary<string, List<string>?>(StringComparer.Ordinal);
        using var package = Package();
        using var part = package.GetEntry(reader.PartOf(sheet))!.Open();
        using var xml = XmlReader.Create(part, Distrusting);
        while (xml.Read())
        {
            // Those of other sheets stand in an extension of their own, with the same words inside.
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "dataValidation" || xml.GetAttribute("type") != "list")
                continue;
            using var inner = xml.ReadSubtree();
            var rule = XElement.Load(inner);
            var formula = rule.Elements().FirstOrDefault(e => e.Name.LocalName == "formula1")?.Value.Trim() ?? "";
            if (!lists.TryGetValue(formula, out var values) && lists.Count < MaxLists)
                lists[formula] = values = Offered(sheet, formula);
            if (values is not { Count: > 0 })
                continue;
            var areas = rule.Attribute("sqref")?.Value ?? rule.Elements().FirstOrDefault(e => e.Name.LocalName == "sqref")?.Value ?? "";
            found.AddRange(areas.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Area).OfType<(int, int, int, int)>().Take(MaxAreas - found.Count).Select(a => new SheetChoices(a.Item1, a.Item2, a.Item3, a.Item4, values)));
        }
        return found;
    });

    /// <summary>The workbook with these cells, one list for each row from the first on: texts as texts, whole and broken numbers as numbers.</summary>
    /// <exception cref="WorkbookRefusedException">The sheet cannot be read.</exception>
    public byte[] Fill(int sheet, int firstRow, IReadOnlyList<IReadOnlyList<(int Column, object Value)>> rows) => WorkbookPackage.Reading(() =>
    {
        var name = reader.PartOf(sheet);
        using var output = new MemoryStream();
        using (var filled = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var package = Package();
            foreach (var entry in package.Entries)
            {
                var copy = filled.CreateEntry(entry.FullName);
                copy.LastWriteTime = entry.LastWriteTime;
                using var from = entry.Open();
                using var to = copy.Open();
                if (entry.FullName == name)
                    Copy(from, to, firstRow, rows);
                else
                    from.CopyTo(to);
            }
        }
        return output.ToArray();
    });

    public void Dispose() => reader.Dispose();

    private ZipArchive Package() => new(new MemoryStream(file, writable: false), ZipArchiveMode.Read);

    private List<string>? Offered(int sheet, string formula)
    {
        if (formula is ['"', .. var list, '"'])
            return [.. list.Replace("\"\"", "\"", StringComparison.Ordinal).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        var place = Place().Match(formula.Length > 0 && reader.AreaOf(formula) is { } area ? area : formula);
        if (!place.Success || Area(place.Groups["area"].Value) is not var (firstColumn, lastColumn, firstRow, lastRow))
            return null;
        var named = place.Groups["sheet"].Value.Replace("''", "'", StringComparison.Ordinal);
        var at = named.Length == 0 ? sheet : Sheets.ToList().FindIndex(s => string.Equals(s.Name, named, StringComparison.OrdinalIgnoreCase));
        return at < 0 || firstRow > LowestList ? null : [.. reader.Rows(at).SkipWhile(r => r.Number < firstRow).TakeWhile(r => r.Number <= lastRow && r.Number < firstRow + MaxChoices)
            .SelectMany(r => r.Cells.Skip(firstColumn).Take(lastColumn - firstColumn + 1)).Where(c => c.Length > 0).Take(MaxChoices)];
    }

    /// <summary>"$B$2:$C$9" or "B2"; a whole column is "B:B".</summary>
    private static (int FirstColumn, int LastColumn, int FirstRow, int LastRow)? Area(string text)
    {
        var ends = text.Replace("$", "", StringComparison.Ordinal).Split(':');
        var (from, to) = (Corner().Match(ends[0]), Corner().Match(ends[^1]));
        if (ends.Length > 2 || !from.Success || !to.Success)
            return null;
        int Row(Match corner, int otherwise) => int.TryParse(corner.Groups["row"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row : otherwise;
        return (WorkbookReader.Column(from.Groups["column"].Value), WorkbookReader.Column(to.Groups["column"].Value), Row(from, 1), Row(to, int.MaxValue));
    }

    private static void Copy(Stream from, Stream to, int firstRow, IReadOnlyList<IReadOnlyList<(int Column, object Value)>> rows)
    {
        using var xml = XmlReader.Create(from, Distrusting);
        using var writer = XmlWriter.Create(to, new XmlWriterSettings { Encoding = new UTF8Encoding(false), CloseOutput = false, NewLineHandling = NewLineHandling.Entitize });
        var inRows = false;
        var (written, number) = (0, 0);
        // The rows that are not in the sheet yet, up to the given one.
        void Missing(int before)
        {
            for (; written < rows.Count && firstRow + written < before; written++)
                Row(new XElement(XName.Get("row", Main), new XAttribute("r", firstRow + written)), rows[written], firstRow + written).WriteTo(writer);
        }

        for (xml.Read(); !xml.EOF;)
        {
            if (inRows && xml is { NodeType: XmlNodeType.Element, LocalName: "row" })
            {
                number = int.TryParse(xml.GetAttribute("r"), NumberStyles.None, CultureInfo.InvariantCulture, out var said) ? said : number + 1;
                Missing(number);
                if (written < rows.Count && number == firstRow + written)
                    Row((XElement)XNode.ReadFrom(xml), rows[written++], number).WriteTo(writer);
                else
                    writer.WriteNode(xml, defattr: false);
            }
            else if (xml is { NodeType: XmlNodeType.Element, LocalName: "dimension", Depth: 1 })
            {
                // The area in use grows, and is optional.
                xml.Skip();
            }
            else if (xml.NodeType == XmlNodeType.Element && xml.Depth <= 1 && xml.LocalName is "worksheet" or "sheetData" && xml.NamespaceURI == Main)
            {
                inRows = xml.LocalName == "sheetData";
                var empty = xml.IsEmptyElement;
                writer.WriteStartElement(xml.Prefix, xml.LocalName, xml.NamespaceURI);
                writer.WriteAttributes(xml, defattr: false);
                xml.Read();
                if (empty)
                {
                    Missing(int.MaxValue);
                    writer.WriteEndElement();
                    inRows = false;
                }
            }
            else if (xml is { NodeType: XmlNodeType.EndElement, Depth: <= 1 })
            {
                if (inRows)
                    Missing(int.MaxValue);
                inRows = false;
                writer.WriteFullEndElement();
                xml.Read();
            }
            else
            {
                writer.WriteNode(xml, defattr: false);
            }
        }
        if (written < rows.Count)
            throw new InvalidDataException("a sheet without rows");
    }

    /// <summary>The row with the cells at their places; a cell that is there keeps its style.</summary>
    private static XElement Row(XElement row, IReadOnlyList<(int Column, object Value)> cells, int number)
    {
        row.Attribute("spans")?.Remove();
        var name = XName.Get("c", Main);
        var there = row.Elements(name).ToList();
        foreach (var (column, value) in cells)
        {
            var reference = WorkbookTemplate.Letters(column) + number.ToString(CultureInfo.InvariantCulture);
            var cell = there.Find(c => c.Attribute("r")?.Value == reference);
            if (cell is null)
            {
                cell = new XElement(name, new XAttribute("r", reference));
                var after = there.FindLast(c => WorkbookReader.Column(c.Attribute("r")?.Value ?? "") is >= 0 and var at && at < column);
                if (after is null)
                    row.AddFirst(cell);
                else
                    after.AddAfterSelf(cell);
                there.Insert(after is null ? 0 : there.IndexOf(after) + 1, cell);
            }
            cell.RemoveNodes();
            cell.Attribute("t")?.Remove();
            if (value is string text)
            {
                cell.SetAttributeValue("t", "inlineStr");
                cell.Add(new XElement(XName.Get("is", Main), new XElement(XName.Get("t", Main), new XAttribute(XNamespace.Xml + "space", "preserve"), Workbook.Writable(text))));
            }
            else
            {
                cell.Add(new XElement(XName.Get("v", Main), ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)));
            }
        }
        return row;
    }

    [GeneratedRegex(@"^=?(('(?<sheet>([^']|'')+)'|(?<sheet>[^'!\[\]()]+))!)?(?<area>\$?[A-Za-z]{1,3}\$?\d*(:\$?[A-Za-z]{1,3}\$?\d*)?)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();

    [GeneratedRegex(@"^(?<column>[A-Za-z]{1,3})(?<row>\d{0,7})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Corner();
}
