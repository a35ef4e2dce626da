using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin;

/// <param name="Id">Made by the client (UUIDv7) where it may send twice; else null.</param>
/// <param name="IntervalDays">Pre-harvest interval in days as printed on the label; null when not given.</param>
/// <param name="CorrectsId">The entry this one corrects.</param>
public sealed record DiaryDraft(
    Guid? Id, string Kind, DateOnly DoneOn, string? InputCode, string? InputName, string? Target, decimal? Amount, string? AmountUnit, int? IntervalDays,
    string? Worker, string? Weather, string Note, Guid[] PictureIds, Guid? CorrectsId = null, string? CorrectionReason = null)
{
    public DiaryMore More { get; init; } = new();
}

/// <summary>What the paper diary has beside that.</summary>
/// <param name="LabelPictureId">The photo of the label that the interval was read from.</param>
/// <param name="LabelSource">Which label it was: trade name, registration number, batch.</param>
/// <param name="Columns">Lines of <see cref="DiaryColumns"/>.</param>
public sealed record DiaryMore(Measure? Area = null, Measure? Volume = null, Measure? Quantity = null, Guid? LabelPictureId = null, string? LabelSource = null, IReadOnlyDictionary<string, string>? Columns = null)
{
    /// <summary>The interval was typed without a photo of the label, there or announced: it keeps nothing clear.</summary>
    public bool IntervalOnlySaid { get; init; }

    /// <summary>As the label says it, of an input that is not in the list.</summary>
    public string? ActiveIngredient { get; init; }

    /// <summary>Which growing area the lot is from, where it has none yet.</summary>
    public Guid? GrowingAreaId { get; init; }

    /// <summary>Who has growing areas says for a spraying or a harvest which one it was: the rule goes by area, over the diaries of all its lots.</summary>
    public bool AreaNeeded { get; init; }

    /// <summary>When it was written down, by the clock of the device; null where that is when it came.</summary>
    public DateTimeOffset? WrittenAt { get; init; }

    /// <summary>SHA-256 of what a client sent under an id of its own: the same id with something else is not the same entry.</summary>
    public string? SentHash { get; init; }
}

public abstract record DiaryOutcome
{
    /// <param name="Breach">What blocked the lot, where that is an interval not kept.</param>
    /// <param name="HarvestFrom">The first day on which every interval after a spraying of the lot's field is over; null where nothing was sprayed by this entry, or no interval is known.</param>
    /// <param name="UsualDays">The interval that the reference list has for what was sprayed, where the label's is shorter: a warning, it blocks and clears nothing.</param>
    public sealed record Added(Guid Id, bool LotBlocked, DateOnly? HarvestFrom = null, LotBlocks.Breach? Breach = null, int? UsualDays = null) : DiaryOutcome;

    /// <summary>An entry with this id is already there: the second send changed nothing.</summary>
    public sealed record Known(Guid Id) : DiaryOutcome;

    /// <summary>Another entry has this id.</summary>
    public sealed record IdTaken : DiaryOutcome;

    public sealed record NotYours : DiaryOutcome;

    /// <summary>No input of the list has this code.</summary>
    public sealed record UnknownInput : DiaryOutcome;

    /// <summary>The active ingredient may not be used in Vietnam.</summary>
    public sealed record Forbidden(string Input, string Rule) : DiaryOutcome;

    /// <summary>The lot has no growing area, its producer has some: which one it was is part of the entry.</summary>
    public sealed record AreaMissing : DiaryOutcome;

    /// <summary>The diary was closed on this day: work of a later one belongs to another lot.</summary>
    public sealed record Closed(DateOnly On) : DiaryOutcome;

    /// <summary>With this harvest the lot would hold more than any may.</summary>
    public sealed record TooMuch : DiaryOutcome;

    /// <summary>The entry to correct is not of this lot, or was corrected before.</summary>
    public sealed record NotCorrectable : DiaryOutcome;
}

