using SonLaMarket.Catalog;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Jobs;
using SonLaMarket.Origin;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders;

public sealed class OrdersRoom : IRoom
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(Roles.Seller, "/quan-ly/don-hang", "Đơn hàng", 40, MenuGroup.Orders),
        new(Roles.Seller, "/quan-ly/khieu-nai", "Khiếu nại, trả hàng", 42, MenuGroup.Orders),
        new(Roles.Seller, "/quan-ly/giao-hang", "Giao hàng", 62, MenuGroup.Orders),
        new(Roles.Seller, "/quan-ly/hoa-don", "Hóa đơn", 43, MenuGroup.Orders),
        new(Roles.Seller, "/quan-ly/diem-nhan", "Điểm nhận hàng", 64, MenuGroup.Orders),
        new(Roles.Operator, "/quan-tri/thoi-han", "Thời hạn khiếu nại", 250),
    ];

    public Type PersonalData => typeof(OrdersOfPerson);

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<RecallNotices>();
        services.AddSingleton<Carts>();
        services.AddSingleton<OrderLinks>();
        services.AddSingleton<OrderNotices>();
        services.AddSingleton<OrderRegister>();
        services.AddSingleton<Weighing>();
        services.AddSingleton<SubOrders>();
        services.AddSingleton<Pickups>();
        services.AddSingleton<InvoiceRequests>();
        services.AddSingleton<IInvoiceProvider, InvoiceFile>();
        services.AddSingleton<ComplaintRegister>();
        services.AddFileUse("select unnest(picture_ids) from orders.complaint");
        services.AddSingleton<ReturnedGoods>();
        services.AddRecurring<LateComplaints>("orders.late-complaints", "30 */10 * * * *");
        services.AddSingleton<PayAgain>();
        services.AddSingleton<FindLimit>();
        services.AddSingleton(new CheckoutLimits(configuration));
        services.AddSingleton<PlaceLimit>();
        services.AddSingleton<OpenHolds>();
        // Interfaces that a room below owns and a room above fills (docs/architecture.md, section 4).
        services.AddSingleton<IPayable, OrderPayable>();
        services.AddSingleton<ITradeReceivers, TradeReceivers>();
        services.AddSingleton<IReturnTerms, ReturnTerms>();
        services.AddHandler<RecallOpened, RecalledOrders>();
        services.AddHandler<MoneyReturned, RefundNotices>();
        services.AddHandler<RefundMoved, RefundsTold>();
        services.AddRecurring<OldCarts>("orders.old-carts", "0 15 3 * * *");
    }
}
