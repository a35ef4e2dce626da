using System.IO.Compression;
using System.Net;
using System.Text;

namespace SonLaMarket.Tests.Support;

/// <summary>Workbooks written by hand, part by part, so that a test can put anything into them. Knows nothing of the product's own.</summary>
public static class Spreadsheet
{
    private const string Head = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>""";
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Types = "application/vnd.openxmlformats-officedocument.spreadsheetml.";

    /// <summary>One sheet of texts, the first row the headings. A value that is a number is one.</summary>
    public static byte[] Of(params object?[][] rows) => Of(string.Concat(rows.Select((row, at) => Row(at + 1, row))));

    /// <param name="rows">The inside of sheetData.</param>
    /// <param name="behind">What follows sheetData.</param>
    public static byte[] Of(string rows, string behind = "", string before = "", params (string Name, string Text)[] more) =>
        Book([("Trang 1", "", rows, behind)], before, more);

    /// <param name="sheets">Name, state ("hidden"), rows, what follows them.</param>
    /// <param name="before">In front of the first sheet: a DTD.</param>
    public static byte[] Book((string Name, string State, string Rows, string Behind)[] sheets, string before = "", params (string Name, string Text)[] more)
    {
        var numbered = sheets.Select((s, at) => (s.Name, s.State, s.Rows, s.Behind, Number: at + 1)).ToList();
        return Zip([
            ("[Content_Types].xml", $"""{Head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{Types}sheet.main+xml"/>{string.Concat(numbered.Select(s => $"""<Override PartName="/xl/worksheets/sheet{s.Number}.xml" ContentType="{Types}worksheet+xml"/>"""))}<Override PartName="/xl/styles.xml" ContentType="{Types}styles+xml"/></Types>"""),
            ("_rels/.rels", $"""{Head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{Relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""),
            ("xl/workbook.xml", $"""{Head}<workbook xmlns="{Main}" xmlns:r="{Relations}"><sheets>{string.Concat(numbered.Select(s => $"""<sheet name="{s.Name}" sheetId="{s.Number}" {(s.State.Length > 0 ? $"state=\"{s.State}\" " : "")}r:id="rId{s.Number}"/>"""))}</sheets></workbook>"""),
            ("xl/_rels/workbook.xml.rels", $"""{Head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{string.Concat(numbered.Select(s => $"""<Relationship Id="rId{s.Number}" Type="{Relations}/worksheet" Target="worksheets/sheet{s.Number}.xml"/>"""))}<Relationship Id="rIdS" Type="{Relations}/styles" Target="styles.xml"/></Relationships>"""),
            ("xl/styles.xml", $"""{Head}<styleSheet xmlns="{Main}"><fonts count="1"><font><sz val="11"/><name val="Arial"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>"""),
            .. numbered.Select(s => ($"xl/worksheets/sheet{s.Number}.xml", $"""{Head}{(s.Number == 1 ? before : "")}<worksheet xmlns="{Main}" xmlns:r="{Relations}"><sheetData>{s.Rows}</sheetData>{s.Behind}</worksheet>""")),
            .. more]);
    }

    /// <summary>A day is a number with the style of days.</summary>
    public static string Row(int number, object?[] cells, string attributes = "") => $"""<row r="{number}" {attributes}>{string.Concat(cells.Select((cell, at) => Cell($"{(char)('A' + at)}{number}", cell)))}</row>""";

    public static byte[] Zip(params (string Name, string Text)[] parts) => Packed([.. parts.Select(p => (p.Name, Encoding.UTF8.GetBytes(p.Text)))]);

    public static byte[] Packed(params (string Name, byte[] Bytes)[] parts)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create))
        {
            foreach (var (name, bytes) in parts)
            {
                using var part = zip.CreateEntry(name).Open();
                part.Write(bytes);
            }
        }
        return file.ToArray();
    }

    private static string Cell(string reference, object? value) => value switch
    {
        null => "",
        DateOnly day => $"""<c r="{reference}" s="1"><v>{(int)day.ToDateTime(TimeOnly.MinValue).ToOADate()}</v></c>""",
        int or long or double => $"""<c r="{reference}"><v>{Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)}</v></c>""",
        _ => $"""<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{WebUtility.HtmlEncode(value.ToString())}</t></is></c>""",
    };
}
