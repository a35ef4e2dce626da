using System.IO.Compression;
using System.Xml.Linq;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using SonLaMarket.Exports;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Exports;

/// <summary>A platform's own blank workbook, filled in: what is read out of it again, and what stays as it was.</summary>
public sealed class PartnerTemplateTests
{
    private static readonly Profile Shopee = Profile.Read(File.ReadAllText(Path.Combine(Repository.Root, "db", "seed", "profiles", "shopee.json"))) is var p
        ? p with { Lookups = new() { ["shopee_category"] = new() { ["fresh-fruit"] = "100869 – trái cây TƯƠI", ["coffee"] = "Cà phê hạt" } } } : null!;

    private static async Task<FilledTemplate> FillAsync(byte[] blank, params ExportListing[] listings)
    {
        using var template = PartnerTemplate.Open(blank, Shopee);
        return await template.FillAsync(listings.ToAsyncEnumerable(), RowCheckTests.Site, RowCheckTests.Today, TestContext.Current.CancellationToken);
    }

    private static List<string[]> Rows(byte[] file)
    {
        using var reader = WorkbookReader.Open(file);
        return [.. reader.Rows(1).Where(r => r.Number >= 7).Select(r => r.Cells)];
    }

    private static Dictionary<string, byte[]> Parts(byte[] file)
    {
        using var zip = new ZipArchive(new MemoryStream(file));
        return zip.Entries.ToDictionary(e => e.FullName, e =>
        {
            using var content = new MemoryStream();
            using var part = e.Open();
            part.CopyTo(content);
            return content.ToArray();
        }, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Filled_workbook_opens_in_an_office_program_with_its_drop_downs_and_nothing_else_changed()
    {
        var blank = BlankWorkbook.Make(BlankWorkbook.Keys);
        var hostile = GoldenRowTests.Whole with { Id = 8, Slug = "khac", Title = "=HYPERLINK(A1) mận \"chua\" & <ngọt>" };
        var filled = await FillAsync(blank, GoldenRowTests.Whole, GoldenRowTests.Whole with { Id = 9, Slug = "ca-phe", CategorySlug = "coffee" }, hostile);
        Assert.Equal((2, 1), (filled.Written, filled.SetAside));
        var fault = Assert.Single(filled.Faults);
        Assert.Equal(("E03", "ps_category", "Cà phê hạt", "100870 - Cà phê"), (fault.Fault.Code, fault.Fault.Field, fault.Fault.Value, fault.Fault.Suggestion));
        Assert.Equal(["100869 - Trái cây tươi", "Mận hậu Sơn La loại 1", "Mận hậu Mộc Châu, hái tay.", "AB12CD34", "", "199000", "12", "AB12CD34-3C91E38A"], Rows(filled.File)[0][..8]);

        var (before, after) = (Parts(blank), Parts(filled.File));
        Assert.Equal(before.Keys, after.Keys);
        foreach (var (name, content) in before.Where(b => b.Key != "xl/worksheets/sheet2.xml"))
            Assert.Equal(content, after[name]);
        XDocument Sheet(Dictionary<string, byte[]> parts) => XDocument.Load(new MemoryStream(parts["xl/worksheets/sheet2.xml"]));
        foreach (var kept in new[] { "cols", "dataValidations", "extLst" })
            Assert.Equal(Sheet(before).Root!.Elements().Single(e => e.Name.LocalName == kept).ToString(), Sheet(after).Root!.Elements().Single(e => e.Name.LocalName == kept).ToString());
        Assert.Equal("1", Sheet(after).Descendants().Single(e => e.Attribute("r")?.Value == "B7").Attribute("s")!.Value);
        using (var document = SpreadsheetDocument.Open(new MemoryStream(filled.File), isEditable: false))
            Assert.Empty(new OpenXmlValidator(DocumentFormat.OpenXml.FileFormatVersions.Office2016).Validate(document).Select(e => $"{e.Path?.XPath}: {e.Description}"));

        var office = XDocument.Parse(await LibreOffice.ToXmlAsync(filled.File));
        IEnumerable<XElement> Named(string name) => office.Descendants().Where(e => e.Name.LocalName == name);
        Assert.Equal(["Hướng dẫn", "Template", "HiddenData"], Named("table").Select(t => t.Attributes().First(a => a.Name.LocalName == "name").Value));
        Assert.Contains(Named("p"), p => p.Value == hostile.Title);
        var rules = Named("content-validation").Select(v => v.Attributes().First(a => a.Name.LocalName == "condition").Value).ToList();
        Assert.Contains(rules, r => r.Contains("\"Không\";\"Có\"", StringComparison.Ordinal));
        Assert.Contains(rules, r => r.Contains("HiddenData", StringComparison.Ordinal));
    }

    /// <summary>Section 5 of the reference: the file that a seller keeps for a platform, read through the profile the other way round.</summary>
    [Fact]
    public async Task Filled_workbook_is_read_back_by_its_keys()
    {
        var packed = GoldenRowTests.Whole with { Id = 9, Slug = "ca-phe", CategorySlug = "coffee", NetWeightG = 560, MinUnits = 2, MaxUnits = 20 };
        var filled = await FillAsync(BlankWorkbook.Make([.. BlankWorkbook.Keys, "ps_maximum_purchase_quantity|0|1"], categories: ["100869 - Trái cây tươi", "100870 - Cà phê hạt"]), GoldenRowTests.Whole, packed);
        Assert.Equal((2, 0), (filled.Written, filled.SetAside));
        var rows = PartnerGoods.Read(filled.File, Shopee);
        Assert.Equal(2, rows.Count);
        Assert.Equal(["Mận hậu Sơn La loại 1", "fresh-fruit", "199000", "12", "5000", "AB12CD34-3C91E38A", "09520001234569", "Mận hậu Mộc Châu, hái tay.", ""],
            new[] { "product.name", "product.categoryCode", "variant.priceVnd", "variant.stock", "variant.grossWeightG", "variant.publicSku", "variant.gtin", "product.description", "variant.maxOrder" }.Select(rows[0].Of));
        Assert.Equal(("coffee", "560", "20"), (rows[1].Of("product.categoryCode"), rows[1].Of("variant.grossWeightG"), rows[1].Of("variant.maxOrder")));
        Assert.Throws<WorkbookRefusedException>(() => PartnerGoods.Read(BlankWorkbook.Make(BlankWorkbook.Keys), Shopee));
    }

    [Fact]
    public async Task Columns_are_found_wherever_they_stand_and_whatever_else_they_are_called()
    {
        var moved = await FillAsync(BlankWorkbook.Make([.. BlankWorkbook.Keys.Reverse(), "cột lạ|0|0"]), GoldenRowTests.Whole);
        Assert.Equal(("AB12CD34-3C91E38A", "Mận hậu Sơn La loại 1", "100869 - Trái cây tươi"), (Rows(moved.File)[0][6], Rows(moved.File)[0][12], Rows(moved.File)[0][13]));
        var renamed = await FillAsync(BlankWorkbook.Make([.. BlankWorkbook.Keys.Select(k => k.Split('|')[0] switch { "ps_product_name" => "Tên sản phẩm *", "ps_weight" => "CÂN NẶNG", var key => key })]), GoldenRowTests.Whole);
        Assert.Equal(("Mận hậu Sơn La loại 1", "5"), (Rows(renamed.File)[0][1], Rows(renamed.File)[0][11]));
    }

    [Fact]
    public async Task Any_text_filled_into_a_workbook_is_read_back_by_another_program_as_it_was()
    {
        var random = new Random(20261128);
        string Any(string begins) => begins + string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(0x110000) is var point && point % 3 > 0 && System.Text.Rune.IsValid(point) ? new System.Text.Rune(point).ToString() : "=\"<&\u0001\t\uD83D_x0041_"[random.Next(12)].ToString()));
        var listings = Enumerable.Range(0, 40).Select(n => GoldenRowTests.Whole with { Id = n, Slug = $"man-{n}", Title = Any("Mận "), Description = Any("=") }).ToArray();
        var filled = await FillAsync(BlankWorkbook.Make(BlankWorkbook.Keys), listings);
        var check = new RowCheck(Shopee, RowCheckTests.Site, RowCheckTests.Today);
        var meant = listings.Select(l => check.Make(l).Row).OfType<IReadOnlyList<string>[]>().ToList();
        Assert.Equal(filled.Written, meant.Count);
        Assert.InRange(filled.Written, 20, 40);
        var (title, description) = (Array.FindIndex(Shopee.Columns, c => c.Name == "ps_product_name"), Array.FindIndex(Shopee.Columns, c => c.Name == "ps_product_description"));
        Assert.Equal(meant.Select(r => (r[title][0], r[description][0])),
            MiniExcelLibs.MiniExcel.Query(new MemoryStream(filled.File), sheetName: "Template", startCell: "A7").Cast<IDictionary<string, object?>>().Select(r => ((string)r["B"]!, (string)r["C"]!)));
    }

