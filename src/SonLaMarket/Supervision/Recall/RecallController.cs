using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;

namespace SonLaMarket.Supervision.Recall;

/// <summary>Recalls: opened on lots, with what they reach; closed with what came of it.</summary>
[Authorize(Policy = Roles.Officer)]
public sealed class RecallController(Recalls recalls, RecallOpening opening, Db db, Texts t) : PageController(t)
{
    private const int Take = 30;

    /// <summary>Lots that a search by words shows, the newest.</summary>
    internal const int MostFound = 50;

    [HttpGet("/so-cong-thuong/thu-hoi")]
    public async Task<IActionResult> Index(string? sau, string? lo, CancellationToken ct) => View("Recalls", await PageAsync(new RecallForm { Lots = lo }, sau, ct));

    [HttpPost("/so-cong-thuong/thu-hoi")]
    [CreatesOnce]
    public async Task<IActionResult> Create(RecallForm form, CancellationToken ct)
    {
        var codes = Codes(form.Lots);
        if (await Recalls.OpenForAsync(db, codes, ct) is var (lot, open))
            ModelState.AddModelError(nameof(form.Lots), T["Lô {0} đã nằm trong đợt thu hồi {1} đang mở.", lot, open]);
        // What it reaches is looked at first: only the page that shows it opens a recall.
        if (ModelState.GetFieldValidationState(nameof(form.Lots)) != ModelValidationState.Invalid && (!ModelState.IsValid || Request.Form[AskFirst.Answer].Count == 0) && await ReachedAsync(codes, ct) is { } reach)
            return new PreviewPage(string.Join(' ', codes), reach, form) is var seen && ModelState.IsValid ? View("Preview", seen) : Invalid("Preview", seen);
        if (!ModelState.IsValid)
            return Invalid("Recalls", await PageAsync(form, null, ct));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (await opening.AskAsync(tx, User.Id(), new(codes, form.Reason!, form.Advice ?? "", User.As(Roles.Officer))) is { } task)
        {
            await tx.CommitAsync(CancellationToken.None);
            return SeeOther("/so-cong-thuong/viec/" + task, T[RecallOpening.Begun]);
        }
        var number = await recalls.OpenAsync(tx, codes, form.Reason!, form.Advice ?? "", User.As(Roles.Officer));
        if (number is null)
        {
            ModelState.AddModelError(nameof(form.Lots), T["Có mã lô không tồn tại. Hãy kiểm tra lại từng mã."]);
            return Invalid("Recalls", await PageAsync(form, null, ct));
        }
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/so-cong-thuong/thu-hoi", T["Đã mở thu hồi {0}. Lô bị chặn bán ngay; đơn chưa gửi được giữ lại.", number]);
    }

    /// <summary>What a recall of these lots would reach, before it is opened.</summary>
    [HttpGet("/so-cong-thuong/thu-hoi/xem-truoc")]
    public async Task<IActionResult> Preview(string? lo, string? tim, CancellationToken ct)
    {
        // Names are folded once a product, not once a lot.
        const string select = """
            with w as materialized (select unnest(string_to_array(foundation.fold(@words), ' ')) as word),
            named as materialized (select p.id, p.name, p.name_en, r.name as producer, foundation.fold(p.name || ' ' || r.name) as said from producers.product p join producers.producer r on r.id = p.producer_id)
            select l.code, n.name as product_name, n.name_en as product_name_en, n.producer as producer_name, l.harvested_on, l.quantity_base, l.base_unit, exists (select 1 from origin.recall_lot c where c.lot_id = l.id) as recalled
            from origin.lot l join named n on n.id = l.product_id
            where l.taken_back_at is null and not exists (select 1 from w where position(w.word in n.said || ' ' || lower(l.code)) = 0)
            order by l.id desc limit @MostFound
            """;
        var codes = Codes(lo);
        var words = Vietnamese.Clean(tim);
        return View("Preview", new PreviewPage(string.Join(' ', codes), await ReachedAsync(codes, ct), new())
        {
            Words = words,
            Found = words.Length == 0 ? [] : await db.QueryAsync<FoundLot>(select, new { words, MostFound }, ct),
        });
    }

