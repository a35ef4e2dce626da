using Dapper;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin;

/// <summary>One thing that a product passport holds.</summary>
/// <param name="Needed">False for what the law asks for only "if any".</param>
/// <param name="Source">Which clause asks for it.</param>
/// <param name="Fix">Where its producer adds it; null where nobody can.</param>
public sealed record PassportField(string Key, string Label, bool Needed, string Source, string? Value, string? Fix)
{
    public bool Missing => Needed && string.IsNullOrWhiteSpace(Value);
}

public sealed record PassportCertificate(string Kind, string KindEn, string Number, string Issuer, DateOnly ValidUntil);

public sealed record PassportStage(string BizStep, DateTimeOffset EventTime, string? Place);

/// <summary>
/// The passport of a lot's product: the least content of Nghị định 37/2026/NĐ-CP, Điều 32, and the data elements of Thông tư 02/2024/TT-BKHCN, as far as
/// our reference knows them. It says which fields are there, not that anything conforms.
/// </summary>
public sealed record Passport(string Code, string? TitleEn, bool Known, List<PassportField> Fields, List<PassportCertificate> Certificates, List<PassportStage> Stages)
{
    /// <summary>The lot was opened by mistake and never sold.</summary>
    public bool TakenBack { get; init; }

    private const string Opening = "commissioning";

    /// <summary>Steps of production, and the opening of the lot, which is none. What only happened to goods (held, looked at, counted, destroyed) is none either.</summary>
    private static readonly string[] Steps = [Opening, .. DiaryKinds.All.Where(k => DiaryKinds.IsProduction(k.Word)).Select(k => k.BizStep), .. LotStepKind.All.Select(k => k.BizStep)];

    private const string Decree = "Nghị định 37/2026, Điều 32", Circular = "Thông tư 02/2024";

    public int Needed => Fields.Count(f => f.Needed);

    public int There => Fields.Count(f => f.Needed && !f.Missing);

    public bool Complete => There == Needed;

    /// <summary>What stands in the field, in the language of the reader where it has two.</summary>
    public string? ValueOf(PassportField field, Texts t) => field.Key switch
    {
        "name" when field.Value is { } name => t.Of(name, TitleEn),
        "productionDate" or "packingDate" or "bestBefore" when DateOnly.TryParseExact(field.Value, "yyyy-MM-dd", out var day) => Vietnamese.Date(day),
        "certificates" when Certificates.Count > 0 => string.Join("; ", Certificates.Select(c => $"{t.Of(c.Kind, c.KindEn)} {c.Number}")),
        _ => field.Value,
    };

    /// <summary>What was approved of the product, and only that; before its first approval, when only its producer reads it, what the product says.</summary>
    private const string Select = $"""
        select l.id, l.code, a.title, a.title_en, p.name as product_name, f.gtin, f.picture_id, p.code as product_code, f.storage, f.brand, f.model, coalesce(v.name, r.name) as producer_name, r.slug as producer_slug,
          coalesce(v.address_line, r.address_line) || ', ' || k.full_name || ', Sơn La' as producer_address, coalesce(v.tax_code, r.tax_code) as tax_code, v.name is not null as producer_known,
          g.name as growing_area_name, l.growing_area_code, c.full_name as commune_name, {LotHarvest.First} as harvested_on, l.packed_on, l.best_before, l.taken_back_at is not null as taken_back,
          (select 'Thu hồi ' || w.number || ': ' || w.reason from origin.recall w join origin.recall_lot x on x.recall_id = w.id where x.lot_id = l.id order by w.opened_at desc limit 1) as recall,
          (select sum(s.items) from origin.item_series s where s.lot_id = l.id)::bigint as serials
        from origin.lot l join producers.product p on p.id = l.product_id join producers.producer r on r.id = l.producer_id
          left join producers.producer_version v on v.producer_id = r.id and v.version = r.public_version
          join foundation.commune k on k.code = coalesce(v.commune_code, r.commune_code) join foundation.commune c on c.code = l.commune_code
          left join producers.growing_area g on g.id = l.growing_area_id and not g.own_place left join origin.approved_product a on a.product_id = l.product_id
          cross join lateral (
            select a.gtin, a.picture_id, a.storage, a.brand, a.model where a.product_id is not null
            union all select p.gtin, p.picture_ids[1], p.storage, p.brand, p.model where a.product_id is null) f
        where l.code = @lotCode;
        select k.name as kind, k.name_en as kind_en, c.number, c.issuer, c.valid_until
        from origin.lot l join origin.approved_product p on p.product_id = l.product_id join producers.certificate c on c.id = any(p.certificate_ids) join producers.certificate_kind k on k.code = c.kind_code
        where l.code = @lotCode and c.status = 'verified' and c.valid_until >= @today order by c.valid_until desc;
        select e.biz_step, e.event_time, e.biz_location as place from origin.event e join origin.lot l on l.id = e.lot_id
        where l.code = @lotCode and not exists (select 1 from origin.event x where x.corrects_id = e.id) and not e.document ? 'errorDeclaration'
          and e.biz_step = any(@Steps) and (e.event_type in ('ObjectEvent', 'TransformationEvent') or exists (select 1 from origin.lot_step s where s.id = e.id)) order by e.event_time, e.id limit 500
        """;

