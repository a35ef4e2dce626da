using SonLaMarket.Accounts;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders;

/// <summary>What a payment does to an order, inside the payment's transaction.</summary>
public sealed class OrderPayable(Stock stock, RefundCases refunds, Messages messages, OrderLinks links, TimeProvider clock) : IPayable
{
    public async Task PaidAsync(Tx tx, string payable)
    {
        if (await MoveAsync(tx, payable, OrderState.AwaitingPayment, OrderState.Confirmed, "") is not { } moved)
        {
            // Put on hold by a recall, or cancelled, while the buyer was paying: the money goes back.
            await refunds.OpenAsync(tx, payable, RefundCases.Cancelled, "not-wanted:" + payable);
            return;
        }
        await stock.SellAsync(tx, payable);
        await TellPaidAsync(tx, payable, moved);
    }

    public async Task<bool> PaidLateAsync(Tx tx, string payable)
    {
        var lines = await OrderedLine.OfAsync(tx, SubOrderName.CodeOf(payable));
        // A savepoint, because a reservation that fails half way must not keep its first half.
        await tx.ExecuteAsync("savepoint taken_again");
        if (await MoveAsync(tx, payable, OrderState.Expired, OrderState.Confirmed, "Tiền đến sau hạn, hàng vẫn còn") is { } moved
            && await stock.ReserveAsync(tx, payable, OrderedLine.Wishes(lines), null) is ReserveOutcome.Reserved reserved)
        {
            await LineLots.ReplaceAsync(tx, lines, reserved.Shares);
            await stock.SellAsync(tx, payable);
            await TellPaidAsync(tx, payable, moved);
            return true;
        }
        await tx.ExecuteAsync("rollback to savepoint taken_again");
        return false;
    }

    public async Task ExpiredAsync(Tx tx, string payable)
    {
        await stock.ReleaseAsync(tx, payable);
        await MoveAsync(tx, payable, OrderState.AwaitingPayment, OrderState.Expired, "");
    }

    public async Task<PayableLink?> LinkAsync(Sql sql, string payable, CancellationToken ct)
    {
        var code = await sql.FirstOrDefaultAsync<string>("select u.code from orders.purchase u join orders.sub_order s on s.purchase_id = u.id where s.code = @code", new { code = SubOrderName.CodeOf(payable) }, ct);
        return code is null ? null : new PayableLink(code, links.GrantedPath(code));
    }

    private async Task<Moved?> MoveAsync(Tx tx, string payable, string from, string to, string note)
    {
        const string update = """
            update orders.sub_order s set status = @to, changed_at = @now from orders.purchase u
            where u.id = s.purchase_id and s.code = @code and s.status = @from returning s.id, u.buyer_phone, u.language
            """;
        var now = clock.GetUtcNow();
        var moved = await tx.FirstOrDefaultAsync<Moved>(update, new { code = SubOrderName.CodeOf(payable), from, to, now });
        if (moved is not null)
            await StatusChanges.NoteAsync(tx, moved.Id, from, to, now, OrderMover.Payment, null, note);
        return moved;
    }

    private Task TellPaidAsync(Tx tx, string payable, Moved moved)
    {
        var code = SubOrderName.CodeOf(payable);
        return messages.SendAsync(tx, "sms", moved.BuyerPhone, "sub-order-paid:" + code, code, string.Format(Vietnamese.Culture, Texts.In(moved.Language, "SonLaMarket: đã nhận thanh toán cho đơn {0}. Người bán đang chuẩn bị hàng."), code));
    }

    private sealed record Moved(long Id, string BuyerPhone, string Language);
}