    /// <summary>Null when one of the codes is not known.</summary>
    private async Task<Reach?> ReachedAsync(List<string> codes, CancellationToken ct)
    {
        var ids = await db.QueryAsync<long>("select id from origin.lot where code = any(@codes)", new { codes = codes.ToArray() }, ct);
        return ids.Count == codes.Count && ids.Count > 0 ? await Reach.LoadAsync(db, [.. ids], null, Reach.Shown, ct) : null;
    }

    [HttpGet("/so-cong-thuong/thu-hoi/{number:regex(^TH\\W*\\d{{4}}\\W*\\d+$)}")]
    public async Task<IActionResult> Show(string number, CancellationToken ct) =>
        await DetailAsync(Recalls.Read(number) ?? number, new(), Reach.Shown, ct) is { } page ? View("Show", page) : NotFound();

    [HttpGet("/so-cong-thuong/thu-hoi/{number:regex(^TH-\\d{{4}}-\\d{{4,}}$)}.xlsx")]
    public async Task<IActionResult> Whole(string number, CancellationToken ct)
    {
        if (await DetailAsync(number, new(), int.MaxValue, ct) is not { } page)
            return NotFound();
        return File(await Workbook.BytesAsync(page.Sheets(T)), Workbook.ContentType, $"thu-hoi-{number}.xlsx");
    }

