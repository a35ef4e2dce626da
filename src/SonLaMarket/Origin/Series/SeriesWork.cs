using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;
using SonLaMarket.Origin.Labels;

namespace SonLaMarket.Origin.Series;

/// <summary>Asked for in the transaction that opened the series.</summary>
public sealed record MakeItems(string Lot, Guid Series);

/// <summary>Makes the codes of a series.</summary>
public sealed class ItemMaking(ItemSeries series, Db db) : ILongTask<MakeItems>
{
    public async Task<TaskResult> RunAsync(MakeItems input, TaskProgress progress, CancellationToken ct)
    {
        var items = await db.SingleAsync<int>("select items from origin.item_series where key = @Series", new { input.Series }, ct);
        await foreach (var made in series.MakeAsync(db, input.Series))
        {
            await progress.ReportAsync(made, items);
            ct.ThrowIfCancellationRequested();
        }
        return new(new Said("Đã làm {0} mã gói cho lô {1}.", Vietnamese.Number(items), input.Lot), $"/quan-ly/lo/{input.Lot}/ma-goi/{input.Series}");
    }
}

/// <summary>Asked for by a member of the lot's producer.</summary>
/// <param name="First">The first package of the series, from 1.</param>
/// <param name="From">The first free label of the sheet, from 1.</param>
public sealed record PrintItems(string Lot, Guid Series, int First, int Count, int From, long PersonId, string Format, decimal Right, decimal Down);

/// <summary>Draws the labels of packages and keeps the sheets to be taken away.</summary>
public sealed class ItemPrinting(Lots lots, ItemSeries series, LabelContents contents, Uploads uploads, Db db) : ILongTask<PrintItems>
{
    public async Task<TaskResult> RunAsync(PrintItems input, TaskProgress progress, CancellationToken ct)
    {
        if (await lots.FindAsync(db, input.Lot, input.PersonId, ct) is not { } lot || await series.FindAsync(db, lot.Id, input.Series, ct) is not { } found || LabelFormat.Find(input.Format) is not { } paper)
            return new(new Said("Không còn lô này."), Failed: true);
        var usual = await contents.OfItemAsync(lot, found, "", ct);
        var labels = new List<LabelContent>();
        await foreach (var (_, item) in series.CodesAsync(db, input.Series, input.First, input.Count, ct))
            labels.Add(contents.WithItem(usual, lot, item));
        if (labels.Count == 0)
            return new(new Said("Các mã này đã bị hủy trước đó."), Failed: true);
        using var pdf = new MemoryStream();
        foreach (var drawn in LabelSheet.Sheets(pdf, labels, paper, input.From, new(input.Right, input.Down)))
        {
            ct.ThrowIfCancellationRequested();
            await progress.ReportAsync(drawn, labels.Count);
        }
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var file = await uploads.AddPdfAsync(tx, LabelPrinting.Owner(lot.Code), $"tem-goi-{lot.Code}.pdf", pdf.ToArray(), new Actor(input.PersonId, Roles.Seller), LabelSheet.MostBytes);
        await tx.CommitAsync(CancellationToken.None);
        return file is null
            ? new(new Said("Tờ tem quá lớn. Hãy in ít tem hơn mỗi lần."), Failed: true)
            : new(new Said("Đã vẽ {0} tem gói của lô {1}.", Vietnamese.Number(labels.Count), lot.Code), $"/quan-ly/lo/{lot.Code}/tem/{file}.pdf");
    }
}
