using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;

namespace SonLaMarket.Orders.Complaints;

/// <summary>A seller's complaints: what has to be answered first stands first.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/khieu-nai")]
public sealed class SellerComplaintController(ComplaintRegister complaints, ReturnedGoods returned, Db db, Texts t) : PageController(t)
{
    private const int Take = 30;

    [HttpGet("")]
    public async Task<IActionResult> Index(string? sau, CancellationToken ct)
    {
        const string select = $"""
            select {Complaint.Columns} from orders.complaint c join orders.sub_order s on s.id = c.sub_order_id join producers.acting m on m.producer_id = s.producer_id and m.person_id = @me
            where @before::bigint is null or c.id < @before order by c.id desc limit @limit
            """;
        var before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : (long?)null;
        var rows = await db.QueryAsync<Complaint>(select, new { me = User.Id(), before, limit = Take + 1 }, ct);
        return View("Index", Page<Complaint>.Of(rows, Take, c => Cursor.Of(c.Id.ToString(CultureInfo.InvariantCulture))));
    }

    [HttpGet("{code}")]
    public async Task<IActionResult> Show(string code, CancellationToken ct) => await LoadAsync(code, ct) is { } page ? View("Seller", page) : NotFound();

    [HttpPost("{code}/dong-y")]
    public async Task<IActionResult> Accept(string code, AnswerForm form, CancellationToken ct)
    {
        if (await LoadAsync(code, ct) is not { } page)
            return NotFound();
        if (form.Refund is { } refund && (refund.Amount < 1 || refund.Amount > page.Left.LeftVnd))
            ModelState.AddModelError("Refund", page.Left.LeftVnd > 0 ? T["Tiền hoàn từ 1 đến {0}.", Vietnamese.Money(page.Left.LeftVnd)] : T["Đơn này không còn khoản nào để hoàn: hãy để trống."]);
        if (page.Complaint.IsReturn && page.Left.LeftVnd > 0 && form.Refund is null && ModelState["Refund"] is not { Errors.Count: > 0 })
            ModelState.AddModelError("Refund", T["Trả hàng thì phải hoàn tiền: hãy nhập số tiền."]);
        return await AnswerAsync(page, form, tx => complaints.AcceptAsync(tx, code, form.Refund?.Amount, form.Words!, User.As(Roles.Seller)), T["Đã trả lời người mua."]);
    }

    [HttpPost("{code}/tu-choi")]
    public async Task<IActionResult> Refuse(string code, AnswerForm form, CancellationToken ct)
    {
        if (await LoadAsync(code, ct) is not { } page)
            return NotFound();
        ModelState.Remove("Refund");
        return await AnswerAsync(page, form with { Refusing = true }, tx => complaints.RefuseAsync(tx, code, form.Words!, User.As(Roles.Seller)), T["Đã trả lời người mua."]);
    }

