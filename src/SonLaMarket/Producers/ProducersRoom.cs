using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Jobs;

namespace SonLaMarket.Producers;

public sealed class ProducersRoom : IRoom
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(Roles.Seller, "/quan-ly/san-pham", "Sản phẩm", 20, MenuGroup.Goods),
        new(Roles.Seller, "/quan-ly/chung-nhan", "Chứng nhận", 60, MenuGroup.Self),
        new(Roles.Seller, "/quan-ly/vung-trong", "Vùng trồng", 61, MenuGroup.Lots),
        new(Roles.Seller, "/quan-ly/co-so", "Cơ sở của tôi", 70, MenuGroup.Self),
        new(Roles.Owner, "/quan-ly/thanh-vien", "Thành viên", 71, MenuGroup.Self),
        new(Roles.Owner, "/quan-ly/khoa-api", "Khóa API", 72, MenuGroup.Self),
        new(Roles.Operator, "/quan-tri/khoa-api", "Khóa API", 225),
        new(Roles.Helper, "/tai-khoan/lam-thay", "Làm thay cơ sở", 5),
    ];

    public Type PersonalData => typeof(ProducersOfPerson);

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<ProducerNotices>();
        services.AddRecurring<ExpiringCertificates>("producers.expiring-certificates", "0 5 8 * * *");
        services.AddSingleton<ProducerRegister>();
        services.AddSingleton<Members>();
        services.AddSingleton<Helpers>();
        services.AddSingleton<IClaimsTransformation, ActingClaims>();
        services.AddSingleton<IAntiforgeryAdditionalDataProvider, FormsOfProducer>();
        services.AddSingleton<Products>();
        services.AddSingleton<Certificates>();
        services.AddFileUse("""
            select unnest(picture_ids) from producers.producer union all select unnest(picture_ids) from producers.producer_version
            union all select unnest(picture_ids) from producers.product union all select file_id from producers.certificate
            """);
        services.AddSingleton<GrowingAreas>();
        services.AddSingleton<ApiKeys>();
        ApiKeyAuthentication.Add(services);
    }

    public Task LoadReferenceAsync(Tx tx, SeedFolder seed, CancellationToken ct) => Catalogue.LoadAsync(tx, seed);
}
