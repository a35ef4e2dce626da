using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Files;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Orders.Status;

namespace SonLaMarket.Orders.Complaints;

/// <summary>A buyer complains about a part or wants to send it back, with photos, without an account: by the order's own secret.</summary>
[AllowAnonymous]
[Route("/don-hang/{code}/khieu-nai")]
public sealed class BuyerComplaintController(ComplaintRegister complaints, PictureInput pictures, OrderLinks links, Db db, Texts t, TimeProvider clock, SiteOptions site) : BuyerController(links, db, t, clock, site)
{
    [HttpGet("")]
    public async Task<IActionResult> Show(string code, [FromQuery(Name = "phan")] string? part, string? k, CancellationToken ct) =>
        await FindAsync(code, part, k, ct) is { } page ? View("Buyer", page with { Form = page.Begun }) : NotFound();

    [HttpPost("")]
    [RequestSizeLimit(Uploads.MaxRequestBytes)]
    public async Task<IActionResult> Create(string code, ComplaintForm form, CancellationToken ct)
    {
        if (await FindAsync(code, form.Part, form.K, ct) is not { } page)
            return NotFound();
        if (!page.CanOpen)
            return NotNow(page, T["Không gửi được: đơn chưa được gửi đi, đã quá hạn khiếu nại, hoặc đang có một khiếu nại chưa xong."]);
        var (ids, error) = await pictures.TakeAsync("sub-order:" + page.Part.Code, form.Kept, form.Removed, Request, new Actor(null, OrderMover.Buyer));
        if (error is not null)
            ModelState.AddModelError("Photos", error);
        if (!ModelState.IsValid)
            return Invalid("Buyer", page with { Form = form, Pictures = ids, PictureError = error });
        await using var tx = await Db.BeginAsync(CancellationToken.None);
        if (await complaints.OpenAsync(tx, page.Part.Code, new ComplaintDraft(form.Kind!, form.Matter!, form.Wish!, ids)) is null)
            return NotNow(page, T["Không gửi được: đơn chưa được gửi đi, đã quá hạn khiếu nại, hoặc đang có một khiếu nại chưa xong."]);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther(Back(page), T["Đã gửi cho người bán. Bạn được báo khi có trả lời."]);
    }

    [HttpPost("rut")]
    public Task<IActionResult> Withdraw(string code, StepForm form, CancellationToken ct) => StepAsync(code, form, (tx, c) => complaints.WithdrawAsync(tx, c), T["Đã rút khiếu nại."], ct);

    [HttpPost("len-so")]
    public Task<IActionResult> Escalate(string code, StepForm form, CancellationToken ct) => StepAsync(code, form, (tx, c) => complaints.EscalateAsync(tx, c, Vietnamese.Clean(form.Words)), T["Đã chuyển đến Sở Công Thương."], ct);

    private async Task<IActionResult> StepAsync(string code, StepForm form, Func<Tx, string, Task<bool>> step, string done, CancellationToken ct)
    {
        if (await FindAsync(code, form.Part, form.K, ct) is not { } page || page.Complaints.FirstOrDefault(c => c.Code == form.Complaint) is not { } complaint)
            return NotFound();
        if (complaint.Status == ComplaintState.Refused && (form.Words ?? "").Length > 1000)
        {
            ModelState.AddModelError("Words", T["Lời nhắn dài nhất {0} ký tự.", 1000]);
            return Invalid("Buyer", page);
        }
        await using var tx = await Db.BeginAsync(CancellationToken.None);
        if (!await step(tx, complaint.Code))
            return NotNow(page, T["Khiếu nại này không còn ở bước đó nữa."]);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther(Back(page), done);
    }

    private ViewResult NotNow(BuyerComplaintPage page, string message)
    {
        ModelState.Clear();
        Response.StatusCode = StatusCodes.Status409Conflict;
        return View("Buyer", page with { Message = message });
    }

    private static string Back(BuyerComplaintPage page) =>
        $"/don-hang/{page.Order.Purchase.Code}/khieu-nai" + QueryString.Create([new("phan", page.Part.Code), .. page.Order.Token is { } token ? [new KeyValuePair<string, string?>("k", token)] : Array.Empty<KeyValuePair<string, string?>>()]);

