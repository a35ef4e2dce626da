using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace SonLaMarket.Foundation.Papers;

/// <summary>One sheet of a workbook that is written row by row: nothing of it is held in memory.</summary>
/// <param name="Name">At most 31 characters, as the format has it.</param>
/// <param name="Rows">A number becomes a number, anything else text, null and "" an empty cell.</param>
public sealed record WorkbookSheet(string Name, IReadOnlyCollection<string> Head, IEnumerable<IEnumerable<object?>> Rows);

/// <summary>
/// Writes spreadsheets (ECMA-376, XLSX) from the first byte to the last. Text cells are text: a GTIN keeps its zeros, also when somebody edits it, and a name
/// that begins with "=" is no formula. The same rows give the same bytes.
/// </summary>
public static partial class Workbook
{
    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Packages = "http://schemas.openxmlformats.org/package/2006/";
    private const string TextStyle = "1";
    private const string HeadStyle = "2";

    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly XmlWriterSettings Settings = new() { Encoding = new UTF8Encoding(false) };

    /// <param name="sheets">Rows by the name of their sheet; the keys of the first row are the head.</param>
    public static async Task<byte[]> BytesAsync(IReadOnlyDictionary<string, IEnumerable<Dictionary<string, object?>>> sheets)
    {
        using var output = new MemoryStream();
        await WriteAsync(output, [.. sheets.Select(s => (s.Key, Rows: s.Value.ToList())).Select(s => new WorkbookSheet(s.Key, s.Rows.Count > 0 ? s.Rows[0].Keys : [], s.Rows.Select(r => r.Values)))]);
        return output.ToArray();
    }

