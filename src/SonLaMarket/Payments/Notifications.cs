using System.Net;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Payments;

/// <summary>Everything that VNPAY said to us, that a browser brought in its name, or that the operator read in its portal, word for word but without the hash, refused or not. Kept in a transaction of its own.</summary>
public sealed class Notifications(Db db, TimeProvider clock)
{
    /// <param name="within">Of samples, and of what the operator decides: kept with the transaction that makes them.</param>
    public Task KeepAsync(string channel, string verdict, string? rspCode, long? terminalId, string? txnRef, string payload, IPAddress? source, Tx? within = null)
    {
        const string insert = """
            insert into payments.notification (received_at, channel, verdict, rsp_code, terminal_id, txn_ref, payload, source)
            values (@now, @channel, @verdict, @rspCode, @terminalId, @txnRef, @payload, @source)
            """;
        return ((Sql?)within ?? db).ExecuteAsync(insert, new { now = clock.GetUtcNow(), channel, verdict, rspCode, terminalId, txnRef, payload, source }, CancellationToken.None);
    }
}
