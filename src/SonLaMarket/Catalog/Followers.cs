using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Jobs;
using SonLaMarket.Origin;
using SonLaMarket.Producers;

namespace SonLaMarket.Catalog;

/// <summary>What Catalog does when lower rooms announce a change.</summary>
public sealed class Followers(Shelf shelf, Db db, TimeProvider clock) : IHandle<ProducerChanged>, IHandle<CertificateDecided>, IHandle<LotBlockChanged>, IRecurring
{
    public Task HandleAsync(ProducerChanged message, CancellationToken ct) => RefreshProducerAsync(message.ProducerId, ct);

    public Task HandleAsync(CertificateDecided message, CancellationToken ct) => RefreshProducerAsync(message.ProducerId, ct);

    public async Task HandleAsync(LotBlockChanged message, CancellationToken ct)
    {
        foreach (var product in await db.QueryAsync<long>("select distinct product_id from origin.lot where id = any(@LotIds) order by product_id", new { message.LotIds }, ct))
        {
            await using var tx = await db.BeginAsync(ct);
            await shelf.RefreshProductAsync(tx, product);
            await tx.CommitAsync(ct);
        }
    }

    /// <summary>A day has ended: lots that were good until then are not sold any more, certificates that were valid until then do not count.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        const string ended = "select distinct t.product_id from catalog.lot_stock t join origin.lot_offer f on f.lot_id = t.lot_id join origin.lot o on o.id = t.lot_id where o.best_before < @today and f.available_units > 0";
        const string uncertified = "select listing_id from catalog.search_entry where certificates_until < @today order by listing_id";
        var today = Vietnamese.Today(clock);
        foreach (var product in await db.QueryAsync<long>(ended, new { today }, ct))
        {
            await using var tx = await db.BeginAsync(ct);
            await shelf.RefreshProductAsync(tx, product);
            await tx.CommitAsync(ct);
        }
        foreach (var listing in await db.QueryAsync<long>(uncertified, new { today }, ct))
        {
            await using var tx = await db.BeginAsync(ct);
            await shelf.RefreshAsync(tx, listing);
            await tx.CommitAsync(ct);
        }
    }

    private async Task RefreshProducerAsync(long producerId, CancellationToken ct)
    {
        foreach (var id in await db.QueryAsync<long>("select id from catalog.listing where producer_id = @producerId order by id", new { producerId }, ct))
        {
            await using var tx = await db.BeginAsync(ct);
            await shelf.RefreshAsync(tx, id);
            await tx.CommitAsync(ct);
        }
    }
}
