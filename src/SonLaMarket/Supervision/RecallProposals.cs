using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;
using SonLaMarket.Origin;

namespace SonLaMarket.Supervision;

/// <summary>Why the market itself asks for a recall.</summary>
public static class RecallRule
{
    /// <summary>A laboratory found more than is allowed.</summary>
    public const string Sample = "sample";

    /// <summary>A pre-harvest interval was not kept, and goods of the lot, or of what came of it, are sold.</summary>
    public const string Interval = "interval";

    public static string Label(string rule) => rule == Sample ? "Kết quả mẫu vượt mức cho phép" : "Chưa đủ thời gian cách ly, hàng đã bán";
}

/// <summary>
/// Recalls that a rule proposes. A lot is blocked from the start; an officer confirms, which opens the recall, or drops, which leaves the block for them to lift.
/// Of a growing area or a producer no lot is blocked: the officer says which lots it concerns. One is open at a time for each, and none for a lot in an open recall.
/// Where the Department has turned it on for a rule, that rule opens the recall of a lot by itself, and the proposal says so.
/// </summary>
public sealed class RecallProposals(Recalls recalls, Audit audit, TimeProvider clock)
{
    public static string Number(long id) => $"DN-{id}";

    /// <param name="source">What the rule saw, by its name: it proposes once.</param>
    /// <param name="args">The values of a sentence of ours; null where somebody wrote the note themselves.</param>
    /// <param name="opens">False where the rule is not sure of it, and proposes whatever is turned on.</param>
    public async Task ProposeAsync(Tx tx, long lotId, string rule, string source, string note, string[]? args, Actor actor, bool opens = true)
    {
        // Also what was proposed before the rule was turned on, or by another rule; what an officer dropped is not open any more.
        const string open = """
            select p.id, l.code from supervision.recall_proposal p join origin.lot l on l.id = p.lot_id join supervision.recall_rule x on x.rule = @rule and x.opens
            where p.lot_id = @lotId and p.decided_at is null and not exists (select 1 from origin.recall_lot c join origin.recall r on r.id = c.recall_id where c.lot_id = p.lot_id and r.closed_at is null)
            """;
        await ProposeAsync(tx, lotId, null, null, rule, source, note, args, actor);
        if (!opens || await tx.FirstOrDefaultAsync<(long Id, string Code)?>(open, new { rule, lotId }) is not var (id, code))
            return;
        var reason = $"{RecallRule.Label(rule)}. {(args is null ? note : string.Format(Vietnamese.Culture, note, [.. args]))}";
        await OpenByAsync(tx, id, [code], reason.Length > MostReason ? reason[..MostReason] : reason, "", Actor.System, rule);
    }

    /// <summary>As long as the reason of a recall may be.</summary>
    private const int MostReason = 2000;

    public static Task<List<RuleSetting>> SettingsAsync(Sql sql, CancellationToken ct) =>
        sql.QueryAsync<RuleSetting>("select r.rule, r.opens, r.changed_at, p.name as changed_by from supervision.recall_rule r left join accounts.person p on p.id = r.changed_by order by r.rule desc", null, ct);

    /// <summary>Turns on that a rule opens recalls, or off that it does. False when it is so already.</summary>
    public async Task<bool> SetAsync(Tx tx, string rule, bool opens, Actor officer)
    {
        const string set = "update supervision.recall_rule set opens = @opens, changed_at = @now, changed_by = @PersonId where rule = @rule and opens <> @opens";
        if (await tx.ExecuteAsync(set, new { rule, opens, officer.PersonId, now = clock.GetUtcNow() }) == 0)
            return false;
        await audit.WriteAsync(tx, officer, opens ? "recall.rule-on" : "recall.rule-off", $"recall-rule:{rule}");
        return true;
    }

    /// <summary>Of a growing area, or of a producer where no area is named: lots of it may have what the sample had.</summary>
    public Task ProposeAsync(Tx tx, long producerId, Guid? growingAreaId, string rule, string source, string note, string[]? args, Actor actor) =>
        ProposeAsync(tx, null, growingAreaId, growingAreaId is null ? producerId : null, rule, source, note, args, actor);

