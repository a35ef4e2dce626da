using System.Globalization;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Origin;

/// <summary>Whose diary it is: the cover of the book.</summary>
public sealed record DiaryCover(string Lot, string Product, string Producer, string Address, bool IsSample, string? GrowingArea, string? GrowingAreaCode, long? AreaM2, DateOnly? HarvestedOn, DateOnly? HarvestUntil, bool Recalled, bool Blocked)
{
    public static Task<DiaryCover> LoadAsync(Sql sql, long lotId, CancellationToken ct)
    {
        const string select = $"""
            select l.code as lot, p.name as product, r.name as producer, r.address_line || ', ' || c.full_name as address, r.is_sample, a.name as growing_area, l.growing_area_code, a.area_m2, {LotHarvest.First} as harvested_on, l.harvest_until,
              exists (select 1 from origin.recall_lot x where x.lot_id = l.id) as recalled, exists (select 1 from origin.lot_block x where x.lot_id = l.id and x.lifted_at is null) as blocked
            from origin.lot l join producers.product p on p.id = l.product_id join producers.producer r on r.id = l.producer_id join foundation.commune c on c.code = r.commune_code
              left join producers.growing_area a on a.id = l.growing_area_id and not a.own_place where l.id = @lotId
            """;
        return sql.SingleAsync<DiaryCover>(select, new { lotId }, ct);
    }
}

/// <summary>
/// The diary of a lot in the layout of the paper book of VietGAP practice: a cover and one table for each kind of work. Corrected entries stay in it,
/// crossed out by a word, as on paper.
/// </summary>
public sealed record DiaryBook(DiaryCover Cover, List<DiaryRow> Entries)
{
    private const float Width = 297, Height = 210, Margin = 12, Inner = Width - 2 * Margin, Bottom = Height - Margin - 6;
    private const float Points = 8, RowPadding = 1.2f;

    private sealed record Column(string Head, float Share, Func<DiaryRow, Texts, string> Value);

    private sealed record Section(string Title, string[] Kinds, Column[] Columns);

    private static readonly Column Day = new("Ngày", 20, (e, t) => Vietnamese.Date(e.DoneOn) + (e.Corrected ? $" ({t["đã sửa"]})" : ""));
    private static readonly Column Work = new("Việc", 32, (e, t) => t[DiaryKinds.Label(e.Kind)]);
    private static readonly Column Who = new("Người làm", 26, (e, _) => e.Worker ?? e.PersonName ?? "");
    private static readonly Column Note = new("Ghi chú", 46, (e, t) => string.Join(". ", new[] { e.Note, e is { Kind: not DiaryKinds.Spraying, Weather: { } weather } ? $"{t["Thời tiết"]}: {weather}" : "", e.Late ? t["Ghi sau khi khép nhật ký"] : "", e.CorrectionReason is { } reason ? $"{t["Sửa mục cũ:"]} {reason}" : "" }.Where(s => s.Length > 0)));

