using System.Text.Json;
using System.Text.Json.Nodes;
using Gs1;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin;

/// <summary>
/// The history of a lot as EPCISDocument (EPCIS 2.0, JSON-LD): its events and those of every lot that it was made from, but not what else was sold
/// of these, in order of time. What was corrected stands there as it was, and once more with an error declaration that names what is right.
/// What becomes of the lot in orders (<see cref="LotMovements"/>) is the seller's business: only who sells for the producer and officers read it.
/// Everybody else's document leaves these events out, for one without its time or quantity would not have the hash that names it.
/// </summary>
public static class LotHistory
{
    /// <summary>Of an event: why goods left the shelf unsold. That is the seller's business too, but for what was destroyed because of a recall or a block.</summary>
    internal const string Loss = "loss";

    internal const string Destroyed = "destroyed";

    /// <summary>What happened to the lots @lotIds and to those that they were made from, as <c>told</c>; @Whole: also what is their seller's business. By keys: joined, they would read the whole table, for the planner takes every graph to be large.</summary>
    internal const string Told = $"""
        {LotGraph.Backward},
        told (id) as (
          select e.id from origin.event e
          where e.lot_id = any(array(select lot_id from reached)) and (e.event_type = 'ObjectEvent' and coalesce(e.document->>'slm:{Loss}', '{Destroyed}') = '{Destroyed}' or e.lot_id = any(@lotIds) and (@Whole or e.event_type = 'AssociationEvent')) and not exists (select 1 from origin.lot_step s where s.id = e.id)
          union
          select o.step_id from origin.lot_output o where o.lot_id = any(array(select lot_id from reached))
          union
          select i.step_id from origin.lot_input i where i.lot_id = any(@lotIds)
          union
          select x.id from origin.voided_step v cross join lateral (values (v.step_id), (v.declared_id)) x (id) where v.lot_id = any(@lotIds))
        """;

    /// <summary>More than any lot has; a document that reaches it says so by ending there.</summary>
    private const int Most = 5_000;

    /// <summary>Null when no approved lot has this code.</summary>
    /// <param name="readerId">Who reads; null for somebody who is not signed in.</param>
    public static async Task<byte[]?> DocumentAsync(Sql sql, string lotCode, long? readerId, bool officer, SiteOptions site, CancellationToken ct)
    {
        const string known = """
            select l.id, @officer or exists (select 1 from producers.acting m where m.producer_id = l.producer_id and m.person_id = @readerId and m.role <> 'diary') as whole
            from origin.lot l join origin.approved_product p on p.product_id = l.product_id where l.code = @lotCode
            """;
        const string events = $"""
            {Told}
            select e.document::text as document, e.event_hash, e.recorded_at, c.event_hash as corrective_hash, c.recorded_at as corrected_at
            from origin.event e left join origin.event c on c.corrects_id = e.id and not c.document ? 'errorDeclaration' where e.id = any(array(select id from told))
            order by e.event_time, e.recorded_at, e.id limit @Most
            """;
        if (await sql.FirstOrDefaultAsync<Known>(known, new { lotCode, readerId, officer }, ct) is not { } lot)
            return null;
        var rows = await sql.QueryAsync<Row>(events, new { lotIds = new[] { lot.Id }, lot.Whole, Most }, ct);
        using var output = new MemoryStream();
        // Made of the events alone, so that the same history is the same document.
        var madeAt = rows.Count == 0 ? DateTimeOffset.UnixEpoch : rows.Max(r => r.CorrectedAt > r.RecordedAt ? r.CorrectedAt.Value : r.RecordedAt);
        EpcisDocument.Write(output, EpcisContext.ForHost(site.PublicBaseUrl), Vietnamese.Local(madeAt), rows.SelectMany(Events));
        return output.ToArray();
    }

    private static IEnumerable<JsonElement> Events(Row row)
    {
        var e = JsonNode.Parse(row.Document)!.AsObject();
        e["eventID"] = row.EventHash;
        e["recordTime"] = OriginEvents.Time(row.RecordedAt);
        yield return JsonSerializer.SerializeToElement(e);
        if (row.CorrectedAt is not { } corrected)
            yield break;
        e["recordTime"] = OriginEvents.Time(corrected);
        e["errorDeclaration"] = new JsonObject { ["declarationTime"] = OriginEvents.Time(corrected), ["reason"] = "incorrect_data", ["correctiveEventIDs"] = new JsonArray(row.CorrectiveHash) };
        yield return JsonSerializer.SerializeToElement(e);
    }

    /// <param name="Whole">The reader may know what is sold of it.</param>
    private sealed record Known(long Id, bool Whole);

    private sealed record Row(string Document, string EventHash, DateTimeOffset RecordedAt, string? CorrectiveHash, DateTimeOffset? CorrectedAt);
}
