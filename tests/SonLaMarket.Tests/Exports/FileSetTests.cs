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

    /// <summary>The same of every shipped profile with its own columns: whatever a person typed, the files of each say what its rows say.</summary>
    [Theory]
    [MemberData(nameof(ProfileFileTests.Shipped), MemberType = typeof(ProfileFileTests))]
    public async Task Any_unicode_text_through_a_shipped_profile_is_read_back_as_its_rows_say(string file)
    {
        var profile = Profile.Read(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "db", "seed", "profiles", file), TestContext.Current.CancellationToken));
        var random = new Random(20261128);
        string[] marks = ["\"", "<", "&", "]]>", ",", ";", ":", "=", "+", "-", "@", "\t", "\r\n", "\u0001", "\uD83D", "\uFFFF", "\uFEFF", "\u2028", "_x0041_", "{", "\\"];
        string Any(string begins)
        {
            // Any character of any plane; halves of them and what no file can hold among the marks.
            var text = new System.Text.StringBuilder(begins);
            for (var n = random.Next(1, 15); n > 0; n--)
                text.Append(random.Next(3) == 0 ? marks[random.Next(marks.Length)] : random.Next(0x110000) is var point && System.Text.Rune.IsValid(point) ? new System.Text.Rune(point).ToString() : "đ");
            return text.ToString();
        }
        var check = new RowCheck(profile with { Columns = [.. profile.Columns.Select(c => c with { Check = c.Check == "title" ? null : c.Check })] }, RowCheckTests.Site, RowCheckTests.Today);
        var rows = Enumerable.Range(0, 60).Select(n => check.Make(GoldenRowTests.Whole with { Id = n, Slug = $"man-{n}", Title = Any(n % 2 == 0 ? "" : "="), Description = Any("a"), Storage = Any(""), Ingredients = Any(""), ProducerName = Any("HTX "), Brand = Any(""), CategoryName = Any("Trái cây ") }).Row).OfType<IReadOnlyList<string>[]>().ToList();
        // Where the platform takes no apostrophe, what looks like a formula is set aside.
        Assert.InRange(rows.Count, profile.Formula == "refuse" ? 15 : 50, 60);
        foreach (var format in profile.Formats)
        {
            using var made = new MemoryStream();
            await FileSet.WriteAsync(made, format, profile, "https://cho.example", rows);
            var meant = rows.Select(r => profile.Columns.Select((c, i) => Meant(format, c, r[i])));
            var read = Read(format, profile, made.ToArray()).ToList();
            Assert.Equal(rows.Count, read.Count);
            foreach (var (expected, actual) in meant.Zip(read))
                Assert.Equal(expected, actual);
        }
    }

    /// <summary>What a reader finds in a column: a cell holds all values, XML and JSON each of them; flat files guard against formulas.</summary>
    private static string Meant(string format, Column column, IReadOnlyList<string> values)
    {
        if (format is "xml" or "json")
            return string.Join('\u0000', values.Select(v => column.Parts is null || format == "json" ? v : string.Join('|', GoldenRowTests.PartsOf(v))));
        var cell = string.Join(',', values);
        return format is "csv" or "tsv" && column.Kind != "number" && cell.Length > 0 && "=+-@＝＋－＠".Contains(cell[0], StringComparison.Ordinal) ? "'" + cell : cell;
    }

    private static IEnumerable<IEnumerable<string>> Read(string format, Profile profile, byte[] file)
    {
        var text = System.Text.Encoding.UTF8.GetString(file).TrimStart('\uFEFF');
        switch (format)
        {
            case "xml":
                return System.Xml.Linq.XDocument.Parse(text, System.Xml.Linq.LoadOptions.PreserveWhitespace).Descendants("item").Select(i => profile.Columns.Select(c => string.Join('\u0000',
                    i.Elements().Where(e => (e.GetPrefixOfNamespace(e.Name.Namespace) is { } prefix ? prefix + ":" : "") + e.Name.LocalName == c.Name).Select(e => c.Parts is null ? e.Value : string.Join('|', e.Elements().Select(p => p.Value))))));
            case "json":
                return System.Text.Json.Nodes.JsonNode.Parse(file)!.AsArray().Select(i => profile.Columns.Select(c => string.Join('\u0000', At([i!], c.Name.Split('.')).Select(v => v.GetValueKind() == System.Text.Json.JsonValueKind.String ? v.GetValue<string>() : v.ToJsonString()))));
            case "xlsx":
                return MiniExcelLibs.MiniExcel.Query(new MemoryStream(file), useHeaderRow: true).Cast<IDictionary<string, object?>>().Select(r => profile.Columns.Select(c => Convert.ToString(r[c.Name], System.Globalization.CultureInfo.InvariantCulture) ?? ""));
            default:
                return LibreOffice.Rows(text, format == "csv" ? "," : "\t").Select(r => profile.Columns.Select(c => r[format == "csv" ? c.Name : c.Name.Split(':')[^1]]));
        }
    }

    private static IEnumerable<System.Text.Json.Nodes.JsonNode> At(IEnumerable<System.Text.Json.Nodes.JsonNode> nodes, string[] path) => path is [var step, .. var rest]
        ? At(nodes.Select(n => n[step.Replace("[]", "", StringComparison.Ordinal)]).OfType<System.Text.Json.Nodes.JsonNode>().SelectMany(n => step.EndsWith("[]", StringComparison.Ordinal) ? n.AsArray().OfType<System.Text.Json.Nodes.JsonNode>() : [n]), rest) : nodes;

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
