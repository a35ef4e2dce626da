using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Catalog;

public sealed partial class Stock
{
    /// <summary>
    /// Open lots in place of those that a holder has now: what it had goes back, the same is taken anew and stays held or sold as it was.
    /// Where it cannot be had whoever asked rolls back.
    /// </summary>
    public async Task<ReserveOutcome> ExchangeAsync(Tx tx, StockHold hold)
    {
        var sold = await tx.SingleAsync<bool>("select exists (select 1 from catalog.reservation where holder = @Holder and state = 'sold')", new { hold.Holder });
        await tx.ExecuteAsync(LockOfWishes, new { ids = hold.Wishes.Select(w => w.ListingId).ToArray() });
        await ReturnAsync(tx, hold.Holder);
        var outcome = await ReserveAsync(tx, [hold]);
        if (sold && outcome is ReserveOutcome.Reserved)
            await SellAsync(tx, hold.Holder);
        return outcome;
    }
}
