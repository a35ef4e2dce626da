using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Supervision.Inspect;

namespace SonLaMarket.Supervision.Recall;

/// <summary>Recalls that a rule proposes: an officer sees what each would reach, and confirms or drops it.</summary>
[Authorize(Policy = Roles.Officer)]
[Route(ProposalsController.Path)]
public sealed class ProposalsController(RecallProposals proposals, RecallOpening opening, Db db, Texts t) : PageController(t)
{
    public const string Path = "/so-cong-thuong/thu-hoi/de-nghi";
    private const int Take = 30;

    [HttpGet("")]
    public async Task<IActionResult> Index([FromQuery(Name = "loai")] string? which, string? sau, CancellationToken ct)
    {
        const string select = $"""
            {ProposalRow.Select} where (p.decided_at is not null) = @decided and (@before::bigint is null or p.id < @before) order by p.id desc limit @take
            """;
        var before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : (long?)null;
        var decided = which == "da-xong";
        var rows = await db.QueryAsync<ProposalRow>(select, new { decided, before, take = Take + 1 }, ct);
        return View("Proposals", new ProposalsPage(decided, Page<ProposalRow>.Of(rows, Take, r => Cursor.Of(r.Id.ToString(CultureInfo.InvariantCulture))), await RecallProposals.SettingsAsync(db, ct)));
    }

    /// <summary>Whether a rule opens recalls by itself.</summary>
    [HttpPost("quy-tac/{rule:regex(^(sample|interval)$)}")]
    public async Task<IActionResult> Rule(string rule, bool opens, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await proposals.SetAsync(tx, rule, opens, User.As(Roles.Officer)))
            return Conflict();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther(Path, opens ? T["Từ nay sàn tự mở thu hồi theo quy tắc này."] : T["Từ nay quy tắc này chỉ đề nghị, cán bộ quyết định."]);
    }

    [HttpGet("DN-{id:long}")]
    public async Task<IActionResult> Show(long id, CancellationToken ct) => await PageAsync(id, ct) is { } page ? View("Proposal", page) : NotFound();

    [HttpPost("DN-{id:long}/mo")]
    public async Task<IActionResult> Confirm(long id, RecallReason form, [FromForm(Name = "Lots")] string[]? chosen, CancellationToken ct)
    {
        var lots = await RecallProposals.LotsAsync(db, id, ct);
        var codes = lots.FindAll(l => l.Own || (chosen ?? []).Contains(l.Code)).ConvertAll(l => l.Code);
        if (codes.Count == 0)
            ModelState.AddModelError("Lots", T["Hãy chọn ít nhất một lô."]);
        return await DecideAsync(id, async tx => await opening.AskAsync(tx, User.Id(), new(codes, form.Reason!, form.Advice ?? "", User.As(Roles.Officer)) { Proposal = id }) is { } task ? ("/so-cong-thuong/viec/" + task, T[RecallOpening.Begun])
            : await proposals.ConfirmAsync(tx, id, codes, form.Reason!, form.Advice ?? "", User.As(Roles.Officer)) is { } number
            ? ("/so-cong-thuong/thu-hoi/" + number, T["Đã mở thu hồi {0}. Lô bị chặn bán ngay; đơn chưa gửi được giữ lại.", number]) : null, ct);
    }

    [HttpPost("DN-{id:long}/bo")]
    public Task<IActionResult> Drop(long id, DropForm form, CancellationToken ct) => DecideAsync(id, async tx =>
        await proposals.DropAsync(tx, id, form.DropReason!, User.As(Roles.Officer))
            ? (Path, T["Đã bỏ đề nghị {0}. Lô đang bị chặn thì vẫn bị chặn cho đến khi được gỡ.", RecallProposals.Number(id)]) : null, ct);

    /// <param name="decide">Where it leads and what is said there; null when somebody else has decided meanwhile.</param>
    private async Task<IActionResult> DecideAsync(long id, Func<Tx, Task<(string Path, string Message)?>> decide, CancellationToken ct)
    {
        if (await PageAsync(id, ct) is not { } page)
            return NotFound();
        if (page.Row.DecidedAt is not null)
            return NotNow("Proposal", page, TooLate);
        if (!ModelState.IsValid)
            return Invalid("Proposal", page);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (await decide(tx) is not { } decided)
            return NotNow("Proposal", (await PageAsync(id, ct))!, TooLate);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther(decided.Path, decided.Message);
    }

    private string TooLate => T["Chưa ghi: trong lúc bạn xem, đề nghị này đã được quyết định."];

    private async Task<ProposalPage?> PageAsync(long id, CancellationToken ct)
    {
        if (await db.FirstOrDefaultAsync<ProposalRow>($"{ProposalRow.Select} where p.id = @id", new { id }, ct) is not { } row)
            return null;
        var lots = await RecallProposals.LotsAsync(db, id, ct);
        return new(row, lots, await Reach.LoadAsync(db, [.. lots.Select(l => l.Id)], row.RecallId, Reach.Shown, ct));
    }
}

public sealed record ProposalRow(
    long Id, string? LotCode, string? AreaName, string? AreaCode, string? ProductName, string? ProductNameEn, string ProducerName, string Rule, string Source, string Note, string[]? NoteArgs, DateTimeOffset ProposedAt,
    string? Outcome, string? Reason, long? RecallId, string? RecallNumber, DateTimeOffset? DecidedAt, string? DecidedBy)
{
    internal const string Select = """
        select p.id, l.code as lot_code, a.name as area_name, a.code as area_code, d.name as product_name, d.name_en as product_name_en, o.name as producer_name, p.rule, p.source, p.note, p.note_args, p.proposed_at,
          p.outcome, p.reason, p.recall_id, r.number as recall_number, p.decided_at, w.name as decided_by
        from supervision.recall_proposal p left join origin.lot l on l.id = p.lot_id left join producers.product d on d.id = l.product_id left join producers.growing_area a on a.id = p.growing_area_id
          join producers.producer o on o.id = coalesce(l.producer_id, a.producer_id, p.producer_id)
          left join origin.recall r on r.id = p.recall_id left join accounts.person w on w.id = p.decided_by
        """;

    public string Number => RecallProposals.Number(Id);

    public string Subject(Texts t) => LotCode is null ? InspectionRow.Subject(t, null, AreaName, AreaCode) : $"{LotCode} – {t.Of(ProductName!, ProductNameEn!)}";

    public BlockNote[] Why => [new(Note, NoteArgs, "")];

    /// <summary>The inspection whose sample it was; null of other rules.</summary>
    public string? Inspection => Rule == RecallRule.Sample ? Source : null;
}

public sealed record ProposalsPage(bool Decided, Page<ProposalRow> Page, List<RuleSetting> Rules);

/// <param name="Lots">Of which the officer chooses; a lot's own proposal has that one.</param>
public sealed record ProposalPage(ProposalRow Row, List<ProposedLot> Lots, Reach Reach)
{
    /// <summary>What the rule says is what the officer begins with; the register is written in Vietnamese.</summary>
    public RecallReason Form => new() { Reason = Row.NoteArgs is { } args ? string.Format(Vietnamese.Culture, Row.Note, [.. args]) : Row.Note };
}

public sealed record DropForm
{
    [Required(ErrorMessage = "Hãy ghi vì sao không thu hồi, từ 10 đến 1.000 ký tự.")]
    [Characters(1000, MinimumLength = 10, ErrorMessage = "Hãy ghi vì sao không thu hồi, từ 10 đến 1.000 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? DropReason { get; init; }
}
