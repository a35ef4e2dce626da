using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Orders.Papers;

/// <summary>The slip that is packed by and lies in the parcel, A5: what belongs in it, from which lots, with a box to tick for each line.</summary>
internal static class PackingSlip
{
    public const float Width = 148;
    public const float Height = 210;
    private const float Margin = 10;
    private const float Inner = Width - 2 * Margin;
    private const float TextAt = Margin + 8;
    private const float TextWidth = 82;
    // What the longest head, the two lines of the foot and the code leave for lines.
    private const float FreeOnFirst = 86;
    private const float FreeLater = 134;
    private const float CodeSide = 24;

    /// <param name="days">How long after delivery a buyer may complain.</param>
    /// <param name="url">The page of a lot's origin.</param>
    public static byte[] Pdf(IReadOnlyList<Parcel> parcels, int days, Func<string, string> url) =>
        Sheet.Pdf(string.Join(", ", parcels.Select(p => p.Code)), Width, Height, parcels.SelectMany(p => Pages(p, days, url)));

    /// <summary>As many pages as the lines need.</summary>
    private static IEnumerable<Action<Sheet>> Pages(Parcel parcel, int days, Func<string, string> url)
    {
        var pages = new List<List<ParcelLine>> { new() };
        var free = FreeOnFirst;
        foreach (var line in parcel.Lines)
        {
            var needed = LineHeight(line);
            if (needed > free && pages[^1].Count > 0)
            {
                pages.Add([]);
                free = FreeLater;
            }
            pages[^1].Add(line);
            free -= needed;
        }
        return pages.Select<List<ParcelLine>, Action<Sheet>>((lines, at) => sheet =>
        {
            var y = Head(sheet, parcel, first: at == 0);
            foreach (var line in lines)
                y = Line(sheet, line, y);
            Foot(sheet, parcel, days, y, url);
            sheet.TextToRight($"{at + 1}/{pages.Count}", Width - Margin, Height - Margin - 4, 8);
        });
    }

    private static float LineHeight(ParcelLine line) => Sheet.HeightOf(line.Title, TextWidth, 10, bold: true, most: 3) + Sheet.HeightOf(line.LotWords, TextWidth, 8, most: 4) + 3;

    private static float Head(Sheet sheet, Parcel parcel, bool first)
    {
        sheet.Text(parcel.IsSample ? "Phiếu đóng gói · MẪU" : "Phiếu đóng gói", Margin, Margin, 80, 14, bold: true);
        sheet.TextToRight(parcel.Code, Width - Margin, Margin, 14, bold: true);
        var y = sheet.Text($"Đặt lúc {Vietnamese.DateTime(parcel.PlacedAt)}" + (parcel.DeliverBy is { } day ? $" · giao chậm nhất {Vietnamese.Date(day)}" : ""), Margin, Margin + 7, Inner, 8);
        if (first)
        {
            y = sheet.Text($"Từ: {parcel.SellerName}, {Vietnamese.ShowPhone(parcel.SellerPhone)}", Margin, y + 2, Inner, 9, most: 2);
            y = sheet.Text($"Đến: {parcel.BuyerName}, {Vietnamese.ShowPhone(parcel.BuyerPhone)}", Margin, y, Inner, 9, bold: true, most: 2);
            y = sheet.Text($"{parcel.AddressLine}, {parcel.Commune}, {parcel.Province}", Margin, y, Inner, 9, most: 3);
            if (parcel.Note.Length > 0)
                y = sheet.Text("Lời nhắn: " + parcel.Note, Margin, y + 1, Inner, 9, most: 4);
        }
        return y + 3;
    }

    private static float Line(Sheet sheet, ParcelLine line, float y)
    {
        sheet.Rule(Margin, y, Inner);
        sheet.Frame(Margin, y + 2, 4.5f, 4.5f);
        sheet.TextToRight(line.Amount, Width - Margin, y + 1.5f, 12, bold: true);
        y = sheet.Text(line.Title, TextAt, y + 1.5f, TextWidth, 10, bold: true, most: 3);
        return sheet.Text(line.LotWords, TextAt, y, TextWidth, 8, most: 4) + 1.5f;
    }

    private static void Foot(Sheet sheet, Parcel parcel, int days, float y, Func<string, string> url)
    {
        sheet.Rule(Margin, y, Inner);
        y = sheet.Text($"Khối lượng {Vietnamese.Weight(parcel.WeightG)} · " + (parcel.CodVnd > 0 ? $"thu khi giao {Vietnamese.Money(parcel.CodVnd)}" : "đã thanh toán"), Margin, y + 2, Inner, 9, bold: true);
        if (parcel.Fresh)
            sheet.Text($"Hàng tươi, dễ hỏng. Hãy kiểm tra ngay khi nhận; khiếu nại được trong {days} ngày sau khi giao.", Margin, y, Inner, 8);
        if (parcel.Lines.SelectMany(l => l.FromLots).FirstOrDefault()?.Code is { } lot)
        {
            var side = sheet.Qr(url(lot), Margin - 3, Height - Margin - CodeSide, CodeSide);
            sheet.Text("Quét để xem nguồn gốc lô " + lot, Margin + side, Height - Margin - 16, 60, 8);
        }
    }
}
