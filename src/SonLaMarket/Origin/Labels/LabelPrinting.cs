using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Origin.Labels;

/// <summary>Asked for by a member of the lot's producer.</summary>
public sealed record PrintLabels(string Lot, int Count, int From, long PersonId, string? Format = null, decimal Right = 0, decimal Down = 0);

/// <summary>Draws more labels than a reader waits for, and keeps the sheets to be taken away.</summary>
public sealed class LabelPrinting(Lots lots, LabelContents contents, Uploads uploads, Db db) : ILongTask<PrintLabels>
{
    /// <summary>The word under which the sheets of a lot are kept.</summary>
    public static string Owner(string lot) => "labels:" + lot;

    public async Task<TaskResult> RunAsync(PrintLabels input, TaskProgress progress, CancellationToken ct)
    {
        if (await lots.FindAsync(db, input.Lot, input.PersonId, ct) is not { } lot)
            return new(new Said("Không còn lô này."), Failed: true);
        using var pdf = new MemoryStream();
        foreach (var drawn in LabelSheet.Sheets(pdf, [.. Enumerable.Repeat(await contents.OfAsync(lot, ct), input.Count)], LabelFormat.Find(input.Format) ?? LabelFormat.Usual, input.From, new(input.Right, input.Down)))
        {
            ct.ThrowIfCancellationRequested();
            await progress.ReportAsync(drawn, input.Count);
        }
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var file = await uploads.AddPdfAsync(tx, Owner(lot.Code), $"tem-{lot.Code}.pdf", pdf.ToArray(), new Actor(input.PersonId, Roles.Seller));
        await tx.CommitAsync(CancellationToken.None);
        return file is null
            ? new(new Said("Tờ tem quá lớn. Hãy in ít tem hơn mỗi lần."), Failed: true)
            : new(new Said("Đã vẽ {0} tem của lô {1}.", Vietnamese.Number(input.Count), lot.Code), $"/quan-ly/lo/{lot.Code}/tem/{file}.pdf");
    }
}

/// <summary>What stands on the labels of a lot.</summary>
public sealed class LabelContents(OriginEvents events, Db db, SiteOptions site)
{
    public async Task<LabelContent> OfAsync(Lot lot, CancellationToken ct)
    {
        const string select = """
            select r.name, r.is_sample, case when p.base_unit = 'piece' then p.net_weight_g end from producers.product p join producers.producer r on r.id = p.producer_id where p.id = @ProductId
            """;
        var (name, isSample, grams) = await db.SingleAsync<(string, bool, long?)>(select, new { lot.ProductId }, ct);
        return new LabelContent(
            LabelCode.AsPrinted(events.LotUri(lot.Code, lot.Gtin)), lot.ProductName, name, lot.Code,
            lot.HarvestedOn is { } day ? $"Thu hoạch: {Vietnamese.Date(day)}" : "",
            lot.BestBefore is { } best ? $"Hạn dùng: {Vietnamese.Date(best)}" : null, Weight(grams),
            new Uri(site.PublicBaseUrl).Host, isSample)
        {
            ShortUrl = LabelCode.AsPrinted(site.Absolute("/lo/" + lot.Code)),
        };
    }

    /// <summary>The same for a package of a series: its own code, and what it weighs.</summary>
    public async Task<LabelContent> OfItemAsync(Lot lot, CodeSeries series, string item, CancellationToken ct)
    {
        var whole = await OfAsync(lot, ct);
        return WithItem(whole with { NetWeightText = Weight(series.NetWeightG) ?? whole.NetWeightText }, lot, item);
    }

    private static string? Weight(long? grams) => grams is { } some ? $"Khối lượng tịnh: {Vietnamese.Weight(some)}" : null;

    public LabelContent WithItem(LabelContent content, Lot lot, string item) => content with
    {
        Url = LabelCode.AsPrinted(UrlOf(lot, item)),
        ShortUrl = LabelCode.AsPrinted(site.Absolute("/vt/" + item)),
        ItemCode = Gs1.ItemSerial.Grouped(item),
    };

    /// <summary>The address of a package: GTIN and serial name it alone (GS1 General Specifications 3.5.2), the lot would only make the code larger.</summary>
    public string UrlOf(Lot lot, string item) => lot.Gtin is null ? site.Absolute("/vt/" + item) : site.Absolute($"/01/{lot.Gtin}/21/{item}");
}
