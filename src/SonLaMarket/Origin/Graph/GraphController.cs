using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin.Graph;

/// <summary>What went into a lot and what came of it; steps that make new lots; the one-up one-down report.</summary>
[Authorize(Policy = Roles.Diary)]
[Route("/quan-ly/lo/{code}")]
public sealed class GraphController(Lots lots, LotSteps steps, ITradeReceivers receivers, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    [HttpGet("so-do")]
    public async Task<IActionResult> Show(string code, [FromQuery] GraphView view, CancellationToken ct) =>
        await lots.FindAsync(db, code, User.Id(), ct) is { } lot ? View("Show", await PageAsync(lot, view, ct)) : NotFound();

    /// <summary>One step back, one step forward (Circular 02/2024), and what is left of the lot.</summary>
    [HttpGet("so-do.xlsx")]
    public async Task<IActionResult> Report(string code, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        return File(await GraphReport.FileAsync(db, receivers, lot.Id, T, ct), Workbook.ContentType, $"truoc-sau-{lot.Code}.xlsx");
    }

    /// <summary>A step was recorded wrongly, and nothing was built on it.</summary>
    [Authorize(Policy = Roles.Seller)]
    [HttpPost("buoc/{step:guid}/sai")]
    public async Task<IActionResult> Void(string code, Guid step, VoidForm form, [FromQuery] GraphView view, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        if (!ModelState.IsValid)
            return Invalid("Show", await PageAsync(lot, view, ct) with { Refused = step });
        await using var tx = await db.BeginAsync(CancellationToken.None);
        switch (await steps.VoidAsync(tx, User.Id(), step, Vietnamese.Clean(form.Reason), User.As(Roles.Seller)))
        {
            case VoidOutcome.Done done:
                await tx.CommitAsync(CancellationToken.None);
                return SeeOther($"/quan-ly/lo/{done.Inputs[0]}/so-do", T["Đã hủy bước ghi sai. Hàng trở lại lô {0}; lô làm ra đã được rút.", string.Join(", ", done.Inputs)]);
            case VoidOutcome.Stands stands:
                ModelState.AddModelError(nameof(form.Reason), stands.Obstacle switch
                {
                    "blocked" => T["Lô {0} đang bị chặn hoặc thu hồi: không hủy bước này được.", stands.Code],
                    "labelled" => T["Lô {0} có mã gói: hãy hủy các mã đó trước.", stands.Code],
                    "inspected" => T["Cán bộ đã kiểm tra lô {0}: không hủy bước này được.", stands.Code],
                    _ => T["Lô {0} đã dùng làm lô khác hoặc đã đưa vào bán: không hủy bước này được.", stands.Code],
                });
                return Invalid("Show", await PageAsync(lot, view, ct) with { Refused = step });
            case VoidOutcome.Gone:
                return Conflict();
            default:
                return NotFound();
        }
    }

    private Task<GraphPage> PageAsync(Lot lot, GraphView view, CancellationToken ct) => GraphPage.LoadAsync(db, lot.Id, $"/quan-ly/lo/{lot.Code}", $"/quan-ly/lo/{lot.Code}", User.IsInRole(Roles.Seller), view, ct);

    [Authorize(Policy = Roles.Seller)]
    [HttpGet("buoc")]
    public async Task<IActionResult> New(string code, CancellationToken ct) =>
        await lots.FindAsync(db, code, User.Id(), ct) is { } lot
            ? View("New", await StepPage.LoadAsync(db, lot, new StepForm { DoneOn = Vietnamese.Today(clock), Outputs = [new() { Product = lot.ProductCode }] }, ct)) : NotFound();

    [Authorize(Policy = Roles.Seller)]
    [HttpPost("buoc")]
    [CreatesOnce]
    public async Task<IActionResult> Create(string code, StepForm form, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        var page = await StepPage.LoadAsync(db, lot, form, ct);
        if (form.Kind is not null && LotStepKind.Find(form.Kind) is null)
            ModelState.AddModelError(nameof(form.Kind), T["Hãy chọn việc đã làm."]);
        if (form.DoneOn > Vietnamese.Today(clock))
            ModelState.AddModelError(nameof(form.DoneOn), T["Ngày làm không thể ở tương lai."]);
        var inputs = Inputs(page);
        var outputs = Outputs(page);
        if (!ModelState.IsValid)
            return Invalid("New", page);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var outcome = await steps.RecordAsync(tx, User.Id(), new NewStep(form.Kind!, form.DoneOn!.Value, inputs, outputs, form.Note ?? ""), User.As(Roles.Seller));
        if (outcome is StepOutcome.Done done)
        {
            await tx.CommitAsync(CancellationToken.None);
            var said = T["Đã ghi. Lô mới: {0}.", string.Join(", ", done.Codes)];
            return done.Flagged
                ? SeeOtherAlerted($"/quan-ly/lo/{lot.Code}/so-do", said + " " + T["Lượng làm ra nhiều hơn mức thường thấy của việc này: cán bộ sẽ xem."])
                : SeeOther($"/quan-ly/lo/{lot.Code}/so-do", said);
        }
        ModelState.AddModelError(outcome is StepOutcome.OneParent ? "Outputs[1].Product" : "Inputs[0].Quantity", outcome switch
        {
            StepOutcome.OneParent => T["Một lần xếp là vào một kiện, một thùng: xếp vào nhiều kiện thì ghi mỗi kiện một lần."],
            StepOutcome.Blocked blocked => T["Lô {0} đang bị chặn: không chia, gộp, chế biến được.", blocked.Code],
            StepOutcome.TooMuch much => T["Lô {0} chỉ còn {1}, ngoài phần đã đưa vào bán và đã dùng.", much.Code, Quantity.Show(much.LeftBase, much.BaseUnit, T)],
            StepOutcome.TooEarly early => T["Lô {0} thu hoạch sau ngày này.", early.Code],
            StepOutcome.Unbalanced => T["Lượng làm ra nhiều hơn lượng lấy vào."],
            _ => T["Hãy chọn lô và sản phẩm của cơ sở bạn."],
        });
        return Invalid("New", page);
    }

    private List<StepInput> Inputs(StepPage page)
    {
        var inputs = new List<StepInput>();
        for (var i = 0; i < page.Form.Inputs.Count; i++)
        {
            var line = page.Form.Inputs[i];
            var code = i == 0 ? page.Lot.Code : line.Lot?.ToUpperInvariant();
            if (code is null && line.Quantity is null)
                continue;
            var unit = i == 0 ? page.Lot.BaseUnit : page.Others.Find(o => o.Code == code)?.BaseUnit;
            if (unit is null)
                ModelState.AddModelError($"Inputs[{i}].Lot", T["Hãy chọn lô của cơ sở bạn."]);
            else if (inputs.Exists(x => x.LotCode == code))
                ModelState.AddModelError($"Inputs[{i}].Lot", T["Lô này đã có ở trên."]);
            else if (Base(line.Quantity, unit, $"Inputs[{i}].Quantity") is { } quantity)
                inputs.Add(new(code!, quantity));
        }
        if (inputs.Count == 0 && ModelState.IsValid)
            ModelState.AddModelError("Inputs[0].Quantity", T["Hãy nhập lượng lấy ra."]);
        return inputs;
    }

    private List<StepOutput> Outputs(StepPage page)
    {
        var outputs = new List<StepOutput>();
        for (var i = 0; i < page.Form.Outputs.Count; i++)
        {
            var line = page.Form.Outputs[i];
            if (line.Quantity is null && (i > 0 || line.Product is null))
                continue;
            if (page.Products.Find(p => p.Code == line.Product) is not { } product)
                ModelState.AddModelError($"Outputs[{i}].Product", T["Hãy chọn sản phẩm của cơ sở bạn."]);
            else if (line.BestBefore < page.Form.DoneOn)
                ModelState.AddModelError($"Outputs[{i}].BestBefore", T["Hạn dùng phải sau ngày làm."]);
            else if (Base(line.Quantity, product.BaseUnit, $"Outputs[{i}].Quantity") is { } quantity)
                outputs.Add(new(product.Code, quantity, line.BestBefore));
        }
        if (outputs.Count == 0 && ModelState.IsValid)
            ModelState.AddModelError("Outputs[0].Quantity", T["Hãy nhập lượng làm ra."]);
        return outputs;
    }

    private long? Base(Kilograms? typed, string baseUnit, string field)
    {
        if (ModelState.TryGetValue(field, out var state) && state.Errors.Count > 0)
            return null;
        if (typed is not { Value: >= 0.001m and <= 1_000_000 } quantity)
            ModelState.AddModelError(field, T["Số lượng từ 0,001 đến 1.000.000."]);
        else if (baseUnit != "g" && (quantity.UnitTyped || quantity.Value != decimal.Truncate(quantity.Value)))
            ModelState.AddModelError(field, T["Sản phẩm này tính theo cái, bó, hộp: hãy nhập số đơn vị, không phải khối lượng."]);
        else
            return baseUnit == "g" ? quantity.Grams : (long)quantity.Value;
        return null;
    }
}

