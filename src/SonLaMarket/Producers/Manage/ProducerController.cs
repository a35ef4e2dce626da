using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Producers.Manage;

/// <summary>Who the seller is: declared once, corrected at any time, public after approval.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/co-so")]
public sealed class ProducerController(ProducerRegister producers, PictureInput pictures, Db db, Texts t, IHostEnvironment environment) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Edit(CancellationToken ct)
    {
        var producer = await producers.OfMemberAsync(db, User.Id(), ct);
        return View("Edit", await PageAsync(producer is null ? new ProducerForm() : ProducerForm.Of(producer), producer, null, ct));
    }

    [HttpPost("")]
    [RequestSizeLimit(Uploads.MaxRequestBytes)]
    public async Task<IActionResult> Save(ProducerForm form, CancellationToken ct)
    {
        var me = User.Id();
        var producer = await producers.OfMemberAsync(db, me, ct);
        var actor = User.As(Roles.Seller);
        var samples = !environment.IsProduction();
        var taxCode = form.TaxCode is null ? null : Vietnamese.TaxCode(form.TaxCode, samples);
        var phone = Vietnamese.Phone(form.Phone, samples);
        if (form.TaxCode is not null && taxCode is null)
            ModelState.AddModelError(nameof(form.TaxCode), T["Mã số thuế không đúng. Mã có 10 số (đơn vị trực thuộc thêm -001), hộ và cá nhân dùng 12 số định danh."]);
        if (form.Kind is "cooperative" or "enterprise" && form.TaxCode is null)
            ModelState.AddModelError(nameof(form.TaxCode), T["Hợp tác xã và doanh nghiệp cần mã số thuế."]);
        if (form.Phone is not null && phone is null)
            ModelState.AddModelError(nameof(form.Phone), T["Số điện thoại di động có 10 số, ví dụ 0912 345 678."]);
        if (form.CommuneCode is not null && !await Communes.ExistsAsync(db, form.CommuneCode, Communes.SonLa, ct))
            ModelState.AddModelError(nameof(form.CommuneCode), T["Hãy chọn xã hoặc phường trong danh sách."]);
        var (ids, pictureError) = await pictures.TakeAsync(producer is null ? $"person:{me}" : $"producer:{producer.Id}", form.Kept, form.Removed, Request.HasFormContentType ? Request.Form.Files : null, actor);
        if (pictureError is not null)
            ModelState.AddModelError("Photos", pictureError);
        form = form with { Kept = ids };
        if (!ModelState.IsValid)
            return Invalid("Edit", await PageAsync(form, producer, pictureError, ct));
        var draft = new ProducerDraft(form.Kind!, Vietnamese.Clean(form.Name), taxCode, Vietnamese.Clean(form.Representative), phone!, form.Email ?? "", form.CommuneCode!,
            Vietnamese.Clean(form.AddressLine), form.Postcode ?? "", form.DigitalAddress ?? "", form.Lat, form.Lon, form.About ?? "", ids);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var saved = producer is null ? await producers.CreateAsync(tx, draft, me, actor) is not null : await producers.UpdateAsync(tx, producer.Id, me, draft, actor);
        if (!saved)
        {
            if (producer?.Status == "suspended")
                return Conflict();
            ModelState.AddModelError(nameof(form.TaxCode), T["Mã số thuế này đã thuộc một cơ sở khác trên sàn."]);
            return Invalid("Edit", await PageAsync(form, producer, pictureError, ct));
        }
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-ly/co-so", T["Đã lưu. Khi thông tin đã đủ, hãy gửi Sở Công Thương duyệt."]);
    }

    [HttpPost("gui-duyet")]
    public async Task<IActionResult> Submit()
    {
        if (await producers.OfMemberAsync(db, User.Id()) is not { } producer)
            return NotFound();
        await using var tx = await db.BeginAsync();
        if (!await producers.SubmitAsync(tx, producer.Id, User.Id(), User.As(Roles.Seller)))
            return Conflict();
        await tx.CommitAsync();
        return SeeOther("/quan-ly/co-so", T["Đã gửi duyệt. Trong lúc chờ, bạn vẫn soạn được sản phẩm, lô hàng và nhật ký."]);
    }

    private async Task<ProducerPage> PageAsync(ProducerForm form, Producer? producer, string? pictureError, CancellationToken ct)
    {
        var communes = await Communes.OfProvinceAsync(db, Communes.SonLa, ct);
        return new(form, producer, Choices.Communes(communes, T), pictureError);
    }
}

public sealed record ProducerPage(ProducerForm Form, Producer? Producer, IEnumerable<SelectListItem> Communes, string? PictureError);

/// <summary>Options of lists that several forms show.</summary>
public static class Choices
{
    public static List<SelectListItem> Communes(IEnumerable<Commune> communes, Texts t) =>
        [new(t["Chọn xã hoặc phường"], ""), .. communes.Select(c => new SelectListItem(c.FormerDistrict is null ? c.FullName : $"{c.FullName} ({c.FormerDistrict})", c.Code))];
}
