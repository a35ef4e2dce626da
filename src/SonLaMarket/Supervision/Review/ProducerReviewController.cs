using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Supervision.Review;

/// <summary>The dossier of a producer's version on one screen, and the decision on exactly that version.</summary>
[Authorize(Policy = Roles.Officer)]
[Route("/so-cong-thuong/duyet/co-so/{slug}")]
public sealed class ProducerReviewController(Decisions decisions, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private const string Select = """
        select p.id, p.slug, p.status, p.public_version, p.is_sample, v.version, v.kind, v.name, v.tax_code, v.representative, v.phone, v.email, c.full_name as commune_name, c.name_en as commune_name_en, v.address_line, v.about, v.brand, v.picture_ids, v.submitted_at, v.state,
          (select max(x.version) from producers.producer_version x where x.producer_id = p.id and x.state = 'submitted') as waiting_version
        from producers.producer p join producers.producer_version v on v.producer_id = p.id join foundation.commune c on c.code = v.commune_code where p.slug = @slug and v.version = @version;
        select p.id, p.slug, p.status, p.public_version, p.is_sample, v.version, v.kind, v.name, v.tax_code, v.representative, v.phone, v.email, c.full_name as commune_name, c.name_en as commune_name_en, v.address_line, v.about, v.brand, v.picture_ids, v.submitted_at, v.state, null::int as waiting_version
        from producers.producer p join producers.producer_version v on v.producer_id = p.id and v.version = p.public_version join foundation.commune c on c.code = v.commune_code where p.slug = @slug;
        select x.id, k.name as kind_name, k.name_en as kind_name_en, x.number, x.issuer, x.valid_until, x.status, x.file_id from producers.producer p join producers.certificate x on x.producer_id = p.id join producers.certificate_kind k on k.code = x.kind_code
        where p.slug = @slug order by x.valid_until limit 50;
        select a.name, a.code, a.status, a.area_m2, c.full_name as commune_name, c.name_en as commune_name_en from producers.producer p join producers.growing_area a on a.producer_id = p.id join foundation.commune c on c.code = a.commune_code
        where p.slug = @slug and not a.own_place order by a.name collate "vi-x-icu", a.id limit 50;
        select d.decision, d.version, d.reason, d.decided_at, o.name as officer_name from supervision.decision d join accounts.person o on o.id = d.officer_id
        where d.subject_kind = 'producer' and d.subject = @slug order by d.id desc limit 20
        """;

    [HttpGet("{version:int}")]
    public async Task<IActionResult> Show(string slug, int version, CancellationToken ct) =>
        await LoadAsync(slug, version, ct) is { } page ? View("Producer", page) : NotFound();

    [HttpPost("{version:int}/phe-duyet")]
    public Task<IActionResult> Approve(string slug, int version, DecisionForm form, CancellationToken ct) => DecideAsync(slug, version, Decisions.Approve, form, ct);

    [HttpPost("{version:int}/tra-lai")]
    public Task<IActionResult> Return(string slug, int version, DecisionForm form, CancellationToken ct) => DecideAsync(slug, version, Decisions.Return, form, ct);

    [HttpPost("{version:int}/tam-ngung")]
    public Task<IActionResult> Suspend(string slug, int version, DecisionForm form, CancellationToken ct) => DecideAsync(slug, version, Decisions.Suspend, form, ct);

    private async Task<IActionResult> DecideAsync(string slug, int version, string decision, DecisionForm form, CancellationToken ct)
    {
        if (await LoadAsync(slug, version, ct) is not { } page)
            return NotFound();
        if (form.Fault(decision, Checklists.Producer, T) is var (field, message))
            ModelState.AddModelError(field, message);
        if (!ModelState.IsValid)
            return Invalid("Producer", page);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await decisions.OnProducerAsync(tx, slug, version, decision, form.Text, form.Ticked(Checklists.Producer), form.Returned(ProducerDossier.Parts), User.As(Roles.Officer)))
        {
            Response.StatusCode = StatusCodes.Status409Conflict;
            return View("Producer", (await LoadAsync(slug, version, ct))! with { TooLate = true });
        }
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/so-cong-thuong/duyet", decision switch
        {
            Decisions.Approve => T["Đã duyệt cơ sở “{0}”, bản {1}.", page.Producer.Name, version],
            Decisions.Return => T["Đã trả lại hồ sơ “{0}”, bản {1}. Người bán đọc được lý do.", page.Producer.Name, version],
            _ => T["Đã tạm ngừng cơ sở “{0}”.", page.Producer.Name],
        });
    }

    private async Task<ProducerDossier?> LoadAsync(string slug, int version, CancellationToken ct)
    {
        var (waiting, now, certificates, areas, earlier) = await db.MultipleAsync(Select, new { slug, version }, async g => (
            await g.ReadFirstOrDefaultAsync<ProducerVersion>(), await g.ReadFirstOrDefaultAsync<ProducerVersion>(), (await g.ReadAsync<DossierCertificate>()).AsList(),
            (await g.ReadAsync<DossierArea>()).AsList(), (await g.ReadAsync<DecisionRow>()).AsList()), ct);
        return waiting is null ? null : new(waiting, now, Changes(waiting, now), certificates, areas, earlier, Vietnamese.Today(clock));
    }

    private List<Change> Changes(ProducerVersion w, ProducerVersion? p) =>
    [
        new(T["Tên cơ sở"], p?.Name, w.Name),
        new(T["Loại cơ sở"], p is null ? null : T[ProducerKind.Label(p.Kind)], T[ProducerKind.Label(w.Kind)]),
        new(T["Mã số thuế"], p is null ? null : p.TaxCode ?? "", w.TaxCode ?? ""),
        new(T["Người đại diện"], p?.Representative, w.Representative),
        new(T["Điện thoại"], p is null ? null : Vietnamese.ShowPhone(p.Phone), Vietnamese.ShowPhone(w.Phone)),
        new("E-mail", p?.Email, w.Email),
        new(T["Địa chỉ"], p is null ? null : $"{p.AddressLine}, {T.Of(p.CommuneName, p.CommuneNameEn)}", $"{w.AddressLine}, {T.Of(w.CommuneName, w.CommuneNameEn)}"),
        new(T["Thương hiệu"], p?.Brand, w.Brand),
        new(T["Giới thiệu"], p?.About, w.About),
        new(T["Số ảnh"], p is null ? null : p.PictureIds.SequenceEqual(w.PictureIds) ? T["{0} ảnh", w.PictureIds.Length] : T["{0} ảnh, khác bản đang công khai", p.PictureIds.Length], T["{0} ảnh", w.PictureIds.Length]),
    ];
}

