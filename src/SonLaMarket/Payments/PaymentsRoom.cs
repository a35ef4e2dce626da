using Npgsql;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Jobs;
using Vnpay;

namespace SonLaMarket.Payments;

public sealed class PaymentsRoom : IRoom
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(Roles.Money, "/quan-ly/tien", "Tiền bán hàng", 45, MenuGroup.Orders),
        new(Roles.Money, "/quan-ly/so-tien", "Sao kê theo kỳ", 46, MenuGroup.Orders),
        new(Roles.Operator, "/quan-tri/so-tien", "Ai nợ ai", 230),
        new(Roles.Operator, "/quan-tri/phi-thue", "Phí và thuế", 231),
        new(Roles.Money, "/quan-ly/tien/chuyen-khoan", "Khớp chuyển khoản", 47, MenuGroup.Orders),
        new(Roles.Owner, "/quan-ly/cach-nhan-tien", "Cách nhận tiền", 63, MenuGroup.Orders),
        new(Roles.Operator, "/quan-tri/hoan-tien", "Hoàn tiền", 240),
        new(Roles.Operator, "/quan-tri/doi-soat", "Đối soát VNPAY", 241),
    ];

    public Type PersonalData => typeof(PaymentsOfPerson);

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(s => VnpaySettings.From(configuration, s.GetRequiredService<IHostEnvironment>().IsProduction(), () => SimulatorAddress.Read(s.GetRequiredService<NpgsqlDataSource>())));
        services.AddVnpay(s => Options(s.GetRequiredService<VnpaySettings>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<VnpayGateway>();
        services.AddSingleton<Terminals>();
        services.AddSingleton<Charges>();
        services.AddSingleton<Ledger>();
        services.AddSingleton<RefundCases>();
        services.AddSingleton(new RefundSettings(configuration.GetValue("Payments:FourEyesAboveVnd", RefundSettings.Usual)));
        services.AddSingleton<Refunds>();
        services.AddSingleton<PaymentRegister>();
        services.AddSingleton<PayeeMethods>();
        services.AddSingleton<Transfers>();
        services.AddSingleton<Settlement>();
        services.AddSingleton<Notifications>();
        services.AddSingleton<Reconciliation>();
        services.AddRecurring<Sweeper>("payments.sweep", "*/5 * * * * *");
        services.AddRecurring<ClosingOfDays>("payments.close-day", "0 40 0 * * *");
        services.AddRecurring<RefundSender>("payments.refunds", "*/5 * * * * *");
        services.AddRecurring<DayFiles>("payments.day-file", "0 30 6-22 * * *");
        services.AddRecurring<SilenceAlarm>("payments.silence", "0 */5 * * * *");
    }

    public Task LoadReferenceAsync(Tx tx, SeedFolder seed, CancellationToken ct) => ChargeProposals.LoadAsync(tx, seed);

    private static VnpayClientOptions Options(VnpaySettings settings, TimeProvider clock) =>
        new() { PaymentUrl = settings.PaymentUrl, TransactionUrl = settings.TransactionUrl, TimeProvider = clock };
}
