using SonLaMarket.Exports;
using SonLaMarket.Exports.Writers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Exports;

public sealed class FileSetTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sonlamarket-exports-");
    private readonly ExportFiles store;

    public FileSetTests() => store = new(new SonLaMarket.Files.FileOptions { Folder = folder.FullName });

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(86, 20)]
    [InlineData(85, 19)]
    [InlineData(5, 0)]
    public async Task Rows_beyond_the_largest_file_that_the_platform_takes_are_left_out_of_all_its_files(int most, int kept)
    {
        var profile = Profile.Read($$"""{"code":"x","name":"X","source":"","author":"A","note":"N","formats":["csv","tsv"],"limits":{"maxBytes":{{most}}},"columns":[{"name":"a","from":"product.name"}]}""");
        var (rows, files) = await MakeAsync(profile, [.. Enumerable.Range(1, 20).Select(n => new ExportRow(n, [["ab"]]))]);

        Assert.Equal(kept, rows);
        Assert.Equal(["csv", "tsv"], files.Select(f => f.Extension));
        foreach (var file in files)
        {
            var content = await BytesAsync(file);
            Assert.Equal(1 + kept, content.Count(b => b == '\n'));
            Assert.Equal(file.Bytes, content.LongLength);
            Assert.True(file.Bytes <= most || kept == 0);
        }
        Assert.Equal(files.Select(f => f.Sha256).Order(StringComparer.Ordinal), folder.EnumerateFiles("*", SearchOption.AllDirectories).Select(f => f.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(ProfileFileTests.Shipped), MemberType = typeof(ProfileFileTests))]
    public async Task Files_of_a_shipped_profile_are_the_same_bytes_twice_and_all_there_without_a_row(string file)
    {
        var profile = Profile.Read(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "db", "seed", "profiles", file), TestContext.Current.CancellationToken));
        var row = new RowCheck(profile, RowCheckTests.Site, RowCheckTests.Today).Make(GoldenRowTests.Whole).Row!;
        var first = await MakeAsync(profile, new ExportRow(1, row));
        var again = await MakeAsync(profile, new ExportRow(1, row));
        Assert.Equal(first.Files, again.Files);
        Assert.All(first.Files, f => Assert.True(f.Bytes > 0));
        Assert.Equal(profile.Formats, (await MakeAsync(profile)).Files.Select(f => f.Extension));
    }

    /// <summary>Read by programs that did not write them: an XML and a JSON parser, readers of CSV and of spreadsheets.</summary>
    [Theory]
    [InlineData("xml")]
    [InlineData("json")]
    [InlineData("csv")]
    [InlineData("tsv")]
    [InlineData("xlsx")]
    public async Task Any_text_in_any_column_is_read_back_as_it_was(string format)
    {
        var random = new Random(20261127);
        string[] parts = ["\"", "'", "\\", "/", "<", "&", "]]>", "&amp;", ",", ";", "\u2028", "\u00A0", "đ", "ợ", "o\u031B\u0323", "🍑", "\uD83D", "\uDF51", "\u0001", "\u007F", "\u0085", "{", "]", "=", "+", "-", "@", "＝", "\t", "\r\n", "\uFFFF", "\uFEFF", "_x0041_", " "];
        string Any() => string.Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ => parts[random.Next(parts.Length)]));
        var profile = Profile.Read($$"""{"code":"x","name":"X","source":"","author":"A","note":"N","formats":["{{format}}"],"columns":[{"name":"a","from":"product.name"},{"name":"b","from":"product.description"},{"name":"c","from":"seller.brand"}]}""");
        var check = new RowCheck(profile, RowCheckTests.Site, RowCheckTests.Today);
        var rows = Enumerable.Range(0, 200).Select(_ => check.Make(GoldenRowTests.Whole with { Title = "a" + Any(), Description = Any() + "z", Brand = Any() }).Row!).ToList();
        using var made = new MemoryStream();
        await FileSet.WriteAsync(made, format, profile, "https://cho.example", rows);
        var meant = rows.Select(r => r.Select(c => c.Count == 0 ? "" : format is "csv" or "tsv" && "=+-@＝".Contains(c[0][0], StringComparison.Ordinal) ? "'" + c[0] : c[0]));
        Assert.Equal(meant, Cells(format, made.ToArray()));
    }

    private static IEnumerable<IEnumerable<string>> Cells(string format, byte[] file)
    {
        var text = System.Text.Encoding.UTF8.GetString(file);
        string[] columns = ["a", "b", "c"];
        return format switch
        {
            "xml" => System.Xml.Linq.XDocument.Parse(text).Descendants("item").Select(i => columns.Select(c => i.Element(c)?.Value ?? "")),
            "json" => System.Text.Json.Nodes.JsonNode.Parse(file)!.AsArray().Select(i => columns.Select(c => (string?)i![c] ?? "")),
            "xlsx" => MiniExcelLibs.MiniExcel.Query(new MemoryStream(file), useHeaderRow: true).Cast<IDictionary<string, object?>>().Select(r => columns.Select(c => r[c]?.ToString() ?? "")),
            _ => LibreOffice.Rows(text.TrimStart('\uFEFF'), format == "csv" ? "," : "\t").Select(r => columns.Select(c => r[c])),
        };
    }

    [Fact]
    public async Task File_that_could_not_be_written_to_its_end_leaves_nothing()
    {
        var profile = Profile.Read("""{"code":"x","name":"X","source":"","author":"A","note":"N","formats":["csv","json"],"columns":[{"name":"a","from":"product.name","kind":"number"}]}""");
        await Assert.ThrowsAsync<FormatException>(() => MakeAsync(profile, new ExportRow(1, [["nhiều"]])));
        Assert.Empty(folder.EnumerateFiles("*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Rows_are_read_back_as_they_were_and_as_often_as_one_likes()
    {
        ExportRow[] rows = [new(7, [[], ["Mận “hậu”\n🍑"], ["a", "", "c"]]), new(long.MaxValue, [[new string('ợ', 100_000)], [], []])];
        using var spool = new RowSpool(store.Scratch(), 3);
        foreach (var row in rows)
            spool.Add(row);
        Assert.Equal(Told(rows), Told(spool.Rows()));
        Assert.Equal(Told(rows[..1]), Told(spool.Rows().Take(1)));
        Assert.Equal(Told(rows), Told(spool.Rows()));
        static string Told(IEnumerable<ExportRow> rows) => System.Text.Json.JsonSerializer.Serialize(rows);
    }

    private async Task<(int Rows, List<WrittenFile> Files)> MakeAsync(Profile profile, params ExportRow[] rows)
    {
        using var spool = new RowSpool(store.Scratch(), profile.Columns.Length);
        foreach (var row in rows)
            spool.Add(row);
        return await FileSet.MakeAsync(profile, "https://cho.example", spool, store);
    }

    private Task<byte[]> BytesAsync(WrittenFile file) => File.ReadAllBytesAsync(store.Find(file.Sha256)!, TestContext.Current.CancellationToken);
}
