using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Orders.Status;

namespace SonLaMarket.Orders.Papers;

/// <summary>What buyer and sellers agreed on, A4, to keep (Luật Bảo vệ quyền lợi người tiêu dùng 19/2023/QH15, Điều 38: review and download the contract). It is no invoice, and says so.</summary>
internal static class OrderSummary
{
    private const float Width = 210;
    private const float Height = 297;
    private const float Margin = 15;
    private const float Inner = Width - 2 * Margin;

    public static byte[] Pdf(OrderPage page) => Sheet.Pdf("Đơn hàng " + page.Purchase.Code, Width, Height, Pages(page));

    private static IEnumerable<Action<Sheet>> Pages(OrderPage page)
    {
        var blocks = Blocks(page).ToList();
        for (var at = 0; at < blocks.Count;)
        {
            var first = at;
            var y = Margin + (first == 0 ? 0 : 0f);
            while (at < blocks.Count && (at == first || y + blocks[at].Height < Height - Margin - 8))
                y += blocks[at++].Height;
            var (from, to) = (first, at);
            yield return sheet =>
            {
                var top = Margin;
                foreach (var (height, draw) in blocks[from..to])
                {
                    draw(sheet, top);
                    top += height;
                }
                sheet.Text("Bản tóm tắt đơn hàng, không phải hóa đơn.", Margin, Height - Margin - 4, Inner, 8);
            };
        }
    }

    private static IEnumerable<(float Height, Action<Sheet, float> Draw)> Blocks(OrderPage page)
    {
        var order = page.Purchase;
        yield return Line("Đơn hàng " + order.Code + (page.ShowsSamples || page.Parts.Any(p => p.IsSample) ? " · MẪU" : ""), 16, bold: true);
        yield return Line($"Đặt lúc {Vietnamese.DateTime(order.PlacedAt)} · {string.Join("; ", page.Methods.Select(PaymentWords.Label))}", 9);
        yield return Line($"Người nhận: {order.BuyerName}, {Vietnamese.ShowPhone(order.BuyerPhone)}", 10);
        yield return Line($"Địa chỉ: {order.AddressLine}, {order.Commune}, {order.Province}", 10);
        foreach (var part in page.Parts)
        {
            yield return (4, (s, y) => s.Rule(Margin, y + 2, Inner));
            yield return Line($"{part.ProducerName} · {part.Code} · {OrderState.Label(part.Status)}", 11, bold: true);
            foreach (var line in page.Lines[part.Id])
            {
                var weighed = line.PackedBase is { } packed && packed != line.OrderedBase ? $", cân thực tế {Vietnamese.Weight(packed)}" : "";
                yield return Row($"{line.Title} – {Vietnamese.Number(line.Quantity)} {SaleUnit.Word(line.SaleUnit, line.Title)} × {Vietnamese.Money(line.UnitPriceVnd)}{weighed}", Vietnamese.Money(line.ChargedVnd ?? line.TotalVnd));
            }
            yield return Row("Phí giao hàng", Vietnamese.Money(part.ShippingVnd));
            if (page.AgreedLessVnd(part) is > 0 and var less)
                yield return Row("Giảm theo khiếu nại", "−" + Vietnamese.Money(less));
            yield return Row(OrderPage.IsOff(part) ? "Cộng (đã hủy, không tính)" : "Cộng", Vietnamese.Money(part.TotalVnd - part.LessVnd), bold: true);
        }
        yield return (4, (s, y) => s.Rule(Margin, y + 2, Inner));
        yield return Row("Tổng cộng", Vietnamese.Money(page.DueVnd), bold: true);
    }

    private static (float, Action<Sheet, float>) Line(string text, float points, bool bold = false) =>
        (Sheet.HeightOf(text, Inner, points, bold) + 1, (s, y) => s.Text(text, Margin, y, Inner, points, bold));

    private static (float, Action<Sheet, float>) Row(string text, string sum, bool bold = false) =>
        (Sheet.HeightOf(text, Inner - 40, 10, bold) + 1, (s, y) =>
        {
            s.Text(text, Margin, y, Inner - 40, 10, bold);
            s.TextToRight(sum, Width - Margin, y, 10, bold);
        }
    );
}
