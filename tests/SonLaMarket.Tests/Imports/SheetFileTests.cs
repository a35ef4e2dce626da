using System.Text;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Imports;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Imports;

/// <summary>Files as people keep them, and files that mean harm.</summary>
public sealed class SheetFileTests
{
    private static readonly IImportKind Listings = new ListingsByFile(null!, null!, TimeProvider.System);
    private static readonly object?[] Headings = ["Tên hàng", "Ngày thu hoạch", "Số lượng", "Giá bán"];
    private static readonly object?[] Plums = ["Mận hậu", "05/07/2026", "40", "35.000"];

    private static SheetContent Read(byte[] file) => SheetFile.Read(file, [Listings]);

    private static string Refused(byte[] file) => Assert.Throws<WorkbookRefusedException>(() => Read(file)).Why.Text;

    private static string[] Names(SheetContent content) => [.. content.Lines.Select(l => l.Cells.GetValueOrDefault("Name", ""))];

    [Fact]
    public void The_headings_are_found_wherever_they_stand_and_whatever_they_are_called()
    {
        var content = Read(Spreadsheet.Book([
            ("Bìa", "", Spreadsheet.Row(1, ["Danh sách hàng"]), ""),
            ("Cũ", "hidden", Spreadsheet.Row(1, Headings) + Spreadsheet.Row(2, ["Hàng cũ", "01/01/2025", "1", "1000"]), ""),
            ("Hàng", "", Spreadsheet.Row(1, ["HTX MẪU"]) + Spreadsheet.Row(3, ["STT", "Tên sản phẩm", "Ngày hái", "SL", "ĐVT", "Gia ban (VND)", "Người ghi"])
                + Spreadsheet.Row(4, [1, "Mận hậu", new DateOnly(2026, 7, 5), 40, "hộp", 35000, "Lan"]) + Spreadsheet.Row(5, [2, "Xoài", 46209, "2 tạ", "kg", "35k", ""]) + Spreadsheet.Row(9, [null, "Tổng cộng", null, 42, null, 35001]), """<mergeCells count="1"><mergeCell ref="A1:G1"/></mergeCells>"""),
        ]));
        Assert.Equal((2, 3), (content.Sheet, content.Row));
        Assert.Equal(["Mận hậu", "Xoài"], Names(content));
        Assert.Equal(["2026-07-05", "46209"], content.Lines.Select(l => l.Cells["HarvestedOn"]));
        Assert.Equal(["35000", "35k"], content.Lines.Select(l => l.Cells["Price"]));
        Assert.Equal(["Chỉ đọc trang tính “{0}”.", "Không dùng các cột: {0}.", "Bỏ qua dòng cộng: {0}."], content.Notes.Select(n => n.Text));
        Assert.Equal(["Hàng", "STT, Người ghi", "9"], content.Notes.Select(n => n.Args[0]));
    }

    [Fact]
    public void Reading_ends_when_it_is_told_to_whatever_the_file_is()
    {
        foreach (var file in new[] { Spreadsheet.Of(Headings, Plums), "Tên hàng;Ngày thu hoạch;Số lượng;Giá bán\nMận hậu;05/07/2026;40;35.000\n"u8.ToArray() })
        {
            Assert.Equal(["Mận hậu"], Names(Read(file)));
            Assert.Throws<OperationCanceledException>(() => SheetFile.Read(file, [Listings], new CancellationToken(true)));
        }
    }

    [Theory]
    [InlineData("Ten hàng", "Name")]
    [InlineData("Tên hàngg", "Name")]
    [InlineData("PRODUCT NAME *", "Name")]
    [InlineData("Đơn giá (đ/kg)", "Price")]
    [InlineData("Price (VND)", "Price")]
    [InlineData("sl", "Quantity")]
    [InlineData("Ngày thu hoạch/ sản xuất", "HarvestedOn")]
    public void A_heading_goes_by_its_other_names_and_with_a_slip_of_the_hand(string heading, string field)
    {
        var names = Headings.Select(h => (string)h!).Where(h => !(field, h).Equals(("Name", "Tên hàng")) && !(field, h).Equals(("Price", "Giá bán")) && !(field, h).Equals(("Quantity", "Số lượng")) && !(field, h).Equals(("HarvestedOn", "Ngày thu hoạch"))).Append(heading).ToArray<object?>();
        Assert.Equal(field, Read(Spreadsheet.Of(names, ["a", "b", "c", "d"])).Headings[^1].Field);
    }

