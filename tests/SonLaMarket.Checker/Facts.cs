using System.Globalization;
using Npgsql;

namespace SonLaMarket.Checker;

internal sealed record Purchase(string Code, string FormKey);

/// <param name="GoodsVnd">Quantity times price of each line, added up here.</param>
/// <param name="SellerTmnCode">The terminal of whoever sells the goods of the lines.</param>
internal sealed record Attempt(string TxnRef, string Status, string Purchase, long GoodsVnd, long DeliveryVnd, string SellerTmnCode, DateTime PlacedAt, DateTime HoldUntil)
{
    /// <summary>As VNPAY writes what there is to pay.</summary>
    public string Hundredths => ((GoodsVnd + DeliveryVnd) * 100).ToString(CultureInfo.InvariantCulture);
}

/// <summary>What the database holds of orders and payments.</summary>
internal sealed record Facts(IReadOnlyList<Purchase> Purchases, IReadOnlyDictionary<string, Attempt> Attempts)
{
    public static async Task<Facts> ReadAsync(NpgsqlDataSource source)
    {
        var purchases = new List<Purchase>();
        await using (var command = source.CreateCommand("select code, form_key from orders.purchase"))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                purchases.Add(new(reader.GetString(0), reader.GetString(1)));
        }
        const string tries = """
            select a.txn_ref, a.status, u.code, (select sum(l.quantity * l.unit_price_vnd) from orders.line l where l.sub_order_id = s.id)::bigint, s.shipping_vnd,
              coalesce((select min(t.tmn_code) from orders.line l join catalog.listing g on g.id = l.listing_id join payments.terminal t on t.producer_id = g.producer_id where l.sub_order_id = s.id), ''), u.placed_at, coalesce(p.hold_until, u.placed_at)
            from payments.attempt a join payments.payment p on p.id = a.payment_id join orders.sub_order s on p.payable = 'sub-order:' || s.code join orders.purchase u on u.id = s.purchase_id
            """;
        var attempts = new Dictionary<string, Attempt>(StringComparer.Ordinal);
        await using (var command = source.CreateCommand(tries))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                attempts[reader.GetString(0)] = new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetString(5), reader.GetDateTime(6), reader.GetDateTime(7));
        }
        return new(purchases, attempts);
    }
}
