using System.Text.Json.Nodes;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin;

/// <param name="Id">Made by the client (UUIDv7) where it may send twice; else null.</param>
/// <param name="IntervalDays">Pre-harvest interval in days as printed on the label; null when not given.</param>
/// <param name="CorrectsId">The entry this one corrects.</param>
public sealed record DiaryDraft(
    Guid? Id, string Kind, DateOnly DoneOn, string? InputCode, string? InputName, string? Target, decimal? Amount, string? AmountUnit, int? IntervalDays,
    string? Worker, string? Weather, string Note, Guid[] PictureIds, Guid? CorrectsId = null, string? CorrectionReason = null);

public abstract record DiaryOutcome
{
    public sealed record Added(Guid Id, bool LotBlocked) : DiaryOutcome;

    /// <summary>An entry with this id is already there: the second send changed nothing.</summary>
    public sealed record Known(Guid Id) : DiaryOutcome;

    public sealed record NotYours : DiaryOutcome;

    /// <summary>No input of the list has this code.</summary>
    public sealed record UnknownInput : DiaryOutcome;

    /// <summary>The active ingredient may not be used in Vietnam.</summary>
    public sealed record Forbidden(string Input, string Rule) : DiaryOutcome;

    /// <summary>The entry to correct is not of this lot, or was corrected before.</summary>
    public sealed record NotCorrectable : DiaryOutcome;
}

/// <summary>The production diary of a lot. Entries are events: they are added and corrected, never changed.</summary>
public sealed class Diary(OriginEvents events, LotBlocks blocks, Audit audit)
{
    public async Task<DiaryOutcome> AddAsync(Tx tx, string lotCode, long memberId, DiaryDraft draft, Actor actor)
    {
        // The lot's row is locked first: a sale that checks for blocks waits for us, and we for it.
        const string own = """
            select l.id, l.growing_area_id from origin.lot l join producers.acting m on m.producer_id = l.producer_id
            where l.code = @lotCode and m.person_id = @memberId for update of l
            """;
        if (await tx.FirstOrDefaultAsync<OwnLot>(own, new { lotCode, memberId }) is not { } lot)
            return new DiaryOutcome.NotYours();
        if (draft.Id is { } sent && await tx.SingleAsync<bool>("select exists (select 1 from origin.event where id = @sent)", new { sent }))
            return new DiaryOutcome.Known(sent);
        var input = draft.InputCode is null ? null : await tx.FirstOrDefaultAsync<Input>("select name, active_ingredient, forbidden, rule from origin.input where code = @InputCode", new { draft.InputCode });
        if (draft.InputCode is not null && input is null)
            return new DiaryOutcome.UnknownInput();
        if (input is { Forbidden: true })
            return new DiaryOutcome.Forbidden(input.Name, input.Rule);
        if (draft.CorrectsId is not null && !await tx.SingleAsync<bool>("""
            select exists (select 1 from origin.diary_entry d where d.event_id = @CorrectsId and d.lot_id = @Id
              and not exists (select 1 from origin.event e where e.corrects_id = @CorrectsId))
            """, new { draft.CorrectsId, lot.Id }))
            return new DiaryOutcome.NotCorrectable();
        var extension = new JsonObject
        {
            ["input"] = input?.Name ?? draft.InputName,
            ["activeIngredient"] = input?.ActiveIngredient is { Length: > 0 } active ? active : null,
            ["amount"] = draft.Amount,
            ["amountUnit"] = draft.AmountUnit,
            ["preHarvestIntervalDays"] = draft.IntervalDays,
            ["target"] = draft.Target,
        };
        var action = draft.Kind == DiaryKinds.Harvest ? "ADD" : "OBSERVE";
        var id = await events.AppendAsync(tx, new NewEvent(lot.Id, "ObjectEvent", action, OriginEvents.Noon(draft.DoneOn), DiaryKinds.BizStep(draft.Kind), "in_progress", null, "producer", draft.Id, extension, draft.CorrectsId, draft.CorrectionReason), actor);
        if (id is null)
            return new DiaryOutcome.Known(draft.Id!.Value);
        await InsertAsync(tx, id.Value, lot, draft, input);
        await audit.WriteAsync(tx, actor, draft.CorrectsId is null ? "diary.add" : "diary.correct", $"lot:{lotCode}", draft.CorrectionReason, new { entry = id, draft.Kind });
        var blocked = await blocks.CheckIntervalsAsync(tx, lot.Id, lotCode, actor);
        await PageCache.EvictAsync(tx, PageCache.Lot(lotCode));
        return new DiaryOutcome.Added(id.Value, blocked);
    }

    private static Task InsertAsync(Tx tx, Guid id, OwnLot lot, DiaryDraft draft, Input? input)
    {
        const string insert = """
            insert into origin.diary_entry (event_id, lot_id, growing_area_id, kind, done_on, input_code, input_name, active_ingredient, target, amount, amount_unit, interval_days, interval_source, worker, weather, note, picture_ids)
            values (@id, @LotId, @GrowingAreaId, @Kind, @DoneOn, @InputCode, @inputName, @active, @Target, @Amount, @AmountUnit, @IntervalDays, @intervalSource, @Worker, @Weather, @Note, @PictureIds)
            """;
        return tx.ExecuteAsync(insert, new
        {
            id,
            LotId = lot.Id,
            lot.GrowingAreaId,
            draft.Kind,
            draft.DoneOn,
            draft.InputCode,
            inputName = input?.Name ?? draft.InputName,
            active = input?.ActiveIngredient,
            draft.Target,
            draft.Amount,
            draft.AmountUnit,
            draft.IntervalDays,
            intervalSource = draft.IntervalDays is null ? null : "label",
            draft.Worker,
            draft.Weather,
            draft.Note,
            draft.PictureIds,
        });
    }

    private sealed record OwnLot(long Id, Guid? GrowingAreaId);

    private sealed record Input(string Name, string ActiveIngredient, bool Forbidden, string Rule);
}