    private static readonly Section[] Sections =
    [
        new("1. Gieo trồng, giống", ["planting"], [Day, Of("Giống", 30, "variety"), Of("Nguồn giống", 34, "seedSource"), new("Diện tích", 24, (e, _) => e.Area ?? ""), new("Lượng", 24, (e, _) => e.AmountText ?? ""), Of("Cách làm", 34, "method"), Who, Note]),
        new("2. Xét nghiệm đất, nước", ["soil_water_test"], [Day, Of("Kết quả", 90, "result"), Who, Note]),
        new("3. Mua vật tư", [DiaryKinds.Purchase], [Day, new("Tên vật tư", 44, (e, _) => e.Input ?? ""), new("Lượng", 24, (e, _) => e.AmountText ?? ""), Of("Nơi mua", 34, "boughtFrom"), Of("Số lô, hạn dùng", 30, "batch"), Who, Note]),
        new("4. Bón phân", [DiaryKinds.Fertilising], [Day, new("Tên phân bón", 44, (e, _) => e.Input ?? ""), new("Lượng", 26, (e, _) => e.AmountText ?? ""), new("Diện tích", 22, (e, _) => e.Area ?? ""), Of("Cách bón", 32, "method"), Who, Note]),
        new("5. Phun thuốc bảo vệ thực vật", [DiaryKinds.Spraying],
        [
            Day, new("Sâu, bệnh", 26, (e, _) => e.Target ?? ""), new("Tên thuốc (hoạt chất)", 42, (e, _) => e.Input ?? ""), new("Liều", 24, (e, _) => e.AmountText ?? ""), new("Lượng phun", 22, (e, _) => e.Volume ?? ""), new("Diện tích", 20, (e, _) => e.Area ?? ""),
            new("Cách ly (ngày)", 18, (e, t) => e.IntervalDays?.ToString(CultureInfo.InvariantCulture) ?? t["chưa ghi"]), new("Nguồn: nhãn", 30, (e, t) => e.LabelSource ?? (e.LabelPictureId is null ? "" : t["có ảnh nhãn"])), Of("Vào ruộng lại", 18, "reentry"),
            Of("Dụng cụ", 20, "equipment"), new("Thời tiết", 18, (e, _) => e.Weather ?? ""), Who, Note,
        ]),
        new("6. Tưới nước, chăm sóc", ["irrigation", "care"], [Day, Work, Of("Cách làm", 40, "method"), new("Lượng nước", 24, (e, _) => e.Volume ?? ""), new("Diện tích", 24, (e, _) => e.Area ?? ""), Who, Note]),
        new("7. Thu hoạch", [DiaryKinds.Harvest], [Day, new("Sản lượng", 28, (e, _) => e.Quantity ?? ""), Of("Loại, phẩm cấp", 28, "grade"), Of("Giao cho ai", 36, "buyer"), new("Diện tích", 24, (e, _) => e.Area ?? ""), Who, Note]),
        new("8. Sơ chế, đóng gói, bảo quản, vận chuyển", ["handling", "packing", "storage", "shipping"], [Day, Work, new("Số lượng", 26, (e, _) => e.Quantity ?? ""), Of("Loại, phẩm cấp", 26, "grade"), Of("Cách làm", 34, "method"), Of("Giao cho ai", 32, "buyer"), Who, Note]),
        new("9. Bao bì, chất thải; tập huấn; tự kiểm tra", ["waste", "training", "inspection"], [Day, Work, new("Số lượng", 26, (e, _) => e.Quantity ?? ""), Of("Loại, phẩm cấp", 26, "grade"), Of("Nội dung, kết quả", 50, "result"), Of("Cách làm", 34, "method"), Of("Giao cho ai", 32, "buyer"), Who, Note]),
    ];

    private static Column Of(string head, float share, string column) => new(head, share, (e, _) => e.Columns.GetValueOrDefault(column, ""));

    public static async Task<DiaryBook> LoadAsync(Sql sql, long lotId, CancellationToken ct) =>
        new(await DiaryCover.LoadAsync(sql, lotId, ct), await sql.QueryAsync<DiaryRow>($"{DiaryRow.Select} where d.lot_id = @lotId order by d.done_on, origin.diary_stage(d.kind), d.event_id", new { lotId }, ct));

    /// <summary>One sheet for the cover and one for each kind of work that has entries.</summary>
    public Task<byte[]> XlsxAsync(Texts t)
    {
        var sheets = new Dictionary<string, IEnumerable<Dictionary<string, object?>>>(StringComparer.Ordinal)
        {
            [t["Thông tin chung"]] = Facts(t).Select(f => new Dictionary<string, object?>(StringComparer.Ordinal) { [t["Mục"]] = f.Name, [t["Nội dung"]] = f.Value }),
        };
        foreach (var section in Sections.Where(s => Rows(s).Count > 0))
            sheets[SheetName(t[section.Title])] = Rows(section).Select(e => section.Columns.ToDictionary(c => t[c.Head], c => (object?)c.Value(e, t), StringComparer.Ordinal));
        return Workbook.BytesAsync(sheets);
    }

    // 31 characters are all that a sheet's name holds.
    private static string SheetName(string title) => title.Replace(':', ' ').Replace('/', ' ') is { Length: > 31 } longer ? longer[..31].TrimEnd() : title;

    public byte[] Pdf(DateTimeOffset madeAt, Texts t)
    {
        var pages = Pages(t);
        return Sheet.Pdf(t["Nhật ký sản xuất lô {0}", Cover.Lot], Width, Height, pages.Select<List<Action<Sheet>>, Action<Sheet>>((page, i) => sheet =>
        {
            foreach (var draw in page)
                draw(sheet);
            sheet.Text(t["Nhật ký sản xuất lô {0} · in lúc {1}. Mục đã ghi không sửa được; sửa sai là một mục mới.", Cover.Lot, Vietnamese.DateTime(madeAt)], Margin, Height - Margin, Inner - 20, 7);
            sheet.TextToRight($"{i + 1}/{pages.Count}", Width - Margin, Height - Margin, 7);
        }));
    }

