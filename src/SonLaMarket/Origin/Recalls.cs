using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Origin;

/// <summary>Recalls: opened on lots, announced to everything that sells or sold them, closed with what came of it.</summary>
public sealed class Recalls(OriginEvents events, LotBlocks blocks, Audit audit, Queue queue, TimeProvider clock)
{
    /// <summary>Opens a recall on these lots and blocks them. Its number, or null when a code is unknown.</summary>
    public async Task<string?> OpenAsync(Tx tx, IReadOnlyList<string> lotCodes, string reason, string advice, Actor officer)
    {
        var lots = await tx.QueryAsync<(long Id, string Code)>("select id, code from origin.lot where code = any(@codes) order by id for update", new { codes = lotCodes.ToArray() });
        if (lots.Count == 0 || lots.Count != lotCodes.Distinct().Count())
            return null;
        const string insert = """
            insert into origin.recall (number, reason, advice, opened_at, opened_by)
            values ('TH-' || to_char(@now::timestamptz at time zone 'Asia/Ho_Chi_Minh', 'YYYY') || '-' || lpad((select coalesce(max(id), 0) + 1 from origin.recall)::text, 4, '0'), @reason, @advice, @now, @PersonId)
            returning id, number
            """;
        var now = clock.GetUtcNow();
        var (recallId, number) = await tx.SingleAsync<(long, string)>(insert, new { reason, advice, officer.PersonId, now });
        foreach (var (id, code) in lots)
        {
            await tx.ExecuteAsync("insert into origin.recall_lot (recall_id, lot_id) values (@recallId, @id)", new { recallId, id });
            await blocks.BlockAsync(tx, id, code, "recall", null, recallId, reason, officer);
            await events.AppendAsync(tx, new NewEvent(id, "ObjectEvent", "OBSERVE", now, "holding", "recalled", null, "officer", null), officer);
        }
        await audit.WriteAsync(tx, officer, "recall.open", $"recall:{number}", reason, new { lots = lots.Select(l => l.Code) });
        await queue.AnnounceAsync(tx, new RecallOpened(recallId, [.. lots.Select(l => l.Id)]));
        return number;
    }

    /// <summary>Closes the recall with a note on what came of it. Its lots stay off the shelf: a closed recall does not make them good.</summary>
    public async Task<bool> CloseAsync(Tx tx, string number, string note, Actor officer)
    {
        const string close = "update origin.recall set closed_at = @now, closed_by = @PersonId, closing_note = @note where number = @number and closed_at is null returning id";
        var id = await tx.FirstOrDefaultAsync<long?>(close, new { number, note, officer.PersonId, now = clock.GetUtcNow() });
        if (id is null)
            return false;
        await audit.WriteAsync(tx, officer, "recall.close", $"recall:{number}", note);
        foreach (var code in await tx.QueryAsync<string>("select l.code from origin.recall_lot r join origin.lot l on l.id = r.lot_id where r.recall_id = @id", new { id }))
            await PageCache.EvictAsync(tx, PageCache.Lot(code), PageCache.Browse);
        return true;
    }
}
