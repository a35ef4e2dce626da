using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Producers.Manage;

/// <summary>Certificates: handed in with a scan, checked by an officer, gone from pages when they end.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/chung-nhan")]
public sealed class CertificatesController(ProducerRegister producers, Certificates certificates, DocumentInput documents, Uploads uploads, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Index(CancellationToken ct) =>
        await producers.OfMemberAsync(db, User.Id(), ct) is { } producer
            ? View("Certificates", await PageAsync(new CertificateForm(), producer, ct))
            : SeeOther("/quan-ly/co-so", T["Hãy khai báo cơ sở trước."]);

    [HttpPost("")]
    [CreatesOnce]
    [RequestSizeLimit(12 << 20)]
    public async Task<IActionResult> Create(CertificateForm form, IFormFile? scan, CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer)
            return NotFound();
        if (form.KindCode is not null && (await Catalogue.CertificateKindsAsync(db, ct)).All(k => k.Code != form.KindCode))
            ModelState.AddModelError(nameof(form.KindCode), T["Hãy chọn loại chứng nhận trong danh sách."]);
        if (form.IssuedOn > form.ValidUntil)
            ModelState.AddModelError(nameof(form.ValidUntil), T["Ngày hết hạn phải sau ngày cấp."]);
        if (form.IssuedOn > Vietnamese.Today(clock))
            ModelState.AddModelError(nameof(form.IssuedOn), T["Ngày cấp không thể ở tương lai."]);
        var (file, refused) = await documents.TakeAsync(Owner(producer), form.FileId, scan, User.As(Roles.Seller), ct);
        if (refused)
            ModelState.AddModelError("scan", T["Bản chụp chứng nhận phải là tệp PDF nhỏ hơn 10 MB."]);
        form = form with { FileId = file };
        if (!ModelState.IsValid)
            return Invalid("Certificates", await PageAsync(form, producer, ct));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var stars = form.KindCode!.StartsWith("ocop-", StringComparison.Ordinal) ? form.KindCode[^1] - '0' : (int?)null;
        var draft = new CertificateDraft(form.KindCode, Vietnamese.Clean(form.Number), Vietnamese.Clean(form.Issuer), Vietnamese.Clean(form.Scope), stars, form.IssuedOn!.Value, form.ValidUntil!.Value, form.FileId) { LookupUrl = form.LookupUrl };
        if (await certificates.SubmitAsync(tx, producer.Id, draft, User.As(Roles.Seller)) is null)
        {
            ModelState.AddModelError(nameof(form.Number), T["Cơ sở đã nộp chứng nhận này rồi."]);
            return Invalid("Certificates", await PageAsync(form, producer, ct));
        }
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-ly/chung-nhan", T["Đã nộp chứng nhận. Cán bộ sẽ đối chiếu với bản chụp."]);
    }

    [HttpGet("{id:guid}/ban-chup")]
    public async Task<IActionResult> Scan(Guid id, CancellationToken ct)
    {
        const string find = "select c.file_id from producers.certificate c join producers.acting m on m.producer_id = c.producer_id where c.id = @id and m.person_id = @me";
        return await db.FirstOrDefaultAsync<Guid?>(find, new { id, me = User.Id() }, ct) is { } file && await uploads.FindDocumentAsync(db, file, ct) is { } document
            ? PhysicalFile(document.Path, "application/pdf", document.Name)
            : NotFound();
    }

    private static string Owner(Producer producer) => $"producer:{producer.Id}";

    private async Task<CertificatesPage> PageAsync(CertificateForm form, Producer producer, CancellationToken ct)
    {
        var kinds = (await Catalogue.CertificateKindsAsync(db, ct)).Select(k => new SelectListItem(T.Of(k.Name, k.NameEn), k.Code));
        return new(form, [new(T["Chọn loại chứng nhận"], ""), .. kinds], await certificates.OfProducerAsync(db, producer.Id, ct), Vietnamese.Today(clock),
            form.FileId is { } file ? await uploads.NameOfDocumentAsync(db, Owner(producer), file, ct) : null);
    }
}

/// <param name="FileName">Of the scan that the form carries.</param>
public sealed record CertificatesPage(CertificateForm Form, List<SelectListItem> Kinds, List<Certificate> Certificates, DateOnly Today, string? FileName);

public sealed record CertificateForm
{
    [Required(ErrorMessage = "Hãy chọn loại chứng nhận.")]
    public string? KindCode { get; init; }

    [Required(ErrorMessage = "Hãy nhập số chứng nhận.")]
    [StringLength(80, ErrorMessage = "Số chứng nhận dài nhất 80 ký tự.")]
    public string? Number { get; init; }

    [Required(ErrorMessage = "Hãy nhập nơi cấp.")]
    [StringLength(160, ErrorMessage = "Nơi cấp dài nhất 160 ký tự.")]
    public string? Issuer { get; init; }

    [StringLength(300, ErrorMessage = "Phạm vi dài nhất 300 ký tự.")]
    public string? Scope { get; init; }

    [Required(ErrorMessage = "Hãy nhập ngày cấp.")]
    public DateOnly? IssuedOn { get; init; }

    [Required(ErrorMessage = "Hãy nhập ngày hết hạn.")]
    public DateOnly? ValidUntil { get; init; }

    [StringLength(300, ErrorMessage = "Đường dẫn dài nhất 300 ký tự.")]
    [RegularExpression("""https://[^\s<>"]+""", ErrorMessage = "Đường dẫn bắt đầu bằng https://.")]
    public string? LookupUrl { get; init; }

    /// <summary>The scan that was sent before and is stored already.</summary>
    public Guid? FileId { get; init; }
}