    /// <summary>Null when no lot has this code.</summary>
    public static Task<Passport?> LoadAsync(Sql sql, OriginEvents events, SiteOptions site, string lotCode, DateOnly today, CancellationToken ct) =>
        sql.MultipleAsync(Select, new { lotCode, today, Steps }, async g =>
        {
            var lot = await g.ReadFirstOrDefaultAsync<Row>();
            var certificates = (await g.ReadAsync<PassportCertificate>()).AsList();
            var stages = (await g.ReadAsync<PassportStage>()).AsList();
            return lot is null ? null : new Passport(lot.Code, lot.TitleEn, lot is { Title: not null, ProducerKnown: true }, Of(lot, certificates, stages, events, site), certificates, stages) { TakenBack = lot.TakenBack };
        }, ct);

    private static List<PassportField> Of(Row lot, List<PassportCertificate> certificates, List<PassportStage> stages, OriginEvents events, SiteOptions site)
    {
        var product = $"/quan-ly/san-pham/{lot.ProductCode}";
        var diary = $"/quan-ly/lo/{lot.Code}#ghi-nhat-ky";
        return
        [
            new("name", "Tên sản phẩm", true, Decree, lot.Title ?? lot.ProductName, product),
            new("gtin", "Mã GTIN", true, Decree, lot.Gtin, product),
            new("image", "Ảnh sản phẩm", true, Circular, lot.PictureId is { } picture ? site.Absolute($"/media/{picture}/w1200.jpg") : null, product),
            new("producerName", "Tên cơ sở", true, Decree, lot.ProducerName, "/quan-ly/co-so"),
            new("producerAddress", "Địa chỉ cơ sở", true, Decree, lot.ProducerAddress, "/quan-ly/co-so"),
            new("producerIdentifier", "Mã số của cơ sở (mã số thuế)", true, Decree, lot.TaxCode, "/quan-ly/co-so"),
            new("origin", "Xuất xứ, nơi trồng, nơi làm", true, Decree, string.Join(", ", new[] { lot.GrowingAreaName, lot.CommuneName, "Sơn La" }.OfType<string>()), null),
            new("growingAreaCode", "Mã số vùng trồng", false, Decree, lot.GrowingAreaCode, "/quan-ly/vung-trong"),
            new("traceCode", "Mã truy xuất của lô", true, Circular, events.LotUri(lot.Code, lot.Gtin), null),
            // Parcels, sales and labels are no stages of production either.
            new("stages", "Các công đoạn có thời gian và nơi làm", true, Circular, stages.Count(s => s.BizStep != Opening) is > 0 and var made ? $"{made}" : null, diary),
            new("productionDate", "Ngày thu hoạch, sản xuất", true, Decree, Iso(lot.HarvestedOn), null),
            new("packingDate", "Ngày đóng gói", false, Decree, Iso(lot.PackedOn), null),
            new("bestBefore", "Hạn dùng", false, Decree, Iso(lot.BestBefore), null),
            new("certificates", "Chứng nhận còn hiệu lực", false, Decree, certificates.Count > 0 ? string.Join("; ", certificates.Select(c => $"{c.Kind} {c.Number}")) : null, "/quan-ly/chung-nhan"),
            new("brand", "Nhãn hiệu", false, Circular, Given(lot.Brand), product),
            new("model", "Loại, mã hiệu", false, Circular, Given(lot.Model), product),
            new("serials", "Số sê-ri của từng gói", false, Circular, lot.Serials is { } serials ? Vietnamese.Number(serials) : null, $"/quan-ly/lo/{lot.Code}/ma-goi"),
            new("warnings", "Cảnh báo, cách bảo quản", false, Decree, string.Join("\n", new[] { lot.Recall, lot.Storage }.Where(w => !string.IsNullOrEmpty(w))) is { Length: > 0 } warnings ? warnings : null, product),
        ];
    }

    private static string? Given(string text) => text.Length > 0 ? text : null;

    private static string? Iso(DateOnly? day) => day?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private sealed record Row(
        long Id, string Code, string? Title, string? TitleEn, string ProductName, string? Gtin, Guid? PictureId, string ProductCode, string Storage, string Brand, string Model, string ProducerName, string ProducerSlug, string ProducerAddress, string? TaxCode, bool ProducerKnown,
        string? GrowingAreaName, string? GrowingAreaCode, string CommuneName, DateOnly? HarvestedOn, DateOnly? PackedOn, DateOnly? BestBefore, bool TakenBack, string? Recall, long? Serials);
}
