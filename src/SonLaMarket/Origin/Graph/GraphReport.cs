using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Origin.Graph;

/// <summary>One step back, one step forward: who gave what to this lot, and what this lot gave to whom, as a table that an inspector takes along.</summary>
public static class GraphReport
{
    public static async Task<byte[]> FileAsync(Db db, ITradeReceivers receivers, long lotId, Texts t, CancellationToken ct)
    {
        var sales = await LotSale.OfLotAsync(db, lotId, ct);
        var received = await receivers.OfAsync(db, [.. sales.Select(s => s.TradeKey).OfType<Guid>().Distinct()], ct);
        return await Workbook.BytesAsync(Sheets(await LotGraph.LoadAsync(db, lotId, ct), sales, received.ToDictionary(r => r.Trade), await DiaryTrade.OfLotAsync(db, lotId, ct), t));
    }

    private static Dictionary<string, IEnumerable<Dictionary<string, object?>>> Sheets(LotGraph graph, IEnumerable<LotSale> sales, Dictionary<Guid, TradeReceiver> receivers, List<DiaryRow> said, Texts t)
    {
        var (lot, steps) = (graph.Lot, graph.Steps.ToList());
        var (came, went) = (said.Where(d => DiaryTrade.From(d) is not null), said.Where(d => DiaryTrade.To(d) is not null));
        return new(StringComparer.Ordinal)
        {
            [t["Cân đối"]] = [Balance(lot, t)],
            [t["Một bước trước"]] = Or(steps.Where(s => s.Outputs.Any(o => o.Lot.Id == lot.Id)).SelectMany(s => s.Inputs.Select(i => Line(s, i.Lot, i.Base, t))).Concat(came.Select(d => Line(d, lot, t))), !lot.Harvested ? t["Không có lô nào trước lô này."] : lot.Days is { } days ? t["Thu hoạch {0} tại {1}", days, lot.Field] : t["Vùng trồng: {0}", lot.Field], t),
            [t["Một bước sau"]] = Or(steps.Where(s => s.Inputs.Any(i => i.Lot.Id == lot.Id)).SelectMany(s => s.Outputs.Select(o => Line(s, o.Lot, o.Base, t))), t["Chưa có lô nào làm từ lô này."], t),
            [t["Bán và gửi"]] = Or(sales.Select(s => Line(s, s.TradeKey is { } key ? receivers.GetValueOrDefault(key) : null, lot, t)).Concat(went.Select(d => Went(d, t))), t["Chưa bán, chưa gửi đi đâu."], t),
        };
    }

    private static Dictionary<string, object?> Balance(GraphLot lot, Texts t) => new(StringComparer.Ordinal)
    {
        [t["Mã lô"]] = lot.Code,
        [t["Tên sản phẩm"]] = lot.ProductName,
        [t["Cơ sở"]] = lot.ProducerName,
        [t["Số lượng"]] = Quantity.Show(lot.QuantityBase, lot.BaseUnit, t),
        [t["Đã dùng làm lô khác"]] = Quantity.Show(lot.UsedBase, lot.BaseUnit, t),
        [t["Đã đưa vào bán"]] = Quantity.Show(lot.ShelvedBase, lot.BaseUnit, t),
        [t["Còn lại"]] = Quantity.Show(lot.QuantityBase - lot.UsedBase - lot.ShelvedBase, lot.BaseUnit, t),
    };

    private static Dictionary<string, object?> Line(GraphStep step, GraphLot lot, long quantityBase, Texts t) => new(StringComparer.Ordinal)
    {
        [t["Ngày"]] = Vietnamese.Date(step.DoneOn),
        [t["Việc"]] = t[LotStepKind.Find(step.Kind)!.Label],
        [t["Mã lô"]] = lot.Code,
        [t["Tên sản phẩm"]] = lot.ProductName,
        [t["Cơ sở"]] = lot.ProducerName,
        [t["Số lượng"]] = Quantity.Show(quantityBase, lot.BaseUnit, t),
        [t["Cờ"]] = step.Flagged ? t["nhiều hơn mức thường thấy"] : "",
    };

    /// <summary>What the producer bought for it: seed, input.</summary>
    private static Dictionary<string, object?> Line(DiaryRow entry, GraphLot lot, Texts t) => new(StringComparer.Ordinal)
    {
        [t["Ngày"]] = Vietnamese.Date(entry.DoneOn),
        [t["Việc"]] = t[DiaryKinds.Label(entry.Kind)],
        [t["Mã lô"]] = entry.Columns.GetValueOrDefault("batch", ""),
        [t["Tên sản phẩm"]] = entry.Input ?? entry.Columns.GetValueOrDefault("variety", lot.ProductName),
        [t["Cơ sở"]] = DiaryTrade.From(entry),
        [t["Số lượng"]] = entry.AmountText ?? "",
        [t["Cờ"]] = "",
    };

    /// <summary>To whom the diary says it was given, outside the marketplace.</summary>
    private static Dictionary<string, object?> Went(DiaryRow entry, Texts t) => new(StringComparer.Ordinal)
    {
        [t["Ngày"]] = Vietnamese.Date(entry.DoneOn),
        [t["Việc"]] = t[DiaryKinds.Label(entry.Kind)],
        [t["Số lượng"]] = entry.Quantity ?? "",
        [t["Giao dịch"]] = "",
        [t["Đơn hàng"]] = "",
        [t["Giao cho ai"]] = DiaryTrade.To(entry),
    };

    private static Dictionary<string, object?> Line(LotSale sale, TradeReceiver? receiver, GraphLot lot, Texts t) => new(StringComparer.Ordinal)
    {
        [t["Ngày"]] = Vietnamese.Date(sale.At),
        [t["Việc"]] = sale.Step switch { "receiving" => t["Khách trả lại, không nhận"], "retail_selling" => t["Khách đến lấy"], _ => t["Gửi cho khách"] },
        [t["Số lượng"]] = Quantity.Show(sale.QuantityBase, lot.BaseUnit, t),
        [t["Giao dịch"]] = sale.Trade,
        [t["Đơn hàng"]] = receiver?.Order ?? "",
        [t["Giao cho ai"]] = receiver?.Place ?? "",
    };

    private static IEnumerable<Dictionary<string, object?>> Or(IEnumerable<Dictionary<string, object?>> rows, string none, Texts t) =>
        rows.ToList() is { Count: > 0 } some ? some : [new Dictionary<string, object?>(StringComparer.Ordinal) { [t["Ghi chú"]] = none }];
}

/// <summary>With whom the diary of a lot says that its producer traded: for those who keep the diary and for officers alone.</summary>
internal static class DiaryTrade
{
    public static Task<List<DiaryRow>> OfLotAsync(Sql sql, long lotId, CancellationToken ct) => sql.QueryAsync<DiaryRow>($"""
        {DiaryRow.Select} where d.lot_id = @lotId and not d.corrected and (d.details ? 'boughtFrom' or d.details ? 'seedSource' or d.details ? 'buyer') order by d.done_on, d.event_id
        """, new { lotId }, ct);

    /// <summary>Who it came from; null where it went somewhere.</summary>
    public static string? From(DiaryRow entry) => entry.Columns.GetValueOrDefault("boughtFrom") ?? entry.Columns.GetValueOrDefault("seedSource");

    public static string? To(DiaryRow entry) => entry.Columns.GetValueOrDefault("buyer");
}
