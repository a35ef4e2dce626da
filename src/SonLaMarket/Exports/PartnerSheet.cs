using System.Globalization;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Exports;

/// <summary>What a platform says of one listing of ours; the sku is <c>variant.publicSku</c> or the listing's own id.</summary>
/// <param name="Status">"accepted", "refused" or "waiting"; null in a report of sales.</param>
/// <param name="Orders">Null where the file says nothing of sales, like <paramref name="ValueVnd"/>.</param>
public sealed record PartnerLine(int Row, string Sku, string? Status, string Reason, string PlatformId, string Url, int? Orders, long? ValueVnd);

/// <param name="IsSales">Orders and value of a period; else which listings the platform took.</param>
public sealed record PartnerLines(bool IsSales, List<PartnerLine> Lines);

/// <summary>
/// A platform's own file, CSV or XLSX: Shopee's workbook with its reasons, Google's list of items and issues, TikTok's, or a sheet of sku, status, reason. The
/// columns are found by what they are called, in whichever of the first rows; a row that cannot be read refuses the whole file.
/// </summary>
public static class PartnerSheet
{
    public const int MaxBytes = 5 << 20;
    private const int MaxRows = 20_000;
    private const int HeadingWithin = 30;

    // As Vietnamese.Slug writes them. Shopee's heads are keys with their kind behind a bar.
    private static readonly string[] Sku = ["sku", "ma-san-pham", "ma-sku", "id", "item-id", "seller-sku", "et-title-variation-sku", "ps-sku-short", "ps-sku-parent-short", "ma-hang", "offer-id"];
    private static readonly string[] Status = ["status", "trang-thai", "tinh-trang", "approval-status", "item-status", "audit-status"];
    private static readonly string[] Reason = ["et-title-reason", "reason", "ly-do", "issue", "issues", "issue-title", "audit-failed-reasons", "ly-do-that-bai"];
    private static readonly string[] PlatformId = ["platform-id", "ma-tren-san", "product-id", "listing-id"];
    private static readonly string[] Url = ["url", "link", "dia-chi", "duong-dan"];
    private static readonly string[] Orders = ["orders", "so-don", "don-hang", "so-don-hang"];
    private static readonly string[] Value = ["value", "revenue", "doanh-thu", "gia-tri", "doanh-so"];

    private static readonly string[] Accepted = ["approved", "accepted", "active", "live", "eligible", "ok", "da-duyet", "dang-ban", "duoc-nhan", "chap-nhan", "thanh-cong", "success"];
    private static readonly string[] Refused = ["disapproved", "refused", "rejected", "failed", "not-eligible", "error", "bi-tu-choi", "tu-choi", "that-bai", "bi-khoa", "loi"];
    private static readonly string[] Removed = ["removed", "deleted", "delisted", "da-go", "da-xoa", "da-an"];
    private static readonly string[] Waiting = ["pending", "waiting", "under-review", "limited", "cho-duyet", "dang-cho", "dang-duyet"];

    /// <exception cref="WorkbookRefusedException">It cannot be read, has no heading with a sku and either a status, a reason or sales, or a row says what cannot be.</exception>
    public static PartnerLines Read(byte[] file)
    {
        if (!WorkbookPackage.Is(file) && !WorkbookPackage.IsOle(file))
            return Read(CsvFile.Rows(file)) ?? throw NoHeading();
        using var workbook = WorkbookReader.Open(file);
        for (var sheet = 0; sheet < workbook.Sheets.Count; sheet++)
        {
            if (!workbook.Sheets[sheet].Hidden && Read(workbook.Rows(sheet)) is { } lines)
                return lines;
        }
        throw NoHeading();
    }

    private static WorkbookRefusedException NoHeading() => new(new Said("Không tìm thấy dòng tiêu đề có cột mã sản phẩm (SKU) và cột trạng thái, lý do, số đơn hoặc doanh thu."));

    private sealed record Heads(int Sku, int Status, int Reason, int PlatformId, int Url, int Orders, int Value)
    {
        public bool IsSales => Orders >= 0 || Value >= 0;

        public static Heads? Of(string[] cells)
        {
            var names = Array.ConvertAll(cells, c => Vietnamese.Slug(c.Split('|')[0]));
            int At(string[] known) => Array.FindIndex(names, known.Contains);
            var heads = new Heads(At(PartnerSheet.Sku), At(PartnerSheet.Status), At(PartnerSheet.Reason), At(PartnerSheet.PlatformId), At(PartnerSheet.Url), At(PartnerSheet.Orders), At(PartnerSheet.Value));
            return heads.Sku >= 0 && (heads.IsSales || heads.Status >= 0 || heads.Reason >= 0) ? heads : null;
        }
    }

    private static PartnerLines? Read(IEnumerable<SheetRow> rows)
    {
        Heads? heads = null;
        var lines = new List<PartnerLine>();
        var read = 0;
        foreach (var row in rows)
        {
            if (++read > MaxRows)
                throw new WorkbookRefusedException(new Said("Tệp dài hơn {0} dòng. Hãy chia thành nhiều tệp.", Vietnamese.Number(MaxRows)));
            if (heads is null)
            {
                heads = Heads.Of(row.Cells);
                if (heads is null && read == HeadingWithin)
                    return null;
                continue;
            }
            if (Line(row, heads) is { } line)
                lines.Add(line);
        }
        return heads is null ? null : new(heads.IsSales, lines);
    }

    private static PartnerLine? Line(SheetRow row, Heads heads)
    {
        string Cell(int at, int most) => at >= 0 && at < row.Cells.Length && Vietnamese.Clean(row.Cells[at]) is var text ? text.Length > most ? text[..most] : text : "";
        var sku = Cell(heads.Sku, 100);
        if (sku.Length == 0)
            return null;
        var url = Cell(heads.Url, 2000);
        var (reason, platformId) = (Cell(heads.Reason, 500), Cell(heads.PlatformId, 100));
        url = url.StartsWith("https://", StringComparison.Ordinal) ? url : "";
        return heads.IsSales
            ? new(row.Number, sku, null, reason, platformId, url, (int)(Number(row, Cell(heads.Orders, 100), int.MaxValue) ?? 0), Number(row, Cell(heads.Value, 100), 1_000_000_000_000) ?? 0)
            : new(row.Number, sku, StatusOf(row, Cell(heads.Status, 100), reason), reason, platformId, url, null, null);
    }

    /// <summary>A file without a column of states says by its reasons which rows it refuses.</summary>
    private static string StatusOf(SheetRow row, string word, string reason) => Vietnamese.Slug(word) switch
    {
        "" => reason.Length > 0 ? "refused" : "accepted",
        var w when Accepted.Contains(w) => "accepted",
        var w when Refused.Contains(w) => "refused",
        var w when Waiting.Contains(w) => "waiting",
        var w when Removed.Contains(w) => "removed",
        _ => throw new WorkbookRefusedException(new Said("Dòng {0}: không hiểu trạng thái “{1}”. Hãy ghi “đã duyệt”, “bị từ chối”, “chờ duyệt” hoặc “đã gỡ”.", Vietnamese.Number(row.Number), word)),
    };

    private static long? Number(SheetRow row, string text, long most)
    {
        if (text.Length == 0)
            return null;
        var number = Vietnamese.ParseMoney(text) ?? (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var plain) ? (long)decimal.Round(plain) : null);
        return number is >= 0 && number <= most ? number : throw new WorkbookRefusedException(new Said("Dòng {0}: “{1}” không phải là một số.", Vietnamese.Number(row.Number), text));
    }
}
