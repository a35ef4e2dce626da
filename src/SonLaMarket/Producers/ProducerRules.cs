using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Producers;

/// <summary>The rules of a producer beyond those of single fields (the attributes of <see cref="ProducerText"/>), the same for every way in.</summary>
/// <param name="Communes">Of the province.</param>
/// <param name="Samples">Numbers that are for samples alone are taken.</param>
public sealed record ProducerRules(IReadOnlyList<Commune> Communes, bool Samples)
{
    public static async Task<ProducerRules> LoadAsync(Sql sql, bool samples, CancellationToken ct) => new(await Foundation.Data.Communes.OfProvinceAsync(sql, Foundation.Data.Communes.SonLa, ct), samples);

    public IEnumerable<(string Field, string Message)> Faults(ProducerText form, Texts t)
    {
        if (form.TaxCode is not null && Vietnamese.TaxCode(form.TaxCode, Samples) is null)
            yield return (nameof(form.TaxCode), t["Mã số thuế không đúng. Mã có 10 số (đơn vị trực thuộc thêm -001), hộ và cá nhân dùng 12 số định danh."]);
        if (form.FullName.Length == 0)
            yield return (nameof(form.Name), t["Hãy nhập tên cơ sở."]);
        if (form.Phone is not null && Vietnamese.Phone(form.Phone, Samples) is null)
            yield return (nameof(form.Phone), t["Số điện thoại di động có 10 số, ví dụ 0912 345 678."]);
        if (form.CommuneCode is not null && Communes.All(c => c.Code != form.CommuneCode))
            yield return (nameof(form.CommuneCode), t["Hãy chọn xã hoặc phường trong danh sách."]);
    }

    /// <summary>What is stored of a form without faults.</summary>
    public ProducerDraft Draft(ProducerText form, string about, Guid[] pictures) => new(
        form.Kind!, form.FullName, form.TaxCode is null ? null : Vietnamese.TaxCode(form.TaxCode, Samples), Vietnamese.Clean(form.Representative), Vietnamese.Phone(form.Phone, Samples)!, form.Email ?? "", form.CommuneCode!,
        Vietnamese.Clean(form.AddressLine), form.Postcode ?? "", form.DigitalAddress ?? "", form.Lat, form.Lon, about, pictures, Brand: Vietnamese.Clean(form.Brand));
}