    private List<DiaryRow> Rows(Section section) => Entries.FindAll(e => section.Kinds.Contains(e.Kind));

    private IEnumerable<(string Name, string Value)> Facts(Texts t) => new (string, string?)[]
    {
        (t["Cơ sở"], Cover.Producer), (t["Địa chỉ"], Cover.Address), (t["Tên sản phẩm"], Cover.Product), (t["Mã lô"], Cover.Lot),
        (t["Tên vùng trồng"], Cover.GrowingArea is not null && Cover.GrowingAreaCode is not null ? t["{0}, mã số {1}", Cover.GrowingArea, Cover.GrowingAreaCode] : Cover.GrowingArea ?? Cover.GrowingAreaCode),
        (t["Diện tích"], Cover.AreaM2 is { } m2 ? Vietnamese.Area(m2) : null),
        (t["Thu hoạch"], Cover.HarvestedOn is { } day ? Vietnamese.Date(day) + (Cover.HarvestUntil is { } last ? " – " + Vietnamese.Date(last) : "") : null),
    }.Where(f => !string.IsNullOrEmpty(f.Item2)).Select(f => (f.Item1, f.Item2!));

    /// <summary>What stands on each page: a table whose rows do not fit goes on over the leaf under the same head.</summary>
    private List<List<Action<Sheet>>> Pages(Texts t)
    {
        var pages = new List<List<Action<Sheet>>> { new() };
        var y = Margin + 10;
        pages[0].Add(s => s.Text(t["NHẬT KÝ SẢN XUẤT"] + (Cover.IsSample ? $" · {t["MẪU"]}" : ""), Margin, Margin, Inner, 16, bold: true));
        foreach (var (name, value) in Facts(t))
        {
            var (line, at) = ($"{name}: {value}", y);
            pages[0].Add(s => s.Text(line, Margin, at, Inner, 10, most: 2));
            y += Sheet.HeightOf(line, Inner, 10, most: 2);
        }
        foreach (var section in Sections.Where(s => Rows(s).Count > 0))
            y = Table(pages, section, y + 4, t);
        if (Entries.Count == 0)
            pages[0].Add(s => s.Text(t["Chưa có mục nào."], Margin, y + 4, Inner, 10));
        return pages;
    }

    private float Table(List<List<Action<Sheet>>> pages, Section section, float y, Texts t)
    {
        var all = section.Columns.Sum(c => c.Share);
        var across = section.Columns.Select(c => c.Share / all * Inner).ToArray();
        var headed = false;
        foreach (var entry in Rows(section))
        {
            var cells = section.Columns.Select(c => c.Value(entry, t)).ToArray();
            var high = Line(cells, across);
            if (y + high + (headed ? 0 : 16) > Bottom)
            {
                pages.Add([]);
                (y, headed) = (Margin, false);
            }
            if (!headed)
            {
                var (title, at) = (t[section.Title], y);
                pages[^1].Add(s => s.Text(title, Margin, at, Inner, 10, bold: true));
                y = Row(pages[^1], [.. section.Columns.Select(c => t[c.Head])], across, y + 5.5f, bold: true);
                headed = true;
            }
            y = Row(pages[^1], cells, across, y, bold: false);
        }
        return y;
    }

    private static float Line(string[] cells, float[] across) => cells.Zip(across, (text, width) => Sheet.HeightOf(text, width - 2, Points, most: 8)).Append(Sheet.HeightOf("A", 20, Points)).Max() + 2 * RowPadding;

    private static float Row(List<Action<Sheet>> page, string[] cells, float[] across, float y, bool bold)
    {
        var high = Line(cells, across);
        var x = Margin;
        for (var i = 0; i < cells.Length; i++)
        {
            var (text, left, width) = (cells[i], x, across[i]);
            page.Add(s =>
            {
                s.Frame(left, y, width, high);
                s.Text(text, left + 1, y + RowPadding, width - 2, Points, bold, most: 8);
            });
            x += width;
        }
        return y + high;
    }
}