public sealed record ProducerVersion(
    long Id, string Slug, string Status, int? PublicVersion, bool IsSample, int Version, string Kind, string Name, string? TaxCode, string Representative, string Phone, string Email, string CommuneName, string CommuneNameEn,
    string AddressLine, string About, string Brand, Guid[] PictureIds, DateTimeOffset SubmittedAt, string State, int? WaitingVersion);

public sealed record DossierArea(string Name, string? Code, string Status, long? AreaM2, string CommuneName, string CommuneNameEn);

public sealed record ProducerDossier(
    ProducerVersion Producer, ProducerVersion? Public, List<Change> Changes, List<DossierCertificate> Certificates, List<DossierArea> Areas, List<DecisionRow> Earlier, DateOnly Today, bool TooLate = false)
{
    private const string Path = "/so-cong-thuong/duyet/co-so/";

    public static IReadOnlyList<SelectListItem> Parts { get; } = [.. ProducerPart.All.Select(p => new SelectListItem(p.Label, p.Word))];

    public DecidePart Decide => new(
        $"{Path}{Producer.Slug}/{Producer.Version}", Producer.State == "submitted", Producer.PublicVersion is not null, Checklists.Producer,
        Producer.WaitingVersion is { } w && w != Producer.Version ? $"{Path}{Producer.Slug}/{w}" : null, TooLate, Parts);
}
