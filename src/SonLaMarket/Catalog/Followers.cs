using SonLaMarket.Foundation.Data;
using SonLaMarket.Jobs;
using SonLaMarket.Origin;
using SonLaMarket.Producers;

namespace SonLaMarket.Catalog;

/// <summary>What Catalog does when lower rooms announce a change.</summary>
public sealed class Followers(Shelf shelf, Db db) : IHandle<ProducerChanged>, IHandle<CertificateDecided>, IHandle<LotBlockChanged>
{
    public Task HandleAsync(ProducerChanged message, CancellationToken ct) => RefreshProducerAsync(message.ProducerId, ct);

    public Task HandleAsync(CertificateDecided message, CancellationToken ct) => RefreshProducerAsync(message.ProducerId, ct);

    public async Task HandleAsync(LotBlockChanged message, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(ct);
        await shelf.RefreshProductAsync(tx, await tx.SingleAsync<long>("select product_id from origin.lot where id = @LotId", new { message.LotId }, ct));
        await tx.CommitAsync(ct);
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
