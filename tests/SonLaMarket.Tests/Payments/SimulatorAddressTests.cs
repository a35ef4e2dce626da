using SonLaMarket.Payments;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Payments;

public sealed class SimulatorAddressTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    [Fact]
    public async Task A_second_process_finds_the_simulator_of_the_first()
    {
        await SimulatorAddress.PublishAsync(fixture.Db, "http://localhost:1");
        await SimulatorAddress.PublishAsync(fixture.Db, "http://localhost:6123");
        await using var site = new Site(fixture.Database);
        var settings = site.Get<VnpaySettings>();
        Assert.Equal(("http://localhost:6123/paymentv2/vpcpay.html", "http://localhost:6123/merchant_webapi/api/transaction"), (settings.PaymentUrl, settings.TransactionUrl));
    }
}
