using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Payments;

public abstract record StatementOutcome
{
    public sealed record Read(IReadOnlyList<CreditLine> Lines) : StatementOutcome;

    /// <param name="Line">Of the file, from 1; 0 when the file as a whole is meant.</param>
    /// <param name="What">What is wrong, in Vietnamese; {0} takes the value.</param>
    public sealed record Wrong(int Line, string What, string Value) : StatementOutcome;
}

/// <summary>
/// A bank's statement as CSV or XLSX. Every bank names its columns its own way: the heading is found by the words that they use, wherever in the
/// first lines it stands; lines without money coming in are passed over. One column of amounts for both ways is read only where a column or a sign tells
/// which way the money went. A line that cannot be read refuses the whole file.
/// </summary>
public static class StatementFile
{
    public const int MaxBytes = 2 << 20;
    private const int MaxLines = 20_000;
    private const int HeadingWithin = 30;

    private static readonly string[] Day = ["ngay", "ngay giao dich", "ngay gd", "ngay hieu luc", "ngay hach toan", "date", "transaction date", "booking date"];
    private static readonly string[] Credit = ["ghi co", "so tien ghi co", "phat sinh co", "tien vao", "co", "credit", "credit amount"];
    private static readonly string[] Either = ["so tien", "so tien gd", "amount"];
    /// <summary>Headings, whole, of a column that says which way the money of a line went.</summary>
    private static readonly string[] Way =
        ["d/c", "dc", "c/d", "dr/cr", "cr/dr", "debit/credit", "credit/debit", "n/c", "c/n", "no/co", "co/no", "ghi no/ghi co", "ghi no/co", "no - co", "loai gd", "loai giao dich", "loai", "chieu", "type", "transaction type"];

    private static readonly string[] Incoming = ["c", "cr", "co", "credit", "ghi co", "tien vao", "vao", "thu", "+"];
    private static readonly string[] Outgoing = ["d", "dr", "n", "no", "debit", "ghi no", "tien ra", "ra", "chi", "-"];
    private static readonly string[] Words = ["noi dung", "noi dung giao dich", "dien giai", "mo ta", "description", "remark", "details"];
    private static readonly string[] Reference = ["so tham chieu", "ma giao dich", "so giao dich", "so but toan", "so chung tu", "reference", "transaction id", "ref no"];
    private static readonly string[] DayFormats = ["dd/MM/yyyy", "d/M/yyyy", "dd-MM-yyyy", "yyyy-MM-dd", "dd/MM/yyyy HH:mm:ss", "dd/MM/yyyy HH:mm", "dd-MM-yyyy HH:mm:ss", "yyyy-MM-dd HH:mm:ss"];

    /// <param name="today">A line of a later day has not happened: the file is not what it should be.</param>
    public static StatementOutcome Read(byte[] file, DateOnly today)
    {
        try
        {
            return WorkbookPackage.Is(file) ? Read(Rows(file), today) ?? NoHeading : Read(new UTF8Encoding(false, true).GetString(file).TrimStart('\uFEFF'), today);
        }
        catch (DecoderFallbackException)
        {
            return new StatementOutcome.Wrong(0, "Tệp không phải XLSX hay CSV mã hóa UTF-8. Trong Excel: Lưu dưới dạng, chọn “Excel (.xlsx)” hoặc “CSV UTF-8”.", "");
        }
        catch (WorkbookRefusedException refused)
        {
            return new StatementOutcome.Wrong(0, refused.Why.Text, "");
        }
    }

    /// <summary>The same as text, as it is copied out of a spreadsheet: with tabs, or as a CSV file has it.</summary>
    public static StatementOutcome Read(string text, DateOnly today) =>
        Separated(text, "\t", today) ?? Separated(text, ";", today) ?? Separated(text, ",", today) ?? NoHeading;

