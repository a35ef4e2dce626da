using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Producers;

public sealed class ProducersRoom : IRoom
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(Roles.Seller, "/quan-ly/san-pham", "Sản phẩm", 20),
        new(Roles.Seller, "/quan-ly/chung-nhan", "Chứng nhận", 60),
        new(Roles.Seller, "/quan-ly/vung-trong", "Vùng trồng", 61),
        new(Roles.Seller, "/quan-ly/co-so", "Cơ sở của tôi", 70),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<ProducerRegister>();
        services.AddSingleton<Products>();
        services.AddSingleton<Certificates>();
        services.AddSingleton<GrowingAreas>();
    }

    public Task LoadReferenceAsync(Tx tx, SeedFolder seed, CancellationToken ct) => Catalogue.LoadAsync(tx, seed);
}
