using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Supervision.Review;

/// <summary>A certificate beside its scan: an officer compares, then verifies, rejects or later revokes.</summary>
[Authorize(Policy = Roles.Officer)]
[Route("/so-cong-thuong/duyet/chung-nhan/{id:guid}")]
public sealed class CertificateReviewController(Decisions decisions, Uploads uploads, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private const string Select = """
        select c.id, k.name as kind_name, k.name_en as kind_name_en, k.standard, k.issuer as usual_issuer, c.number, c.issuer, c.scope, c.stars, c.issued_on, c.valid_until, c.status, c.reason, c.file_id, c.lookup_url, c.submitted_at, p.slug as producer_slug, p.name as producer_name
        from producers.certificate c join producers.certificate_kind k on k.code = c.kind_code join producers.producer p on p.id = c.producer_id where c.id = @id;
        select d.decision, d.version, d.reason, d.decided_at, p.name as officer_name from supervision.decision d join accounts.person p on p.id = d.officer_id
        where d.subject_kind = 'certificate' and d.subject = @id::text order by d.id desc limit 20
        """;

    [HttpGet("")]
    public async Task<IActionResult> Show(Guid id, CancellationToken ct) =>
        await LoadAsync(id, ct) is { } page ? View("Certificate", page) : NotFound();

    [HttpGet("ban-chup")]
    public async Task<IActionResult> Scan(Guid id, CancellationToken ct) =>
        await db.FirstOrDefaultAsync<Guid?>("select file_id from producers.certificate where id = @id", new { id }, ct) is { } file && await uploads.FindDocumentAsync(db, file, ct) is { } document
            ? PhysicalFile(document.Path, "application/pdf", document.Name)
            : NotFound();

    [HttpPost("phe-duyet")]
    public Task<IActionResult> Approve(Guid id, DecisionForm form, CancellationToken ct) => DecideAsync(id, Decisions.Approve, form, ct);

    [HttpPost("tra-lai")]
    public Task<IActionResult> Return(Guid id, DecisionForm form, CancellationToken ct) => DecideAsync(id, Decisions.Return, form, ct);

    [HttpPost("tam-ngung")]
    public Task<IActionResult> Revoke(Guid id, DecisionForm form, CancellationToken ct) => DecideAsync(id, Decisions.Suspend, form, ct);

    private async Task<IActionResult> DecideAsync(Guid id, string decision, DecisionForm form, CancellationToken ct)
    {
        if (await LoadAsync(id, ct) is not { } page)
            return NotFound();
        if (form.Fault(decision, Checklists.Certificate, T) is var (field, message))
            ModelState.AddModelError(field, message);
        if (!ModelState.IsValid)
            return Invalid("Certificate", page);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await decisions.OnCertificateAsync(tx, id, decision, form.Text, form.Ticked(Checklists.Certificate), User.As(Roles.Officer)))
        {
            Response.StatusCode = StatusCodes.Status409Conflict;
            return View("Certificate", (await LoadAsync(id, ct))! with { TooLate = true });
        }
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/so-cong-thuong/duyet?loai=certificate", decision switch
        {
            Decisions.Approve => T["Đã xác nhận chứng nhận {0}.", page.Certificate.Number],
            Decisions.Return => T["Đã trả lại chứng nhận {0}. Người bán đọc được lý do.", page.Certificate.Number],
            _ => T["Đã thu hồi xác nhận của chứng nhận {0}.", page.Certificate.Number],
        });
    }

    private async Task<CertificateDossier?> LoadAsync(Guid id, CancellationToken ct)
    {
        var (found, earlier) = await db.MultipleAsync(Select, new { id }, async g => (await g.ReadFirstOrDefaultAsync<WaitingCertificate>(), (await g.ReadAsync<DecisionRow>()).AsList()), ct);
        return found is null ? null : new(found, earlier, Vietnamese.Today(clock));
    }
}

public sealed record WaitingCertificate(
    Guid Id, string KindName, string KindNameEn, string Standard, string UsualIssuer, string Number, string Issuer, string Scope, int? Stars, DateOnly IssuedOn, DateOnly ValidUntil, string Status, string Reason, Guid? FileId, string? LookupUrl,
    DateTimeOffset SubmittedAt, string ProducerSlug, string ProducerName);

public sealed record CertificateDossier(WaitingCertificate Certificate, List<DecisionRow> Earlier, DateOnly Today, bool TooLate = false)
{
    public DecidePart Decide => new($"/so-cong-thuong/duyet/chung-nhan/{Certificate.Id}", Certificate.Status == "submitted", Certificate.Status == "verified", Checklists.Certificate, null, TooLate);
}