    private async Task<long?> ProposeAsync(Tx tx, long? lotId, Guid? growingAreaId, long? producerId, string rule, string source, string note, string[]? args, Actor actor)
    {
        const string insert = """
            insert into supervision.recall_proposal (lot_id, growing_area_id, producer_id, rule, source, note, note_args, proposed_at)
            select @lotId::bigint, @growingAreaId::uuid, @producerId::bigint, @rule, @source, @note, @args::text[], @now
            where not exists (select 1 from origin.recall_lot x join origin.recall r on r.id = x.recall_id where x.lot_id = @lotId and r.closed_at is null)
            on conflict do nothing returning id
            """;
        var id = await tx.FirstOrDefaultAsync<long?>(insert, new { lotId, growingAreaId, producerId, rule, source, note, args, now = clock.GetUtcNow() });
        if (id is not null)
            await audit.WriteAsync(tx, actor, "recall.propose", $"recall:{Number(id.Value)}", detail: new { rule, source, lot = await tx.FirstOrDefaultAsync<string>("select code from origin.lot where id = @lotId", new { lotId }), growingAreaId, producerId });
        return id;
    }

    /// <summary>Lots that the proposal may concern, newest first: its lot; of an area or a producer those that were harvested from 90 days before the sample's visit on.</summary>
    public static Task<List<ProposedLot>> LotsAsync(Sql sql, long id, CancellationToken ct = default)
    {
        const string lots = """
            select l.id, l.code, p.name as product_name, p.name_en as product_name_en, l.harvested_on, l.harvest_until, x.lot_id is not null as own from supervision.recall_proposal x
              left join supervision.inspection i on x.rule = 'sample' and x.source = 'KT-' || i.id
              join origin.lot l on l.id = x.lot_id or ((l.growing_area_id = x.growing_area_id or l.producer_id = x.producer_id) and l.taken_back_at is null
                and coalesce(l.harvest_until, l.harvested_on, l.packed_on) >= coalesce(i.done_on, x.proposed_at::date) - 90
                and not exists (select 1 from origin.recall_lot c join origin.recall r on r.id = c.recall_id where c.lot_id = l.id and r.closed_at is null))
              join producers.product p on p.id = l.product_id
            where x.id = @id order by coalesce(l.harvest_until, l.harvested_on, l.packed_on) desc nulls last, l.id desc limit @Most
            """;
        return sql.QueryAsync<ProposedLot>(lots, new { id, Most }, ct);
    }

    /// <summary>So many lots are laid before the officer.</summary>
    private const int Most = 200;

    /// <summary>Opens the recall; its number. Null when the proposal is decided already.</summary>
    /// <param name="lotCodes">Of <see cref="LotsAsync"/>, at least one.</param>
    /// <param name="work">The long work that opens it.</param>
    public Task<string?> ConfirmAsync(Tx tx, long id, IReadOnlyList<string> lotCodes, string reason, string advice, Actor officer, RecallWork? work = null) => OpenByAsync(tx, id, lotCodes, reason, advice, officer, null, work);

    /// <param name="rule">The rule, where it opens the recall by itself.</param>
    private async Task<string?> OpenByAsync(Tx tx, long id, IReadOnlyList<string> lotCodes, string reason, string advice, Actor actor, string? rule, RecallWork? work = null)
    {
        const string decide = """
            update supervision.recall_proposal set decided_at = @now, decided_by = @PersonId, outcome = 'confirmed', reason = @reason, recall_id = (select id from origin.recall where number = @number) where id = @id
            """;
        if (!await OpenAsync(tx, id) || await recalls.OpenAsync(tx, lotCodes, reason, advice, actor, rule: rule, work: work) is not { } number)
            return null;
        await tx.ExecuteAsync(decide, new { id, reason, number, actor.PersonId, now = clock.GetUtcNow() });
        await audit.WriteAsync(tx, actor, "recall.confirm", $"recall:{Number(id)}", reason, new { recall = number, rule });
        return number;
    }

    /// <summary>No recall follows; the lot stays blocked until an officer lifts that. False when the proposal is decided already.</summary>
    public async Task<bool> DropAsync(Tx tx, long id, string reason, Actor officer)
    {
        const string decide = "update supervision.recall_proposal set decided_at = @now, decided_by = @PersonId, outcome = 'dropped', reason = @reason where id = @id";
        if (!await OpenAsync(tx, id))
            return false;
        await tx.ExecuteAsync(decide, new { id, reason, officer.PersonId, now = clock.GetUtcNow() });
        await audit.WriteAsync(tx, officer, "recall.drop", $"recall:{Number(id)}", reason);
        return true;
    }

    private static async Task<bool> OpenAsync(Tx tx, long id) =>
        await tx.FirstOrDefaultAsync<long?>("select id from supervision.recall_proposal where id = @id and decided_at is null for update", new { id }) is not null;
}