/// <summary>The production diary of a lot. Entries are events: they are added and corrected, never changed.</summary>
public sealed class Diary(OriginEvents events, LotBlocks blocks, Audit audit, TimeProvider clock)
{
    public async Task<DiaryOutcome> AddAsync(Tx tx, string lotCode, long memberId, DiaryDraft draft, Actor actor)
    {
        const string own = $"""
            select l.id, l.growing_area_id, {LotHarvest.Placeless} as placeless, {LotHarvest.SolePlace} as sole_place
            from origin.lot l join producers.acting m on m.producer_id = l.producer_id
            where l.code = @lotCode and m.person_id = @memberId and l.taken_back_at is null
            """;
        if (await tx.FirstOrDefaultAsync<OwnLot>(own, new { lotCode, memberId }) is not { } lot)
            return new DiaryOutcome.NotYours();
        var ofField = draft.Kind is DiaryKinds.Spraying or DiaryKinds.Harvest;
        var asked = lot.Placeless && draft.More.AreaNeeded && ofField;
        var chosen = asked ? draft.More.GrowingAreaId : ofField ? lot.SolePlace : null;
        await blocks.LockAsync(tx, lot.Id, chosen, draft.Kind == DiaryKinds.Spraying ? draft.DoneOn : null);
        var placed = chosen is { } area && await LotHarvest.PlaceAsync(tx, lot.Id, area, Vietnamese.Today(clock));
        if (placed)
            lot = lot with { GrowingAreaId = chosen };
        const string before = "select e.lot_id, d.sent_hash from origin.event e left join origin.diary_entry d on d.event_id = e.id where e.id = @sent";
        if (draft.Id is { } sent && await tx.FirstOrDefaultAsync<Earlier>(before, new { sent }) is { } earlier)
            return earlier.LotId == lot.Id && earlier.SentHash == draft.More.SentHash ? new DiaryOutcome.Known(sent) : new DiaryOutcome.IdTaken();
        if (await tx.SingleAsync<DateOnly?>("select (diary_closed_at at time zone 'Asia/Ho_Chi_Minh')::date from origin.lot where id = @Id", new { lot.Id }) is { } closed && draft.DoneOn > closed)
            return new DiaryOutcome.Closed(closed);
        if (asked && !placed)
            return new DiaryOutcome.AreaMissing();
        var input = draft.InputCode is null ? null : await tx.FirstOrDefaultAsync<Input>("select name, active_ingredient, forbidden, rule, interval_days_default from origin.input where code = @InputCode", new { draft.InputCode });
        if (draft.InputCode is not null && input is null)
            return new DiaryOutcome.UnknownInput();
        if (input is { Forbidden: true })
            return new DiaryOutcome.Forbidden(input.Name, input.Rule);
        if ((draft.InputName ?? draft.More.ActiveIngredient) is not null && await Inputs.ForbiddenAsync(tx, $"{draft.InputName} / {draft.More.ActiveIngredient}") is var (banned, rule))
            return new DiaryOutcome.Forbidden(banned, rule);
        if (draft.CorrectsId is not null && !await tx.SingleAsync<bool>("""
            select exists (select 1 from origin.diary_entry d where d.event_id = @CorrectsId and d.lot_id = @Id and not d.corrected)
            """, new { draft.CorrectsId, lot.Id }))
            return new DiaryOutcome.NotCorrectable();
        if (draft is { Kind: DiaryKinds.Harvest, More.Quantity.Base: var harvested } && await LotHarvest.GramsAsync(tx, lot.Id, draft.CorrectsId) + harvested > LotHarvest.MostGrams)
            return new DiaryOutcome.TooMuch();
        var amount = draft.Amount is { } typed ? Measures.Of(typed, draft.AmountUnit) : null;
        const string photos = """
            select f.sha256 from unnest(@PictureIds) with ordinality x (id, n) join files.stored_file f on f.id = x.id and f.owner = 'producer:' || (select producer_id from origin.lot where id = @Id) order by x.n
            """;
        var hashes = draft.PictureIds.Length == 0 ? [] : await tx.QueryAsync<string>(photos, new { draft.PictureIds, lot.Id });
        var extension = Extension(draft, input, amount, hashes);
        var action = draft.Kind == DiaryKinds.Harvest ? "ADD" : "OBSERVE";
        var id = await events.AppendAsync(tx, new NewEvent(lot.Id, "ObjectEvent", action, OriginEvents.Noon(draft.DoneOn), DiaryKinds.BizStep(draft.Kind), "in_progress", null, "producer", draft.Id, extension, draft.CorrectsId, draft.CorrectionReason), actor);
        if (id is null)
            return new DiaryOutcome.IdTaken();
        await InsertAsync(tx, id.Value, lot, draft, input, amount);
        await audit.WriteAsync(tx, actor, draft.CorrectsId is null ? "diary.add" : "diary.correct", $"lot:{lotCode}", draft.CorrectionReason, new { entry = id, draft.Kind });
        if ((draft.Kind == DiaryKinds.Harvest || draft.CorrectsId is not null) && await LotHarvest.FollowAsync(tx, lot.Id) > 0)
            await audit.WriteAsync(tx, actor, "lot.harvest", $"lot:{lotCode}");
        if (placed)
            await audit.WriteAsync(tx, actor, "lot.area", $"lot:{lotCode}", detail: new { area = lot.GrowingAreaId });
        var breach = draft.Kind switch
        {
            _ when placed => await blocks.CheckPlacedAsync(tx, lot.Id, actor),
            DiaryKinds.Spraying => await blocks.CheckSprayingAsync(tx, id.Value, lot.Id, actor),
            DiaryKinds.Harvest => await blocks.CheckLotAsync(tx, lot.Id, actor),
            _ => null,
        };
        var blocked = breach is not null;
        if (draft.CorrectsId is not null)
            blocked |= await blocks.CheckCorrectionAsync(tx, id.Value, lot.Id, actor);
        await PageCache.EvictAsync(tx, PageCache.Lot(lotCode));
        return new DiaryOutcome.Added(id.Value, blocked, draft is { Kind: DiaryKinds.Spraying, IntervalDays: not null } ? await HarvestFromAsync(tx, lot.Id, draft.DoneOn) : null, breach, input?.IntervalDaysDefault > draft.IntervalDays ? input.IntervalDaysDefault : null);
    }

