using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;
using SonLaMarket.Producers;

namespace SonLaMarket.Origin;

/// <summary>Recalls: opened on lots, announced to everything that sells or sold them, closed with what came of it.</summary>
public sealed class Recalls(OriginEvents events, LotBlocks blocks, ProducerNotices notices, Audit audit, Queue queue, TimeProvider clock)
{
    /// <summary>Lots of a recall that lists name; its own page has the others.</summary>
    public const int Named = 20;

    /// <summary>
    /// So many lots are recalled while whoever opens it waits. 100,000 take 15 s on two cores (<c>./dev bench --workload graph</c>), so that these take less than one, and on half as fast a machine
    /// less than the two seconds from which on work shows how far it is.
    /// </summary>
    public const int AtOnce = 5_000;

    /// <summary>Of the lots, the page of the first of them, and the recall's number: the buyers wait for the seller's call.</summary>
    private static readonly Notice Opened = new("recall-opened", "Lô {0} của cơ sở bị thu hồi", "SonLaMarket: lô {0} của cơ sở bị thu hồi ({2}). Ngừng giao, giữ riêng hàng còn lại và gọi người mua.", "Lý do và việc cần làm: {1}");

    /// <summary>The number of a recall as people type it: in any case, with or without blanks, dashes and leading noughts. Null where it can be none.</summary>
    public static string? Read(string? typed)
    {
        var written = typed is { Length: <= 60 } ? string.Concat(typed.Where(char.IsLetterOrDigit)).ToUpperInvariant() : "";
        return written.Length is > 6 and <= 15 && written.StartsWith("TH", StringComparison.Ordinal) && written.AsSpan(2).IndexOfAnyExceptInRange('0', '9') < 0 ? $"TH-{written[2..6]}-{written[6..].PadLeft(4, '0')}" : null;
    }

    /// <summary>Opens a recall on these lots and on all that came of them, and blocks them. Its number, or null when a code is unknown, or not the member's.</summary>
    /// <param name="memberId">A seller may recall lots of their own producer; null for an officer, and for a rule.</param>
    /// <param name="rule">The rule that opens it, where nobody does by hand.</param>
    /// <param name="work">The long work that opens it.</param>
    public async Task<string?> OpenAsync(Tx tx, IReadOnlyList<string> lotCodes, string reason, string advice, Actor actor, long? memberId = null, string? rule = null, RecallWork? work = null)
    {
        const string named = """
            select l.id from origin.lot l where l.code = any(@codes)
              and (@memberId::bigint is null or exists (select 1 from producers.acting m where m.producer_id = l.producer_id and m.person_id = @memberId))
            """;
        const string hold = $"{LotGraph.Forward} select 1 from origin.lot l where l.id = any(array(select lot_id from reached)) order by l.id for update";
        const string name = $"{LotGraph.Forward} insert into origin.recall_lot (recall_id, lot_id, named) select @recallId, lot_id, lot_id = any(@lotIds) from reached";
        const string lots = "select l.id, l.code, l.producer_id, x.named from origin.recall_lot x join origin.lot l on l.id = x.lot_id where x.recall_id = @recallId order by l.id";
        var lotIds = (await tx.QueryAsync<long>(named, new { codes = lotCodes.ToArray(), memberId })).ToArray();
        if (lotIds.Length == 0 || lotIds.Length != lotCodes.Distinct().Count())
            return null;
        const string insert = """
            insert into origin.recall (number, reason, advice, opened_at, opened_by, opened_as, key)
            values ('TH-' || to_char(@now::timestamptz at time zone 'Asia/Ho_Chi_Minh', 'YYYY') || '-' || (select lpad(n::text, greatest(4, length(n::text)), '0') from (select coalesce(max(id), 0) + 1 as n from origin.recall) x), @reason, @advice, @now, @PersonId, @openedAs, @Key)
            returning id, number
            """;
        var now = clock.GetUtcNow();
        var (openedAs, voucher) = rule is not null ? ("rule", "system") : memberId is null ? ("officer", "officer") : ("seller", "producer");
        var (recallId, number) = await tx.SingleAsync<(long, string)>(insert, new { reason, advice, actor.PersonId, now, openedAs, work?.Key });
        await tx.ExecuteAsync(hold, new { lotIds });
        await tx.ExecuteAsync(name, new { recallId, lotIds });
        var reached = await tx.QueryAsync<(long Id, string Code, long Producer, bool Named)>(lots, new { recallId });
        var written = 0;
        await SayAsync();
        await blocks.RecallAsync(tx, lotIds, recallId, reason, actor);
        foreach (var some in reached.Chunk(OriginEvents.AtOnce))
        {
            await events.AppendAsync(tx, Array.ConvertAll(some, l => new NewEvent(l.Id, "ObjectEvent", "OBSERVE", now, "holding", "recalled", null, voucher, null)), actor);
            written += some.Length;
            await SayAsync();
        }
        foreach (var own in reached.GroupBy(l => l.Producer, l => l.Code))
            await notices.TellAsync(tx, own.Key, Opened, $"{number}:{own.Key}", LotCodes.Named([.. own], Texts.Vi), "/quan-ly/lo/" + own.First(), number);
        await audit.WriteAsync(tx, actor, "recall.open", $"recall:{number}", reason, new { lots = reached.Where(l => l.Named).Select(l => l.Code), reached = reached.Count(l => !l.Named), rule });
        await queue.AnnounceAsync(tx, new RecallOpened(recallId, [.. reached.Select(l => l.Id)]));
        return number;

        Task SayAsync() => work?.Written(written, reached.Count) ?? Task.CompletedTask;
    }