/// <summary>The same of any lot, for officers.</summary>
[Authorize(Policy = Roles.Officer)]
[Route("/so-cong-thuong/lo/{code}")]
public sealed class OfficeGraphController(ITradeReceivers receivers, Db db, Texts t) : PageController(t)
{
    [HttpGet("so-do")]
    public async Task<IActionResult> Show(string code, [FromQuery] GraphView view, CancellationToken ct) =>
        await FindAsync(code, ct) is { } id ? View("Show", await GraphPage.LoadAsync(db, id, $"/so-cong-thuong/lo/{code}", "/lo/" + code, false, view, ct)) : NotFound();

    [HttpGet("so-do.xlsx")]
    public async Task<IActionResult> Report(string code, CancellationToken ct) =>
        await FindAsync(code, ct) is { } id ? File(await GraphReport.FileAsync(db, receivers, id, T, ct), Workbook.ContentType, $"truoc-sau-{code}.xlsx") : NotFound();

    private Task<long?> FindAsync(string code, CancellationToken ct) => db.FirstOrDefaultAsync<long?>("select id from origin.lot where code = @code", new { code }, ct);
}

/// <summary>Where in a large graph the reader is.</summary>
/// <param name="Mo">The row of the picture that is open.</param>
/// <param name="Phan">The part of it.</param>
/// <param name="Sau">The cursor of the table.</param>
public sealed record GraphView(int? Mo = null, int Phan = 0, string? Sau = null);