    /// <summary>E15 of one listing: what the platform demands of goods like it has no column in this workbook.</summary>
    [Fact]
    public async Task Column_that_only_some_listings_need_and_the_workbook_lacks_is_told_of_those()
    {
        var profile = Shopee with { Columns = [.. Shopee.Columns, new Column("ps_expiry", From: "lot.bestBefore", RequiredWhen: "product.categoryCode == 'fresh-fruit'")] };
        using var template = PartnerTemplate.Open(BlankWorkbook.Make(BlankWorkbook.Keys, categories: ["100869 - Trái cây tươi", "Cà phê hạt"]), profile);
        ExportListing[] listings = [GoldenRowTests.Whole, GoldenRowTests.Whole with { Id = 9, Slug = "ca-phe", CategorySlug = "coffee" }];
        var filled = await template.FillAsync(listings.ToAsyncEnumerable(), RowCheckTests.Site, RowCheckTests.Today, TestContext.Current.CancellationToken);
        Assert.Equal((1, 1), (filled.Written, filled.SetAside));
        var fault = Assert.Single(filled.Faults);
        Assert.Equal("E15 | ps_expiry |  | template | Mẫu của sàn không có cột này. Hãy tải mẫu mới nhất của sàn, hoặc báo cho người quản trị sàn. | /quan-ly/lo",
            string.Join(" | ", fault.Fault.Code, fault.Fault.Field, fault.Fault.Value, fault.Fault.Rule, fault.Fault.Hint, ExportFields.EditPath(fault.Source, fault.Slug, fault.ProductCode)));
    }

