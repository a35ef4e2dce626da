using System.Text.Json;
using Dapper;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Origin.Trace;

/// <param name="HarvestedOn">The earliest day that anybody wrote down; one to come is no harvest yet.</param>
/// <param name="SprayedOn">The last spraying before the last harvest that has been.</param>
/// <param name="HarvestedAfter">The first harvest after that.</param>
/// <param name="NotSprayed">Of a crop without such a spraying: "diary" where the diary of the field has none, "later" where it has only later ones, "nothing" where nobody keeps it.</param>
public sealed record TraceLot(
    long Id, string Code, string? Title, string? TitleEn, string? Gtin, string? SpecialityName, string? SpecialityNameEn, string Protection, string ProtectionName, string BaseUnit,
    long QuantityBase, string? Piece, long? NetWeightG, DateOnly? HarvestedOn, DateOnly? HarvestUntil, DateOnly? PackedOn, DateOnly? BestBefore, string? GrowingAreaCode, string? GrowingAreaStatus, string? GrowingAreaName, string? AreaScheme, string[]? AreaMarkets, DateTimeOffset? AreaCheckedAt,
    string CommuneCode, string CommuneName, string CommuneNameEn, string? ProducerName, string ProducerSlug, bool ProducerPublic, bool ProducerSuspended, string ProducerAddress, string ProducerPhone, string? ProducerCommune, string? ProducerCommuneEn,
    string? ProducerStory, Guid? ProducerPictureId, DateTimeOffset? ProducerCheckedAt, bool IsSample, Guid? PictureId, string? SpecialitySlug, string? OfferSlug, long? OfferPriceVnd, string? OfferUnit, long? OfferAvailable, long Scans, DateOnly? SprayedOn, int? SprayIntervalDays, DateTimeOffset? TakenBackAt,
    bool OpenedStanding, DateOnly? PlannedOn, DateOnly? HarvestedAfter, string? NotSprayed,
    string? BlocksJson, string? RecallsJson, string? CertificatesJson, string? SourcesJson, string? InspectionsJson, string? ReportsJson)
{
    /// <summary>How much it holds, as people buy it: "600 hộp × 500 g".</summary>
    public string Holds(Texts t) => Quantity.Show(QuantityBase, BaseUnit, t, Piece) + (NetWeightG is { } grams ? $" × {Vietnamese.Weight(grams)}" : "");

    /// <summary>As much of the producer's story as a page behind a label has room for, to the end of a word.</summary>
    public (string Text, bool Cut) Story => ProducerStory is not { } story ? ("", false)
        : story.Length <= MostStory ? (story, false) : (story[..(story.LastIndexOfAny([' ', '\n'], MostStory) is > 0 and var at ? at : MostStory)] + "…", true);

    private const int MostStory = 600;
}

public sealed record TraceBlock(string Cause, string Note, string[]? NoteArgs, string MadeFrom, DateTimeOffset BlockedAt, DateTimeOffset? LiftedAt, string? LiftReason)
{
    public BlockNote[] Why => [new(Note, NoteArgs, MadeFrom)];
}

public sealed record TraceRecall(string Number, string Reason, string Advice, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt);

/// <summary>A lot that this one was made from, in one step.</summary>
public sealed record TraceSource(string Code, string Kind, DateOnly DoneOn, string? Title, string? TitleEn);

/// <param name="Of">What was inspected: "lot", "growing_area" or "producer".</param>
public sealed record TraceInspection(string Number, string Of, DateOnly DoneOn, string Conclusion, string Finding, string SampleWhat, string? SampleLaboratory, string? SampleResult, bool? SampleExceeds);

/// <summary>What a laboratory found in the lot, as the producer handed its report in.</summary>
public sealed record TraceReport(string Laboratory, string Number, DateOnly IssuedOn, string Tested, string Result, bool Exceeds, Guid[] PictureIds);

public sealed record TraceCertificate(string KindName, string KindNameEn, string Number, string Issuer, string Scope, string? LookupUrl, DateOnly ValidUntil, DateTimeOffset CheckedAt);