    /// <summary>Null when no heading is found with this separator.</summary>
    private static StatementOutcome? Separated(string text, string separator, DateOnly today)
    {
        using var csv = new CsvParser(new StringReader(text), new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = separator, BadDataFound = null, MaxFieldSize = 10_000 });
        try
        {
            return Read(Rows(csv), today);
        }
        catch (CsvHelperException)
        {
            return new StatementOutcome.Wrong(csv.RawRow, "Không đọc được dòng này.", "");
        }
    }

    private static IEnumerable<(int Row, string[] Cells)> Rows(byte[] workbook)
    {
        using var reader = WorkbookReader.Open(workbook);
        foreach (var row in reader.Rows(0))
            yield return (row.Number, row.Cells);
    }

    private static IEnumerable<(int Row, string[] Cells)> Rows(CsvParser csv)
    {
        while (csv.Read())
            yield return (csv.RawRow, csv.Record!);
    }

    private static StatementOutcome? Read(IEnumerable<(int Row, string[] Cells)> rows, DateOnly today)
    {
        Columns? columns = null;
        var lines = new List<CreditLine>();
        // Of one column for both ways: whether a minus marks what went out, and the first line that says nothing.
        var (signed, silent, number) = (false, 0, 0);
        foreach (var (row, cells) in rows)
        {
            if (++number > MaxLines)
                return new StatementOutcome.Wrong(0, "Tệp dài hơn {0} dòng. Hãy chia theo tháng.", Vietnamese.Number(MaxLines));
            if (columns is null)
            {
                columns = Columns.Of(cells);
                if (columns is null && number == HeadingWithin)
                    break;
                continue;
            }
            var way = columns.WayOf(cells);
            signed |= columns.Both && Columns.Minus(Columns.Field(cells, columns.Credit));
            if (way == false)
                continue;
            var (line, wrong) = Line(cells, columns, row, today);
            if (wrong is not null)
                return wrong;
            if (line is null)
                continue;
            lines.Add(line);
            if (way is null && columns.Both && silent == 0)
                silent = row;
        }
        if (columns is null)
            return null;
        return silent > 0 && !signed
            ? new StatementOutcome.Wrong(silent, "Cột số tiền này không cho biết tiền vào hay tiền ra. Hãy dùng tệp có cột ghi có riêng, có cột loại (C/D, Có/Nợ), hoặc có dấu + và −.", "")
            : new StatementOutcome.Read(lines);
    }

    private static (CreditLine? Line, StatementOutcome.Wrong? Wrong) Line(string[] record, Columns columns, int row, DateOnly today)
    {
        string Field(int? at) => Columns.Field(record, at);
        var amount = Field(columns.Credit);
        // Empty, a dash or a minus: no money came in by this line. A line without a day is a sum or a remark.
        if (amount.Length == 0 || Columns.Minus(amount) || amount.All(c => !char.IsAsciiDigit(c)) || Field(columns.Day).Length == 0)
            return (null, null);
        if (!DateTime.TryParseExact(Field(columns.Day), DayFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return (null, new StatementOutcome.Wrong(row, "“{0}” không phải là ngày.", Field(columns.Day)));
        if (DateOnly.FromDateTime(day) > today)
            return (null, new StatementOutcome.Wrong(row, "Ngày {0} chưa đến. Hãy kiểm tra tệp.", Field(columns.Day)));
        if (Amount(amount) is not { } vnd)
            return (null, new StatementOutcome.Wrong(row, "“{0}” không phải là số tiền.", amount));
        if (vnd == 0)
            return (null, null);
        var reference = Vietnamese.Clean(Field(columns.Reference));
        return (new CreditLine(DateOnly.FromDateTime(day), vnd, reference.Length <= 100 ? reference : reference[..100], Vietnamese.Clean(Field(columns.Words))), null);
    }

    /// <summary>Whole đồng in any writing of a bank: 1.250.000, 1,250,000, +1250000.00 VND. Null when it is none, or has a fraction.</summary>
    private static long? Amount(string text)
    {
        var digits = text.Replace("VND", "", StringComparison.OrdinalIgnoreCase).Replace("đ", "", StringComparison.OrdinalIgnoreCase).Trim().TrimStart('+').Replace(" ", "", StringComparison.Ordinal);
        var last = digits.LastIndexOfAny(['.', ',']);
        // Two digits behind the last mark are hundredths, of which a đồng has none.
        if (last >= 0 && digits.Length - last - 1 is 1 or 2)
        {
            if (digits[(last + 1)..].Any(c => c != '0'))
                return null;
            digits = digits[..last];
        }
        digits = digits.Replace(".", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal);
        return digits.Length is > 0 and <= 15 && digits.All(char.IsAsciiDigit) ? long.Parse(digits, CultureInfo.InvariantCulture) : null;
    }

    private static StatementOutcome NoHeading => new StatementOutcome.Wrong(0, "Không tìm thấy dòng tiêu đề có cột ngày, số tiền ghi có và nội dung.", "");

    /// <param name="Both">The amounts are of both ways, and not only of money that came in.</param>
    /// <param name="Way">Says which way the money went.</param>
    private sealed record Columns(int Day, int Credit, bool Both, int Words, int? Reference, int? Way)
    {
        public static Columns? Of(string[] record)
        {
            var whole = record.Select(name => Vietnamese.Fold(name).Trim()).ToArray();
            // "Có/Nợ" is no column of money that came in.
            var names = record.Select((name, at) => StatementFile.Way.Contains(whole[at]) ? "" : Vietnamese.Fold(name.Split('(', '\n', '/')[0]).Trim()).ToArray();
            int? At(string[] wanted) => Array.FindIndex(names, n => wanted.Contains(n)) is var i and >= 0 ? i : null;
            var credit = At(StatementFile.Credit);
            return At(StatementFile.Day) is { } day && (credit ?? At(Either)) is { } amount && At(StatementFile.Words) is { } words
                ? new Columns(day, amount, credit is null, words, At(StatementFile.Reference), Array.FindIndex(whole, n => StatementFile.Way.Contains(n)) is var way and >= 0 ? way : null)
                : null;
        }

        public static string Field(string[] record, int? at) => at is { } i && i < record.Length ? record[i].Trim() : "";

        public static bool Minus(string amount) => amount.Length > 0 && amount[0] is '-' or '−' or '–' or '(';

        /// <summary>True for money that came in, false for money that left; null where neither a word nor a sign says so. A column of its own for what came in says enough.</summary>
        public bool? WayOf(string[] record)
        {
            if (!Both)
                return null;
            var (word, amount) = (Vietnamese.Fold(Field(record, Way)), Field(record, Credit));
            return Minus(amount) || Outgoing.Contains(word) ? false : amount.StartsWith('+') || Incoming.Contains(word) ? true : null;
        }
    }
}
