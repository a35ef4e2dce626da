using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Imports;

/// <param name="Row">Of the headings.</param>
public sealed record SheetContent(IImportKind Kind, int Sheet, int Row, List<Heading> Headings, List<ImportLine> Lines, List<Said> Notes);

/// <summary>
/// A file as people keep it: the sheet, the row of the headings and the columns are found by what they are called, wherever they stand; titles above,
/// sums below, empty rows, hidden sheets and old fonts are no obstacle. What was passed over is told.
/// </summary>
public static class SheetFile
{
    private const int HeadingWithin = 30;
    private const int MostTold = 12;

    /// <param name="kinds">What it may be; the one whose headings fit best counts.</param>
    /// <param name="stop">Ends the reading, wherever it is.</param>
    /// <exception cref="WorkbookRefusedException">It cannot be read, or has no row of headings that we know.</exception>
    public static SheetContent Read(byte[] file, IReadOnlyList<IImportKind> kinds, CancellationToken stop = default)
    {
        if (!WorkbookPackage.Is(file) && !WorkbookPackage.IsOle(file))
            return Read(kinds, [("", 0)], _ => CsvFile.Rows(file), stop);
        using var workbook = WorkbookReader.Open(file, stop: stop);
        var sheets = workbook.Sheets.Select((s, at) => (s.Name, At: at, s.Hidden)).Where(s => !s.Hidden).Select(s => (s.Name, s.At)).ToList();
        return Read(kinds, sheets, workbook.Rows, stop);
    }

    private sealed record Found(IImportKind Kind, string Sheet, int At, int Row, List<Heading> Headings, List<string> Unused, int? Result)
    {
        public List<ImportColumn> Missing => [.. Kind.Columns.Where(c => c.Required && Headings.TrueForAll(h => h.Field != c.Field))];
    }

    private static SheetContent Read(IReadOnlyList<IImportKind> kinds, List<(string Name, int At)> sheets, Func<int, IEnumerable<SheetRow>> rows, CancellationToken stop)
    {
        Found? best = null;
        foreach (var (name, at) in sheets)
        {
            var found = rows(at).Take(HeadingWithin).SelectMany(row => kinds.Select(kind => Match(kind, name, at, row))).Where(f => f.Headings.Count > 1).MaxBy(f => f.Headings.Count * 100 - f.Missing.Count * 101 - f.Row);
            if (found is not null && (best is null || found.Missing.Count < best.Missing.Count))
                best = found;
        }
        if (best is null)
            throw new WorkbookRefusedException(new Said("Không tìm thấy dòng tiêu đề cột. Hãy tải tệp mẫu, chép các dòng của bạn vào đó."));
        if (best.Missing is [var missing, ..])
            throw new WorkbookRefusedException(new Said("Thiếu cột “{0}”. Dòng {1} của tệp có các cột: {2}.", missing.Header, Vietnamese.Number(best.Row), string.Join(", ", best.Headings.Select(h => h.Text).Concat(best.Unused))));
        return Lines(best, rows(best.At), sheets.Count, stop);
    }

    private static Found Match(IImportKind kind, string sheet, int at, SheetRow row)
    {
        var headings = new List<Heading>();
        var unused = new List<string>();
        int? result = null;
        for (var i = 0; i < row.Cells.Length; i++)
        {
            var text = Vietnamese.Clean(LegacyVietnamese.ToUnicode(row.Cells[i]) ?? row.Cells[i]);
            var name = Name(text);
            if (name.Length == 0)
                continue;
            result = ReturnedFile.Results.Any(r => Name(r) == name) ? i : result;
            if (result == i || ReturnedFile.Reasons.Any(r => Name(r) == name))
                continue;
            var column = kind.Columns.FirstOrDefault(c => Names(c).Contains(name)) ?? Nearest.Of(name, kind.Columns.SelectMany(c => Names(c).Select(n => (n, c))), most: name.Length < 5 ? 0 : name.Length < 9 ? 1 : 2);
            if (column is not null && headings.TrueForAll(h => h.Field != column.Field))
                headings.Add(new Heading(column.Field, i, text));
            else
                unused.Add(text.Length > 40 ? text[..40] + "…" : text);
        }
        return new Found(kind, sheet, at, row.Number, headings, unused, result);
    }

    private static IEnumerable<string> Names(ImportColumn column) => [Name(column.Header), Name(Texts.In(Texts.En, column.Header)), .. column.Aliases];

    /// <summary>"Giá bán (đồng) *" is "gia ban".</summary>
    private static string Name(string heading) => string.Join(' ', Vietnamese.Fold(heading.Split('(', '\n', '*', ':')[0]).Split([' ', '_', '-', '.', '/'], StringSplitOptions.RemoveEmptyEntries));

