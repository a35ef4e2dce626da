using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Orders.Papers;

/// <summary>The label on a parcel, 100 by 150 mm as thermal printers and couriers have it: from whom, to whom, what to collect, by when.</summary>
internal static class ParcelLabel
{
    public const float Width = 100;
    public const float Height = 150;
    private const float Margin = 4;
    private const float Inner = Width - 2 * Margin;
    private const float CodeSide = 34;

    /// <param name="url">The seller's page of a part, for scanning it when it leaves.</param>
    public static byte[] Pdf(IReadOnlyList<Parcel> parcels, Func<string, string> url) =>
        Sheet.Pdf(string.Join(", ", parcels.Select(p => p.Code)), Width, Height, parcels.Select<Parcel, Action<Sheet>>(p => sheet => Draw(sheet, p, url(p.Code))));

    private static void Draw(Sheet sheet, Parcel parcel, string url)
    {
        sheet.Text(parcel.IsSample ? "SonLaMarket · MẪU" : "SonLaMarket", Margin, Margin, 60, 9, bold: true);
        sheet.TextToRight(parcel.Code, Width - Margin, Margin - 1, 15, bold: true);
        var y = Addresses(sheet, parcel, Margin + 8);
        const float bottom = Height - Margin - CodeSide;
        y = Math.Max(y + 2, bottom - 19);
        sheet.Frame(Margin, y, Inner, 16);
        sheet.Text(parcel.CodVnd > 0 ? "THU HỘ (COD)" : "ĐÃ THANH TOÁN", Margin + 2, y + 1.5f, Inner, 8);
        sheet.Text(parcel.CodVnd > 0 ? Vietnamese.Money(parcel.CodVnd) : "Không thu tiền", Margin + 2, y + 5.5f, Inner - 4, 18, bold: true, most: 1);
        Facts(sheet, parcel, Margin + sheet.Qr(url, Margin - 2, bottom, CodeSide), bottom + 3);
    }

    private static float Addresses(Sheet sheet, Parcel parcel, float y)
    {
        sheet.Rule(Margin, y, Inner);
        y = sheet.Text("NGƯỜI GỬI", Margin, y + 1.5f, Inner, 6.5f);
        y = sheet.Text($"{parcel.SellerName} · {Vietnamese.ShowPhone(parcel.SellerPhone)}", Margin, y, Inner, 9, bold: true, most: 2);
        y = sheet.Text(parcel.SellerAddress, Margin, y, Inner, 7.5f, most: 2) + 2;
        sheet.Rule(Margin, y, Inner);
        y = sheet.Text("NGƯỜI NHẬN", Margin, y + 1.5f, Inner, 6.5f);
        y = sheet.Text(parcel.BuyerName, Margin, y, Inner, 14, bold: true, most: 2);
        y = sheet.Text(Vietnamese.ShowPhone(parcel.BuyerPhone), Margin, y, Inner, 14, bold: true);
        y = sheet.Text(parcel.AddressLine, Margin, y, Inner, 11, most: 3);
        y = sheet.Text($"{parcel.Commune}, {parcel.Province}", Margin, y, Inner, 12, bold: true, most: 2);
        return parcel.Note.Length > 0 ? sheet.Text("Lời nhắn: " + parcel.Note, Margin, y + 1, Inner, 8, most: 2) : y;
    }

    private static void Facts(Sheet sheet, Parcel parcel, float x, float y)
    {
        var across = Width - Margin - x;
        if (parcel.Fresh)
            y = sheet.Text("HÀNG TƯƠI, DỄ HỎNG", x, y, across, 10, bold: true);
        if (parcel.DeliverBy is { } day)
            y = sheet.Text($"Giao chậm nhất {Vietnamese.Date(day)}", x, y, across, 9, bold: parcel.Fresh);
        if (parcel.WeightG > 0)
            y = sheet.Text($"Khối lượng {Vietnamese.Weight(parcel.WeightG)}", x, y, across, 8);
        if (parcel.Carrier.Length + parcel.Tracking.Length > 0)
            y = sheet.Text($"{parcel.Carrier} {parcel.Tracking}", x, y, across, 8, most: 2);
        sheet.Text(string.Join("; ", parcel.Lines.Select(l => $"{l.Amount} {l.Title}")), x, y, across, 7.5f, most: 3);
    }
}
