using Npgsql;
using SonLaMarket.Foundation;
using SonLaMarket.Jobs;
using Vnpay;

namespace SonLaMarket.Payments;

public sealed class PaymentsRoom : IRoom
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(Roles.Money, "/quan-ly/tien", "Tiền bán hàng", 45),
        new(Roles.Owner, "/quan-ly/cong-thanh-toan", "Cổng thanh toán", 63),
    ];

    public Type PersonalData => typeof(PaymentsOfPerson);

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(s => VnpaySettings.From(configuration, s.GetRequiredService<IHostEnvironment>().IsProduction(), () => SimulatorAddress.Read(s.GetRequiredService<NpgsqlDataSource>())));
        services.AddVnpay(s => Options(s.GetRequiredService<VnpaySettings>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<VnpayGateway>();
        services.AddSingleton<Terminals>();
        services.AddSingleton<Ledger>();
        services.AddSingleton<RefundCases>();
        services.AddSingleton<PaymentRegister>();
        services.AddSingleton<Settlement>();
        services.AddSingleton<Notifications>();
        services.AddRecurring<Sweeper>("payments.sweep", "*/5 * * * * *");
    }

    private static VnpayClientOptions Options(VnpaySettings settings, TimeProvider clock) =>
        new() { PaymentUrl = settings.PaymentUrl, TransactionUrl = settings.TransactionUrl, TimeProvider = clock };
}