/// <param name="Opens">The rule opens recalls by itself; it proposes them otherwise.</param>
public sealed record RuleSetting(string Rule, bool Opens, DateTimeOffset? ChangedAt, string? ChangedBy);

/// <summary>A lot that a proposed recall may concern.</summary>
/// <param name="Own">The proposal is about this lot alone: it is not chosen, it is meant.</param>
public sealed record ProposedLot(long Id, string Code, string ProductName, string ProductNameEn, DateOnly? HarvestedOn, DateOnly? HarvestUntil, bool Own);

/// <summary>Looks at lots whose blocks changed, and ends proposals that a recall has overtaken.</summary>
public sealed class RecallRules(RecallProposals proposals, Audit audit, Db db, TimeProvider clock) : IHandle<LotBlockChanged>, IHandle<RecallOpened>
{
    /// <summary>Why a proposal ended whose block was lifted: what it quoted is cleared up, or an officer has seen to it.</summary>
    public const string Lifted = "Lệnh chặn mà đề nghị này nêu đã được gỡ.";

    /// <summary>A lot was blocked for its interval, or for what a laboratory found in it, after goods of it, or of what came of it, were sold: a recall is proposed. Where that block was lifted the proposal goes with it.</summary>
    public async Task HandleAsync(LotBlockChanged message, CancellationToken ct)
    {
        const string lift = """
            update supervision.recall_proposal p set decided_at = @now, outcome = 'dropped', reason = @Lifted
            where p.lot_id = any(@LotIds) and p.source like 'block:%' and p.decided_at is null and not exists (select 1 from origin.lot_block b where 'block:' || b.id = p.source and b.lot_id = p.lot_id and b.lifted_at is null)
            returning p.id
            """;
        const string breaches = "select distinct lot_id from origin.lot_block where lot_id = any(@LotIds) and cause in ('interval', 'test') and made_from = '' and lifted_at is null";
        const string sold = $"""
            {LotGraph.ForwardOfEach}
            select distinct on (b.lot_id) b.lot_id, b.id, b.cause, b.note, b.note_args, b.awaits_photo from origin.lot_block b
            where b.lot_id = any(@lotIds) and b.cause in ('interval', 'test') and b.made_from = '' and b.lifted_at is null
              and exists (select 1 from reached r join catalog.lot_stock s on s.lot_id = r.lot_id where r.root_id = b.lot_id and s.sold > 0)
            order by b.lot_id, b.awaits_photo, b.id
            """;
        await using var tx = await db.BeginAsync(CancellationToken.None);
        foreach (var id in await tx.QueryAsync<long>(lift, new { message.LotIds, Lifted, now = clock.GetUtcNow() }))
            await audit.WriteAsync(tx, Actor.System, "recall.drop", $"recall:{RecallProposals.Number(id)}", Lifted);
        long[] lotIds = [.. await tx.QueryAsync<long>(breaches, new { message.LotIds })];
        foreach (var found in lotIds.Length == 0 ? [] : await tx.QueryAsync<Breach>(sold, new { lotIds }))
            await proposals.ProposeAsync(tx, found.LotId, found.Cause == "test" ? RecallRule.Sample : RecallRule.Interval, $"block:{found.Id}", found.Note, found.NoteArgs, Actor.System, opens: !found.AwaitsPhoto);
        await tx.CommitAsync(CancellationToken.None);
    }

    /// <summary>A recall, opened by hand or of other lots, reaches lots for which one was proposed.</summary>
    public async Task HandleAsync(RecallOpened message, CancellationToken ct)
    {
        const string overtake = """
            update supervision.recall_proposal p set decided_at = @now, decided_by = r.opened_by, outcome = 'confirmed', reason = r.reason, recall_id = r.id
            from origin.recall r where r.id = @RecallId and p.lot_id = any(@LotIds) and p.decided_at is null returning p.id, r.number
            """;
        await using var tx = await db.BeginAsync(CancellationToken.None);
        foreach (var (id, recall) in await tx.QueryAsync<(long Id, string Number)>(overtake, new { message.RecallId, message.LotIds, now = clock.GetUtcNow() }))
            await audit.WriteAsync(tx, Actor.System, "recall.confirm", $"recall:{RecallProposals.Number(id)}", detail: new { recall });
        await tx.CommitAsync(CancellationToken.None);
    }

    private sealed record Breach(long LotId, long Id, string Cause, string Note, string[]? NoteArgs, bool AwaitsPhoto);
}
