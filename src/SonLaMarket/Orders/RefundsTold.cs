using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Jobs;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders;

/// <summary>Tells the buyer when money is on its way back through VNPAY; that it is there says <see cref="RefundNotices"/>, for every way.</summary>
public sealed class RefundsTold(OrderNotices notices, Db db) : IHandle<RefundMoved>
{
    public async Task HandleAsync(RefundMoved message, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(ct);
        await notices.TellBuyerAsync(tx, SubOrderName.CodeOf(message.Payable), OrderNotice.Refunding, message.Code, Vietnamese.Money(message.AmountVnd));
        await tx.CommitAsync(CancellationToken.None);
    }
}
