using System.Text.Json.Nodes;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin;

/// <summary>Why goods of a lot are gone without having been sold.</summary>
public enum LotLoss
{
    Spoiled,
    Lost,
    Used,
    Destroyed,

    /// <summary>They are there, and no longer for sale.</summary>
    Kept,
}

/// <summary>Goods of a lot that went to a buyer or came back, as its history has it.</summary>
/// <param name="Step">"shipping", "retail_selling" or "receiving".</param>
/// <param name="Trade">The address that stands for the order.</param>
public sealed record LotSale(DateTimeOffset At, string Step, long QuantityBase, string Trade)
{
    /// <summary>The key of the order.</summary>
    public Guid? TradeKey => Guid.TryParse(Trade.Split('/')[^1], out var key) ? key : null;

    public static Task<List<LotSale>> OfLotAsync(Sql sql, long lotId, CancellationToken ct) => sql.QueryAsync<LotSale>("""
        select event_time as at, biz_step as step, quantity_base, document->'bizTransactionList'->0->>'bizTransaction' as trade from origin.event
        where lot_id = @lotId and event_type = 'TransactionEvent' order by event_time, id
        """, new { lotId }, ct);
}

/// <summary>
/// What becomes of lots in an order, told to their history by the room that sells: packed into a parcel (AggregationEvent), sold and sent
/// (TransactionEvent with the order as business transaction), come back, unpacked. The order goes by a key that says nothing of the buyer.
/// </summary>
public sealed class LotMovements(OriginEvents events, SiteOptions site, TimeProvider clock)
{
    public Task PackAsync(Tx tx, Guid trade, IEnumerable<LotQuantityOf> lots, Actor actor) => EachAsync(tx, lots, actor, "AggregationEvent", "ADD", "packing", "in_progress", parent: Parcel(trade));

    /// <summary>The parcel is opened again, and its goods are for sale again or written off. Goods of a blocked lot are back, and not for sale.</summary>
    /// <param name="sellable">False: what came back cannot be sold again.</param>
    public async Task UnpackAsync(Tx tx, Guid trade, IReadOnlyCollection<LotQuantityOf> lots, bool sellable, Actor actor)
    {
        var blocked = await tx.QueryAsync<long>("select distinct lot_id from origin.lot_block where lifted_at is null and lot_id = any(@ids)", new { ids = lots.Select(l => l.LotId).ToArray() });
        foreach (var lot in lots)
            await EachAsync(tx, [lot], actor, "AggregationEvent", "DELETE", "unpacking", sellable && !blocked.Contains(lot.LotId) ? "sellable_accessible" : "non_sellable_other", parent: Parcel(trade));
    }

    /// <param name="fetched">The buyer came for it; otherwise it is sent.</param>
    public Task SellAsync(Tx tx, Guid trade, IEnumerable<LotQuantityOf> lots, bool fetched, Actor actor) =>
        EachAsync(tx, lots, actor, "TransactionEvent", "ADD", fetched ? "retail_selling" : "shipping", fetched ? "retail_sold" : "in_transit", order: Order(trade));

    /// <summary>Nobody took what was sent: the seller has it again, and it is no longer this order's.</summary>
    public Task ReceiveAsync(Tx tx, Guid trade, IEnumerable<LotQuantityOf> lots, Actor actor) => EachAsync(tx, lots, actor, "TransactionEvent", "DELETE", "receiving", "returned", order: Order(trade));

    /// <summary>Goods of the lot leave the shelf without having been sold.</summary>
    public Task LoseAsync(Tx tx, LotQuantityOf lot, LotLoss loss, Actor actor)
    {
        // CBV 2.0: what no longer exists is deleted; what is missing, or kept unsold, was looked at.
        var (word, action, step, disposition) = loss switch
        {
            LotLoss.Spoiled => ("spoiled", "DELETE", "destroying", "disposed"),
            LotLoss.Destroyed => (LotHistory.Destroyed, "DELETE", "destroying", "destroyed"),
            LotLoss.Used => ("used", "DELETE", "other", "unavailable"),
            LotLoss.Lost => ("lost", "OBSERVE", "stock_taking", "unknown"),
            _ => ("kept", "OBSERVE", "holding", "non_sellable_other"),
        };
        var said = new JsonObject { [LotHistory.Loss] = word };
        return events.AppendAsync(tx, new NewEvent(lot.LotId, "ObjectEvent", action, clock.GetUtcNow(), step, disposition, lot.QuantityBase, "producer", null, said), actor);
    }

    private string Parcel(Guid trade) => site.Absolute($"/kien/{trade}");

    private string Order(Guid trade) => site.Absolute($"/giao-dich/{trade}");

    private async Task EachAsync(Tx tx, IEnumerable<LotQuantityOf> lots, Actor actor, string type, string action, string step, string? disposition, string? parent = null, string? order = null)
    {
        var now = clock.GetUtcNow();
        foreach (var (lotId, quantity) in lots)
            await events.AppendAsync(tx, new NewEvent(lotId, type, action, now, step, disposition, quantity, "producer", null) { Parent = parent, Order = order }, actor);
    }
}
