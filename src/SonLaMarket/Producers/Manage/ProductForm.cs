namespace SonLaMarket.Producers.Manage;

public sealed record ProductForm : ProductText
{
    public Guid[]? Kept { get; init; }

    public Guid[]? Removed { get; init; }

    public static ProductForm Of(Product p) => new()
    {
        Name = p.Name,
        NameEn = p.NameEn,
        CategorySlug = p.CategorySlug,
        SpecialitySlug = p.SpecialitySlug,
        Gtin = p.Gtin,
        BaseUnit = p.BaseUnit,
        NetWeightG = p.NetWeightG,
        Description = p.Description,
        Storage = p.Storage,
        Brand = p.Brand,
        Model = p.Model,
        Ingredients = p.Ingredients,
        AlcoholPercent = p.AlcoholPercent,
        CertificateIds = p.CertificateIds,
        Kept = p.PictureIds,
    };
}