    /// <param name="output">Need not be one that can go back; stays open.</param>
    public static async Task WriteAsync(Stream output, params IReadOnlyList<WorkbookSheet> sheets)
    {
        await using var package = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);
        await PartAsync(package, "[Content_Types].xml", xml => Types(xml, sheets.Count));
        await PartAsync(package, "_rels/.rels", xml => Related(xml, [("rId1", "officeDocument", "xl/workbook.xml")]));
        await PartAsync(package, "xl/workbook.xml", xml => Book(xml, sheets));
        await PartAsync(package, "xl/_rels/workbook.xml.rels", xml => Related(xml, [.. sheets.Select((_, i) => ($"rId{i + 1}", "worksheet", $"worksheets/sheet{i + 1}.xml")), ($"rId{sheets.Count + 1}", "styles", "styles.xml")]));
        await PartAsync(package, "xl/styles.xml", Styles);
        for (var i = 0; i < sheets.Count; i++)
            await PartAsync(package, $"xl/worksheets/sheet{i + 1}.xml", xml => Cells(xml, sheets[i]));
    }

    private static async Task PartAsync(ZipArchive package, string name, Action<XmlWriter> write)
    {
        var entry = package.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = NoTime;
        await using var content = await entry.OpenAsync();
        Write(content, write);
    }

    private static void Write(Stream content, Action<XmlWriter> write)
    {
        using var xml = XmlWriter.Create(content, Settings);
        xml.WriteStartDocument(standalone: true);
        write(xml);
    }

    private static void Types(XmlWriter xml, int sheets)
    {
        const string spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
        xml.WriteStartElement("Types", Packages + "content-types");
        Element(xml, "Default", ("Extension", "rels"), ("ContentType", "application/vnd.openxmlformats-package.relationships+xml"));
        Element(xml, "Default", ("Extension", "xml"), ("ContentType", "application/xml"));
        Element(xml, "Override", ("PartName", "/xl/workbook.xml"), ("ContentType", spreadsheet + "sheet.main+xml"));
        Element(xml, "Override", ("PartName", "/xl/styles.xml"), ("ContentType", spreadsheet + "styles+xml"));
        for (var i = 1; i <= sheets; i++)
            Element(xml, "Override", ("PartName", $"/xl/worksheets/sheet{i}.xml"), ("ContentType", spreadsheet + "worksheet+xml"));
    }

    private static void Related(XmlWriter xml, (string Id, string Type, string Target)[] parts)
    {
        xml.WriteStartElement("Relationships", Packages + "relationships");
        foreach (var (id, type, target) in parts)
            Element(xml, "Relationship", ("Id", id), ("Type", $"{Relations}/{type}"), ("Target", target));
    }

    private static void Book(XmlWriter xml, IReadOnlyList<WorkbookSheet> sheets)
    {
        xml.WriteStartElement("workbook", Main);
        xml.WriteStartElement("sheets");
        for (var i = 0; i < sheets.Count; i++)
        {
            xml.WriteStartElement("sheet");
            xml.WriteAttributeString("name", sheets[i].Name);
            xml.WriteAttributeString("sheetId", (i + 1).ToString(CultureInfo.InvariantCulture));
            xml.WriteAttributeString("r", "id", Relations, $"rId{i + 1}");
            xml.WriteEndElement();
        }
    }

    /// <summary>0 as it comes, 1 text (number format 49), 2 text in bold.</summary>
    private static void Styles(XmlWriter xml)
    {
        xml.WriteStartElement("styleSheet", Main);
        xml.WriteRaw("""
            <fonts count="2"><font><sz val="11"/><name val="Arial"/></font><font><b/><sz val="11"/><name val="Arial"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>
            """);
    }

    private static void Cells(XmlWriter xml, WorkbookSheet sheet)
    {
        xml.WriteStartElement("worksheet", Main);
        if (sheet.Head.Count > 0)
        {
            xml.WriteRaw("""<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>""");
            xml.WriteStartElement("cols");
            Element(xml, "col", ("min", "1"), ("max", sheet.Head.Count.ToString(CultureInfo.InvariantCulture)), ("width", "18"), ("customWidth", "1"));
            xml.WriteEndElement();
        }
        xml.WriteStartElement("sheetData");
        var number = 0;
        if (sheet.Head.Count > 0)
            Row(xml, ++number, sheet.Head, HeadStyle);
        foreach (var row in sheet.Rows)
            Row(xml, ++number, row, TextStyle);
    }

    private static void Row(XmlWriter xml, int number, IEnumerable<object?> cells, string textStyle)
    {
        var row = number.ToString(CultureInfo.InvariantCulture);
        xml.WriteStartElement("row");
        xml.WriteAttributeString("r", row);
        var column = 0;
        foreach (var cell in cells)
            Cell(xml, WorkbookTemplate.Letters(column++) + row, cell, textStyle);
        xml.WriteEndElement();
    }

    private static void Cell(XmlWriter xml, string place, object? value, string textStyle)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture);
        if (string.IsNullOrEmpty(text))
            return;
        xml.WriteStartElement("c");
        xml.WriteAttributeString("r", place);
        if (value is int or long or decimal or double)
        {
            xml.WriteElementString("v", text);
        }
        else
        {
            xml.WriteAttributeString("s", textStyle);
            xml.WriteAttributeString("t", "inlineStr");
            xml.WriteStartElement("is");
            xml.WriteStartElement("t");
            xml.WriteAttributeString("xml", "space", null, "preserve");
            xml.WriteString(Writable(text));
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    /// <summary>As a cell holds it: characters that XML cannot hold become blanks, and what would be read as a character by its number ("_x0041_", ECMA-376 22.9.2.19) stays what it is.</summary>
    internal static string Writable(string text) => Printable(text.Contains("_x", StringComparison.Ordinal) ? Numbered().Replace(text, "_x005F$0") : text);

    /// <summary>As it is meant: a character by its number is that character, where XML can hold it.</summary>
    internal static string Read(string held) => held.Contains("_x", StringComparison.Ordinal)
        ? Numbered().Replace(held, m => ((char)int.Parse(m.ValueSpan[2..6], NumberStyles.HexNumber, CultureInfo.InvariantCulture)) is var c && XmlConvert.IsXmlChar(c) ? c.ToString() : " ") : held;

    private static string Printable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsWritable(text, i))
                return string.Create(text.Length, text, (to, from) =>
                {
                    for (var at = 0; at < to.Length; at++)
                        to[at] = IsWritable(from, at) ? from[at] : ' ';
                });
        }
        return text;
    }

    private static bool IsWritable(string text, int at) =>
        XmlConvert.IsXmlChar(text[at])
        || (char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
        || (char.IsLowSurrogate(text[at]) && at > 0 && char.IsHighSurrogate(text[at - 1]));

    [GeneratedRegex("_x[0-9A-Fa-f]{4}_", RegexOptions.NonBacktracking)]
    private static partial Regex Numbered();

    private static void Element(XmlWriter xml, string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        xml.WriteStartElement(name);
        foreach (var (attribute, value) in attributes)
            xml.WriteAttributeString(attribute, value);
        xml.WriteEndElement();
    }
}
