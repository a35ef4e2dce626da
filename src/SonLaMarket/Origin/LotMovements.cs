using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin;

/// <summary>
/// What becomes of lots in an order, told to their history by the room that sells: packed into a parcel (AggregationEvent), sold and sent
/// (TransactionEvent with the order as business transaction), and both taken back. The order goes by a key that says nothing of the buyer.
/// </summary>
public sealed class LotMovements(OriginEvents events, SiteOptions site, TimeProvider clock)
{
    public Task PackAsync(Tx tx, Guid trade, IEnumerable<LotQuantityOf> lots, Actor actor) => EachAsync(tx, lots, actor, "AggregationEvent", "ADD", "packing", "in_progress", parent: Parcel(trade));

    public Task UnpackAsync(Tx tx, Guid trade, IEnumerable<LotQuantityOf> lots, Actor actor) => EachAsync(tx, lots, actor, "AggregationEvent", "DELETE", "unpacking", null, parent: Parcel(trade));

    /// <param name="fetched">The buyer came for it; otherwise it is sent.</param>
    public Task SellAsync(Tx tx, Guid trade, IEnumerable<LotQuantityOf> lots, bool fetched, Actor actor) =>
        EachAsync(tx, lots, actor, "TransactionEvent", "ADD", fetched ? "retail_selling" : "shipping", fetched ? "retail_sold" : "in_transit", order: Order(trade));

    public Task TakeBackAsync(Tx tx, Guid trade, IEnumerable<LotQuantityOf> lots, Actor actor) => EachAsync(tx, lots, actor, "TransactionEvent", "DELETE", "void_shipping", null, order: Order(trade));

    private string Parcel(Guid trade) => site.Absolute($"/kien/{trade}");

    private string Order(Guid trade) => site.Absolute($"/giao-dich/{trade}");

    private async Task EachAsync(Tx tx, IEnumerable<LotQuantityOf> lots, Actor actor, string type, string action, string step, string? disposition, string? parent = null, string? order = null)
    {
        var now = clock.GetUtcNow();
        foreach (var (lotId, quantity) in lots)
            await events.AppendAsync(tx, new NewEvent(lotId, type, action, now, step, disposition, quantity, "producer", null) { Parent = parent, Order = order }, actor);
    }
}
