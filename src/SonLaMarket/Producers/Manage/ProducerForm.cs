using System.ComponentModel.DataAnnotations;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Producers.Manage;

public sealed record ProducerForm : ProducerText
{
    public static ProducerForm Of(Producer p) => new()
    {
        Kind = p.Kind,
        Name = p.Name,
        TaxCode = p.TaxCode,
        Representative = p.Representative,
        Phone = p.Phone.Length == 0 ? "" : Vietnamese.ShowPhone(p.Phone).Replace('\u00a0', ' '),
        Email = p.Email,
        CommuneCode = p.CommuneCode,
        AddressLine = p.AddressLine,
        Postcode = p.Postcode,
        DigitalAddress = p.DigitalAddress,
        Brand = p.Brand,
        Lat = p.Lat,
        Lon = p.Lon,
    };
}

public sealed record PhotoForm
{
    [StringLength(4000, ErrorMessage = "Phần giới thiệu dài nhất 4.000 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? About { get; init; }

    public Guid[]? Kept { get; init; }

    public Guid[]? Removed { get; init; }

    public static PhotoForm Of(Producer p) => new() { About = p.About, Kept = p.PictureIds };
}
