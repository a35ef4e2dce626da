using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using CellText = DocumentFormat.OpenXml.Spreadsheet.Text;

namespace SonLaMarket.Foundation.Papers;

/// <param name="Row">As the spreadsheet numbers it.</param>
/// <param name="Column">From 0.</param>
public sealed record CellNote(int Row, int Column, string Text);

/// <summary>
/// Notes on cells of a workbook of others: the text (comments) and the box that a spreadsheet shows it in (VML, ECMA-376 part 4). Notes of others stay; those of
/// ours from an earlier time go, a file that was given back may come again.
/// </summary>
internal static class WorkbookNotes
{
    /// <summary>The boxes of a sheet that has none yet.</summary>
    public const string Boxes = "slmNotes";

    /// <summary>More are no help to anybody; the added columns say everything.</summary>
    private const int Most = 2_000;

    private const string Author = "SonLaMarket";
    private const int FirstShape = 50_000;

    private static readonly XNamespace V = "urn:schemas-microsoft-com:vml", O = "urn:schemas-microsoft-com:office:office", X = "urn:schemas-microsoft-com:office:excel";

    /// <param name="boxes">The id of the part that the sheet names as its legacy drawing.</param>
    public static void Put(WorksheetPart sheet, string boxes, IReadOnlyList<CellNote> notes)
    {
        var drawing = sheet.Parts.Any(p => p.RelationshipId == boxes) ? (VmlDrawingPart)sheet.GetPartById(boxes) : sheet.AddNewPart<VmlDrawingPart>(boxes);
        var shapes = Read(drawing) ?? Empty();
        var part = sheet.WorksheetCommentsPart ?? sheet.AddNewPart<WorksheetCommentsPart>();
        var all = part.Comments ??= new Comments(new Authors(), new CommentList());
        var authors = all.Authors ??= new Authors();
        var list = all.CommentList ??= new CommentList();
        var ours = Ours(authors);
        foreach (var old in list.Elements<Comment>().Where(c => c.AuthorId?.Value == ours).ToList())
        {
            shapes.Elements(V + "shape").Where(s => IsOf(s, old.Reference?.Value ?? "")).Remove();
            old.Remove();
        }
        var others = list.Elements<Comment>().DistinctBy(c => c.Reference?.Value).ToDictionary(c => c.Reference?.Value ?? "", StringComparer.Ordinal);
        var shape = FirstShape;
        foreach (var note in notes.Take(Most))
        {
            var reference = WorkbookTemplate.Letters(note.Column) + note.Row.ToString(CultureInfo.InvariantCulture);
            if (others.TryGetValue(reference, out var there))
            {
                (there.CommentText ??= new CommentText()).AppendChild(Run("\n" + note.Text));
                continue;
            }
            list.AppendChild(new Comment { Reference = reference, AuthorId = ours, CommentText = new CommentText(Run(note.Text)) });
            shapes.Add(Box(note, shape++));
        }
        using var output = drawing.GetStream(FileMode.Create, FileAccess.Write);
        shapes.Save(output, SaveOptions.DisableFormatting);
    }

    /// <summary>The boxes of earlier notes; null where there are none, or some that nobody can read: their notes are shown in boxes of the program's own then.</summary>
    private static XElement? Read(VmlDrawingPart drawing)
    {
        using var content = drawing.GetStream();
        if (content.Length == 0)
            return null;
        try
        {
            using var reader = XmlReader.Create(content, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XElement.Load(reader);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static XElement Empty() => new("xml", new XAttribute(XNamespace.Xmlns + "v", V), new XAttribute(XNamespace.Xmlns + "o", O), new XAttribute(XNamespace.Xmlns + "x", X),
        new XElement(V + "shapetype", new XAttribute("id", "_x0000_t202"), new XAttribute("coordsize", "21600,21600"), new XAttribute(O + "spt", "202"), new XAttribute("path", "m,l,21600r21600,l21600,xe"),
            new XElement(V + "stroke", new XAttribute("joinstyle", "miter")), new XElement(V + "path", new XAttribute("gradientshapeok", "t"), new XAttribute(O + "connecttype", "rect"))));

    private static XElement Box(CellNote note, int id) => new(V + "shape", new XAttribute("id", string.Create(CultureInfo.InvariantCulture, $"_x0000_s{id}")), new XAttribute("type", "#_x0000_t202"),
        new XAttribute("style", "position:absolute;visibility:hidden"), new XAttribute("fillcolor", "#ffffe1"), new XAttribute(O + "insetmode", "auto"),
        new XElement(V + "fill", new XAttribute("color2", "#ffffe1")), new XElement(V + "path", new XAttribute(O + "connecttype", "none")), new XElement(V + "textbox"),
        new XElement(X + "ClientData", new XAttribute("ObjectType", "Note"), new XElement(X + "MoveWithCells"), new XElement(X + "SizeWithCells"),
            new XElement(X + "Anchor", string.Create(CultureInfo.InvariantCulture, $"{note.Column + 1}, 15, {Math.Max(0, note.Row - 2)}, 10, {note.Column + 4}, 15, {note.Row + 3}, 4")),
            new XElement(X + "AutoFill", "False"), new XElement(X + "Row", note.Row - 1), new XElement(X + "Column", note.Column)));

    private static bool IsOf(XElement shape, string reference) => shape.Element(X + "ClientData") is { } data
        && int.TryParse(data.Element(X + "Row")?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var row) && int.TryParse(data.Element(X + "Column")?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var column)
        && WorkbookTemplate.Letters(column) + (row + 1).ToString(CultureInfo.InvariantCulture) == reference;

    private static uint Ours(Authors authors)
    {
        var at = authors.Elements<Author>().Select(a => a.Text).ToList().IndexOf(Author);
        if (at < 0)
        {
            at = authors.Elements<Author>().Count();
            authors.AppendChild(new Author(Author));
        }
        return (uint)at;
    }

    private static Run Run(string text) => new(new CellText(Workbook.Writable(text)) { Space = SpaceProcessingModeValues.Preserve });
}