    [HttpPost("/so-cong-thuong/thu-hoi/{number}/ket-thuc")]
    public async Task<IActionResult> Close(string number, CloseForm form, CancellationToken ct)
    {
        if (await DetailAsync(number, form, Reach.Shown, ct) is not { } page)
            return NotFound();
        var (recovered, destroyed) = (Whole(page.Weighed, form.Recovered?.Grams, nameof(form.Recovered)), Whole(page.Weighed, form.Destroyed?.Grams, nameof(form.Destroyed)));
        var (pieces, gone) = (Whole(page.Counted, form.RecoveredPieces, nameof(form.RecoveredPieces)), Whole(page.Counted, form.DestroyedPieces, nameof(form.DestroyedPieces)));
        if (recovered > page.Recall.MadeG)
            ModelState.AddModelError(nameof(form.Recovered), T["Các lô của đợt thu hồi này có tất cả {0}: không thể thu lại nhiều hơn.", Quantity.Show(page.Recall.MadeG, "g", T)]);
        if (pieces > page.Recall.MadePieces)
            ModelState.AddModelError(nameof(form.RecoveredPieces), T["Các lô của đợt thu hồi này có tất cả {0}: không thể thu lại nhiều hơn.", Quantity.Show(page.Recall.MadePieces, "piece", T)]);
        if (destroyed > recovered)
            ModelState.AddModelError(nameof(form.Destroyed), T["Không thể tiêu hủy nhiều hơn đã thu lại."]);
        if (gone > pieces)
            ModelState.AddModelError(nameof(form.DestroyedPieces), T["Không thể tiêu hủy nhiều hơn đã thu lại."]);
        if (!ModelState.IsValid)
            return Invalid("Show", page);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await recalls.CloseAsync(tx, number, new(recovered, destroyed, pieces, gone), form.Note!, User.As(Roles.Officer)))
            return Conflict();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/so-cong-thuong/thu-hoi", T["Đã kết thúc thu hồi {0}.", number]);
    }

    private long? Whole(bool asked, long? typed, string field)
    {
        if (asked && ModelState.TryGetValue(field, out var state) && state.Errors.Count > 0)
            return null;
        if (asked && typed is not (>= 0 and <= 1_000_000_000_000))
            ModelState.AddModelError(field, T["Hãy nhập số lượng; không có thì ghi 0."]);
        return asked ? typed : null;
    }

    private static List<string> Codes(string? typed) => [.. (typed ?? "").ToUpperInvariant().Split([' ', ',', ';', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Distinct()];

    private async Task<RecallDetail?> DetailAsync(string number, CloseForm form, int take, CancellationToken ct)
    {
        const string select = """
            select r.id, r.number, r.reason, r.opened_at, r.closed_at, r.closing_note, r.opened_as,
              array(select x.lot_id from origin.recall_lot x where x.recall_id = r.id and x.named order by x.lot_id) as lot_ids,
              array(select distinct l.base_unit from origin.recall_lot x join origin.lot l on l.id = x.lot_id where x.recall_id = r.id) as units,
              m.grams as made_g, m.pieces as made_pieces
            from origin.recall r cross join lateral (
              select coalesce(sum(l.quantity_base - l.used_base) filter (where l.base_unit = 'g'), 0)::bigint as grams, coalesce(sum(l.quantity_base - l.used_base) filter (where l.base_unit = 'piece'), 0)::bigint as pieces
              from origin.recall_lot x join origin.lot l on l.id = x.lot_id where x.recall_id = r.id) m
            where r.number = @number
            """;
        return await db.FirstOrDefaultAsync<RecallHead>(select, new { number }, ct) is { } recall ? new(recall, await Reach.LoadAsync(db, recall.LotIds, recall.Id, take, ct), form) : null;
    }

    private async Task<RecallPage> PageAsync(RecallForm form, string? sau, CancellationToken ct)
    {
        const string select = $"""
            select r.id, r.number, r.reason, r.advice, r.opened_at, r.closed_at, r.closing_note,
              array(select l.code from (select lot_id from origin.recall_lot where recall_id = r.id order by lot_id limit @Named) x join origin.lot l on l.id = x.lot_id order by l.id) as lot_codes,
              (select count(*) from origin.recall_lot x where x.recall_id = r.id) as lots,
              (select count(distinct l.id) from origin.recall_lot x join origin.lot o on o.id = x.lot_id join catalog.listing l on l.product_id = o.product_id where x.recall_id = r.id) as listings,
              o.order_lines, o.buyers
            from origin.recall r cross join lateral (
              select count(*) as order_lines, count(distinct {Reach.Buyer}) as buyers
              from origin.recall_lot x join orders.line_lot y on y.lot_id = x.lot_id join orders.line n on n.id = y.line_id join orders.sub_order s on s.id = n.sub_order_id join orders.purchase u on u.id = s.purchase_id
                left join orders.recall_notice t on t.sub_order_id = s.id and t.recall_id = r.id
              where x.recall_id = r.id and {Reach.Touched}) o
            where @before::bigint is null or r.id < @before order by r.id desc limit @take
            """;
        var before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, out var key) ? key : (long?)null;
        var rows = await db.QueryAsync<OfficerRecall>(select, new { before, take = Take + 1, Recalls.Named }, ct);
        return new(form, Page<OfficerRecall>.Of(rows, Take, r => Cursor.Of(r.Id.ToString(CultureInfo.InvariantCulture))));
    }
}

