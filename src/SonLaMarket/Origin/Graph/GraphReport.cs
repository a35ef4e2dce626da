using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Origin.Graph;

/// <summary>One step back, one step forward: who gave what to this lot, and what this lot gave to whom, as a table that an inspector takes along.</summary>
public static class GraphReport
{
    public static async Task<byte[]> FileAsync(Db db, long lotId, Texts t, CancellationToken ct) =>
        await Workbook.BytesAsync(Sheets(await LotGraph.LoadAsync(db, lotId, ct), await LotSale.OfLotAsync(db, lotId, ct), t));

    private static Dictionary<string, IEnumerable<Dictionary<string, object?>>> Sheets(LotGraph graph, IEnumerable<LotSale> sales, Texts t)
    {
        var (lot, steps) = (graph.Lot, graph.Steps.ToList());
        return new(StringComparer.Ordinal)
        {
            [t["Cân đối"]] = [Balance(lot, t)],
            [t["Một bước trước"]] = Or(steps.Where(s => s.Outputs.Any(o => o.Lot.Id == lot.Id)).SelectMany(s => s.Inputs.Select(i => Line(s, i.Lot, i.Base, t))), !lot.Harvested ? t["Không có lô nào trước lô này."] : lot.Days is { } days ? t["Thu hoạch {0} tại {1}", days, lot.Field] : t["Vùng trồng: {0}", lot.Field], t),
            [t["Một bước sau"]] = Or(steps.Where(s => s.Inputs.Any(i => i.Lot.Id == lot.Id)).SelectMany(s => s.Outputs.Select(o => Line(s, o.Lot, o.Base, t))), t["Chưa có lô nào làm từ lô này."], t),
            [t["Bán và gửi"]] = Or(sales.Select(s => Line(s, lot, t)), t["Chưa bán, chưa gửi đi đâu."], t),
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

    private static Dictionary<string, object?> Line(LotSale sale, GraphLot lot, Texts t) => new(StringComparer.Ordinal)
    {
        [t["Ngày"]] = Vietnamese.Date(sale.At),
        [t["Việc"]] = sale.Step switch { "receiving" => t["Khách trả lại, không nhận"], "retail_selling" => t["Khách đến lấy"], _ => t["Gửi cho khách"] },
        [t["Số lượng"]] = Quantity.Show(sale.QuantityBase, lot.BaseUnit, t),
        [t["Giao dịch"]] = sale.Trade,
    };

    private static IEnumerable<Dictionary<string, object?>> Or(IEnumerable<Dictionary<string, object?>> rows, string none, Texts t) =>
        rows.ToList() is { Count: > 0 } some ? some : [new Dictionary<string, object?>(StringComparer.Ordinal) { [t["Ghi chú"]] = none }];
}
