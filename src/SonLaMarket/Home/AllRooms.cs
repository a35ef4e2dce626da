using SonLaMarket.Accounts;
using SonLaMarket.Catalog;
using SonLaMarket.Exports;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Imports;
using SonLaMarket.Jobs;
using SonLaMarket.Orders;
using SonLaMarket.Origin;
using SonLaMarket.Payments;
using SonLaMarket.Producers;
using SonLaMarket.Supervision;

namespace SonLaMarket.Home;

/// <summary>The rooms, in floor order (docs/architecture.md, section 4).</summary>
public static class AllRooms
{
    public static IRoom[] Make() =>
    [
        new JobsRoom(),
        new AccountsRoom(),
        new FilesRoom(),
        new ProducersRoom(),
        new OriginRoom(),
        new CatalogRoom(),
        new PaymentsRoom(),
        new OrdersRoom(),
        new ExportsRoom(),
        new ImportsRoom(),
        new SupervisionRoom(),
    ];
}
