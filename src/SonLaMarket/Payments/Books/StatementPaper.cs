using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Payments.Books;

/// <summary>A statement as PDF on A4: the balances, then every entry of the period in order of time.</summary>
internal static class StatementPaper
{
    /// <summary>What a person reads on paper; the whole of a longer period is in the spreadsheet.</summary>
    public const int MostEntries = 2_000;

    private const float Width = 210;
    private const float Height = 297;
    private const float Margin = 15;
    private const float Inner = Width - 2 * Margin;
    private const float Bottom = Height - Margin - 8;

    /// <summary>Right edges of the columns with money.</summary>
    private static readonly float[] Edges = [Margin + 90, Margin + 120, Margin + 150, Margin + Inner];

    /// <param name="entries">One more than <see cref="MostEntries"/> says that there are more.</param>
    public static byte[] Pdf(Statement statement, IReadOnlyList<Entry> entries, DateTimeOffset madeAt)
    {
        var shown = entries.Take(MostEntries).ToList();
        var first = true;
        var pages = new List<List<Entry>>();
        for (var at = 0; first || at < shown.Count; first = false)
        {
            var fitting = Fitting(statement, first);
            pages.Add(shown.GetRange(at, Math.Min(fitting, shown.Count - at)));
            at += pages[^1].Count;
        }
        return Sheet.Pdf($"Bảng kê sổ tiền – {statement.Owner.Name}", Width, Height, pages.Select<List<Entry>, Action<Sheet>>((rows, page) => sheet =>
        {
            var y = page == 0 ? Head(sheet, statement, madeAt) : Margin;
            y = Rows(sheet, rows, y);
            if (page == pages.Count - 1 && entries.Count > MostEntries)
                sheet.Text($"Còn bút toán sau {Vietnamese.Number(MostEntries)} dòng đầu; xem tệp Excel của cùng kỳ.", Margin, y + 2, Inner, 8);
            sheet.TextToRight($"{statement.Owner.Name} · {page + 1}/{pages.Count}", Width - Margin, Height - Margin, 7);
        }));
    }

    private const float RowHeight = 5.2f;

    private static int Fitting(Statement statement, bool first) => (int)((Bottom - (first ? Margin + 62 + RowHeight * Lines(statement).Count() : Margin) - RowHeight) / RowHeight);

    private static IEnumerable<(LedgerAccount Account, AccountFigures Figures)> Lines(Statement statement) => statement.Accounts.Select(f => (LedgerAccount.Find(f.Account)!, f));

    private static float Head(Sheet sheet, Statement statement, DateTimeOffset madeAt)
    {
        var owner = statement.Owner;
        var y = sheet.Text(owner.IsSample ? "BẢNG KÊ SỔ TIỀN · MẪU" : "BẢNG KÊ SỔ TIỀN", Margin, Margin, Inner, 16, bold: true);
        y = sheet.Text($"Từ {Vietnamese.Date(statement.Period.First)} đến {Vietnamese.Date(statement.Period.Last)}", Margin, y, Inner, 10);
        y = sheet.Text(owner.Name, Margin, y + 2, Inner, 11, bold: true, most: 1);
        y = sheet.Text(owner.Address + (owner.TaxCode is null ? "" : $" · MST {owner.TaxCode}"), Margin, y, Inner, 9, most: 2);
        y = sheet.Text($"Lập lúc {Vietnamese.DateTime(madeAt)}. SonLaMarket ghi sổ và không giữ tiền của ai. Tiền vào thẳng cổng thanh toán, tài khoản hoặc tay người bán.", Margin, y, Inner, 8, most: 2) + 2;
        y = TableHead(sheet, y, "Khoản", "Đầu kỳ", "Tăng", "Giảm", "Cuối kỳ");
        foreach (var (account, f) in Lines(statement))
        {
            var (up, down) = account.Debit ? (f.DebitVnd, f.CreditVnd) : (f.CreditVnd, f.DebitVnd);
            sheet.Text(account.Label, Margin, y + 1, 62, 8.5f, most: 1);
            foreach (var (amount, edge) in new[] { account.Shown(f.OpeningVnd), up, down, account.Shown(f.ClosingVnd) }.Zip(Edges))
                sheet.TextToRight(Vietnamese.Number(amount), edge, y + 1, 8.5f);
            y += RowHeight;
        }
        return sheet.Text("Số tiền tính bằng đồng.", Margin, y + 1, Inner, 7.5f) + 3;
    }

    private static float TableHead(Sheet sheet, float y, string first, params string[] columns)
    {
        sheet.Rule(Margin, y, Inner);
        sheet.Text(first, Margin, y + 1, 60, 8, bold: true);
        foreach (var (column, edge) in columns.Zip(Edges))
            sheet.TextToRight(column, edge, y + 1, 8, bold: true);
        sheet.Rule(Margin, y + RowHeight, Inner);
        return y + RowHeight;
    }

    private static float Rows(Sheet sheet, List<Entry> rows, float y)
    {
        if (rows.Count == 0)
            return sheet.Text("Không có bút toán trong kỳ.", Margin, y, Inner, 9);
        sheet.Rule(Margin, y, Inner);
        foreach (var (head, x) in new[] { ("Lúc", Margin), ("Việc", Margin + 28), ("Đơn hàng", Margin + 88), ("Khoản", Margin + 112) })
            sheet.Text(head, x, y + 1, 40, 8, bold: true);
        sheet.TextToRight("Tăng, giảm", Width - Margin, y + 1, 8, bold: true);
        y += RowHeight;
        sheet.Rule(Margin, y, Inner);
        foreach (var e in rows)
        {
            var account = LedgerAccount.Find(e.Account)!;
            var amount = account.Shown(e.AmountVnd);
            sheet.Text(Vietnamese.DateTime(e.PostedAt), Margin, y + 1, 28, 7.5f);
            sheet.Text(e.Rule ?? (e.Note.Length > 0 ? $"{PostingKind.Label(e.Kind)}: {e.Note}" : PostingKind.Label(e.Kind)), Margin + 28, y + 1, 58, 7.5f, most: 1);
            sheet.Text(e.Order ?? "", Margin + 88, y + 1, 24, 7.5f, most: 1);
            sheet.Text(account.Label, Margin + 112, y + 1, 44, 7.5f, most: 1);
            sheet.TextToRight((amount > 0 ? "+" : "−") + Vietnamese.Number(Math.Abs(amount)), Width - Margin, y + 1, 7.5f);
            y += RowHeight;
        }
        return y;
    }
}
