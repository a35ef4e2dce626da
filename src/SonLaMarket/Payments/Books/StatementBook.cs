using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Payments.Books;

/// <summary>A statement as a spreadsheet: one sheet of balances, one of entries; amounts are numbers and sum up.</summary>
internal static class StatementBook
{
    public static Task<byte[]> XlsxAsync(Statement statement, IReadOnlyList<Entry> entries)
    {
        var owner = statement.Owner;
        var period = $"{Vietnamese.Date(statement.Period.First)} – {Vietnamese.Date(statement.Period.Last)}";
        return Workbook.BytesAsync(new Dictionary<string, IEnumerable<Dictionary<string, object?>>>(StringComparer.Ordinal)
        {
            ["So du"] = statement.Accounts.Select(f => (Account: LedgerAccount.Find(f.Account)!, f)).Select(r => new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["Người bán"] = owner.IsSample ? owner.Name + " (MẪU)" : owner.Name,
                ["Kỳ"] = period,
                ["Khoản"] = r.Account.Label,
                ["Đầu kỳ"] = r.Account.Shown(r.f.OpeningVnd),
                ["Tăng"] = r.Account.Debit ? r.f.DebitVnd : r.f.CreditVnd,
                ["Giảm"] = r.Account.Debit ? r.f.CreditVnd : r.f.DebitVnd,
                ["Cuối kỳ"] = r.Account.Shown(r.f.ClosingVnd),
            }),
            ["But toan"] = entries.Select(e => (Account: LedgerAccount.Find(e.Account)!, e)).Select(r => new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["Lúc"] = Vietnamese.DateTime(r.e.PostedAt),
                ["Việc"] = PostingKind.Label(r.e.Kind),
                ["Quy tắc"] = r.e.Rule ?? "",
                ["Đơn hàng"] = r.e.Order ?? "",
                ["Khoản"] = r.Account.Label,
                ["Tăng, giảm"] = r.Account.Shown(r.e.AmountVnd),
                ["Nợ"] = Math.Max(r.e.AmountVnd, 0),
                ["Có"] = Math.Max(-r.e.AmountVnd, 0),
                ["Ghi chú"] = r.e.Note,
            }),
        });
    }
}
