using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Catalog;

public sealed partial class Stock
{
    /// <summary>
    /// Open lots in place of those that a holder has now: what it had goes back, the same is taken anew and stays held or sold as it was.
    /// Where it cannot be had whoever asked rolls back.
    /// </summary>
    public async Task<ReserveOutcome> ExchangeAsync(Tx tx, string holder, IReadOnlyList<StockWish> wishes)
    {
        var sold = await tx.SingleAsync<bool>("select exists (select 1 from catalog.reservation where holder = @holder and state = 'sold')", new { holder });
        await tx.ExecuteAsync(LockOfWishes, new { ids = wishes.Select(w => w.ListingId).ToArray() });
        await ReturnAsync(tx, holder);
        var outcome = await ReserveAsync(tx, holder, wishes, null);
        if (sold && outcome is ReserveOutcome.Reserved)
            await SellAsync(tx, holder);
        return outcome;
    }
}
