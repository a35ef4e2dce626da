using SonLaMarket.Catalog;
using SonLaMarket.Producers;

namespace SonLaMarket.Home.Seller;

/// <summary>What is known of a seller's way to the shop; null fields where they have not said who they are.</summary>
public sealed record DossierFacts(
    long? ProducerId, string Name, string Kind, string? TaxCode, string Status, string StatusReason, string[] ReturnedParts, int Version, bool IsPublic, int Pictures, long Areas, long Lots,
    Guid? DraftId, long Listings, long ListingsUnsent, string? ReturnedListing, string? FirstListing, bool DeliverySaid, long? CodLimitVnd, bool Terminal)
{
    /// <summary>There are listings, and the Department was never asked who sells them: nobody can see them.</summary>
    public bool Unsent => Status == "draft" && !IsPublic && Listings > 0;
}

/// <summary>One part of the dossier: its page and its state (todo, doing, done, fix, locked).</summary>
public sealed record DossierPart(string Label, string Path, string State, string Hint = "");

/// <summary>Six parts from a name to goods that the Department has before it. Each is saved alone, in any order after the first.</summary>
public sealed record Dossier(DossierFacts Facts)
{
    /// <summary>In one round trip with whatever else a page asks; reads @me.</summary>
    public const string Select = """
        select p.id as producer_id, coalesce(p.name, '') as name, coalesce(p.kind, '') as kind, p.tax_code, coalesce(p.status, '') as status, coalesce(p.status_reason, '') as status_reason,
          coalesce(p.returned_parts, '{}') as returned_parts, coalesce(p.version, 0) as version, p.public_version is not null as is_public, coalesce(cardinality(p.picture_ids), 0) as pictures,
          (select count(*) from producers.growing_area a where a.producer_id = p.id and not a.own_place) as areas, (select count(*) from origin.lot o where o.producer_id = p.id and o.taken_back_at is null) as lots,
          (select d.id from catalog.offer_draft d where d.producer_id = p.id and d.finished_at is null order by d.changed_at desc limit 1) as draft_id,
          (select count(*) from catalog.listing l where l.producer_id = p.id and l.taken_back_at is null) as listings,
          (select count(*) from catalog.listing l where l.producer_id = p.id and l.status = 'draft' and l.public_version is null) as listings_unsent,
          (select l.slug from catalog.listing l where l.producer_id = p.id and l.status = 'returned' order by l.id limit 1) as returned_listing,
          (select l.slug from catalog.listing l where l.producer_id = p.id and l.taken_back_at is null order by l.id limit 1) as first_listing,
          exists (select 1 from catalog.delivery_terms t where t.producer_id = p.id) as delivery_said,
          (select t.cod_limit_vnd from catalog.delivery_terms t where t.producer_id = p.id) as cod_limit_vnd,
          exists (select 1 from payments.terminal t where t.producer_id = p.id) as terminal
        from (select 1) me left join producers.producer p on p.id = (select m.producer_id from producers.acting m where m.person_id = @me);
        """;

    private DossierFacts F => Facts;

    public bool Begun => F.ProducerId is not null;

    /// <summary>A cooperative or an enterprise cannot be checked without it.</summary>
    public bool TaxCodeMissing => Begun && ProducerKind.IsOrganisation(F.Kind) && F.TaxCode is null;

    /// <summary>Something is there to be sent to the Department, and who sends it is said.</summary>
    public bool CanSubmit => Begun && !TaxCodeMissing && (F.Status is "draft" or "returned" || F.ListingsUnsent > 0 || F.ReturnedListing is not null);

    public bool Done => Parts.All(p => p.State == "done");

    /// <summary>What comes next: what was sent back, then sending what is ready, then what was never begun.</summary>
    public DossierPart? Next => Parts.FirstOrDefault(p => p.State == "fix") ?? (F.Unsent && CanSubmit ? Parts[^1] : null) ?? Parts.FirstOrDefault(p => p.State is "doing" or "todo");

    public DossierPart[] Parts =>
    [
        new("Bạn là ai", "/quan-ly/co-so", !Begun ? "todo" : Returned("identity", "contact", "address") ? "fix" : TaxCodeMissing ? "doing" : "done", TaxCodeMissing ? "Còn thiếu mã số thuế" : "Tên, người đại diện, điện thoại, địa chỉ"),
        new("Bạn trồng ở đâu", "/quan-ly/vung-trong", After(F.Areas > 0 || F.Lots > 0), F.Areas == 0 && F.Lots > 0 ? "Lô đầu ghi trồng tại cơ sở; trồng nơi khác thì thêm vùng trồng" : "Vùng trồng, mã số vùng trồng nếu có"),
        new("Ảnh và giới thiệu", "/quan-ly/co-so/anh", Returned("photo") ? "fix" : After(F.Pictures > 0), "Một ảnh vườn, xưởng hoặc người làm"),
        new("Sản phẩm và tin đăng đầu tiên", F.ReturnedListing is { } bad ? "/quan-ly/tin-dang/" + bad : F.Listings == 0 && F.DraftId is { } draft ? $"/quan-ly/dang-ban/{draft}/kiem-tra" : F.FirstListing is { } first ? "/quan-ly/tin-dang/" + first : "/quan-ly/dang-ban/moi",
            F.ReturnedListing is not null ? "fix" : F.Listings > 0 ? "done" : F.DraftId is not null ? "doing" : After(false), "Khoảng 5 phút, xong có tem của lô"),
        new("Giao hàng và nhận tiền", "/quan-ly/giao-hang/bat-dau", After(F.DeliverySaid && ((F.CodLimitVnd ?? DeliveryFees.Usual(0).Terms.CodLimitVnd) > 0 || F.Terminal)) is var paid && paid == "todo" && (F.DeliverySaid || F.Terminal || F.IsPublic) ? "doing" : paid,
            F.IsPublic && !F.DeliverySaid ? "Người mua đang thấy mức giao hàng và thu tiền thông thường của sàn: xem và sửa cho đúng" : "Gửi hàng thế nào, người mua trả tiền bằng gì"),
        new("Gửi Sở Công Thương duyệt", "#gui-duyet", F.Status == "returned" || F.ReturnedListing is not null ? "fix" : !Begun || TaxCodeMissing ? "locked" : F.Status == "draft" ? "todo" : F.ListingsUnsent > 0 || F.Listings == 0 ? "doing" : "done", TaxCodeMissing || !Begun ? "Làm phần “Bạn là ai” trước" : ""),
    ];

    private bool Returned(params string[] parts) => F.Status == "returned" && (F.ReturnedParts.Intersect(parts).Any() || (F.ReturnedParts.Length == 0 && parts.Contains("identity")));

    private string After(bool done) => !Begun ? "locked" : done ? "done" : "todo";
}
