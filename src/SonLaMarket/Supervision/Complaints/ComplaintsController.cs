using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Orders;

namespace SonLaMarket.Supervision.Complaints;

/// <summary>Complaints that seller and buyer did not settle between them: the oldest first, each with everything that was said.</summary>
[Authorize(Policy = Roles.Officer)]
[Route("/so-cong-thuong/khieu-nai")]
public sealed class ComplaintsController(ComplaintRegister complaints, Db db, Texts t) : PageController(t)
{
    private const int Take = 30;

    [HttpGet("")]
    public async Task<IActionResult> Index([FromQuery(Name = "loai")] string? which, string? sau, CancellationToken ct)
    {
        const string select = $"""
            select {Complaint.Columns} from orders.complaint c join orders.sub_order s on s.id = c.sub_order_id
            where (@all or c.status = 'escalated') and (@after::bigint is null or c.id > @after) order by c.id limit @limit
            """;
        var after = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : (long?)null;
        var rows = await db.QueryAsync<Complaint>(select, new { all = which == "tat-ca", after, limit = Take + 1 }, ct);
        return View("Index", new ComplaintsPage(which == "tat-ca", Page<Complaint>.Of(rows, Take, c => Cursor.Of(c.Id.ToString(CultureInfo.InvariantCulture)))));
    }

    [HttpGet("{code}")]
    public async Task<IActionResult> Show(string code, CancellationToken ct) => await LoadAsync(code, ct) is { } page ? View("Show", page) : NotFound();

    [HttpPost("{code}")]
    public async Task<IActionResult> Settle(string code, ConclusionForm form, CancellationToken ct)
    {
        if (await LoadAsync(code, ct) is not { } page)
            return NotFound();
        if (form.Refund is { } refund && (refund.Amount < 1 || refund.Amount > page.Left.LeftVnd))
            ModelState.AddModelError("Refund", page.Left.LeftVnd > 0 ? T["Tiền hoàn từ 1 đến {0}.", Vietnamese.Money(page.Left.LeftVnd)] : T["Đơn này không còn khoản nào để hoàn: hãy để trống."]);
        if (!ModelState.IsValid)
            return Invalid("Show", page with { Form = form });
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await complaints.SettleAsync(tx, code, form.Refund?.Amount, form.Conclusion!, User.As(Roles.Officer)))
            return Conflict();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/so-cong-thuong/khieu-nai", T["Đã kết luận. Hai bên đã được báo."]);
    }

    private async Task<ComplaintPage?> LoadAsync(string code, CancellationToken ct) =>
        await FindAsync(code, ct) is not { } page ? null : page.Complaint.Status == ComplaintState.Escalated ? page with { Left = await ComplaintRegister.LeftAsync(db, code, ct) } : page;

    private Task<ComplaintPage?> FindAsync(string code, CancellationToken ct)
    {
        const string select = $"""
            select {Complaint.Columns} from orders.complaint c join orders.sub_order s on s.id = c.sub_order_id where c.code = @code;
            select s.total_vnd, p.name, p.slug from orders.complaint c join orders.sub_order s on s.id = c.sub_order_id join producers.producer p on p.id = s.producer_id where c.code = @code;
            select t.complaint_id, t.at, t.status, t.by_role, t.words from orders.complaint_step t join orders.complaint c on c.id = t.complaint_id where c.code = @code order by t.id
            """;
        return db.MultipleAsync(select, new { code }, async g =>
        {
            var complaint = await g.ReadFirstOrDefaultAsync<Complaint>();
            var (total, seller, slug) = await g.ReadFirstOrDefaultAsync<(long, string, string)>();
            return complaint is null ? null : new ComplaintPage(complaint, total, seller, slug, (await g.ReadAsync<ComplaintStep>()).AsList());
        }, ct);
    }
}

public sealed record ConclusionForm
{
    public Vnd? Refund { get; init; }

    [DataType(DataType.MultilineText)]
    [Required(ErrorMessage = "Hãy ghi kết luận, từ 10 đến 1.000 ký tự; hai bên sẽ đọc.")]
    [Characters(1000, MinimumLength = 10, ErrorMessage = "Hãy ghi kết luận, từ 10 đến 1.000 ký tự; hai bên sẽ đọc.")]
    public string? Conclusion { get; init; }
}

public sealed record ComplaintsPage(bool All, Page<Complaint> Page);

public sealed record ComplaintPage(Complaint Complaint, long TotalVnd, string Seller, string SellerSlug, List<ComplaintStep> Steps)
{
    public ConclusionForm Form { get; init; } = new();

    /// <summary>Known while it waits for a conclusion.</summary>
    public Returnable Left { get; init; } = new(false, 0);
}
