using System.IO.Compression;
using System.Security.Cryptography;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using MiniExcelLibs;
using SonLaMarket.Foundation.Papers;
using Xunit;

namespace SonLaMarket.Tests.Foundation;

/// <summary>Workbooks of ours, read by programs that did not write them.</summary>
public sealed class WorkbookTests
{
    private static readonly object?[][] Rows =
    [
        ["=HYPERLINK(\"x\") <mận> & đào", "00012345", 35_000L, 1.25m, null],
        ["  hai  dấu cách ", "", -3, 0, "🍑\ndòng hai"],
    ];

    [Fact]
    public async Task Workbook_keeps_to_the_schema_and_its_texts_are_texts()
    {
        var book = await WriteAsync(Rows);
        using var document = SpreadsheetDocument.Open(new MemoryStream(book), isEditable: false);
        Assert.Empty(new OpenXmlValidator(DocumentFormat.OpenXml.FileFormatVersions.Office2016).Validate(document).Select(e => $"{e.Path?.XPath}: {e.Description}"));

        using var stream = new MemoryStream(book);
        Assert.Equal(["Sản phẩm", "Trống"], MiniExcel.GetSheetNames(stream));
        var rows = MiniExcel.Query(stream, useHeaderRow: true).Cast<IDictionary<string, object?>>().ToList();
        Assert.Equal(2, rows.Count);
        Assert.Equal(["=HYPERLINK(\"x\") <mận> & đào", "00012345", 35_000d, 1.25d, null], rows[0].Values);
        Assert.Equal(["  hai  dấu cách ", null, -3d, 0d, "🍑\ndòng hai"], rows[1].Values);
        Assert.Equal(["Mã"], MiniExcel.Query(stream, sheetName: "Trống").Cast<IDictionary<string, object?>>().Single().Values);
    }

    [Fact]
    public async Task Any_text_is_read_back_as_it_was_but_for_what_xml_cannot_hold()
    {
        var random = new Random(20261127);
        string[] parts = ["\"", "<", "&", "]]>", "\u2028", "\u00A0", "đ", "ợ", "🍑", "\uD83D", "\uDF51", "\u0001", "\u007F", "\uFFFF", "=", "\t", " ", "_x0041_", "_x", "005F_", "_x005F_"];
        var texts = Enumerable.Range(0, 300).Select(_ => "a" + string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => parts[random.Next(parts.Length)])) + "z").ToList();
        using var reader = WorkbookReader.Open(await WriteAsync(texts.ConvertAll(t => new object?[] { t })));
        Assert.Equal(texts.ConvertAll(Held), reader.Rows(0).Skip(1).Select(r => r.Cells[0]));
    }

    [Fact]
    public async Task Same_rows_give_the_same_bytes_also_into_a_stream_that_cannot_go_back()
    {
        using var hash = SHA256.Create();
        await using (var forward = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
            await Workbook.WriteAsync(forward, Sheets(Rows));
        using var hashAgain = SHA256.Create();
        await Task.Delay(TimeSpan.FromMilliseconds(10), TestContext.Current.CancellationToken);
        await using (var forward = new CryptoStream(Stream.Null, hashAgain, CryptoStreamMode.Write))
            await Workbook.WriteAsync(forward, Sheets(Rows));
        Assert.Equal(hash.Hash, hashAgain.Hash);
        // A ZIP counts time by two seconds: two workbooks of one moment would be equal with the hour in them.
        using var package = new ZipArchive(new MemoryStream(await WriteAsync(Rows)));
        Assert.All(package.Entries, part => Assert.Equal(1980, part.LastWriteTime.Year));
    }

    private static string Held(string text)
    {
        var held = text.ToCharArray();
        for (var i = 0; i < held.Length; i++)
        {
            var whole = (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) || (char.IsLowSurrogate(text[i]) && char.IsHighSurrogate(text[i - 1]));
            if ((char.IsSurrogate(text[i]) && !whole) || text[i] is '\u0001' or '\uFFFF')
                held[i] = ' ';
        }
        return new string(held);
    }

    private static async Task<byte[]> WriteAsync(IEnumerable<object?[]> rows)
    {
        using var output = new MemoryStream();
        await Workbook.WriteAsync(output, Sheets(rows));
        return output.ToArray();
    }

    private static WorkbookSheet[] Sheets(IEnumerable<object?[]> rows) => [new("Sản phẩm", ["Tên", "GTIN", "Giá", "Cân", "Ghi chú"], rows), new("Trống", ["Mã"], [])];
}
