using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Xml;
using SonLaMarket.Benchmarks.Support;
using SonLaMarket.Exports;
using SonLaMarket.Exports.Writers;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Benchmarks.Workloads;

/// <summary>
/// P11: 100,000 variants through checks, the file of the run and the writers of RSS, TSV and XLSX, beside a program that writes the same texts with nothing but the
/// framework's own streaming writers, and beside 10,000. In processor time, which other programs of the machine do not change. Without a database: what reading
/// costs stands under <see cref="Feeds"/>.
/// </summary>
public sealed class ExportFiles : IWorkload
{
    private const int Few = 10_000, Many = 100_000;
    private const string Namespace = "http://base.google.com/ns/1.0";

    private static readonly SiteOptions Site = new() { PublicBaseUrl = "https://cho.example" };
    private static readonly DateOnly Today = new(2026, 5, 20);
    private static readonly Guid[] Pictures = [Guid.Empty, Guid.AllBitsSet];

    public string Name => "export-files";

    public bool Alone => true;

    private sealed record Took(double Seconds, double Megabytes, long Bytes);

    public async Task RunAsync(Bench bench)
    {
        var profile = Profile.Read(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "db", "seed", "profiles", "google-merchant.json")));
        bench.Report.Line($"### Writing files of {Many:N0} variants");
        bench.Report.Line();
        bench.Report.Line($"| format | bytes | product s | of that checks s | bare writer s | times the bare writer | {Few:N0} variants s | growth for ten times the rows | most memory beyond rest at {Few:N0}, MB | at {Many:N0}, MB |");
        bench.Report.Line("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var format in (string[])["xml", "tsv", "xlsx"])
        {
            // The first round also compiles what is called for the first time; the best of the others counts.
            var (few, many, checks, bare) = (new List<Took>(), new List<Took>(), new List<Took>(), new List<Took>());
            for (var round = 0; round <= bench.Rounds; round++)
            {
                few.Add(await MeasureAsync(output => ProductAsync(output, profile, format, Few)));
                many.Add(await MeasureAsync(output => ProductAsync(output, profile, format, Many)));
                checks.Add(await MeasureAsync(_ => ChecksAsync(profile, Many)));
                bare.Add(await MeasureAsync(output => BareAsync(output, format, Many)));
            }
            double Best(List<Took> rounds) => rounds.Skip(1).Min(r => r.Seconds);
            double Most(List<Took> rounds) => rounds.Skip(1).Max(r => r.Megabytes);
            bench.Report.Line($"| {format} | {many[^1].Bytes:N0} | {Report.N(Best(many), 2)} | {Report.N(Best(checks), 2)} | {Report.N(Best(bare), 2)} | {Report.N(Best(many) / Best(bare), 2)} | {Report.N(Best(few), 2)} | {Report.N(Best(many) / Best(few), 1)} | {Report.N(Most(few), 0)} | {Report.N(Most(many), 0)} |");
            bench.Report.AtMost($"P11 {format}, {Few:N0} variants, s", Best(few), 10, 1);
            bench.Report.AtMost($"P11 {format}, memory beyond rest at {Few:N0}, MB", Most(few), 200, 0);
            bench.Report.AtMost($"P11 {format}, growth of time for ten times the rows", Best(many) / Best(few), 12, 1);
            bench.Report.AtMost($"P11 {format}, memory beyond rest at {Many:N0}, MB", Most(many), 64, 0);
        }
        bench.Report.Line();
    }

    private static async Task<Took> MeasureAsync(Func<Stream, Task> write)
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var rest = Environment.WorkingSet;
        var most = rest;
        using var done = new CancellationTokenSource();
        var watching = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                most = Math.Max(most, Environment.WorkingSet);
                await Task.Delay(20, CancellationToken.None);
            }
        }, CancellationToken.None);
        var path = Path.Combine(Path.GetTempPath(), $"sonlamarket-export-{Guid.NewGuid():N}");
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        long bytes;
        await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose))
        {
            await write(file);
            await file.FlushAsync();
            bytes = file.Length;
        }
        process.Refresh();
        var seconds = (process.TotalProcessorTime - before).TotalSeconds;
        await done.CancelAsync();
        await watching;
        return new(seconds, (most - rest) / 1e6, bytes);
    }

    private static async Task ProductAsync(Stream output, Profile profile, string format, int count)
    {
        var check = new RowCheck(profile, Site, Today);
        using var rows = new RowSpool(Path.Combine(Path.GetTempPath(), $"sonlamarket-rows-{Guid.NewGuid():N}"), profile.Columns.Length);
        for (var i = 0; i < count; i++)
        {
            var listing = Listing(i);
            if (check.Make(listing).Row is { } row)
                rows.Add(new(listing.Id, row));
        }
        if (rows.Count != count)
            throw new InvalidOperationException($"{count - rows.Count} rows were set aside");
        await FileSet.WriteAsync(output, format, profile, Site.PublicBaseUrl, rows.Rows().Select(r => r.Cells));
    }

    private static Task ChecksAsync(Profile profile, int count)
    {
        var check = new RowCheck(profile, Site, Today);
        for (var i = 0; i < count; i++)
            check.Make(Listing(i));
        return Task.CompletedTask;
    }

    private static async Task BareAsync(Stream output, string format, int count)
    {
        if (format == "xml")
        {
            await using var xml = XmlWriter.Create(output, new XmlWriterSettings { Async = true, Encoding = new UTF8Encoding(false), Indent = true });
            xml.WriteStartElement("rss");
            xml.WriteStartElement("channel");
            for (var i = 0; i < count; i++)
            {
                xml.WriteStartElement("item");
                foreach (var (name, value) in Cells(Listing(i)))
                    xml.WriteElementString("g", name, Namespace, value);
                xml.WriteEndElement();
            }
        }
        else if (format == "tsv")
        {
            await using var text = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true);
            for (var i = 0; i < count; i++)
                await text.WriteLineAsync(string.Join('\t', Cells(Listing(i)).Select(c => c.Value)));
        }
        else
        {
            await using var package = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);
            await using var sheet = await package.CreateEntry("xl/worksheets/sheet1.xml", CompressionLevel.Optimal).OpenAsync();
            await using var xml = XmlWriter.Create(sheet, new XmlWriterSettings { Async = true, Encoding = new UTF8Encoding(false) });
            xml.WriteStartElement("sheetData");
            for (var i = 0; i < count; i++)
            {
                xml.WriteStartElement("row");
                foreach (var (_, value) in Cells(Listing(i)))
                {
                    xml.WriteStartElement("c");
                    xml.WriteAttributeString("t", "inlineStr");
                    xml.WriteStartElement("is");
                    xml.WriteElementString("t", value);
                    xml.WriteEndElement();
                    xml.WriteEndElement();
                }
                xml.WriteEndElement();
            }
        }
    }

    /// <summary>The same texts as the profile makes, said directly.</summary>
    private static (string Name, string Value)[] Cells(ExportListing l) =>
    [
        ("id", $"{l.ProductCode}-{l.Id:X8}"), ("title", l.Title), ("description", l.Description), ("link", Site.PublicBaseUrl + "/san-pham/" + l.Slug), ("image_link", $"{Site.PublicBaseUrl}/media/{l.PictureIds[0]}/w1200.jpg"),
        ("additional_image_link", $"{Site.PublicBaseUrl}/media/{l.PictureIds[1]}/w1200.jpg"), ("availability", "in_stock"), ("price", $"{l.PriceVnd} VND"), ("unit_pricing_measure", $"{l.NetWeightG}g"), ("unit_pricing_base_measure", "1kg"),
        ("brand", l.Brand), ("identifier_exists", "no"), ("condition", "new"), ("google_product_category", "430"), ("product_type", "Thực phẩm > Trái cây tươi"), ("shipping_weight", $"{l.NetWeightG} g"), ("external_seller_id", l.ProducerSlug),
    ];

    private static ExportListing Listing(int i) => new(
        Id: i, Slug: $"man-hau-{i}", ProductCode: $"MAU{i:D7}", Title: $"Mận hậu Sơn La loại 1, thùng {i}", TitleEn: "", Description: "Mận hậu Mộc Châu, hái tay buổi sáng, đóng thùng ngay trong ngày và giao trong hai ngày.", Storage: "", Ingredients: "", AlcoholPercent: null, ProductBrand: "", ProductModel: "", PriceVnd: 35_000 + i, SaleVnd: null, SaleFrom: null, SaleUntil: null, OnSale: false,
        SaleUnit: "kg", BaseUnit: "g", BasePerUnit: 1000, NetWeightG: 1000, MinUnits: 1, MaxUnits: null, GrossWeightG: null, LengthCm: null, WidthCm: null, HeightCm: null, SeasonMonths: [], ReadOn: new(2026, 1, 1), StockUnits: 12, Gtin: null, PictureIds: Pictures, PictureWidths: [1200, 1200], PictureHeights: [900, 900], PictureBytes: [90_000, 90_000],
        ApprovedAt: DateTimeOffset.UnixEpoch, ChangedAt: DateTimeOffset.UnixEpoch, CategorySlug: "fresh-fruit", CategoryName: "Trái cây tươi", ParentName: "Thực phẩm", ProducerSlug: "htx-mau", ProducerKind: "cooperative", ProducerName: "HTX mẫu",
        ProducerAddress: "Tổ 1", ProducerPhone: "+84000000000", ProducerTaxCode: null, Brand: "HTX mẫu", CommuneName: "Phường Mộc Châu", ProducerApprovedAt: null, ReadyDays: 1, CertificateKinds: null, CertificateNames: null, CertificateNumbers: null, CertificateIssuers: null, CertificateEnds: null, Stars: null, ExpiredCertificates: null, GeographicalIndication: null,
        LotCode: null, HarvestedOn: null, PackedOn: null, BestBefore: null, LotQuantityBase: null, LotCommuneName: null, GrowingAreaCode: null, Grade: null);
}
