using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Foundation.Web.TagHelpers;

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
        return View("Edit", await PageAsync(producer is null ? await KnownAsync(ct) : ProducerForm.Of(producer), producer, ct));
    }

    [HttpPost("")]
    [RequestSizeLimit(Uploads.MaxRequestBytes)]
    public async Task<IActionResult> Save(ProducerForm form, CancellationToken ct)
    {
        var me = User.Id();
        var producer = await producers.OfMemberAsync(db, me, ct);
        var actor = User.As(Roles.Seller);
        var rules = await ProducerRules.LoadAsync(db, !environment.IsProduction(), ct);
        foreach (var (field, message) in rules.Faults(form, T))
            ModelState.AddModelError(field, message);
        if (!ModelState.IsValid)
            return Invalid("Edit", await PageAsync(form, producer, ct));
        var draft = rules.Draft(form, producer?.About ?? "", producer?.PictureIds ?? []);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (producer is not null && await producers.LockOfMemberAsync(tx, me) is { } now && ProducerForm.Of(now) is var stored && Request.IsOutdated(stored))
        {
            var page = await PageAsync(form, now, ct);
            return ChangedMeanwhile("Edit", page, form, stored, (_, value) => page.Communes.FirstOrDefault(o => o.Value == value)?.Text ?? (ProducerKind.All.FirstOrDefault(k => k.Word == value).Label is { } kind ? T[kind] : null));
        }
        var saved = producer is null ? await producers.CreateAsync(tx, draft, me, actor) is not null : await producers.UpdateAsync(tx, producer.Id, me, draft, actor);
        if (!saved)
        {
            if (producer?.Status == "suspended")
                return NotNow("Edit", await PageAsync(form, producer, ct), T["Cơ sở đang bị tạm ngừng nên chưa lưu được thay đổi. Hãy liên hệ Sở Công Thương."]);
            ModelState.AddModelError(nameof(form.TaxCode), T["Mã số thuế này đã thuộc một cơ sở khác trên sàn."]);
            return Invalid("Edit", await PageAsync(form, producer, ct));
        }
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther(Next(producer), T["Đã lưu. Khi thông tin đã đủ, hãy gửi Sở Công Thương duyệt."]);
    }

    [HttpGet("anh")]
    public async Task<IActionResult> Photo(CancellationToken ct) =>
        await producers.OfMemberAsync(db, User.Id(), ct) is { } producer
            ? View("Photo", new PhotoPage(PhotoForm.Of(producer), producer, null))
            : SeeOther("/quan-ly/co-so", T["Hãy khai báo cơ sở trước."]);

    [HttpPost("anh")]
    [RequestSizeLimit(64 << 20)]
    public async Task<IActionResult> SavePhoto(PhotoForm form, CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer)
            return NotFound();
        var (ids, error) = await pictures.TakeAsync($"producer:{producer.Id}", form.Kept, form.Removed, Request, User.As(Roles.Seller));
        if (error is not null)
            ModelState.AddModelError("Photos", error);
        if (!ModelState.IsValid)
            return Invalid("Photo", new PhotoPage(form with { Kept = ids }, producer, error));
        form = form with { Kept = ids };
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (await producers.LockOfMemberAsync(tx, User.Id()) is not { } now)
            return NotFound();
        if (Request.IsOutdated(PhotoForm.Of(now)))
            return ChangedMeanwhile("Photo", new PhotoPage(form, now, null), form, PhotoForm.Of(now));
        if (!await producers.UpdateAsync(tx, now.Id, User.Id(), now.Draft() with { About = form.About ?? "", PictureIds = ids }, User.As(Roles.Seller)))
            return NotNow("Photo", new PhotoPage(form, now, null), T["Cơ sở đang bị tạm ngừng nên chưa lưu được thay đổi. Hãy liên hệ Sở Công Thương."]);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther(Next(producer, "/quan-ly/co-so/anh"), T["Đã lưu."]);
    }

    [HttpPost("gui-duyet")]
    public async Task<IActionResult> Submit()
    {
        if (await producers.OfMemberAsync(db, User.Id()) is not { } producer)
            return NotFound();
        if (producer is { TaxCode: null } && ProducerKind.IsOrganisation(producer.Kind))
        {
            ModelState.AddModelError(nameof(ProducerForm.TaxCode), T["Hợp tác xã và doanh nghiệp cần mã số thuế."]);
            return Invalid("Edit", await PageAsync(ProducerForm.Of(producer), producer, CancellationToken.None));
        }
        await using var tx = await db.BeginAsync();
        if (!await producers.SubmitAsync(tx, producer.Id, User.Id(), User.As(Roles.Seller)))
            return Conflict();
        await tx.CommitAsync();
        return SeeOther("/quan-ly/co-so", T["Đã gửi duyệt. Trong lúc chờ, bạn vẫn soạn được sản phẩm, lô hàng và nhật ký."]);
    }

    /// <summary>Before it was first sent to the Department, every part leads back to the list of parts.</summary>
    private static string Next(Producer? producer, string otherwise = "/quan-ly/co-so") => producer is null or { Version: 0 } ? "/quan-ly/ho-so" : otherwise;

    /// <summary>What the account knows already is not asked again.</summary>
    private async Task<ProducerForm> KnownAsync(CancellationToken ct)
    {
        var (name, phone) = await db.SingleAsync<(string Name, string? Phone)>("select name, phone from accounts.person where id = @me", new { me = User.Id() }, ct);
        return new ProducerForm { Representative = name, Phone = phone is null ? null : Vietnamese.ShowPhone(phone).Replace('\u00a0', ' ') };
    }

    private async Task<ProducerPage> PageAsync(ProducerForm form, Producer? producer, CancellationToken ct)
    {
        var communes = await Communes.OfProvinceAsync(db, Communes.SonLa, ct);
        return new(form, producer, Choices.Communes(communes, T));
    }
}

public sealed record ProducerPage(ProducerForm Form, Producer? Producer, IEnumerable<SelectListItem> Communes);

public sealed record PhotoPage(PhotoForm Form, Producer Producer, string? PictureError);

/// <summary>Options of lists that several forms show.</summary>
public static class Choices
{
    public static List<SelectListItem> Communes(IEnumerable<Commune> communes, Texts t) =>
        [new(t["Chọn xã hoặc phường"], ""), .. communes.Select(c => FoundItem.Of(c))];
}
