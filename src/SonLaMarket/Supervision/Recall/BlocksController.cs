using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;

namespace SonLaMarket.Supervision.Recall;

/// <summary>Lots that an officer blocks, and blocks that an officer may lift: everything but a recall's.</summary>
[Authorize(Policy = Roles.Officer)]
public sealed class BlocksController(LotBlocks blocks, RowKeys keys, Db db, Texts t) : PageController(t)
{
    private const int Take = 30;
    private const string Kind = "lot-block";

    [HttpGet("/so-cong-thuong/lo-bi-chan")]
    public async Task<IActionResult> Index(string? sau, [FromQuery(Name = "lo")] string? lot, CancellationToken ct) => View("Blocks", await PageAsync(sau, ct) with { Form = new() { Lot = lot } });

    /// <summary>Blocks a lot, and what came of it: public, with its reason.</summary>
    [HttpPost("/so-cong-thuong/lo-bi-chan")]
    public async Task<IActionResult> Create(BlockForm form, CancellationToken ct)
    {
        var lot = Gs1.LotCode.TryRead(form.Lot, out var code) ? code : null;
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (ModelState.IsValid)
        {
            if (await tx.FirstOrDefaultAsync<long?>("select id from origin.lot where code = @lot and taken_back_at is null", new { lot }) is not { } id)
                ModelState.AddModelError(nameof(form.Lot), T["Không có lô nào mang mã này."]);
            else if (!await blocks.BlockAsync(tx, id, "officer", null, null, form.Why!, User.As(Roles.Officer)))
                ModelState.AddModelError(nameof(form.Lot), T["Cán bộ đã chặn lô này rồi."]);
        }
        if (!ModelState.IsValid)
            return Invalid("Blocks", await PageAsync(null, ct) with { Form = form });
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/so-cong-thuong/lo-bi-chan", T["Đã chặn lô {0}, cả những lô làm từ lô này. Lý do hiện trên trang truy xuất.", lot!]);
    }

    /// <summary>The officer's override: public, with its reason.</summary>
    [HttpPost("/so-cong-thuong/lo-bi-chan/{code}/go-chan")]
    public async Task<IActionResult> Lift(string code, string? block, [DataType(DataType.MultilineText)] string? reason, CancellationToken ct)
    {
        if (keys.Open(Kind, block) is not { } id || !await db.SingleAsync<bool>("select exists (select 1 from origin.lot_block b join origin.lot l on l.id = b.lot_id where l.code = @code and b.id = @id)", new { code, id }, ct))
            return NotFound();
        if (reason is null || reason.Length is < 10 or > 1000)
        {
            ModelState.AddModelError("reason", T["Hãy ghi lý do công khai, từ 10 đến 1.000 ký tự."]);
            return Invalid("Blocks", await PageAsync(null, ct) with { Lifting = code });
        }
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await blocks.LiftAsync(tx, id, reason, User.As(Roles.Officer)))
            return Conflict();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/so-cong-thuong/lo-bi-chan", T["Đã gỡ chặn lô {0}. Lý do hiện trên trang truy xuất.", code]);
    }

    private async Task<BlocksPage> PageAsync(string? sau, CancellationToken ct)
    {
        const string select = """
            select b.id, l.code, p.name as product_name, r.name as producer_name, b.cause, b.note, b.note_args, b.made_from, b.blocked_at, b.asked_at, b.ask_note, c.recorded_at as corrected_at, c.correction_reason,
              w.kind, w.done_on, w.input_name, case when w.interval_source = 'label' then w.interval_days end as interval_days,
              n.kind as new_kind, n.done_on as new_done_on, n.input_name as new_input_name, case when n.interval_source = 'label' then n.interval_days end as new_interval_days
            from origin.lot_block b join origin.lot l on l.id = b.lot_id
              join producers.product p on p.id = l.product_id join producers.producer r on r.id = l.producer_id
              left join origin.event c on c.corrects_id = b.event_id left join origin.diary_entry w on w.event_id = b.event_id left join origin.diary_entry n on n.event_id = c.id
            where b.lifted_at is null and b.cause <> 'recall' and (@before::bigint is null or b.id < @before) order by b.id desc limit @take
            """;
        var before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, out var key) ? key : (long?)null;
        var rows = await db.QueryAsync<OpenBlock>(select, new { before, take = Take + 1 }, ct);
        return new(Page<OpenBlock>.Of(rows, Take, r => Cursor.Of(r.Id.ToString(CultureInfo.InvariantCulture))), b => keys.Seal(Kind, b.Id));
    }
}

public sealed record OpenBlock(long Id, string Code, string ProductName, string ProducerName, string Cause, string Note, string[]? NoteArgs, string MadeFrom, DateTimeOffset BlockedAt, DateTimeOffset? AskedAt, string AskNote,
    DateTimeOffset? CorrectedAt, string? CorrectionReason, string? Kind, DateOnly? DoneOn, string? InputName, int? IntervalDays, string? NewKind, DateOnly? NewDoneOn, string? NewInputName, int? NewIntervalDays)
{
    public BlockNote[] Why => [new(Note, NoteArgs, MadeFrom)];

    /// <summary>The entry that the block quotes, and what its correction says instead.</summary>
    public (string Before, string After) Correction(Texts t) => (Line(Kind, DoneOn, InputName, IntervalDays, t), Line(NewKind, NewDoneOn, NewInputName, NewIntervalDays, t));

    private static string Line(string? kind, DateOnly? on, string? input, int? days, Texts t) => string.Join(" · ", new[]
    {
        kind is null ? "" : t[DiaryKinds.Label(kind)],
        on is { } day ? Vietnamese.Date(day) : "",
        input ?? "",
        days is null ? "" : t["Cách ly {0} ngày (theo nhãn)", days],
    }.Where(s => s.Length > 0));
}

public sealed record BlocksPage(Page<OpenBlock> Page, Func<OpenBlock, string> Key, string? Lifting = null)
{
    public BlockForm Form { get; init; } = new();
}

public sealed record BlockForm
{
    [Required(ErrorMessage = "Hãy nhập mã lô.")]
    [StringLength(20, ErrorMessage = "Không có lô nào mang mã này.")]
    public string? Lot { get; init; }

    [Required(ErrorMessage = "Hãy ghi lý do công khai, từ 10 đến 1.000 ký tự.")]
    [Characters(1000, MinimumLength = 10, ErrorMessage = "Hãy ghi lý do công khai, từ 10 đến 1.000 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? Why { get; init; }
}