    private static SheetContent Lines(Found found, IEnumerable<SheetRow> rows, int sheets, CancellationToken stop)
    {
        var lines = new List<ImportLine>();
        var (hidden, sums, done) = (new List<int>(), new List<int>(), new List<int>());
        var fonts = new OldFonts();
        foreach (var row in rows.SkipWhile(r => r.Number <= found.Row))
        {
            stop.ThrowIfCancellationRequested();
            var cells = found.Headings.Where(h => h.Column < row.Cells.Length && !string.IsNullOrWhiteSpace(row.Cells[h.Column])).ToDictionary(h => h.Field, h => row.Cells[h.Column], StringComparer.Ordinal);
            if (cells.Count == 0 || IsExample(row) || found.Headings.TrueForAll(h => h.Column < row.Cells.Length && Name(row.Cells[h.Column]) == Name(h.Text)))
                continue;
            if (found.Result is { } result && result < row.Cells.Length && ReturnedFile.Done.Contains(Vietnamese.Clean(row.Cells[result])))
            {
                done.Add(row.Number);
                continue;
            }
            if (IsSum(row, found, cells))
            {
                sums.Add(row.Number);
                continue;
            }
            if (lines.Count == ImportKinds.MaxRows)
                throw new WorkbookRefusedException(new Said("Tệp có hơn {0} dòng. Hãy chia thành nhiều tệp.", Vietnamese.Number(ImportKinds.MaxRows)));
            if (row.Hidden)
                hidden.Add(row.Number);
            fonts.See(cells.Values);
            lines.Add(new ImportLine(row.Number, cells));
        }
        if (lines.Count == 0)
            throw new WorkbookRefusedException(new Said("Dưới dòng tiêu đề chưa có dòng nào. Hãy điền các dòng rồi tải lại."));
        foreach (var line in lines)
            Tidy(line.Cells, found.Kind, fonts);
        return new SheetContent(found.Kind, found.At, found.Row, found.Headings, lines, [.. Notes(found, sheets, hidden, sums, done, fonts.Turned)]);
    }

    private static IEnumerable<Said> Notes(Found found, int sheets, List<int> hidden, List<int> sums, List<int> done, int turned)
    {
        if (sheets > 1)
            yield return new Said("Chỉ đọc trang tính “{0}”.", found.Sheet);
        if (found.Unused.Count > 0)
            yield return new Said("Không dùng các cột: {0}.", string.Join(", ", found.Unused.Take(MostTold)));
        if (done.Count > 0)
            yield return new Said("Bỏ qua các dòng mà cột Kết quả ghi là đã lưu: {0}.", string.Join(", ", done.Take(MostTold)));
        if (sums.Count > 0)
            yield return new Said("Bỏ qua dòng cộng: {0}.", string.Join(", ", sums.Take(MostTold)));
        if (hidden.Count > 0)
            yield return new Said("Các dòng đang ẩn cũng được đọc: {0}.", string.Join(", ", hidden.Take(MostTold)));
        if (turned > 0)
            yield return new Said("{0} ô gõ bằng phông cũ (TCVN3, VNI) được đổi sang Unicode.", Vietnamese.Number(turned));
    }

    private static void Tidy(Dictionary<string, string> cells, IImportKind kind, OldFonts fonts)
    {
        foreach (var field in cells.Keys.ToList())
        {
            var text = fonts.Turn(cells[field]);
            cells[field] = kind.Columns.First(c => c.Field == field).Lines ? Vietnamese.CleanLines(text) : Vietnamese.Clean(text);
        }
    }

    /// <summary>The example of our own template.</summary>
    private static bool IsExample(SheetRow row) => Array.Find(row.Cells, c => !string.IsNullOrWhiteSpace(c)) is { } first && Vietnamese.Fold(first.Trim()) is var example && (example.StartsWith("vi du:", StringComparison.Ordinal) || example.StartsWith("example:", StringComparison.Ordinal));

    /// <summary>"Tổng cộng" below the rows: it lacks what every row needs.</summary>
    private static bool IsSum(SheetRow row, Found found, Dictionary<string, string> cells) =>
        row.Cells.FirstOrDefault(c => !string.IsNullOrWhiteSpace(c)) is { } first && Vietnamese.Fold(first.Trim()).Split(' ', ':')[0] is "tong" or "cong" or "total"
        && found.Kind.Columns.Any(c => c.Required && !cells.ContainsKey(c.Field));

    /// <summary>Which cells are of old fonts: those that can be nothing else, and in a file without any letter of Unicode those that could be.</summary>
    private sealed class OldFonts
    {
        private bool sure;
        private bool unicode;

        public int Turned { get; private set; }

        public void See(IEnumerable<string> texts)
        {
            foreach (var text in texts)
            {
                sure = sure || LegacyVietnamese.ToUnicode(text) is not null;
                unicode = unicode || text.AsSpan().ContainsAnyInRange('\u0100', '\u1FFF');
            }
        }

        public string Turn(string text)
        {
            if (LegacyVietnamese.ToUnicode(text, sure && !unicode) is not { } turned)
                return text;
            Turned++;
            return turned;
        }
    }
}