/// <summary>Everything the trace page says, from one round trip.</summary>
/// <param name="Timeline">The newest part of its diary and of what made it: the page is to stay small.</param>
public sealed record TracePage(
    TraceLot Lot, List<TraceBlock> Blocks, List<TraceRecall> Recalls, Page<TraceEntry> Timeline, List<TraceCertificate> Certificates, List<TraceSource> Sources, List<TraceInspection> Inspections, List<TraceReport> Reports, DateOnly Today, DateTimeOffset Now)
{
    /// <summary>The package whose code was scanned; null on the page of the lot.</summary>
    public ItemView? Item { get; init; }

    /// <summary>Product and producer were approved once; of anything else the page shows the code alone.</summary>
    public bool Known => Lot is { Title: not null, ProducerName: not null };

    public TraceRecall? Recall => Recalls.FirstOrDefault();

    public IEnumerable<TraceBlock> OpenBlocks => Blocks.Where(b => b.LiftedAt is null).DistinctBy(b => b.Why[0].Matter);

    public bool Recalled => Recall is not null;

    public bool Blocked => OpenBlocks.Any();

    /// <summary>It was harvested: a day to come is only planned.</summary>
    public bool Harvested => Lot.HarvestedOn <= Today;

    public bool Expired => Lot.BestBefore < Today;

    /// <summary>It was opened by mistake: nothing that was said of it then is told any more.</summary>
    public bool TakenBack => Lot.TakenBackAt is not null;

    /// <summary>It can be bought from this very lot.</summary>
    public bool OnOffer => Lot is { OfferSlug: not null, OfferAvailable: > 0, ProducerPublic: true } && !Recalled && !Blocked && !Expired && !TakenBack;

    private const int Newest = 20;

    /// <summary>The last spraying before the harvest, of the lot's own diary or of another lot of its field: the rule of the interval asks both.</summary>
    private const string Sprayed = $"""
        d.done_on, {DiaryRow.Interval} as interval_days from origin.diary_entry d join origin.event e on e.id = d.event_id
        where d.kind = 'spraying' and d.done_on <= coalesce(w.last_on, d.done_on) and not exists (select 1 from origin.event x where x.corrects_id = d.event_id)
        """;

    /// <summary>What the page reads, in one round trip. What most lots have none of, or little, comes as a column of the lot's row: a statement for each of these would cost more than all that they find.</summary>
    public const string Statements = $"""
        select l.id, l.code, p.title, p.title_en, p.gtin, s.name as speciality_name, s.name_en as speciality_name_en, coalesce(s.protection, '') as protection, coalesce(s.protection_name, '') as protection_name,
          l.base_unit, l.quantity_base, case when l.base_unit <> 'g' then coalesce(o.unit_label, {LotOffers.PieceOfLot}) end as piece, case when l.base_unit <> 'g' then (select q.net_weight_g from producers.product q where q.id = l.product_id) end as net_weight_g,
          least(l.harvested_on, k.first_on) as harvested_on, l.harvest_until, l.packed_on, l.best_before, l.growing_area_code, l.growing_area_status, a.name as growing_area_name,
          a.scheme as area_scheme, a.markets as area_markets, a.checked_at as area_checked_at,
          c.code as commune_code, c.full_name as commune_name, c.name_en as commune_name_en, v.name as producer_name, r.slug as producer_slug,
          r.public_version is not null as producer_public, r.status = 'suspended' as producer_suspended, coalesce(v.address_line, '') as producer_address, coalesce(v.phone, '') as producer_phone, v.commune_name as producer_commune, v.commune_name_en as producer_commune_en,
          v.story as producer_story, v.picture_id as producer_picture_id, v.decided_at as producer_checked_at, r.is_sample, p.picture_id, p.speciality_slug,
          o.listing_slug as offer_slug, o.price_vnd as offer_price_vnd, o.unit_label as offer_unit, o.available_units as offer_available,
          coalesce(n.scans + n.item_scans, 0) as scans, y.done_on as sprayed_on, y.interval_days as spray_interval_days, l.taken_back_at,
          l.opened_standing, l.planned_on, (select min(x.day) from unnest(k.harvests || l.harvested_on || l.harvest_until) x (day) where x.day between y.done_on and @today) as harvested_after,
          case when y.done_on is not null then null when k.sprayed then 'later' when k.kept then 'diary'
            when k.entries = 0 and exists (select 1 from origin.diary_template t join producers.product q on q.category_slug = t.category_slug where q.id = l.product_id) and not exists (select 1 from origin.lot_output m where m.lot_id = l.id) then 'nothing' end as not_sprayed,
          (select json_agg(x)::text from (
            select b.cause, b.note, b.note_args, b.made_from, b.blocked_at, b.lifted_at, b.lift_reason from origin.lot_block b where b.lot_id = l.id and b.lift_reason is distinct from '{LotBlocks.Proven}' order by b.id) x) as blocks_json,
          (select json_agg(x)::text from (
            select e.number, e.reason, e.advice, e.opened_at, e.closed_at from origin.recall_lot m join origin.recall e on e.id = m.recall_id where m.lot_id = l.id order by e.opened_at desc) x) as recalls_json,
          (select json_agg(x)::text from (
            select t.name as kind_name, t.name_en as kind_name_en, e.number, e.issuer, e.scope, e.lookup_url, e.valid_until, e.decided_at as checked_at
            from producers.certificate e join producers.certificate_kind t on t.code = e.kind_code where e.id = any(p.certificate_ids) and e.status = 'verified' order by e.valid_until desc) x) as certificates_json,
          (select json_agg(x)::text from (
            select f.code, t.kind, t.done_on, g.title, g.title_en from origin.lot_output m join origin.lot_step t on t.id = m.step_id join origin.lot_input i on i.step_id = m.step_id
              join origin.lot f on f.id = i.lot_id left join origin.approved_product g on g.product_id = f.product_id where m.lot_id = l.id order by f.id limit 20) x) as sources_json,
          (select json_agg(x)::text from (
            select i.number, case when i.lot_id is not null then 'lot' when i.growing_area_id is not null then 'growing_area' else 'producer' end as "of", i.done_on, i.conclusion, i.finding, i.sample_what, i.sample_laboratory, i.sample_result, i.sample_exceeds
            from origin.inspection i where i.producer_id = l.producer_id and (i.lot_id is null or i.lot_id = l.id) and (i.growing_area_id is null or i.growing_area_id = l.growing_area_id) order by i.done_on desc, i.published_at desc limit 5) x) as inspections_json,
          (select json_agg(x)::text from (
            select t.laboratory, t.number, t.issued_on, t.tested, t.result, t.exceeds, t.picture_ids from origin.lab_report t where t.lot_id = l.id and t.withdrawn_at is null order by t.issued_on desc, t.id desc) x) as reports_json
        from origin.lot l join producers.producer r on r.id = l.producer_id left join origin.approved_product p on p.product_id = l.product_id
          left join lateral (select a.name, a.address_line, a.phone, nullif(left(a.about, 1000), '') as story, a.picture_ids[1] as picture_id, a.decided_at, k.full_name as commune_name, k.name_en as commune_name_en from producers.producer_version a join foundation.commune k on k.code = a.commune_code where a.producer_id = r.id and a.state = 'approved' order by a.version desc limit 1) v on true
          join foundation.commune c on c.code = l.commune_code left join producers.growing_area a on a.id = l.growing_area_id
          left join producers.speciality s on s.slug = p.speciality_slug left join origin.lot_offer o on o.lot_id = l.id left join origin.scan_total n on n.lot_id = l.id
          left join lateral (
            select count(*) as entries, bool_or(d.kind = 'spraying') as sprayed, bool_or(d.kind in ('planting', 'fertilising', 'irrigation', 'care', 'harvest')) as kept, array_agg(d.done_on) filter (where d.kind = 'harvest') as harvests,
              min(d.done_on) filter (where d.kind = 'harvest') as first_on, max(d.done_on) filter (where d.kind = 'harvest' and d.done_on <= @today) as last_on
            from origin.diary_entry d where d.lot_id = l.id and not exists (select 1 from origin.event e where e.corrects_id = d.event_id)) k on true
          cross join lateral (select greatest(case when l.harvested_on <= @today then l.harvested_on end, case when l.harvest_until <= @today then l.harvest_until end, k.last_on) as last_on) w
          left join lateral (
            select s.done_on, s.interval_days from (
              (select {Sprayed} and d.lot_id = l.id and k.sprayed order by d.done_on desc, d.event_id desc limit 1)
              union all
              (select {Sprayed} and d.growing_area_id = l.growing_area_id order by d.done_on desc, d.event_id desc limit 1)) s
            order by s.done_on desc, s.interval_days desc nulls first limit 1) y on true
        where l.code = @code;
        {TraceEntry.Timeline}
        """;

    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Null when no lot has this code.</summary>
    public static Task<TracePage?> LoadAsync(Sql sql, string code, DateOnly today, DateTimeOffset now, CancellationToken ct) =>
        sql.MultipleAsync(Statements, new { code, today, take = Newest + 1 }, async g =>
        {
            var lot = await g.ReadFirstOrDefaultAsync<TraceLot>();
            var entries = (await g.ReadAsync<TraceEntry>()).AsList();
            return lot is null ? null : new TracePage(
                lot, Rows<TraceBlock>(lot.BlocksJson), Rows<TraceRecall>(lot.RecallsJson), TraceEntry.Page(entries, Newest), Rows<TraceCertificate>(lot.CertificatesJson), Rows<TraceSource>(lot.SourcesJson),
                Rows<TraceInspection>(lot.InspectionsJson), Rows<TraceReport>(lot.ReportsJson), today, now);
        }, ct);

    private static List<T> Rows<T>(string? json) => json is null ? [] : JsonSerializer.Deserialize<List<T>>(json, Snake)!;
}