    private static Task<DateOnly?> HarvestFromAsync(Tx tx, long lotId, DateOnly sprayed)
    {
        const string select = $"""
            select case when bool_and(coalesce(d.interval_source = 'label', false)) then max(d.done_on + d.interval_days) end
            from origin.lot l join origin.lot f on {LotHarvest.SameField} join origin.diary_entry d on d.lot_id = f.id
            where l.id = @lotId and d.kind = 'spraying' and d.done_on > @since and not d.corrected
            """;
        return tx.FirstOrDefaultAsync<DateOnly?>(select, new { lotId, since = sprayed.AddDays(-366) });
    }

    /// <summary>The entry's own fields, as the event carries them; worker, label and with whom one trades are not the public's.</summary>
    /// <param name="photos">SHA-256 of the pictures that are there; of those that follow, the event has the names.</param>
    private static JsonObject Extension(DiaryDraft draft, Input? input, Measure? amount, List<string> photos)
    {
        var (area, volume, quantity) = (draft.More.Area, draft.More.Volume, draft.More.Quantity);
        var said = new JsonObject
        {
            ["input"] = draft.InputName ?? input?.Name,
            ["activeIngredient"] = Active(draft, input),
            ["amount"] = draft.Amount,
            ["amountUnit"] = draft.AmountUnit,
            ["amountBase"] = amount?.Base,
            ["amountBaseUnit"] = amount?.BaseUnit,
            ["areaM2"] = area?.Base,
            ["volumeMl"] = volume?.Base,
            ["quantityG"] = quantity?.Base,
            ["preHarvestIntervalDays"] = draft.More.IntervalOnlySaid ? null : draft.IntervalDays,
            ["target"] = draft.Target,
            ["writtenAt"] = draft.More.WrittenAt is { } at ? Vietnamese.Local(at).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture) : null,
            ["weather"] = draft.Weather,
            ["note"] = draft.Note.Length > 0 ? draft.Note : null,
            ["photo"] = draft.PictureIds.Length > 0 ? new JsonArray([.. draft.PictureIds.Select(id => JsonValue.Create(id.ToString()))]) : null,
            ["photoSha256"] = photos.Count > 0 ? new JsonArray([.. photos.Select(hash => JsonValue.Create(hash))]) : null,
        };
        foreach (var (word, line) in draft.More.Columns ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (!DiaryColumns.IsTrade(word))
                said[word] = line;
        }
        return said;
    }

    /// <summary>Of what is in the list the list says it; of other things the label, as it was typed.</summary>
    private static string? Active(DiaryDraft draft, Input? input) => input is null ? draft.More.ActiveIngredient : input.ActiveIngredient is { Length: > 0 } listed ? listed : null;

    private static Task InsertAsync(Tx tx, Guid id, OwnLot lot, DiaryDraft draft, Input? input, Measure? amount)
    {
        const string insert = """
            insert into origin.diary_entry (event_id, lot_id, growing_area_id, kind, done_on, input_code, input_name, active_ingredient, target, amount, amount_unit, amount_base, amount_base_unit,
              area, area_m2, volume, volume_ml, quantity, quantity_g, interval_days, interval_source, label_picture_id, label_source, worker, weather, note, picture_ids, details, written_at, sent_hash)
            values (@id, @LotId, @GrowingAreaId, @Kind, @DoneOn, @InputCode, @inputName, @active, @Target, @Amount, @AmountUnit, @amountBase, @amountBaseUnit,
              @area, @areaM2, @volume, @volumeMl, @quantity, @quantityG, @IntervalDays, @intervalSource, @LabelPictureId, @LabelSource, @Worker, @Weather, @Note, @PictureIds, @details::jsonb, @writtenAt, @SentHash)
            """;
        var more = draft.More;
        return tx.ExecuteAsync(insert, new
        {
            id,
            LotId = lot.Id,
            lot.GrowingAreaId,
            draft.Kind,
            draft.DoneOn,
            draft.InputCode,
            inputName = draft.InputName ?? input?.Name,
            active = Active(draft, input),
            draft.Target,
            draft.Amount,
            draft.AmountUnit,
            amountBase = amount?.Base,
            amountBaseUnit = amount?.BaseUnit,
            area = more.Area?.Typed,
            areaM2 = more.Area?.Base,
            volume = more.Volume?.Typed,
            volumeMl = more.Volume?.Base,
            quantity = more.Quantity?.Typed,
            quantityG = more.Quantity?.Base,
            more.LabelPictureId,
            more.LabelSource,
            details = JsonSerializer.Serialize(more.Columns ?? new Dictionary<string, string>(StringComparer.Ordinal)),
            draft.IntervalDays,
            intervalSource = draft.IntervalDays is null ? null : more.IntervalOnlySaid ? "said" : "label",
            draft.Worker,
            draft.Weather,
            draft.Note,
            draft.PictureIds,
            writtenAt = more.WrittenAt?.ToUniversalTime(),
            more.SentHash,
        });
    }

    private sealed record Earlier(long LotId, string? SentHash);

    private sealed record OwnLot(long Id, Guid? GrowingAreaId, bool Placeless, Guid? SolePlace);

    private sealed record Input(string Name, string ActiveIngredient, bool Forbidden, string Rule, int? IntervalDaysDefault);
}
