using System.Text;
using System.Text.RegularExpressions;
using SonLaMarket.Exports;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Exports;

/// <summary>
/// The same listings through every shipped profile, beside rows that were typed by hand from what each platform asks for (Golden/).
/// That a blocked lot is in no file at all is shown with the whole files, in <see cref="ExportTests"/>.
/// </summary>
public sealed partial class GoldenRowTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "SonLaMarket.Tests", "Exports", "Golden");
    internal static readonly ExportListing Whole = RowCheckTests.Good with
    {
        PictureIds = [.. Enumerable.Range(1, 3).Select(n => Guid.Parse($"00000000-0000-0000-0000-{n:D12}"))],
        SaleUnit = "box",
        BasePerUnit = 5000,
        NetWeightG = 5000,
        PriceVnd = 199_000,
        ProducerTaxCode = "0001234567",
        CertificateKinds = ["ocop", "vietgap"],
        CertificateNames = ["OCOP 4 sao", "VietGAP trồng trọt"],
        CertificateNumbers = ["12", "7"],
        CertificateIssuers = ["Sở mẫu", "Đơn vị mẫu"],
        CertificateEnds = ["2027-01-31", "2027-02-28"],
        Stars = 4,
        Storage = "Nơi mát",
    };

    private static readonly Dictionary<string, ExportListing> Cases = new(StringComparer.Ordinal)
    {
        ["whole"] = Whole,
        ["no-gtin"] = Whole with { Gtin = null },
        ["hostile-title"] = Whole with { Title = "=HYPERLINK(A1) mận \"chua\" & <ngọt>" },
        ["decomposed-title"] = Whole with { Title = "Đường\tphên\u0001Phù Yên".Normalize(NormalizationForm.FormD) },
        ["title-of-175"] = Whole with { Title = string.Concat(Enumerable.Repeat("Mận hậu Sơn La loại 1 ", 8)) },
        ["title-of-150"] = Whole with { Title = string.Concat(Enumerable.Repeat("Mận hậu Sơn La loại 1 ", 6)) + "Mận hậu Mộc Châu 2" },
        ["html-in-description"] = Whole with { Description = "Ngọt <b>lắm</b> & \"giòn\"" },
        ["promotion-in-title"] = Whole with { Title = "Mận hậu giảm giá" },
        ["one-picture"] = Whole with { PictureIds = Whole.PictureIds[..1] },
        ["sold-out"] = Whole with { StockUnits = 0, LotCode = null, HarvestedOn = null, BestBefore = null },
        ["lot-of-yesterday"] = Whole with { BestBefore = RowCheckTests.Today.AddDays(-1) },
        ["by-the-piece"] = Whole with { CategorySlug = "craft", CategoryName = "Thủ công", ParentName = null, BaseUnit = "piece", BasePerUnit = 1, SaleUnit = "piece", NetWeightG = 300 },
        ["new-household"] = Whole with { ProducerKind = "household", ProducerTaxCode = null, CertificateKinds = null, CertificateNames = null, CertificateNumbers = null, CertificateIssuers = null, CertificateEnds = null, Stars = null, Storage = "" },
        ["brand-grade-and-terms"] = Whole with { Brand = "Mận mẫu Mộc Châu", Grade = "Loại 1", ReadyDays = 2, LotQuantityBase = 1_250_500, SaleUnit = "kg", BasePerUnit = 1000, NetWeightG = 1000 },
        ["phone-in-title"] = Whole with { Title = "Mận hậu gọi 0912 345 678" },
        ["emoji-in-title"] = Whole with { Title = "Mận hậu 🍑 ngọt" },
        ["address-in-title"] = Whole with { Title = "Mận hậu ở www.cho.example" },
        ["expired-certificate"] = Whole with { ExpiredCertificates = ["VietGAP trồng trọt 6"] },
        ["no-picture"] = Whole with { PictureIds = [] },
        ["price-of-500"] = Whole with { PriceVnd = 500 },
        ["price-of-0"] = Whole with { PriceVnd = 0 },
        ["sku-with-zeros"] = Whole with { ProductCode = "00012345" },
        ["packed"] = Whole with { MinUnits = 2, MaxUnits = 20, GrossWeightG = 5_400, LengthCm = 40, WidthCm = 30, HeightCm = 20 },
        ["ingredients"] = Whole with { Ingredients = "Mận hậu 90 %, đường: 10 %", ProductBrand = "Mận \"mẫu\"", ProductModel = "SL-01" },
        ["fewer-than-least"] = Whole with { MinUnits = 20, SeasonMonths = [5, 6] },
        ["out-of-season"] = Whole with { StockUnits = 0, SeasonMonths = [2, 3], LotCode = null, HarvestedOn = null, BestBefore = null },
        ["in-season"] = Whole with { SeasonMonths = [5, 6, 7] },
        ["on-sale"] = Whole with { SaleVnd = 149_000, SaleFrom = new(2026, 5, 19, 17, 0, 0, TimeSpan.Zero), SaleUntil = new(2026, 5, 25, 17, 0, 0, TimeSpan.Zero), OnSale = true },
        ["sale-planned"] = Whole with { SaleVnd = 149_000, SaleFrom = new(2026, 5, 31, 17, 0, 0, TimeSpan.Zero), SaleUntil = new(2026, 6, 5, 17, 0, 0, TimeSpan.Zero) },
        ["sale-not-lower"] = Whole with { SaleVnd = 199_000, SaleFrom = new(2026, 5, 19, 17, 0, 0, TimeSpan.Zero), SaleUntil = new(2026, 5, 25, 17, 0, 0, TimeSpan.Zero) },
        ["wine-of-elsewhere"] = Whole with { LotCommuneName = "Xã Mường Bú", AlcoholPercent = 12.5m },
        ["pictures-in-the-making"] = Whole with { PictureWidths = [1200, 0, 800], PictureHeights = [900, 0, 600], PictureBytes = [90_000, 0, 40_000] },
        ["wrong-gtin"] = Whole with { Gtin = "09520001234560" },
    };

    [Theory]
    [MemberData(nameof(ProfileFileTests.Shipped), MemberType = typeof(ProfileFileTests))]
    public void Rows_of_a_shipped_profile_are_those_typed_by_hand(string file)
    {
        var profile = Profile.Read(File.ReadAllText(Path.Combine(Repository.Root, "db", "seed", "profiles", file)));
        var golden = Read(Path.Combine(Folder, Path.ChangeExtension(file, "txt")));
        Assert.Equal(Cases.Keys.Order(StringComparer.Ordinal), golden.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, listing) in Cases)
        {
            var expected = golden[name] is { Count: > 0 } lines && lines[0].StartsWith('!') ? lines : Changed(golden["whole"], golden[name], profile);
            Assert.Equal($"{name}\n{string.Join('\n', expected)}", $"{name}\n{string.Join('\n', Row(profile, listing))}");
        }
    }

    /// <summary>
    /// Whole files of these rows, byte for byte: quoted, escaped and guarded here by the rules of RFC 4180 and XML 1.0 as they read, with no help of the writers. What JSON
    /// must be stands in <see cref="PayloadTests"/>; sheets are read by another program.
    /// </summary>
    [Theory]
    [MemberData(nameof(ProfileFileTests.Shipped), MemberType = typeof(ProfileFileTests))]
    public async Task Files_of_a_shipped_profile_are_byte_for_byte_those_of_the_rows_typed_by_hand(string file)
    {
        var profile = Profile.Read(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "db", "seed", "profiles", file), TestContext.Current.CancellationToken));
        var golden = Read(Path.Combine(Folder, Path.ChangeExtension(file, "txt")));
        var typed = Cases.Keys.Where(name => golden[name] is not [['!', ..], ..]).Select(name => Changed(golden["whole"], golden[name], profile).ToLookup(Column, l => l.Split(" | ", 2)[1], StringComparer.Ordinal)).ToList();
        var rows = Cases.Values.Select(l => new RowCheck(profile, RowCheckTests.Site, RowCheckTests.Today).Make(l).Row).OfType<IReadOnlyList<string>[]>().ToList();
        Assert.True(rows.Count >= 10);
        foreach (var format in profile.Formats.Intersect(["csv", "tsv", "xml", "json"]))
        {
            using var made = new MemoryStream();
            await SonLaMarket.Exports.Writers.FileSet.WriteAsync(made, format, profile, "https://cho.example", rows);
            Assert.Equal(format == "json" ? Json(profile, typed) : format == "xml" ? Xml(profile, typed) : format == "csv" ? "\uFEFF" + Delimited(profile, typed, ',', c => c.Name) : Delimited(profile, typed, '\t', c => c.Name.Split(':')[^1]), Encoding.UTF8.GetString(made.ToArray()));
        }
    }

    private static string Delimited(Profile profile, List<ILookup<string, string>> rows, char delimiter, Func<Column, string> name)
    {
        string Quoted(string cell) => cell.IndexOfAny([delimiter, '"', '\r', '\n']) < 0 && cell.Trim() == cell ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        var lines = rows.Select(row => profile.Columns.Select(c => string.Join(',', row[c.Name])).Select(cell => cell.Length > 0 && "=+-@".Contains(cell[0], StringComparison.Ordinal) ? "'" + cell : cell));
        return string.Concat(lines.Prepend(profile.Columns.Select(name)).Select(cells => string.Join(delimiter, cells.Select(Quoted)) + "\r\n"));
    }

    /// <summary>RFC 8259 by hand, what lies beyond the first plane of Unicode in the notation of its section 7: an object for each row, two blanks for each step, a path of a name is an object or a list within it.</summary>
    private static string Json(Profile profile, List<ILookup<string, string>> rows) =>
        "[\n" + string.Join(",\n", rows.Select(row => "  " + Object([.. profile.Columns.SelectMany(c => row[c.Name].Select((v, at) => (c.Name.Split('.'), at, c.Kind == "text" ? Text(v) : v)))], "  "))) + "\n]";

    private static string Object(List<(string[] Path, int At, string Value)> members, string indent) =>
        "{\n" + string.Join(",\n", members.GroupBy(m => m.Path[0], StringComparer.Ordinal).Select(g => $"{indent}  \"{g.Key.Replace("[]", "", StringComparison.Ordinal)}\": {Member([.. g], indent + "  ")}")) + $"\n{indent}}}";

    private static string Member(List<(string[] Path, int At, string Value)> all, string indent)
    {
        var within = all.ConvertAll(m => (m.Path[1..], m.At, m.Value));
        return !all[0].Path[0].EndsWith("[]", StringComparison.Ordinal) ? (within[0].Item1.Length == 0 ? all[0].Value : Object(within, indent))
            : "[\n" + string.Join(",\n", within.GroupBy(m => m.At).Select(g => indent + "  " + (g.First().Item1.Length == 0 ? g.First().Value : Object([.. g], indent + "  ")))) + $"\n{indent}]";
    }

    private static string Text(string text) => "\"" + string.Concat(text.Select(c => c switch { '"' => "\\\"", '\\' => "\\\\", _ when char.IsSurrogate(c) => $"\\u{(int)c:X4}", _ => c.ToString() })) + "\"";

    private static string Xml(Profile profile, List<ILookup<string, string>> rows)
    {
        static string Escaped(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
        // As Google's page on product_detail shows it: an element for each part.
        static string Nested(string[] names, string value) => "\n" + string.Concat(names.Zip(PartsOf(value), (n, p) => $"        <{n}>{Escaped(p)}</{n}>\n")) + "      ";
        var items = rows.Select(row => "    <item>\n" + string.Concat(profile.Columns.SelectMany(c => row[c.Name].Select(v => $"      <{c.Name}>{(c.Parts is null ? Escaped(v) : Nested(c.Parts, v))}</{c.Name}>\n"))) + "    </item>\n");
        return $"""
            <?xml version="1.0" encoding="utf-8"?>
            <rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">
              <channel>
                <title>SonLaMarket</title>
                <link>https://cho.example</link>
                <description>Nông sản Sơn La</description>
            {string.Concat(items)}  </channel>
            </rss>
            """;
    }

    /// <summary>The parts between colons; in quotation marks what holds a colon, a comma or such a mark.</summary>
    internal static IEnumerable<string> PartsOf(string value) => Part().Matches(value).Select(m => m.Groups["bare"].Success ? m.Groups["bare"].Value : m.Groups["quoted"].Value.Replace("\"\"", "\"", StringComparison.Ordinal));

    [GeneratedRegex("(^|:)(\"(?<quoted>([^\"]|\"\")*)\"|(?<bare>[^:\"]*))", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Part();

    /// <summary>The cells that the listing fills in, or why it is set aside and where its seller mends that.</summary>
    private static IEnumerable<string> Row(Profile profile, ExportListing listing)
    {
        var (row, faults) = new RowCheck(profile, RowCheckTests.Site, RowCheckTests.Today).Make(listing);
        return row is not null ? profile.Columns.Zip(row).SelectMany(c => c.Second.Select(v => $"{c.First.Name} | {v}"))
            : faults.Where(f => !f.Warning).Select(f => $"! {f.Code} | {f.Field} | {ExportFields.EditPath(profile.Columns.FirstOrDefault(c => c.Name == f.Field)?.From ?? f.Field, listing.Slug, listing.ProductCode)}");
    }

    private static List<string> Changed(List<string> whole, List<string> changes, Profile profile)
    {
        var changed = changes.Select(Column).ToHashSet(StringComparer.Ordinal);
        var order = profile.Columns.Select(c => c.Name).ToList();
        return [.. whole.Where(l => !changed.Contains(Column(l))).Concat(changes.Where(l => l.Contains(" | ", StringComparison.Ordinal))).OrderBy(l => order.IndexOf(Column(l)))];
    }

    private static string Column(string line) => line.Split(" | ", 2)[0];

    private static Dictionary<string, List<string>> Read(string path)
    {
        var cases = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        List<string> lines = [];
        foreach (var line in File.ReadAllLines(path).Where(l => l.Length > 0 && l[0] != '#'))
        {
            if (line.StartsWith("== ", StringComparison.Ordinal))
                cases.Add(line[3..], lines = []);
            else
                lines.Add(line);
        }
        return cases;
    }
}