    /// <summary>Whether a recall of these lots reaches more than are recalled <see cref="AtOnce"/>.</summary>
    public static async Task<bool> IsLongAsync(Sql sql, IReadOnlyCollection<string> lotCodes, CancellationToken ct = default)
    {
        // No more of the graph is walked than is asked for.
        const string more = $"{LotGraph.Forward} select count(*) > @AtOnce from (select 1 from reached limit @AtOnce + 1) x";
        var lotIds = (await sql.QueryAsync<long>("select id from origin.lot where code = any(@codes)", new { codes = lotCodes.ToArray() }, ct)).ToArray();
        return await sql.SingleAsync<bool>(more, new { lotIds, AtOnce }, ct);
    }

    /// <summary>The recall that long work has opened under this key; null when it has not.</summary>
    public static Task<string?> FindAsync(Sql sql, Guid key) => sql.FirstOrDefaultAsync<string>("select number from origin.recall where key = @key", new { key });

    /// <summary>A lot that an open recall names, and the recall: a second one would tell the same buyers the same again.</summary>
    public static async Task<(string Lot, string Number)?> OpenForAsync(Sql sql, IReadOnlyCollection<string> lotCodes, CancellationToken ct = default)
    {
        const string select = """
            select l.code, r.number from origin.lot l join origin.recall_lot x on x.lot_id = l.id and x.named join origin.recall r on r.id = x.recall_id and r.closed_at is null
            where l.code = any(@codes) order by l.code, r.id limit 1
            """;
        return (await sql.QueryAsync<(string, string)>(select, new { codes = lotCodes.ToArray() }, ct)) is [var found] ? found : null;
    }

    /// <summary>
    /// Closes the recall with what came back and a note. False when it is not open; a lot in it stays off the shelf: a closed recall does not make it good.
    /// </summary>
    public async Task<bool> CloseAsync(Tx tx, string number, RecallResult result, string note, Actor officer)
    {
        const string close = """
            update origin.recall set closed_at = @now, closed_by = @PersonId, closing_note = @note,
              recovered_g = @RecoveredG, destroyed_g = @DestroyedG, recovered_pieces = @RecoveredPieces, destroyed_pieces = @DestroyedPieces
            where number = @number and closed_at is null returning id
            """;
        var id = await tx.FirstOrDefaultAsync<long?>(close, new { number, note, officer.PersonId, now = clock.GetUtcNow(), result.RecoveredG, result.DestroyedG, result.RecoveredPieces, result.DestroyedPieces });
        if (id is null)
            return false;
        await audit.WriteAsync(tx, officer, "recall.close", $"recall:{number}", note, result);
        var codes = await tx.QueryAsync<string>("select l.code from origin.recall_lot r join origin.lot l on l.id = r.lot_id where r.recall_id = @id", new { id });
        await PageCache.EvictAsync(tx, [PageCache.Browse, .. codes.Select(PageCache.Lot)]);
        return true;
    }
}

/// <param name="Key">Under which it is opened once, though the work runs again.</param>
/// <param name="Written">Told how many of how many lots are written; nothing of it holds before the end.</param>
public sealed record RecallWork(Guid Key, Func<int, int, Task> Written);

/// <summary>What came back of recalled lots and what of it was destroyed: grams of what is weighed, pieces of the rest; null where the recall has none of that.</summary>
public sealed record RecallResult(long? RecoveredG, long? DestroyedG, long? RecoveredPieces, long? DestroyedPieces);

/// <summary>Who opened a recall, as everybody reads it.</summary>
public static class RecallOpener
{
    public static string Words(string openedAs) => openedAs switch
    {
        "seller" => "Cơ sở tự mở đợt thu hồi này.",
        "rule" => "Sàn mở đợt thu hồi này theo quy tắc của Sở Công Thương.",
        _ => "Sở Công Thương mở đợt thu hồi này.",
    };
}
