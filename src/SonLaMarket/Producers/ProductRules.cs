using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Producers;

/// <summary>The rules of a product beyond those of single fields (the attributes of <see cref="ProductText"/>), the same for every way in.</summary>
/// <param name="Certificates">Those of the producer.</param>
/// <param name="Production">Codes that are for samples alone are refused.</param>
public sealed record ProductRules(IReadOnlyList<Category> Categories, IReadOnlyList<Speciality> Specialities, IReadOnlyCollection<Guid> Certificates, bool Production)
{
    public static async Task<ProductRules> LoadAsync(Sql sql, long producerId, bool production, CancellationToken ct) => new(
        await Catalogue.CategoriesAsync(sql, ct), await Catalogue.SpecialitiesAsync(sql, ct), await sql.QueryAsync<Guid>("select id from producers.certificate where producer_id = @producerId", new { producerId }, ct), production);

    public static Gs1.Gtin? ReadGtin(string? typed) => typed is not null && Gs1.Gtin.TryParse(typed.Replace(" ", "", StringComparison.Ordinal), out var gtin) ? gtin : null;

    public IEnumerable<(string Field, string Message)> Faults(ProductText form, Texts t)
    {
        if (Gtin(form, t) is { } gtin)
            yield return (nameof(form.Gtin), gtin);
        if (form is { BaseUnit: "piece", NetWeightG: null })
            yield return (nameof(form.NetWeightG), t["Hãy nhập khối lượng tịnh của một đơn vị, bằng gam."]);
        if (form is { CategorySlug: "alcohol", AlcoholPercent: null })
            yield return (nameof(form.AlcoholPercent), t["Hãy nhập độ cồn."]);
        if (form.AlcoholPercent >= 15)
            yield return (nameof(form.AlcoholPercent), t["Rượu từ 15 độ trở lên không được bán trên Internet (Nghị định 105/2017/NĐ-CP)."]);
        if (form.CategorySlug is not null && Categories.All(c => c.Slug != form.CategorySlug))
            yield return (nameof(form.CategorySlug), t["Hãy chọn nhóm hàng trong danh sách."]);
        if (form.SpecialitySlug is not null)
        {
            var speciality = Specialities.FirstOrDefault(s => s.Slug == form.SpecialitySlug);
            if (speciality is null)
                yield return (nameof(form.SpecialitySlug), t["Hãy chọn đặc sản trong danh sách."]);
            else if (!speciality.SaleOnlineAllowed)
                yield return (nameof(form.SpecialitySlug), t["Rượu từ 15 độ trở lên không được bán trên Internet (Nghị định 105/2017/NĐ-CP)."]);
        }
        if ((form.CertificateIds ?? []).Except(Certificates).Any())
            yield return (nameof(form.CertificateIds), t["Hãy chọn chứng nhận của cơ sở bạn."]);
    }

    private string? Gtin(ProductText form, Texts t) => form.Gtin is null ? null : ReadGtin(form.Gtin) switch
    {
        null => t["Mã GTIN không đúng: 8, 12, 13 hoặc 14 số, số cuối là số kiểm tra."],
        { IsRestrictedCirculation: true } => t["Mã bắt đầu bằng 02, 04 hoặc 20–29 chỉ dùng trong nội bộ một công ty. Hãy để trống nếu chưa có mã GS1."],
        { IsDemonstration: true } when Production => t["Mã bắt đầu bằng 952 chỉ để làm mẫu."],
        _ => null,
    };
}