    /// <summary>The goods of a return have come: each lot's go back on sale or are written off.</summary>
    [HttpPost("{code}/nhan-lai")]
    public async Task<IActionResult> TakeBack(string code, TakeBackForm form, CancellationToken ct)
    {
        if (await LoadAsync(code, ct) is not { } page)
            return NotFound();
        if (!page.Complaint.AwaitsGoods)
            return Conflict();
        var lots = Returned(page.Lots, form);
        if (!ModelState.IsValid)
            return Invalid("Seller", page);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await returned.TakeAsync(tx, code, lots, User.As(Roles.Seller)))
            return Conflict();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-ly/khieu-nai/" + code, T["Đã ghi hàng nhận lại: tồn kho và lịch sử của lô đã theo."]);
    }

    private List<ReturnedLot> Returned(List<ReturnableLot> lots, TakeBackForm form)
    {
        var back = new List<ReturnedLot>();
        for (var i = 0; i < lots.Count; i++)
        {
            var (lot, line) = (lots[i], form.Lots.Find(l => l.Code == lots[i].Code));
            var (shelf, gone) = (Base(line?.Shelf, lot, $"Lots[{i}].Shelf"), Base(line?.Gone, lot, $"Lots[{i}].Gone"));
            if (shelf + gone > lot.LeftBase)
                ModelState.AddModelError($"Lots[{i}].Shelf", T["Đơn này chỉ có {0} của lô.", Quantity.Show(lot.LeftBase, lot.BaseUnit, T)]);
            back.Add(new(lot.LotId, shelf, gone));
        }
        if (ModelState.IsValid && back.Sum(l => l.Shelf + l.Gone) == 0)
            ModelState.AddModelError("Lots[0].Shelf", T["Hãy ghi lượng đã nhận lại."]);
        return back;
    }

    private long Base(Kilograms? typed, ReturnableLot lot, string field)
    {
        if (typed is not { } quantity)
            return 0;
        if (quantity.Value is < 0 or > 1_000_000)
            ModelState.AddModelError(field, T["Số lượng từ 0 đến 1.000.000."]);
        else if (lot.BaseUnit != "g" && (quantity.UnitTyped || quantity.Value != decimal.Truncate(quantity.Value)))
            ModelState.AddModelError(field, T["Sản phẩm này tính theo cái, bó, hộp: hãy nhập số đơn vị, không phải khối lượng."]);
        else
            return lot.BaseUnit == "g" ? quantity.Grams : (long)quantity.Value;
        return 0;
    }

    private async Task<IActionResult> AnswerAsync(SellerComplaintPage page, AnswerForm form, Func<Tx, Task<bool>> answer, string done)
    {
        if (!(form.Refusing ? page.CanRefuse : page.CanAccept))
            return Conflict();
        if (!ModelState.IsValid)
            return Invalid("Seller", page with { Form = form });
        await using var tx = await db.BeginAsync();
        if (!await answer(tx))
            return Conflict();
        await tx.CommitAsync();
        return SeeOther("/quan-ly/khieu-nai/" + page.Complaint.Code, done);
    }

    private async Task<SellerComplaintPage?> LoadAsync(string code, CancellationToken ct) =>
        await FindAsync(code, ct) is not { } page ? null
        : page.Complaint.AwaitsGoods ? page with { Lots = await ReturnedGoods.LotsAsync(db, code, ct) }
        : page.CanAccept ? page with { Left = await ComplaintRegister.LeftAsync(db, code, ct) }
        : page;

    private Task<SellerComplaintPage?> FindAsync(string code, CancellationToken ct)
    {
        const string select = $"""
            select {Complaint.Columns} from orders.complaint c join orders.sub_order s on s.id = c.sub_order_id join producers.acting m on m.producer_id = s.producer_id and m.person_id = @me where c.code = @code;
            select s.total_vnd from orders.complaint c join orders.sub_order s on s.id = c.sub_order_id where c.code = @code;
            select t.complaint_id, t.at, t.status, t.by_role, t.words from orders.complaint_step t join orders.complaint c on c.id = t.complaint_id where c.code = @code order by t.id
            """;
        return db.MultipleAsync(select, new { code, me = User.Id() }, async g =>
        {
            var complaint = await g.ReadFirstOrDefaultAsync<Complaint>();
            var total = await g.ReadFirstOrDefaultAsync<long>();
            return complaint is null ? null : new SellerComplaintPage(complaint, total, (await g.ReadAsync<ComplaintStep>()).AsList());
        }, ct);
    }
}

public sealed record AnswerForm
{
    public Vnd? Refund { get; init; }

    [DataType(DataType.MultilineText)]
    [Required(ErrorMessage = "Hãy ghi câu trả lời, từ 10 đến 1.000 ký tự; người mua sẽ đọc.")]
    [Characters(1000, MinimumLength = 10, ErrorMessage = "Hãy ghi câu trả lời, từ 10 đến 1.000 ký tự; người mua sẽ đọc.")]
    public string? Words { get; init; }

    public bool Refusing { get; init; }
}

public sealed record TakeBackForm
{
    [MaxLength(100)]
    public List<TakeBackLine> Lots { get; init; } = [];
}

/// <summary>Of one lot: kilograms, or pieces where it is counted.</summary>
public sealed record TakeBackLine
{
    [StringLength(20)]
    public string? Code { get; init; }

    public Kilograms? Shelf { get; init; }

    public Kilograms? Gone { get; init; }
}

public sealed record SellerComplaintPage(Complaint Complaint, long TotalVnd, List<ComplaintStep> Steps)
{
    public AnswerForm Form { get; init; } = new();

    /// <summary>What may come back; empty when nothing is awaited.</summary>
    public List<ReturnableLot> Lots { get; init; } = [];

    /// <summary>Known while it can be agreed to.</summary>
    public Returnable Left { get; init; } = new(false, 0);

    public bool CanRefuse => Complaint.Status == ComplaintState.Open;

    public bool CanAccept => Complaint.Status is ComplaintState.Open or ComplaintState.Escalated;
}