    [Fact]
    public void A_missing_column_is_named_and_a_file_without_headings_or_rows_is_told_so()
    {
        var missing = Assert.Throws<WorkbookRefusedException>(() => Read(Spreadsheet.Of(["Tên hàng", "Số lượng", "Giá bán", "Lạ"], ["Mận", "1", "1000", ""]))).Why;
        Assert.Equal(["Ngày thu hoạch", "1", "Tên hàng, Số lượng, Giá bán, Lạ"], missing.Args);
        Assert.Contains("dòng tiêu đề", Refused(Spreadsheet.Of([["Mận hậu", "05/07/2026", "40"]])), StringComparison.Ordinal);
        Assert.Contains("chưa có dòng nào", Refused(Spreadsheet.Of([Headings])), StringComparison.Ordinal);
        Assert.Contains("dòng tiêu đề", Refused([]), StringComparison.Ordinal);
    }

    [Fact]
    public void Merged_cells_hidden_rows_formulas_and_booleans_are_read_as_seen()
    {
        var content = Read(Spreadsheet.Of(
            Spreadsheet.Row(1, ["Tên hàng", "Nhóm hàng", "Ngày thu hoạch", "Số lượng", "Giá bán"])
            + """<row r="2"><c r="A2" t="str"><f>UPPER("man")</f><v>Mận</v></c><c r="B2" t="inlineStr"><is><t>Trái cây tươi</t></is></c><c r="C2" s="1"><v>46208</v></c><c r="D2"><f>20*2</f><v>40</v></c><c r="E2"><f>[1]Sheet1!A1</f><v>35000</v></c></row>"""
            + Spreadsheet.Row(3, ["Xoài", null, "06/07/2026", "7", "1.200.000"], "hidden=\"1\"") + """<row r="4"><c r="A4" t="e"><v>#REF!</v></c><c r="E4" t="b"><v>1</v></c></row>""",
            """<mergeCells count="1"><mergeCell ref="B2:B4"/></mergeCells>"""));
        Assert.Equal(["Trái cây tươi", "Trái cây tươi", "Trái cây tươi"], content.Lines.Select(l => l.Cells["Category"]));
        Assert.Equal(("Mận", "40", "35000", "2026-07-05"), (content.Lines[0].Cells["Name"], content.Lines[0].Cells["Quantity"], content.Lines[0].Cells["Price"], content.Lines[0].Cells["HarvestedOn"]));
        Assert.Equal(("#REF!", "TRUE"), (content.Lines[2].Cells["Name"], content.Lines[2].Cells["Price"]));
        Assert.Equal("3", Assert.Single(content.Notes, n => n.Text.Contains("ẩn", StringComparison.Ordinal)).Args[0]);
    }

    [Theory]
    [InlineData("MËn hËu", "Mận hậu")]
    [InlineData("S¶n phÈm s¹ch", "Sản phẩm sạch")]
    [InlineData("sè l\u00ADîng", "số lượng")]
    [InlineData("Maän haäu Moäc Chaâu", "Mận hậu Mộc Châu")]
    [InlineData("ñöôøng", "đường")]
    [InlineData("Ma\u0323\u0302n", null)]
    [InlineData("Mận hậu", null)]
    [InlineData("Café Arabica", null)]
    [InlineData("Nestlé", null)]
    [InlineData("sè", null)]
    [InlineData("", null)]
    public void Text_of_old_fonts_becomes_Unicode_and_nothing_else_does(string typed, string? turned) => Assert.Equal(turned, LegacyVietnamese.ToUnicode(typed));

    [Fact]
    public void A_file_of_an_old_font_is_turned_as_a_whole_and_NFD_is_composed()
    {
        var content = Read(Spreadsheet.Of(["Tªn hµng", "Ngµy thu ho¹ch", "Sè l\u00ADîng", "Gi¸ b¸n"], ["MËn hËu", "05/07/2026", "40", "35.000"], ["sè", "05/07/2026", "40", "35.000"]));
        Assert.Equal(["Mận hậu", "số"], Names(content));
        Assert.Equal("2", Assert.Single(content.Notes).Args[0]);
        Assert.Equal("Mận hậu".Normalize(NormalizationForm.FormC), Names(Read(Spreadsheet.Of(Headings, ["Mận hậu".Normalize(NormalizationForm.FormD), "1/7/2026", "1", "1000"])))[0]);
    }

