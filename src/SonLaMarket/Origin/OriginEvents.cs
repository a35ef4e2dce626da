using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin;

/// <param name="BizStep">A word of CBV 2.0, or a farm step of our own (fertilising, spraying …).</param>
/// <param name="VouchedBy">Whose word it is: "producer", "officer" or "system".</param>
/// <param name="Extension">Fields of our own namespace, for steps that CBV has no words for.</param>
public sealed record NewEvent(
    long LotId, string EventType, string? Action, DateTimeOffset EventTime, string BizStep, string? Disposition, long? QuantityBase, string VouchedBy,
    Guid? Id, JsonObject? Extension = null, Guid? CorrectsId = null, string? CorrectionReason = null)
{
    /// <summary>Of a step: what went in (transformation) or what was put together (aggregation).</summary>
    public IReadOnlyList<LotQuantityOf> Inputs { get; init; } = [];

    /// <summary>The address of the parcel that the lot's goods were put into or taken from (aggregation).</summary>
    public string? Parent { get; init; }

    /// <summary>The address that stands for the order (transaction).</summary>
    public string? Order { get; init; }

    /// <summary>Labels with codes of their own that were put on the lot's packages: the address of their series, and how many (association).</summary>
    public (string Series, int Count)? Labels { get; init; }

    /// <summary>Of a step: the lots that it made.</summary>
    public IReadOnlyList<LotQuantityOf> Outputs { get; init; } = [];
}

/// <summary>
/// What happened to lots, as events shaped after EPCIS 2.0 (GS1, June 2022): type, time with offset, what, where, why, who.
/// The history only grows; a correction is a new event that points at what it corrects. The hash of its document is what an event is called by,
/// so each document carries the key of its event: two entries of the same words are two events.
/// </summary>
public sealed class OriginEvents(SiteOptions site, TimeProvider clock)
{
    /// <summary>So many events go to the database with one statement: their documents are in memory together.</summary>
    internal const int AtOnce = 5_000;

    private static readonly HashSet<string> CbvSteps = new(StringComparer.Ordinal)
    {
        "commissioning", "inspecting", "packing", "unpacking", "storing", "loading", "departing", "shipping", "transporting", "arriving", "receiving",
        "accepting", "holding", "stock_taking", "other", "retail_selling", "void_shipping", "sensor_reporting", "destroying", "decommissioning",
    };

    /// <summary>A day of the field has no hour; noon in Vietnam keeps it the same day everywhere in the country.</summary>
    public static DateTimeOffset Noon(DateOnly day) => new(day.ToDateTime(new TimeOnly(12, 0)), Vietnamese.Offset);