    private async Task<BuyerComplaintPage?> FindAsync(string code, string? partCode, string? token, CancellationToken ct)
    {
        const string select = $"""
            select {Complaint.Columns} from orders.complaint c join orders.sub_order s on s.id = c.sub_order_id where s.id = @Id order by c.id desc;
            select t.complaint_id, t.at, t.status, t.by_role, t.words from orders.complaint_step t join orders.complaint c on c.id = t.complaint_id where c.sub_order_id = @Id order by t.id;
            select name, days, source from orders.deadline
            """;
        if (await LoadAsync(code, token, ct) is not { } order || order.Parts.FirstOrDefault(p => p.Code == partCode) is not { } part)
            return null;
        return await Db.MultipleAsync(select, new { part.Id }, async g => new BuyerComplaintPage(
            order, part, (await g.ReadAsync<Complaint>()).AsList(), (await g.ReadAsync<ComplaintStep>()).ToLookup(s => s.ComplaintId), (await g.ReadAsync<Deadline>()).ToDictionary(d => d.Name, StringComparer.Ordinal)), ct);
    }
}

public sealed record ComplaintForm
{
    [FromForm(Name = "part")]
    public string? Part { get; init; }

    [FromForm(Name = "k")]
    public string? K { get; init; }

    [Required(ErrorMessage = "Hãy chọn một mục.")]
    [RegularExpression("complaint|return", ErrorMessage = "Hãy chọn một mục.")]
    public string? Kind { get; init; }

    [Required(ErrorMessage = "Hãy chọn một mục.")]
    [RegularExpression("differs|damaged|missing|late|refund|other", ErrorMessage = "Hãy chọn một mục.")]
    public string? Matter { get; init; }

    [DataType(DataType.MultilineText)]
    [Required(ErrorMessage = "Hãy ghi chuyện gì đã xảy ra, từ 10 đến 1.000 ký tự.")]
    [Characters(1000, MinimumLength = 10, ErrorMessage = "Hãy ghi chuyện gì đã xảy ra, từ 10 đến 1.000 ký tự.")]
    public string? Wish { get; init; }

    public Guid[]? Kept { get; init; }

    public Guid[]? Removed { get; init; }
}

public sealed record StepForm
{
    [FromForm(Name = "part")]
    public string? Part { get; init; }

    [FromForm(Name = "complaint")]
    public string? Complaint { get; init; }

    [FromForm(Name = "k")]
    public string? K { get; init; }

    [DataType(DataType.MultilineText)]
    public string? Words { get; init; }
}

public sealed record BuyerComplaintPage(OrderPage Order, PartRow Part, List<Complaint> Complaints, ILookup<long, ComplaintStep> Steps, IReadOnlyDictionary<string, Deadline> Deadlines)
{
    public ComplaintForm Form { get; init; } = new();

    /// <summary>What there is one answer to is not asked.</summary>
    public ComplaintForm Begun => new() { Kind = CanReturn ? null : "complaint", Matter = Matters.ToList() is [var only] ? only.Word : null };

    /// <summary>Why what was just asked for could not be done.</summary>
    public string? Message { get; init; }

    public Guid[] Pictures { get; init; } = [];

    public string? PictureError { get; init; }

    public bool CanOpen => (OfGoods || RefundLate) && !Complaints.Exists(c => c.Status is ComplaintState.Open or ComplaintState.Escalated);

    /// <summary>The goods left, so that there is something to say of them.</summary>
    public bool OfGoods => ComplaintRegister.CanOpen(Part.Status, "complaint");

    /// <summary>Money should have come back by now.</summary>
    public bool RefundLate => Order.RefundLate(Part);

    /// <summary>What can be complained about now.</summary>
    public IEnumerable<(string Word, string Label)> Matters => ComplaintMatter.All.Where(m => m.Word == ComplaintMatter.Refund ? RefundLate : OfGoods);

    public bool CanReturn => ComplaintRegister.CanOpen(Part.Status, "return");
}