    [Theory]
    [InlineData("utf-8", ",")]
    [InlineData("utf-8-bom", ";")]
    [InlineData("utf-16", "\t")]
    [InlineData("windows-1258", ";")]
    public void A_text_table_is_read_in_every_coding_that_spreadsheets_write(string coding, string delimiter)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var encoding = coding == "utf-8-bom" ? new UTF8Encoding(true) : Encoding.GetEncoding(coding);
        // The Windows code page has no composed letters for most marks: programs write them behind the letter.
        string Writable(string text) => coding == "windows-1258" ? string.Concat(text.Select(c => "âăêôơưđÂĂÊÔƠƯĐ".Contains(c, StringComparison.Ordinal) ? c.ToString() : Split(c))) : text;
        var text = string.Join(delimiter, "Tên hàng", "Ngày thu hoạch", "Số lượng", "Giá bán") + "\r\n\"Mận \"\"hậu\"\"\"" + delimiter + "05/07/2026" + delimiter + "40" + delimiter + "35.000\r\n";
        var content = Read([.. encoding.GetPreamble(), .. encoding.GetBytes(Writable(text))]);
        Assert.Equal("Mận \"hậu\"", Names(content)[0]);
        Assert.Equal("35.000", content.Lines[0].Cells["Price"]);

        static string Split(char c)
        {
            var d = c.ToString().Normalize(NormalizationForm.FormD);
            var tones = string.Concat(d.Where("\u0300\u0301\u0303\u0309\u0323".Contains));
            return d.Replace(tones.Length > 0 ? tones : "\0", "", StringComparison.Ordinal).Normalize(NormalizationForm.FormC) + tones;
        }
    }

    public static TheoryData<string, string> Hostile => new()
    {
        { "macro", "macro" }, { "external", "tệp khác" }, { "embedded", "chèn" }, { "ole", ".xls" }, { "bomb", "quá lớn" }, { "entity", "Không đọc được" }, { "laughs", "Không đọc được" }, { "parts", "Không đọc được" },
        { "nozip", "Không đọc được" }, { "cut", "Không đọc được" }, { "empty", "Không đọc được" }, { "ods", "OpenDocument" }, { "binary", "không phải bảng tính" }, { "rows", "Tệp có hơn" }, { "quote", "dòng tiêu đề" }, { "nosheet", "Không đọc được" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_file_that_means_harm_is_refused_with_a_reason_and_within_little_memory(string harm, string reason)
    {
        var rows = Spreadsheet.Row(1, Headings) + Spreadsheet.Row(2, Plums);
        var file = harm switch
        {
            "macro" => Spreadsheet.Of(rows, "", "", ("xl/vbaProject.bin", "x")),
            "external" => Spreadsheet.Of(rows, "", "", ("xl/externalLinks/externalLink1.xml", "<externalLink/>")),
            "embedded" => Spreadsheet.Of(rows, "", "", ("xl/embeddings/oleObject1.bin", "x")),
            "ole" => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[600]],
            "bomb" => Spreadsheet.Of(rows + new string(' ', 60 << 20)),
            "entity" => Spreadsheet.Of(rows.Replace("Mận hậu", "&x;", StringComparison.Ordinal).Replace("M&#7853;n h&#7853;u", "&x;", StringComparison.Ordinal), "", """<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd">]>"""),
            "laughs" => Spreadsheet.Of(rows, "", "<!DOCTYPE worksheet [<!ENTITY a \"ha\">" + string.Concat(Enumerable.Range(1, 12).Select(i => $"<!ENTITY a{i} \"{string.Concat(Enumerable.Repeat(i == 1 ? "&a;" : $"&a{i - 1};", 10))}\">")) + "]>"),
            "parts" => Spreadsheet.Of(rows, "", "", [.. Enumerable.Range(0, 250).Select(i => ($"xl/media/{i}.txt", "x"))]),
            "nozip" => "PK\x03\x04 no zip"u8.ToArray(),
            "cut" => Spreadsheet.Of(rows)[..700],
            "empty" => Spreadsheet.Zip(("other.txt", "x")),
            "ods" => Spreadsheet.Zip(("mimetype", "x"), ("content.xml", "<x/>")),
            "binary" => [0x7F, 0x45, 0x4C, 0x46, 0, 0, 0],
            "rows" => Spreadsheet.Of(string.Concat(Enumerable.Range(2, 10_002).Select(i => Spreadsheet.Row(i, Plums)).Prepend(Spreadsheet.Row(1, Headings)))),
            "quote" => "\"Tên hàng;Ngày"u8.ToArray(),
            _ => Spreadsheet.Zip(("xl/workbook.xml", "<workbook/>")),
        };
        // What this thread takes in all is more than what it holds at any moment, and other tests beside it don't change it.
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(reason, Refused(file), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (harm == "rows" ? 200L : 4L) << 20);
    }

    public static TheoryData<string, string> HostilePictures => new() { { "up", "ra ngoài" }, { "drive", "ra ngoài" }, { "twice", "cùng tên" }, { "nested", "nén khác" }, { "7z", "nén khác" }, { "many", "quá lớn" }, { "bomb", "quá lớn" }, { "nozip", "Không đọc được" }, { "cut", "Không đọc được" } };

    [Theory]
    [MemberData(nameof(HostilePictures))]
    public void A_zip_of_pictures_that_means_harm_is_refused_with_a_reason_and_within_little_memory(string harm, string reason)
    {
        var file = harm switch
        {
            "up" => Spreadsheet.Zip(("a.jpg", "x"), ("anh/../../wwwroot/b.jpg", "x")),
            "drive" => Spreadsheet.Zip(("C:\\b.jpg", "x")),
            "twice" => Spreadsheet.Zip(("1/Mận.jpg", "x"), ("2/man.png", "x")),
            "nested" => Spreadsheet.Packed(("a.jpg", Spreadsheet.Zip(("b.jpg", "x")))),
            "7z" => Spreadsheet.Packed(("a.jpg", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4])),
            "many" => Spreadsheet.Zip([.. Enumerable.Range(0, 1001).Select(i => ($"{i}.jpg", "x"))]),
            "bomb" => Spreadsheet.Packed([.. Enumerable.Range(0, 3).Select(i => ($"{i}.jpg", new byte[9 << 20]))]),
            "nozip" => "PK\x03\x04 no zip"u8.ToArray(),
            _ => Spreadsheet.Zip(("a.jpg", new string('x', 5000)))[..60],
        };
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(reason, Assert.Throws<WorkbookRefusedException>(() => PictureZip.Read([new("anh.zip", new MemoryStream(file))]).Count()).Why.Text, StringComparison.Ordinal);
        // Of one picture at a time: its bytes, as they grow and as they are handed on.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 120L << 20);
    }

    [Fact]
    public void Of_pictures_in_folders_the_names_count_and_what_systems_add_does_not()
    {
        var zip = Spreadsheet.Packed(("anh/", []), ("anh/Mận hậu.jpg", [1]), ("__MACOSX/anh/._man.jpg", [1]), ("anh/.DS_Store", [1]), ("lớn.jpg", System.Security.Cryptography.RandomNumberGenerator.GetBytes((10 << 20) + 1)));
        var read = PictureZip.Read([new("IMG 1.jpg", new MemoryStream([2, 3])), new("không đuôi", new MemoryStream(zip)), new("C:\\Ảnh\\Na.png", new MemoryStream([4]))]).ToList();
        Assert.Equal([("IMG 1.jpg", 2), ("Mận hậu.jpg", 1), ("lớn.jpg", -1), ("Na.png", 1)], read.Select(r => (r.Name, r.Bytes?.Length ?? -1)));
    }

    /// <summary>Sent one by one or packed in several, pictures have the same limits together.</summary>
    [Fact]
    public void Loose_pictures_and_packed_ones_are_counted_together()
    {
        string Why(params SentFile[] sent) => Assert.Throws<WorkbookRefusedException>(() => PictureZip.Read(sent).Count()).Why.Text;
        SentFile Loose(string name, params byte[] bytes) => new(name, new MemoryStream(bytes));
        Assert.Contains("cùng tên", Why(Loose("Mận.jpg", 1), Loose("anh.zip", Spreadsheet.Zip(("man.png", "x")))), StringComparison.Ordinal);
        Assert.Contains("nén khác", Why(Loose("a.jpg", 1), Loose("b.7z", 0x37, 0x7A, 0xBC, 0xAF)), StringComparison.Ordinal);
        Assert.Contains("quá nhiều", Why([Loose("them.jpg", 1), Loose("anh.zip", Spreadsheet.Zip([.. Enumerable.Range(0, 1000).Select(i => ($"{i}.jpg", "x"))]))]), StringComparison.Ordinal);
        // Each of them packs well enough to be believed alone.
        Assert.Contains("quá lớn", Why([.. Enumerable.Range(0, 3).Select(z => Loose($"{z}.zip", Spreadsheet.Packed(($"{z}.jpg", new byte[9 << 20]))))]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_given_back_is_corrected_and_sent_again_without_its_saved_rows()
    {
        var content = Read(Spreadsheet.Of([.. Headings, "Kết quả", "Vì sao"], [.. Plums, "Đã lưu", "man-hau"], ["Xoài", "05/07/2026", "40", "35.000", "Chưa lưu", ""], ["Na", "05/07/2026", "40", "35.000", "Saved", ""]));
        Assert.Equal(["Xoài"], Names(content));
        Assert.Equal("2, 4", Assert.Single(content.Notes).Args[0]);
    }

    [Fact]
    public void A_million_empty_rows_and_columns_far_out_hold_nobody_up()
    {
        var content = Read(Spreadsheet.Of(Spreadsheet.Row(1, Headings) + Spreadsheet.Row(2, Plums) + string.Concat(Enumerable.Range(3, 100_000).Select(i => $"<row r=\"{i}\"/>"))
            + """<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"""));
        Assert.Equal(["Mận hậu"], Names(content));
    }

    [Fact]
    public void A_formula_is_text_and_stays_text_on_its_way_back()
    {
        var content = Read(Encoding.UTF8.GetBytes("Tên hàng,Ngày thu hoạch,Số lượng,Giá bán\n\"=HYPERLINK(\"\"http://x\"\")\",05/07/2026,1,1000\n"));
        Assert.Equal("=HYPERLINK(\"http://x\")", Names(content)[0]);
    }

    [Theory]
    [InlineData("5-7", "5,6,7")]
    [InlineData("10-2", "1,2,10,11,12")]
    [InlineData("3, 9, 10", "3,9,10")]
    [InlineData("tháng 5 đến tháng 7", "5,6,7")]
    [InlineData("T5–T6", "5,6")]
    [InlineData("quanh năm", "")]
    [InlineData("", "")]
    [InlineData("13", null)]
    [InlineData("mùa hè", null)]
    [InlineData("0-3", null)]
    public void Months_are_read_as_people_write_them(string typed, string? months) => Assert.Equal(months, Months.Parse(typed) is { } found ? string.Join(',', found) : null);

    [Theory]
    [InlineData("13", "12")]
    [InlineData("0-3", "1-3")]
    [InlineData("mùa hè", null)]
    [InlineData("5-7", null)]
    public void Months_that_there_are_not_are_offered_as_the_nearest(string typed, string? near) => Assert.Equal(near, Months.Near(typed));

    [Theory]
    [InlineData("35.000đ/kg", "35.000")]
    [InlineData("35", "35.000")]
    [InlineData("1.2", "1.200")]
    [InlineData("khoảng 35k", "35.000")]
    [InlineData("chưa có", null)]
    public void A_price_that_cannot_be_read_is_offered_as_it_was_meant(string typed, string? meant) => Assert.Equal(meant, Suggest.Money(typed, 1000));

    [Theory]
    [InlineData("12/25/2025", "25/12/2025")]
    [InlineData("05/07/2036", "05/07/2026")]
    [InlineData("31/02/2026", null)]
    [InlineData("hôm nao", null)]
    public void A_day_that_cannot_be_is_offered_as_it_was_meant(string typed, string? meant) => Assert.Equal(meant, Suggest.Day(typed, new DateOnly(2026, 11, 27)));

    [Theory]
    [InlineData("Loai 1", "Loại 1")]
    [InlineData("Trai cay tuoii", "Trái cây tươi")]
    [InlineData("rau", "Rau, củ")]
    [InlineData("xyzxyz", null)]
    public void The_nearest_choice_is_offered(string typed, string? choice) => Assert.Equal(choice, Nearest.Choice(typed, ["Loại 1", "Loại 2", "Trái cây tươi", "Rau, củ"]));
}
