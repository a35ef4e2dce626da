using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Orders.Papers;

namespace SonLaMarket.Orders.Status;

/// <summary>What a buyer takes home: a summary of the order, and an invoice asked for from the seller.</summary>
[AllowAnonymous]
[Route("/don-hang/{code}")]
public sealed class InvoiceController(InvoiceRequests invoices, OrderLinks links, Db db, Texts t, TimeProvider clock, SiteOptions site, IHostEnvironment environment) : BuyerController(links, db, t, clock, site)
{
    [HttpGet("tom-tat.pdf")]
    public async Task<IActionResult> Summary(string code, string? k, CancellationToken ct) =>
        await LoadAsync(code, k, ct) is { } page ? File(OrderSummary.Pdf(page), "application/pdf", $"don-hang-{page.Purchase.Code}.pdf") : NotFound();

    [HttpGet("hoa-don")]
    public async Task<IActionResult> Show(string code, [FromQuery(Name = "phan")] string? part, string? k, CancellationToken ct)
    {
        if (await FindAsync(code, part, k, ct) is not { } page)
            return NotFound();
        return View("Invoice", page with { Form = page.Request is { } r ? new InvoiceForm { Name = r.Name, TaxCode = r.TaxCode, Address = r.Address, Email = r.Email, PersonalId = r.PersonalId } : new InvoiceForm { Name = page.Order.Purchase.BuyerName, Address = $"{page.Order.Purchase.AddressLine}, {page.Order.Purchase.Commune}, {page.Order.Purchase.Province}" } });
    }

    [HttpPost("hoa-don")]
    public async Task<IActionResult> Ask(string code, InvoiceForm form, CancellationToken ct)
    {
        if (await FindAsync(code, form.Part, form.K, ct) is not { } page)
            return NotFound();
        var taxCode = form.TaxCode is null ? "" : Vietnamese.TaxCode(form.TaxCode, !environment.IsProduction());
        if (taxCode is null)
            ModelState.AddModelError("TaxCode", T["Mã số thuế không đúng."]);
        if (!ModelState.IsValid)
            return Invalid("Invoice", page with { Form = form });
        await using var tx = await Db.BeginAsync(CancellationToken.None);
        if (!await invoices.AskAsync(tx, page.Part.Code, new(Vietnamese.Clean(form.Name), taxCode!, Vietnamese.Clean(form.Address), Vietnamese.Clean(form.Email), Vietnamese.Clean(form.PersonalId))))
            return Refused(page.Order, T["Hóa đơn đã xuất hoặc đơn này không có gì để xuất hóa đơn."]);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther(PathOf(code, form.K), T["Đã gửi yêu cầu hóa đơn cho người bán."]);
    }

    private async Task<InvoicePage?> FindAsync(string code, string? partCode, string? token, CancellationToken ct) =>
        await LoadAsync(code, token, ct) is { } order && order.Parts.FirstOrDefault(p => p.Code == partCode) is { } part
            ? new InvoicePage(order, part, await InvoiceRequests.FindAsync(Db, part.Code, ct)) : null;
}

public sealed record InvoiceForm
{
    [FromForm(Name = "part")]
    public string? Part { get; init; }

    [FromForm(Name = "k")]
    public string? K { get; init; }

    [Required(ErrorMessage = "Hãy nhập tên người mua hoặc đơn vị.")]
    [Characters(200, MinimumLength = 2, ErrorMessage = "Hãy nhập tên người mua hoặc đơn vị.")]
    public string? Name { get; init; }

    [Characters(20, ErrorMessage = "Mã số thuế không đúng.")]
    public string? TaxCode { get; init; }

    [Required(ErrorMessage = "Hãy nhập địa chỉ, từ 5 đến 300 ký tự.")]
    [Characters(300, MinimumLength = 5, ErrorMessage = "Hãy nhập địa chỉ, từ 5 đến 300 ký tự.")]
    public string? Address { get; init; }

    [EmailAddress(ErrorMessage = "E-mail không đúng.")]
    [Characters(200, ErrorMessage = "E-mail không đúng.")]
    public string? Email { get; init; }

    [RegularExpression(@"\d{12}", ErrorMessage = "Số định danh cá nhân có 12 số.")]
    public string? PersonalId { get; init; }
}

public sealed record InvoicePage(OrderPage Order, PartRow Part, InvoiceRequest? Request)
{
    public InvoiceForm Form { get; init; } = new();

    public bool CanAsk => Request is null or { Status: InvoiceState.Requested } && InvoiceRequests.Invoiced.Contains(Part.Status);
}
