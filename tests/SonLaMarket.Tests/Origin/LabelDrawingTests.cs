using System.Globalization;
using System.Text;
using System.Xml.Linq;
using SkiaSharp;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin.Labels;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Origin;

/// <summary>Labels as other programs see them: poppler prints and reads the PDF, zbar scans the codes.</summary>
public sealed class LabelDrawingTests : IDisposable
{
    private const string Url = "HTTPS://SONLAMARKET.EXAMPLE/01/09521234543213/10/7K3Q-9M2X-H4CD";
    private const float LabelWidth = 70;
    private const float LabelHeight = 37;
    private const float TopMargin = 0.5f;

    private const int PerSheet = 24;
    private const int Columns = 3;

    private static byte[] Sheet(LabelContent content, int count, int startPosition = 1) => LabelSheet.Pdf(content, LabelFormat.Usual, count, startPosition);

    private static readonly LabelContent Mango = new(
        Url, "Xoài tròn Yên Châu", "HTX mẫu Nông nghiệp Hữu cơ Chiềng Hặc", "7K3Q-9M2X-H4CD", "Thu hoạch: 01/06/2026", "Dùng trước: 15/06/2026",
        "Khối lượng tịnh: 5 kg", "sonlamarket.example", IsSample: true)
    {
        ShortUrl = "HTTPS://SONLAMARKET.EXAMPLE/LO/7K3Q-9M2X-H4CD",
    };

    /// <summary>One of a series: every package has a code of its own.</summary>
    private static readonly LabelContent Package = Mango with
    {
        Url = "HTTPS://SONLAMARKET.EXAMPLE/01/09521234543213/21/7K3Q9M2XH4CD5T",
        ShortUrl = "HTTPS://SONLAMARKET.EXAMPLE/VT/7K3Q9M2XH4CD5T",
        ItemCode = "7K3Q-9M2X-H4CD-5T",
    };

    private readonly string folder = Directory.CreateTempSubdirectory("labels").FullName;

    [Fact]
    public void Every_label_of_a_sheet_printed_at_203_dpi_leads_to_the_lot()
    {
        var codes = ScanLabels(Sheet(Mango, PerSheet), 203);
        Assert.Equal(Enumerable.Repeat(Url, PerSheet), codes);
    }

    [Theory]
    [InlineData(150)]
    [InlineData(300)]
    public void Label_is_also_read_at_other_resolutions(int dpi) =>
        Assert.Equal([Url, Url], ScanLabels(Sheet(Mango, 2), dpi).Take(2));

    [Theory]
    [InlineData("https://a.example/lo/SL26-1")]
    [InlineData("http://localhost:5080/01/09521234543213/10/SL26-7K3Q9M2XH")]
    [InlineData("https://truyxuat.nongsan.sonla.example/01/09521234543213/10/ABCDEFGHIJKLMNOPQRST/21/7K3Q9M2XH4CD12?linkType=gs1:traceability&context=abc")]
    public void Short_and_long_addresses_are_read(string url) =>
        Assert.Equal(url, ScanLabels(Sheet(Mango with { Url = url, ShortUrl = null }, 1), 203)[0]);