/// <summary>Why goods come back, and what whoever has them should do.</summary>
public record RecallReason
{
    [Required(ErrorMessage = "Hãy ghi lý do thu hồi.")]
    [Characters(2000, MinimumLength = 10, ErrorMessage = "Lý do thu hồi cần từ 10 đến 2.000 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? Reason { get; init; }

    [StringLength(1000, ErrorMessage = "Lời khuyên dài nhất 1.000 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? Advice { get; init; }
}

public sealed record RecallForm : RecallReason
{
    [Required(ErrorMessage = "Hãy nhập ít nhất một mã lô.")]
    [StringLength(4000, ErrorMessage = "Danh sách mã lô quá dài.")]
    [DataType(DataType.MultilineText)]
    public string? Lots { get; init; }
}

public sealed record OfficerRecall(long Id, string Number, string Reason, string Advice, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? ClosingNote, string[] LotCodes, long Lots, long Listings, long OrderLines, long Buyers);

public sealed record RecallPage(RecallForm Form, Page<OfficerRecall> Page);

/// <param name="Reach">Null when a code is not known.</param>
public sealed record PreviewPage(string Codes, Reach? Reach, RecallForm Form)
{
    /// <summary>What a lot was searched by: words of its product, its producer or its code; empty when its code was given.</summary>
    public string Words { get; init; } = "";

    public List<FoundLot> Found { get; init; } = [];
}

/// <summary>A lot that has all the words.</summary>
public sealed record FoundLot(string Code, string ProductName, string ProductNameEn, string ProducerName, DateOnly? HarvestedOn, long QuantityBase, string BaseUnit, bool Recalled);

public sealed record CloseForm
{
    public Kilograms? Recovered { get; init; }

    public Kilograms? Destroyed { get; init; }

    public int? RecoveredPieces { get; init; }

    public int? DestroyedPieces { get; init; }

    [Required(ErrorMessage = "Hãy ghi kết quả thu hồi, từ 10 đến 2.000 ký tự.")]
    [Characters(2000, MinimumLength = 10, ErrorMessage = "Hãy ghi kết quả thu hồi, từ 10 đến 2.000 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? Note { get; init; }
}

/// <param name="MadeG">What its lots hold, what went from one of them into another counted once.</param>
public sealed record RecallHead(long Id, string Number, string Reason, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? ClosingNote, string OpenedAs, long[] LotIds, string[] Units, long MadeG, long MadePieces);

public sealed record RecallDetail(RecallHead Recall, Reach Reach, CloseForm Form)
{
    /// <summary>Some of its lots are weighed, some counted.</summary>
    public bool Weighed => Recall.Units.Contains("g");

    public bool Counted => Recall.Units.Contains("piece");

    /// <summary>The whole list, to be worked through.</summary>
    public Dictionary<string, IEnumerable<Dictionary<string, object?>>> Sheets(Texts t) => new(StringComparer.Ordinal)
    {
        [t["Lô"]] = Reach.Lots.Select(l => new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [t["Mã lô"]] = l.Code,
            [t["Tên sản phẩm"]] = t.Of(l.ProductName, l.ProductNameEn),
            [t["Cơ sở"]] = l.ProducerName,
            [t["Nêu trong quyết định"]] = l.Named ? t["có"] : t["làm từ lô bị thu hồi"],
            [t["Số lượng"]] = Quantity.Show(l.QuantityBase, l.BaseUnit, t),
            [t["Đã bán"]] = Quantity.Show(l.SoldBase, l.BaseUnit, t),
        }),
        [t["Gói có mã riêng"]] = Reach.Series.Select(s => new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [t["Dãy mã"]] = s.Key.ToString(),
            [t["Lô"]] = s.LotCode,
            [t["Ngày tạo mã"]] = Vietnamese.Date(s.CreatedAt),
            [t["Số gói"]] = s.Items,
            [t["Đã có người quét"]] = s.Scanned,
            [t["Đã hủy mã"]] = s.Voided,
            [t["Ghi chú"]] = s.Note,
        }),
        [t["Đơn hàng"]] = Reach.Lines.Select(l => new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [t["Mã đơn"]] = l.Code,
            [t["Hàng"]] = t.Of(l.Title, l.TitleEn),
            [t["Lô"]] = l.LotCode,
            [t["Số lượng"]] = Quantity.Show(l.QuantityBase, l.BaseUnit, t),
            [t["Nhắn lúc"]] = l.ToldAt is { } told ? Vietnamese.DateTime(told) : "",
            [t["Báo đã biết lúc"]] = l.AcknowledgedAt is { } known ? Vietnamese.DateTime(known) : "",
        }),
    };
}
