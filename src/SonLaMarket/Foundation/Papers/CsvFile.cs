using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Papers;

/// <summary>Reads text tables as spreadsheets write them: comma, semicolon or tab; UTF-8, UTF-16, or the Windows code page of Vietnamese.</summary>
public static class CsvFile
{
    private static readonly char[] Delimiters = ['\t', ';', ',', '|'];

    /// <summary>Rows that hold anything, by the line that they begin on. Read as far as is asked.</summary>
    /// <exception cref="WorkbookRefusedException">It is no text, or a row is broken.</exception>
    public static IEnumerable<SheetRow> Rows(byte[] file)
    {
        var text = Text(file);
        using var csv = new CsvParser(new StringReader(text), new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = Delimiter(text), BadDataFound = null, MaxFieldSize = 20_000 });
        while (Next(csv))
        {
            var cells = csv.Record!.Take(WorkbookReader.MaxColumns).ToArray();
            if (Array.Exists(cells, c => !string.IsNullOrWhiteSpace(c)))
                yield return new SheetRow(csv.Row, false, cells);
        }
    }

    private static bool Next(CsvParser csv)
    {
        try
        {
            return csv.Read();
        }
        catch (CsvHelperException e)
        {
            throw new WorkbookRefusedException(new Said("Không đọc được dòng {0}: có lẽ thiếu một dấu nháy kép. Hãy lưu lại tệp dạng .xlsx.", Vietnamese.Number(csv.Row)), e);
        }
    }

    private static string Text(byte[] file)
    {
        if (file.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return Encoding.Unicode.GetString(file.AsSpan(2));
        if (file.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return Encoding.BigEndianUnicode.GetString(file.AsSpan(2));
        if (file.AsSpan(0, Math.Min(file.Length, 4000)).Contains((byte)0))
            throw new WorkbookRefusedException(new Said("Tệp này không phải bảng tính. Hãy chọn tệp .xlsx hoặc .csv."));
        try
        {
            return new UTF8Encoding(false, true).GetString(file).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            // Windows-1258 writes some marks as letters of their own; TCVN3 and VNI look like Western text and are turned later.
            var windows = CodePagesEncodingProvider.Instance.GetEncoding(1258)!.GetString(file).Normalize(NormalizationForm.FormC);
            return LegacyVietnamese.IsVietnamese(windows) ? windows : Encoding.Latin1.GetString(file);
        }
    }

    /// <summary>The one that the first lines have most of, outside of quotes.</summary>
    private static string Delimiter(string text)
    {
        var quoted = false;
        var counts = new int[Delimiters.Length];
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, 4000)))
        {
            if (c == '"')
                quoted = !quoted;
            else if (!quoted && Array.IndexOf(Delimiters, c) is var at and >= 0)
                counts[at]++;
        }
        // A decimal comma or a list within a cell is not what separates, where there are tabs or semicolons at all in each line.
        return Delimiters[counts[0] > 2 ? 0 : Array.IndexOf(counts, counts.Max())].ToString();
    }
}