    /// <summary>When a day begins in Vietnam.</summary>
    public static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), Vietnamese.Offset);

    /// <summary>Appends an event; its id. False content never gets here: callers have checked it. Null when an event with this id is already there.</summary>
    public async Task<Guid?> AppendAsync(Tx tx, NewEvent e, Actor actor) => await AppendAsync(tx, [e], actor) is [var id] ? id : null;

    /// <summary>Appends events; the ids of those that were not there yet.</summary>
    public async Task<IReadOnlyList<Guid>> AppendAsync(Tx tx, IReadOnlyCollection<NewEvent> many, Actor actor)
    {
        const string subject = """
            select l.id, l.code, l.producer_id, l.base_unit, p.gtin, l.commune_code from origin.lot l join producers.product p on p.id = l.product_id where l.id = any(@ids)
            """;
        const string insert = """
            insert into origin.event (id, lot_id, producer_id, event_type, action, event_time, recorded_at, biz_step, disposition, read_point, biz_location, quantity_base, document, event_hash, vouched_by, person_id, corrects_id, correction_reason)
            select e.id, e.lot_id, e.producer_id, e.event_type, e.action, e.event_time, @now, e.biz_step, e.disposition, e.place, e.place, e.quantity_base, e.document::jsonb, e.hash, e.vouched_by, @PersonId::bigint, e.corrects_id, e.correction_reason
            from unnest(@ids, @lots, @producers, @types, @actions, @times, @steps, @dispositions, @places, @quantities, @documents, @hashes, @vouchers, @corrected, @corrections)
              as e (id, lot_id, producer_id, event_type, action, event_time, biz_step, disposition, place, quantity_base, document, hash, vouched_by, corrects_id, correction_reason)
            on conflict do nothing returning id
            """;
        var now = clock.GetUtcNow();
        var context = Gs1.EpcisContext.ForHost(site.PublicBaseUrl);
        var added = new List<Guid>(many.Count);
        foreach (var some in many.Chunk(AtOnce))
        {
            var ids = some.SelectMany(e => e.Inputs.Concat(e.Outputs).Select(q => q.LotId).Append(e.LotId)).Distinct().ToArray();
            var subjects = (await tx.QueryAsync<Subject>(subject, new { ids })).ToDictionary(s => s.Id);
            var places = Array.ConvertAll(some, e => site.Absolute($"/xa/{subjects[e.LotId].CommuneCode}"));
            var keys = Array.ConvertAll(some, e => e.Id ?? Guid.CreateVersion7(now));
            var documents = some.Select((e, at) => Document(e, keys[at], subjects, places[at])).ToArray();
            added.AddRange(await tx.QueryAsync<Guid>(insert, new
            {
                ids = keys,
                lots = Array.ConvertAll(some, e => e.LotId),
                producers = Array.ConvertAll(some, e => subjects[e.LotId].ProducerId),
                types = Array.ConvertAll(some, e => e.EventType),
                actions = Array.ConvertAll(some, e => e.Action),
                times = Array.ConvertAll(some, e => e.EventTime.UtcDateTime),
                now,
                steps = Array.ConvertAll(some, e => e.BizStep),
                dispositions = Array.ConvertAll(some, e => e.Disposition),
                places,
                quantities = Array.ConvertAll(some, e => e.QuantityBase),
                documents = Array.ConvertAll(documents, d => d.ToJsonString()),
                hashes = Array.ConvertAll(documents, d => Gs1.EventHash.Compute(JsonSerializer.SerializeToElement(d), context)),
                vouchers = Array.ConvertAll(some, e => e.VouchedBy),
                actor.PersonId,
                corrected = Array.ConvertAll(some, e => e.CorrectsId),
                corrections = Array.ConvertAll(some, e => e.CorrectionReason),
            }));
        }
        return added;
    }

    /// <summary>
    /// Declares an event wrong that nothing takes the place of: its content once more, with its hash, and the declaration (EPCIS 2.0, section 7.4.1.4).
    /// Null when it was corrected or declared wrong before.
    /// </summary>
    public Task<Guid?> DeclareWrongAsync(Tx tx, Guid eventId, string reason, Actor actor)
    {
        const string insert = """
            insert into origin.event (id, lot_id, producer_id, event_type, action, event_time, recorded_at, biz_step, disposition, read_point, biz_location, quantity_base, document, event_hash, vouched_by, person_id, corrects_id, correction_reason)
            select @id, e.lot_id, e.producer_id, e.event_type, e.action, e.event_time, @now, e.biz_step, e.disposition, e.read_point, e.biz_location, e.quantity_base, e.document || @declaration::jsonb, e.event_hash, e.vouched_by, @PersonId::bigint, e.id, @reason
            from origin.event e where e.id = @eventId and not e.document ? 'errorDeclaration'
            on conflict do nothing returning id
            """;
        var now = clock.GetUtcNow();
        var declaration = new JsonObject { ["errorDeclaration"] = new JsonObject { ["declarationTime"] = Time(now), ["reason"] = "incorrect_data" } };
        return tx.FirstOrDefaultAsync<Guid?>(insert, new { id = Guid.CreateVersion7(now), eventId, now, declaration = declaration.ToJsonString(), reason, actor.PersonId });
    }

    /// <summary>As events have it: to the millisecond, with the offset of Vietnam.</summary>
    internal static string Time(DateTimeOffset at) => Vietnamese.Local(at).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);

    /// <summary>The address that names the lot in events and on labels: GS1 Digital Link where the product has a GTIN.</summary>
    public string LotUri(string code, string? gtin) => gtin is null ? site.Absolute($"/lo/{code}") : site.Absolute($"/01/{gtin}/10/{code}");

    private JsonObject Document(NewEvent e, Guid key, Dictionary<long, Subject> subjects, string place)
    {
        var document = new JsonObject
        {
            ["type"] = e.EventType,
            ["eventTime"] = Time(e.EventTime),
            ["eventTimeZoneOffset"] = "+07:00",
        };
        if (e.Action is not null)
            document["action"] = e.Action;
        document["bizStep"] = CbvSteps.Contains(e.BizStep) ? e.BizStep : site.Absolute("/voc/bizstep/" + e.BizStep);
        if (e.Disposition is not null)
            document["disposition"] = e.Disposition;
        document["readPoint"] = new JsonObject { ["id"] = place };
        document["bizLocation"] = new JsonObject { ["id"] = place };
        switch (e.EventType)
        {
            case "TransformationEvent":
                document["inputQuantityList"] = Quantities(e.Inputs);
                document["outputQuantityList"] = Quantities(e.Outputs);
                break;
            case "AggregationEvent" when e.Parent is not null:
                document["parentID"] = e.Parent;
                document["childQuantityList"] = new JsonArray(What(subjects[e.LotId], e.QuantityBase));
                break;
            case "AssociationEvent":
                document["parentID"] = LotUri(subjects[e.LotId].Code, subjects[e.LotId].Gtin);
                document["childQuantityList"] = new JsonArray(new JsonObject { ["epcClass"] = e.Labels!.Value.Series, ["quantity"] = e.Labels.Value.Count });
                break;
            case "TransactionEvent":
                document["bizTransactionList"] = new JsonArray(new JsonObject { ["type"] = "po", ["bizTransaction"] = e.Order });
                document["quantityList"] = new JsonArray(What(subjects[e.LotId], e.QuantityBase));
                break;
            case "AggregationEvent":
                document["parentID"] = LotUri(subjects[e.LotId].Code, subjects[e.LotId].Gtin);
                document["childQuantityList"] = Quantities(e.Inputs);
                break;
            default:
                document["quantityList"] = new JsonArray(What(subjects[e.LotId], e.QuantityBase));
                break;
        }
        document["slm:entry"] = key.ToString();
        foreach (var (name, value) in e.Extension ?? [])
        {
            if (value is not null)
                document["slm:" + name] = value.DeepClone();
        }
        return document;

        JsonArray Quantities(IEnumerable<LotQuantityOf> lots) => new([.. lots.Select(q => What(subjects[q.LotId], q.QuantityBase))]);
    }

    private JsonObject What(Subject lot, long? quantityBase)
    {
        var what = new JsonObject { ["epcClass"] = LotUri(lot.Code, lot.Gtin) };
        if (quantityBase is { } quantity)
        {
            // UN/ECE Rec 20: KGM kilogram; pieces carry no unit.
            what["quantity"] = lot.BaseUnit == "g" ? quantity / 1000m : quantity;
            if (lot.BaseUnit == "g")
                what["uom"] = "KGM";
        }
        return what;
    }

    private sealed record Subject(long Id, string Code, long ProducerId, string BaseUnit, string? Gtin, string CommuneCode);
}