    public static TheoryData<byte[], string> Refused => new()
    {
        { BlankWorkbook.Make([.. BlankWorkbook.Keys.Where(k => !k.StartsWith("ps_price", StringComparison.Ordinal) && !k.StartsWith("ps_weight", StringComparison.Ordinal))]), "Mẫu thiếu cột bắt buộc: ps_price, ps_weight." },
        { BlankWorkbook.Make([.. BlankWorkbook.Keys, "ps_brand|1|0"]), "Sàn bắt buộc điền cột ps_brand" },
        { BlankWorkbook.Make(["Họ tên", "Lớp"]), "Không tìm thấy dòng tiêu đề" },
        { BlankWorkbook.Make(BlankWorkbook.Keys, """<row r="9"><c r="B9" t="inlineStr"><is><t>Đã có</t></is></c></row>"""), "Dòng 9 của mẫu đã có dữ liệu." },
        { BlankWorkbook.Make(BlankWorkbook.Keys, more: ("xl/vbaProject.bin", "x")), "Tệp có macro" },
        { BlankWorkbook.Make(BlankWorkbook.Keys, more: ("xl/externalLinks/externalLink1.xml", "<x/>")), "tệp khác" },
        { BlankWorkbook.Make(BlankWorkbook.Keys, more: ("xl/worksheets/bomb.xml", new string('0', 11_000_000))), "Tệp quá lớn" },
        { BlankWorkbook.Make(BlankWorkbook.Keys, "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"), "Không đọc được bảng tính" },
        { "sku,name"u8.ToArray(), "không phải bảng tính .xlsx" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Workbook_that_is_not_the_platforms_blank_one_is_refused_with_what_to_do(byte[] file, string why)
    {
        var refused = Assert.Throws<WorkbookRefusedException>(() => PartnerTemplate.Open(file, Shopee).Dispose());
        Assert.Contains(why, string.Format(System.Globalization.CultureInfo.InvariantCulture, refused.Why.Text, [.. refused.Why.Args]), StringComparison.Ordinal);
    }
}