/// <param name="Path">What the pages of the graph begin with, for who looks.</param>
/// <param name="Back">The page of the lot, for who looks.</param>
/// <param name="IsSellers">Who looks sells the lot, and may record steps.</param>
public sealed record GraphPage(LotGraph Graph, Page<GraphRow> Table, string Path, string Back, bool IsSellers, GraphView View)
{
    /// <summary>The step whose declaration was refused.</summary>
    public Guid? Refused { get; init; }

    public static async Task<GraphPage> LoadAsync(Db db, long lotId, string path, string back, bool isSellers, GraphView view, CancellationToken ct) =>
        new(await LotGraph.LoadAsync(db, lotId, ct), await LotGraph.TableAsync(db, lotId, view.Sau, ct), path, back, isSellers, view);
}

public sealed record VoidForm
{
    [Required(ErrorMessage = "Hãy ghi sai ở chỗ nào, từ 5 đến 300 ký tự.")]
    [Characters(300, MinimumLength = 5, ErrorMessage = "Hãy ghi sai ở chỗ nào, từ 5 đến 300 ký tự.")]
    public string? Reason { get; init; }
}

public sealed record StepForm
{
    [Required(ErrorMessage = "Hãy chọn việc đã làm.")]
    public string? Kind { get; init; }

    [Required(ErrorMessage = "Hãy nhập ngày làm.")]
    public DateOnly? DoneOn { get; init; }

    /// <summary>The first is of the lot of the page.</summary>
    [MaxLength(4, ErrorMessage = "Nhiều nhất 4 lô.")]
    public List<StepInputLine> Inputs { get; init; } = [];

    [MaxLength(4, ErrorMessage = "Nhiều nhất 4 lô.")]
    public List<StepOutputLine> Outputs { get; init; } = [];

    [StringLength(500, ErrorMessage = "Ghi chú dài nhất 500 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? Note { get; init; }
}

public sealed record StepInputLine
{
    [StringLength(20, ErrorMessage = "Hãy chọn lô của cơ sở bạn.")]
    public string? Lot { get; init; }

    public Kilograms? Quantity { get; init; }
}

public sealed record StepOutputLine
{
    public string? Product { get; init; }

    public Kilograms? Quantity { get; init; }

    public DateOnly? BestBefore { get; init; }
}

public sealed record OtherLot(string Code, string ProductName, string BaseUnit, long LeftBase);

public sealed record StepProduct(string Code, string Name, string BaseUnit);

public sealed record StepPage(Lot Lot, long LeftBase, List<OtherLot> Others, List<StepProduct> Products, StepForm Form)
{
    public const int Lines = 4;

    public static async Task<StepPage> LoadAsync(Sql sql, Lot lot, StepForm form, CancellationToken ct)
    {
        const string others = """
            select l.code, p.name as product_name, l.base_unit, l.quantity_base - l.used_base - l.shelved_base as left_base from origin.lot l join producers.product p on p.id = l.product_id
            where l.producer_id = @ProducerId and l.taken_back_at is null and (l.id = @Id or (l.quantity_base > l.used_base + l.shelved_base and not exists (select 1 from origin.lot_block b where b.lot_id = l.id and b.lifted_at is null)))
            order by l.id desc limit 200
            """;
        var all = await sql.QueryAsync<OtherLot>(others, new { lot.ProducerId, lot.Id }, ct);
        var products = await sql.QueryAsync<StepProduct>("""select code, name, base_unit from producers.product where producer_id = @ProducerId order by name collate "vi-x-icu" """, new { lot.ProducerId }, ct);
        return new(lot, all.Find(o => o.Code == lot.Code)?.LeftBase ?? 0, all.FindAll(o => o.Code != lot.Code), products, form);
    }
}
