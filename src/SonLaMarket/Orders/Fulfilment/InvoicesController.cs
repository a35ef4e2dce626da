using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Orders.Fulfilment;

/// <summary>Invoices that buyers asked for: the data to take into an invoice program, and what became of each.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/hoa-don")]
public sealed class InvoicesController(InvoiceRequests invoices, IInvoiceProvider provider, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private const int Take = 30;

    [HttpGet("")]
    public async Task<IActionResult> Index(string? sau, CancellationToken ct) => View("Invoices", await PageAsync(sau, null, ct));

    /// <summary>Those that wait, or one of them.</summary>
    [HttpGet("du-lieu")]
    public async Task<IActionResult> Download([FromQuery(Name = "don")] string? part, CancellationToken ct)
    {
        var data = await InvoiceRequests.DataAsync(db, User.Id(), part, ct);
        if (part is not null && data.Count == 0)
            return NotFound();
        return File(provider.Hand(data), provider.ContentType, $"hoa-don-{part ?? Vietnamese.Today(clock).ToString("yyyyMMdd", CultureInfo.InvariantCulture)}.{provider.Extension}");
    }

    [HttpPost("{code}")]
    public async Task<IActionResult> Mark(string code, MarkForm form, CancellationToken ct)
    {
        if (!await SubOrders.OwnsAsync(db, code, User.Id(), ct))
            return NotFound();
        if (!ModelState.IsValid)
            return Invalid("Invoices", await PageAsync(null, code, ct));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await invoices.MarkAsync(tx, code, form.Status!, new(Vietnamese.Clean(form.Symbol), Vietnamese.Clean(form.Number), Vietnamese.Clean(form.LookupCode)), User.As(Roles.Seller)))
            return Conflict();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-ly/hoa-don", T["Đã ghi nhận hóa đơn."]);
    }

    private async Task<InvoicesPage> PageAsync(string? after, string? refused, CancellationToken ct)
    {
        const string select = $"""
            select r.id, s.code, u.placed_at, s.total_vnd - s.less_vnd as total_vnd, s.status as part_status, r.name, r.status, r.symbol, r.number, r.lookup_code,
              (select string_agg(concat_ws(' ', k.symbol, k.number, k.lookup_code), '; ' order by k.id desc) from orders.invoice_mark k where k.invoice_request_id = r.id and {InvoiceRequests.Before}) as earlier
            from orders.invoice_request r join orders.sub_order s on s.id = r.sub_order_id join orders.purchase u on u.id = s.purchase_id join producers.acting m on m.producer_id = s.producer_id and m.person_id = @me
            where @before::bigint is null or r.id < @before order by r.id desc limit @limit
            """;
        var before = Cursor.Parse(after, 1) is [var id] && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : (long?)null;
        var rows = await db.QueryAsync<InvoiceRow>(select, new { me = User.Id(), before, limit = Take + 1 }, ct);
        return new(Page<InvoiceRow>.Of(rows, Take, r => Cursor.Of(r.Id.ToString(CultureInfo.InvariantCulture))), refused);
    }
}

public sealed record MarkForm
{
    [Required(ErrorMessage = "Hãy chọn một mục.")]
    [RegularExpression("issued|adjusted|replaced", ErrorMessage = "Hãy chọn một mục.")]
    public string? Status { get; init; }

    [Required(ErrorMessage = "Ký hiệu hóa đơn có 6 ký tự, ví dụ C26TAA; viết thêm mẫu số ở đầu cũng được: 1C26TAA.")]
    [RegularExpression("[1-9]?[CKck][0-9]{2}[A-Za-z]{3}", ErrorMessage = "Ký hiệu hóa đơn có 6 ký tự, ví dụ C26TAA; viết thêm mẫu số ở đầu cũng được: 1C26TAA.")]
    public string? Symbol { get; init; }

    [Required(ErrorMessage = "Số hóa đơn có 1 đến 8 chữ số.")]
    [RegularExpression("[0-9]{1,8}", ErrorMessage = "Số hóa đơn có 1 đến 8 chữ số.")]
    public string? Number { get; init; }

    [Characters(60, ErrorMessage = "Mã tra cứu dài nhất 60 ký tự.")]
    public string? LookupCode { get; init; }
}

public sealed record InvoiceRow(long Id, string Code, DateTimeOffset PlacedAt, long TotalVnd, string PartStatus, string Name, string Status, string Symbol, string Number, string LookupCode, string? Earlier)
{
    /// <summary>Nothing was delivered or will be, and no invoice was issued.</summary>
    public bool Dropped => Status == InvoiceState.Requested && !InvoiceRequests.Invoiced.Contains(PartStatus);
}

public sealed record InvoicesPage(Page<InvoiceRow> Page, string? Refused);
