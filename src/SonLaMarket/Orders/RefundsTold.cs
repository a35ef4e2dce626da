using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Jobs;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders;

/// <summary>Tells the buyer when money is on its way back through VNPAY; that it is there says <see cref="RefundNotices"/>, for every way.</summary>
public sealed class RefundsTold(Db db, Messages messages) : IHandle<RefundMoved>
{
    public async Task HandleAsync(RefundMoved message, CancellationToken ct)
    {
        const string find = "select u.buyer_phone, u.language from orders.purchase u join orders.sub_order s on s.purchase_id = u.id where s.code = @code and u.buyer_phone <> ''";
        var code = SubOrderName.CodeOf(message.Payable);
        const string text = "SonLaMarket: {1} của đơn {0} đang được VNPAY hoàn về nơi bạn đã trả.";
        if (await db.FirstOrDefaultAsync<Told>(find, new { code }, ct) is not { } buyer)
            return;
        await using var tx = await db.BeginAsync(ct);
        await messages.SendAsync(tx, "sms", buyer.BuyerPhone, $"refund:{message.Code}:{RefundStatus.Processing}", code, string.Format(Vietnamese.Culture, Texts.In(buyer.Language, text), code, Vietnamese.Money(message.AmountVnd)));
        await tx.CommitAsync(CancellationToken.None);
    }

    private sealed record Told(string BuyerPhone, string Language);
}
