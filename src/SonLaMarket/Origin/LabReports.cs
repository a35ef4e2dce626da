using System.Text.Json.Nodes;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin;

/// <param name="Tested">What was looked for.</param>
/// <param name="Exceeds">The laboratory found more than is allowed.</param>
public sealed record LabReport(Guid Id, string Laboratory, string Number, DateOnly IssuedOn, string Tested, string Result, bool Exceeds, Guid[] PictureIds, DateTimeOffset? WithdrawnAt, string? WithdrawReason);

public sealed record LabReportDraft(string Laboratory, string Number, DateOnly IssuedOn, string Tested, string Result, bool Exceeds, Guid[] PictureIds);

/// <summary>Reports of laboratories on a lot, handed in by its producer. One that exceeds a limit blocks the lot, as an officer's sample does.</summary>
public sealed class LabReports(OriginEvents events, LotBlocks blocks, Audit audit, TimeProvider clock)
{
    /// <summary>The standard has no word for it.</summary>
    internal const string Step = "laboratory_test";

    private const string Own = "from origin.lot l join producers.acting m on m.producer_id = l.producer_id and m.person_id = @memberId where l.code = @lotCode and l.taken_back_at is null";

    public static Task<List<LabReport>> OfLotAsync(Sql sql, long lotId, CancellationToken ct) =>
        sql.QueryAsync<LabReport>("select id, laboratory, number, issued_on, tested, result, exceeds, picture_ids, withdrawn_at, withdraw_reason from origin.lab_report where lot_id = @lotId order by issued_on desc, id desc", new { lotId }, ct);

    /// <summary>Whether the lot is blocked by it. Null when the lot is not theirs, or has this report already.</summary>
    public async Task<bool?> AddAsync(Tx tx, string lotCode, long memberId, LabReportDraft draft, Actor actor)
    {
        const string insert = """
            insert into origin.lab_report (id, lot_id, laboratory, number, issued_on, tested, result, exceeds, picture_ids)
            values (@id, @lot, @Laboratory, @Number, @IssuedOn, @Tested, @Result, @Exceeds, @PictureIds)
            """;
        const string known = "select exists (select 1 from origin.lab_report where lot_id = @lot and laboratory = @Laboratory and number = @Number and withdrawn_at is null)";
        if (await tx.FirstOrDefaultAsync<long?>($"select l.id {Own} for update of l", new { lotCode, memberId }) is not { } lot || await tx.SingleAsync<bool>(known, new { lot, draft.Laboratory, draft.Number }))
            return null;
        var said = new JsonObject { ["laboratory"] = draft.Laboratory, ["report"] = draft.Number, ["exceeds"] = draft.Exceeds };
        var id = (await events.AppendAsync(tx, new NewEvent(lot, "ObjectEvent", "OBSERVE", OriginEvents.Noon(draft.IssuedOn), Step, null, null, "producer", null, said), actor))!.Value;
        await tx.ExecuteAsync(insert, new { id, lot, draft.Laboratory, draft.Number, draft.IssuedOn, draft.Tested, draft.Result, draft.Exceeds, draft.PictureIds });
        await audit.WriteAsync(tx, actor, "lot.lab-report", $"lot:{lotCode}", detail: new { draft.Laboratory, draft.Number, draft.Exceeds });
        await PageCache.EvictAsync(tx, PageCache.Lot(lotCode));
        return draft.Exceeds && await blocks.BlockForTestAsync(tx, lot, id, new Said("Phiếu {0} của {1}: vượt mức cho phép.", draft.Number, draft.Laboratory), actor);
    }

    /// <summary>What was typed wrongly is told no more. A block that it caused is an officer's to lift. False when it is not theirs, or withdrawn already.</summary>
    public async Task<bool> WithdrawAsync(Tx tx, string lotCode, long memberId, Guid id, string reason, Actor actor)
    {
        const string withdraw = $"update origin.lab_report set withdrawn_at = @now, withdraw_reason = @reason where id = @id and withdrawn_at is null and lot_id = (select l.id {Own}) returning lot_id";
        var now = clock.GetUtcNow();
        if (await tx.FirstOrDefaultAsync<long?>(withdraw, new { id, lotCode, memberId, reason, now }) is not { } lot)
            return false;
        await events.AppendAsync(tx, new NewEvent(lot, "ObjectEvent", "OBSERVE", now, Step, null, null, "producer", null, new JsonObject { ["withdrawn"] = true }, id, reason), actor);
        await audit.WriteAsync(tx, actor, "lot.withdraw-report", $"lot:{lotCode}", reason, new { report = id });
        await PageCache.EvictAsync(tx, PageCache.Lot(lotCode));
        return true;
    }
}