    [Fact]
    public void Text_comes_back_from_the_pdf_with_its_vietnamese_letters()
    {
        var decomposed = Mango with { ProductName = Mango.ProductName.Normalize(NormalizationForm.FormD) };
        var text = TextOf(Sheet(decomposed, 1));
        foreach (var word in (string[])["MẪU", "Xoài tròn Yên Châu", "HTX mẫu", "Chiềng Hặc", "7K3Q-9M2X-H4CD", "Thu hoạch: 01/06/2026", "Dùng trước: 15/06/2026", "Khối lượng tịnh: 5 kg", "sonlamarket.example"])
            Assert.Contains(word, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_samples_are_marked_and_what_is_not_known_is_left_out()
    {
        var text = TextOf(Sheet(Mango with { IsSample = false, ProducerName = "HTX Chiềng Hặc", BestBeforeText = null, NetWeightText = null }, 1));
        Assert.DoesNotContain("MẪU", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Dùng trước", text, StringComparison.Ordinal);
        Assert.Contains("Thu hoạch: 01/06/2026", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_of_any_length_stays_in_its_column()
    {
        var crowded = Mango with
        {
            ProductName = string.Concat(Enumerable.Repeat("Nghiêng ", 40)) + new string('Ữ', 200),
            ProducerName = new string('W', 300),
            HarvestText = string.Concat(Enumerable.Repeat("Thu hoạch từ ngày ", 10)),
            BestBeforeText = new string('8', 100),
            NetWeightText = new string('M', 100),
            SiteDomain = new string('m', 63) + ".example",
        };
        using var page = Print(Sheet(crowded, PerSheet), 203)[0];
        using var alone = Print(Sheet(Mango with { ProductName = "", ProducerName = "", HarvestText = "", BestBeforeText = "", NetWeightText = "", SiteDomain = "", LotCode = "", IsSample = false }, PerSheet), 203)[0];
        var column = CodeRight(alone, 203) + 4 * 4 + 1;
        for (var place = 0; place < PerSheet; place++)
        {
            var label = Area(place, 203);
            // Nothing of the text within the code and its quiet zone, nor in the last millimetre before the next label.
            Assert.True(SamePixels(page, alone, new SKRectI(label.Left, label.Top, label.Left + column, label.Bottom)), $"label {place}: text in the code");
            Assert.True(SamePixels(page, alone, new SKRectI(label.Right - 8, label.Top, label.Right, label.Bottom)), $"label {place}: text over the right edge");
            Assert.True(SamePixels(page, alone, new SKRectI(label.Left, label.Bottom - 8, label.Right, label.Bottom)), $"label {place}: text over the lower edge");
        }
        Assert.Equal(Enumerable.Repeat(Url, PerSheet), ScanLabels(Sheet(crowded, PerSheet), 203));
    }

    [Fact]
    public void Sheet_begins_at_the_first_free_label_and_goes_on_to_the_next_sheet()
    {
        var pages = Print(Sheet(Mango, 5, startPosition: 22), 100);
        Assert.Equal(2, pages.Count);
        Assert.Equal([21, 22, 23], Enumerable.Range(0, PerSheet).Where(place => HasInk(pages[0], Area(place, 100))));
        Assert.Equal([0, 1], Enumerable.Range(0, PerSheet).Where(place => HasInk(pages[1], Area(place, 100))));
        pages.ForEach(page => page.Dispose());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(LabelSheet.MaxCount + 1, 1)]
    [InlineData(1, 0)]
    [InlineData(1, PerSheet + 1)]
    public void Impossible_count_or_start_is_an_error(int count, int start) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Sheet(Mango, count, start));

    [Fact]
    public void Address_too_long_for_the_printer_is_an_error() =>
        Assert.Throws<ArgumentException>(() => Sheet(Mango with { Url = "https://a.example/" + new string('x', 700), ShortUrl = null }, 1));

    [Fact]
    public void Modules_are_at_least_half_a_millimetre_and_codes_have_their_quiet_zone()
    {
        using var page = Print(Sheet(Mango, 1), 203)[0];
        var modules = LabelCode.Fit([Url], LabelFormat.Usual)!.Modules.Length;
        var left = FirstInk(page);
        var width = CodeRight(page, 203) - left + 1;
        Assert.Equal(0, width % modules);
        Assert.True(width / modules >= 4, $"{width} dots for {modules} modules");
        Assert.True(left >= 4 * (width / modules), $"quiet zone of {left} dots");
    }

    /// <summary>
    /// Every size as printers of 203 and 300 dpi draw it: sharp, blurred, and blurred with 10 % damage. Damage is a square blot, black or white, over 10 % of the
    /// symbol's area (without the quiet zone), at any place where it leaves the three finder patterns whole: without those no reader finds a code.
    /// </summary>
    [Theory]
    [InlineData("a4-24", 203)]
    [InlineData("a4-24", 300)]
    [InlineData("a4-65", 203)]
    [InlineData("a4-65", 300)]
    [InlineData("50x30", 203)]
    [InlineData("50x30", 300)]
    [InlineData("40x30", 203)]
    [InlineData("40x30", 300)]
    [InlineData("60x40", 203)]
    [InlineData("60x40", 300)]
    [InlineData("a4-24", 203, true)]
    [InlineData("a4-24", 300, true)]
    [InlineData("a4-65", 203, true)]
    [InlineData("a4-65", 300, true)]
    [InlineData("50x30", 203, true)]
    [InlineData("50x30", 300, true)]
    [InlineData("40x30", 203, true)]
    [InlineData("40x30", 300, true)]
    [InlineData("60x40", 203, true)]
    [InlineData("60x40", 300, true)]
    public void A_label_of_every_size_is_read_sharp_blurred_and_with_a_tenth_of_its_code_damaged(string word, int dpi, bool package = false)
    {
        var format = LabelFormat.Find(word)!;
        var content = package ? Package : Mango;
        var code = LabelCode.Fit(content.Addresses, format)!;
        Assert.False(code.NeedsFinePrinter);
        Assert.Equal(word == "a4-65" ? content.ShortUrl : content.Url, code.Address);
        var dots = dpi / 25.4f;
        using var page = Print(LabelSheet.Pdf(content, format, 1), dpi)[0];
        Assert.InRange(page.Width, format.PageWidth * dots - 2, format.PageWidth * dots + 2);
        var (x, y) = format.Place(0);
        using var label = new SKBitmap((int)(format.Width * dots), (int)(format.Height * dots));
        using var blur = new SKPaint { ImageFilter = SKImageFilter.CreateBlur(0.8f, 0.8f) };
        var module = code.Dots * LabelCode.Dot * dots;
        var side = code.Modules.Length * module;
        var symbol = SKRect.Create(format.CodeMargin * dots + LabelCode.QuietModules * module, (format.Height * dots - side) / 2, side, side);
        var pictures = new List<string> { Draw(null, null, default), Draw(blur, null, default) };
        foreach (var (right, down) in new[] { (0.5f, 0f), (0f, 0.5f), (0.5f, 0.5f), (1f, 0.5f), (0.5f, 1f), (1f, 1f) })
        {
            var blot = side * MathF.Sqrt(0.1f);
            foreach (var ink in new[] { SKColors.Black, SKColors.White })
                pictures.Add(Draw(blur, SKRect.Create(symbol.Left + right * (side - blot), symbol.Top + down * (side - blot), blot, blot), ink));
        }
        Assert.Equal(Enumerable.Repeat(code.Address, pictures.Count), Programs.Codes(pictures));

        string Draw(SKPaint? paint, SKRect? blot, SKColor ink)
        {
            using var canvas = new SKCanvas(label);
            canvas.Clear(SKColors.White);
            canvas.SaveLayer(paint);
            canvas.DrawBitmap(page, -x * dots, -y * dots, new SKSamplingOptions(SKFilterMode.Nearest));
            using var stain = new SKPaint { Color = ink, IsAntialias = false };
            if (blot is { } area)
                canvas.DrawRect(area, stain);
            canvas.Restore();
            canvas.Flush();
            return Save(label, $"label-{Guid.NewGuid():N}");
        }
    }

    /// <summary>An address that is too long for the smallest label with modules for every printer is drawn finer, and the form says so.</summary>
    [Theory]
    [InlineData("HTTPS://SONLAMARKET.EXAMPLE/VT/7K3Q9M2XH4CD5T", 'H', false)]
    [InlineData(Url, 'Q', false)]
    [InlineData("HTTPS://TRUYXUAT.NONGSAN.SONLA.EXAMPLE/01/09521234543213/10/7K3Q-9M2X-H4CD", 'M', false)]
    [InlineData("HTTPS://TRUYXUAT.NONGSAN.SONLA.EXAMPLE/01/09521234543213/10/7K3Q-9M2X-H4CD/21/7K3Q9M2XH4CD5T", 'M', true)]
    public void The_smallest_label_corrects_as_many_errors_as_its_address_leaves_room_for(string url, char level, bool fine)
    {
        var code = LabelCode.Fit([url], LabelFormat.Find("a4-65")!)!;
        Assert.Equal(fine, code.NeedsFinePrinter);
        Assert.Equal(Qr.Modules(url, Enum.Parse<QRCoder.QRCodeGenerator.ECCLevel>(level.ToString())).Length, code.Modules.Length);
        // The level stands in the format, two bits left of the timing pattern (ISO/IEC 18004, 7.9), the first of them masked.
        Assert.Equal(level, "MLHQ"[(code.Modules[8][0] ? 0 : 2) + (code.Modules[8][1] ? 1 : 0)]);
        using var page = Print(LabelSheet.Pdf(Mango with { Url = url, ShortUrl = null }, LabelFormat.Find("a4-65")!, 1), fine ? 300 : 203)[0];
        Assert.Equal(url, Assert.Single(Programs.Codes(Save(page, "small"))));
    }

    /// <summary>Two labels have room for a code with one alignment pattern alone: each of its masks is read, and the one that is drawn leaves no more look-alikes of that pattern than the writer's own.</summary>
    [Fact]
    public void A_code_is_read_with_each_of_its_masks()
    {
        var modules = Qr.Modules(Package.ShortUrl!, QRCoder.QRCodeGenerator.ECCLevel.H);
        Assert.Equal(Enumerable.Repeat(Package.ShortUrl, 8), Programs.Codes(Enumerable.Range(0, 8).Select(mask => Save(Magnified(CodeMask.With(modules, mask)), $"mask-{mask}"))));
        Assert.Equal(8, Enumerable.Range(0, 8).Select(mask => string.Concat(CodeMask.With(modules, mask).SelectMany(row => row).Select(dark => dark ? '1' : '0'))).Append(string.Concat(modules.SelectMany(row => row).Select(dark => dark ? '1' : '0'))).Distinct().Count());
        Assert.Equal(45, LabelCode.Fit(Package.Addresses, LabelFormat.Usual)!.Modules.Length);

        static SKBitmap Magnified(bool[][] modules)
        {
            var bitmap = new SKBitmap((modules.Length + 8) * 4, (modules.Length + 8) * 4);
            using var canvas = new SKCanvas(bitmap);
            using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = false };
            canvas.Clear(SKColors.White);
            for (var y = 0; y < modules.Length; y++)
            {
                for (var x = 0; x < modules.Length; x++)
                {
                    if (modules[y][x])
                        canvas.DrawRect((x + 4) * 4, (y + 4) * 4, 4, 4, ink);
                }
            }
            return bitmap;
        }
    }

    [Fact]
    public void An_offset_moves_every_label_and_the_test_page_frames_them()
    {
        using var straight = Print(LabelSheet.Pdf(Mango, LabelFormat.Usual, 1), 203)[0];
        using var moved = Print(LabelSheet.Pdf(Mango, LabelFormat.Usual, 1, 1, new PrinterOffset(2, 1.5m)), 203)[0];
        Assert.InRange(FirstInk(moved) - FirstInk(straight), 15, 17);
        using var test = Print(LabelSheet.TestPage(LabelFormat.Find("a4-65")!, new PrinterOffset(1)), 203)[0];
        Assert.InRange(FirstInk(test), (int)(5.5 * 203 / 25.4), (int)(6 * 203 / 25.4));
    }

    private string Save(SKBitmap page, string name)
    {
        var file = Path.Combine(folder, name + ".png");
        using var output = File.Create(file);
        page.Encode(output, SKEncodedImageFormat.Png, 100);
        return file;
    }

    [Fact]
    public void Png_and_svg_of_the_code_are_read()
    {
        var png = Path.Combine(folder, "code.png");
        File.WriteAllBytes(png, Qr.Png(Url, 4));
        Assert.Equal(Url, Assert.Single(Programs.Codes(png)));

        var drawn = Path.Combine(folder, "drawn.png");
        File.WriteAllBytes(drawn, DrawSvg(Qr.Svg(Url)));
        Assert.Equal(Url, Assert.Single(Programs.Codes(drawn)));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private List<string> ScanLabels(byte[] pdf, int dpi)
    {
        var codes = new List<string>();
        foreach (var page in Print(pdf, dpi))
        {
            for (var place = 0; place < PerSheet; place++)
            {
                if (!HasInk(page, Area(place, dpi)))
                    continue;
                using var label = new SKBitmap();
                Assert.True(page.ExtractSubset(label, Area(place, dpi)));
                var file = Path.Combine(folder, "label.png");
                using (var output = File.Create(file))
                    label.Encode(output, SKEncodedImageFormat.Png, 100);
                codes.Add(Assert.Single(Programs.Codes(file)));
            }
            page.Dispose();
        }
        return codes;
    }

    private List<SKBitmap> Print(byte[] pdf, int dpi)
    {
        var file = Path.Combine(folder, "sheet.pdf");
        File.WriteAllBytes(file, pdf);
        foreach (var old in Directory.GetFiles(folder, "page*.png"))
            File.Delete(old);
        Programs.Run("pdftoppm", "-r", dpi.ToString(CultureInfo.InvariantCulture), "-gray", "-png", file, Path.Combine(folder, "page"));
        return [.. Directory.GetFiles(folder, "page*.png").Order(StringComparer.Ordinal).Select(SKBitmap.Decode)];
    }

    private string TextOf(byte[] pdf)
    {
        var file = Path.Combine(folder, "text.pdf");
        File.WriteAllBytes(file, pdf);
        return Programs.Run("pdftotext", "-layout", file, "-");
    }

    private static SKRectI Area(int place, int dpi)
    {
        var dots = dpi / 25.4f;
        var left = place % Columns * LabelWidth * dots;
        var top = (TopMargin + place / Columns * LabelHeight) * dots;
        return new SKRectI((int)left, (int)top, (int)(left + LabelWidth * dots), (int)(top + LabelHeight * dots));
    }

    private static bool HasInk(SKBitmap page, SKRectI area)
    {
        for (var y = area.Top; y < area.Bottom; y += 2)
            for (var x = area.Left; x < area.Right; x += 2)
                if (page.GetPixel(x, y).Red < 128)
                    return true;
        return false;
    }

    private static int FirstInk(SKBitmap page)
    {
        for (var x = 0; x < page.Width; x++)
            for (var y = 0; y < page.Height; y++)
                if (page.GetPixel(x, y).Red < 128)
                    return x;
        throw new InvalidOperationException("The page is empty.");
    }

    // The top row of the code's first finder pattern begins and ends it: the last dark dot of that row inside the label is the other finder's.
    private static int CodeRight(SKBitmap page, int dpi)
    {
        var label = Area(0, dpi);
        var left = FirstInk(page);
        var top = Enumerable.Range(label.Top, label.Height).First(y => page.GetPixel(left, y).Red < 128);
        var modules = LabelCode.Fit([Url], LabelFormat.Usual)!.Modules.Length;
        var dotsPerFinder = Enumerable.Range(left, label.Width).TakeWhile(x => page.GetPixel(x, top).Red < 128).Count();
        return left + dotsPerFinder / 7 * modules - 1;
    }

    private static bool SamePixels(SKBitmap one, SKBitmap other, SKRectI area)
    {
        for (var y = area.Top; y < area.Bottom; y++)
            for (var x = area.Left; x < area.Right; x++)
                if (one.GetPixel(x, y) != other.GetPixel(x, y))
                    return false;
        return true;
    }

    private static byte[] DrawSvg(string svg)
    {
        const int Scale = 4;
        var root = XDocument.Parse(svg).Root!;
        var size = root.Attribute("viewBox")!.Value.Split(' ').Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        using var bitmap = new SKBitmap(size[2] * Scale, size[3] * Scale);
        using var canvas = new SKCanvas(bitmap);
        canvas.Scale(Scale);
        foreach (var shape in root.Elements())
        {
            using var paint = new SKPaint { Color = SKColor.Parse(shape.Attribute("fill")!.Value), IsAntialias = false };
            if (shape.Name.LocalName == "rect")
            {
                canvas.DrawRect(0, 0, size[2], size[3], paint);
                continue;
            }
            using var path = SKPath.ParseSvgPathData(shape.Attribute("d")!.Value);
            canvas.DrawPath(path, paint);
        }
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
