using Dapper;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Origin.Trace;

/// <param name="HarvestedOn">The earliest day that anybody wrote down; one to come is no harvest yet.</param>
/// <param name="SprayedOn">The last spraying before the last harvest that has been.</param>
/// <param name="HarvestedAfter">The first harvest after that.</param>
/// <param name="NotSprayed">Of a crop without such a spraying: "diary" where the diary of the field has none, "later" where it has only later ones, "nothing" where nobody keeps it.</param>
public sealed record TraceLot(
    long Id, string Code, string? Title, string? TitleEn, string? Gtin, string? SpecialityName, string? SpecialityNameEn, string Protection, string ProtectionName, string BaseUnit,
    long QuantityBase, DateOnly? HarvestedOn, DateOnly? HarvestUntil, DateOnly? PackedOn, DateOnly? BestBefore, string? GrowingAreaCode, string? GrowingAreaStatus, string? GrowingAreaName, string? AreaScheme, string[]? AreaMarkets, DateTimeOffset? AreaCheckedAt,
    string CommuneCode, string CommuneName, string CommuneNameEn, string? ProducerName, string ProducerSlug, bool ProducerPublic, bool ProducerSuspended, string ProducerAddress, string ProducerPhone, string? ProducerCommune, string? ProducerCommuneEn,
    DateTimeOffset? ProducerCheckedAt, bool IsSample, Guid? PictureId, string? SpecialitySlug, string? OfferSlug, long? OfferPriceVnd, string? OfferUnit, long? OfferAvailable, long Scans, DateOnly? SprayedOn, int? SprayIntervalDays, DateTimeOffset? TakenBackAt,
    bool OpenedStanding, DateOnly? PlannedOn, DateOnly? HarvestedAfter, string? NotSprayed);

public sealed record TraceBlock(string Cause, string Note, string[]? NoteArgs, string MadeFrom, DateTimeOffset BlockedAt, DateTimeOffset? LiftedAt, string? LiftReason)
{
    public BlockNote[] Why => [new(Note, NoteArgs, MadeFrom)];
}

public sealed record TraceRecall(string Number, string Reason, string Advice, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt);

public sealed record TraceEntry(
    Guid EventId, string Kind, DateOnly DoneOn, string? InputName, string? ActiveIngredient, int? IntervalDays, decimal? Amount, string? AmountUnit, string Note, Guid[] PictureIds,
    DateTimeOffset RecordedAt, string? CorrectionReason)
{
    /// <summary>What is true of the lot @code, corrected entries left out, from the newest or from behind a place.</summary>
    internal const string Newest = $"""
        select d.event_id, d.kind, d.done_on, d.input_name, d.active_ingredient, {DiaryRow.Interval} as interval_days, d.amount, d.amount_unit, d.note, {DiaryRow.Photos} as picture_ids, e.recorded_at, e.correction_reason
        from origin.diary_entry d join origin.event e on e.id = d.event_id join origin.lot l on l.id = d.lot_id
        where l.code = @code and not exists (select 1 from origin.event x where x.corrects_id = d.event_id) and (@DoneOn::date is null or (d.done_on, origin.diary_stage(d.kind), d.event_id) < (@DoneOn, {DiaryPlace.Stage}, @EventId))
        order by d.done_on desc, origin.diary_stage(d.kind) desc, d.event_id desc limit @take
        """;

    public static Page<TraceEntry> Page(IReadOnlyList<TraceEntry> rows, int take) => Page<TraceEntry>.Of(rows, take, e => new DiaryPlace(e.DoneOn, e.EventId).Cursor);
}

/// <summary>A lot that this one was made from, in one step.</summary>
public sealed record TraceSource(string Code, string Kind, DateOnly DoneOn, string? Title, string? TitleEn);

/// <param name="Of">What was inspected: "lot", "growing_area" or "producer".</param>
public sealed record TraceInspection(string Number, string Of, DateOnly DoneOn, string Conclusion, string Finding, string SampleWhat, string? SampleLaboratory, string? SampleResult, bool? SampleExceeds);

public sealed record TraceCertificate(string KindName, string KindNameEn, string Number, string Issuer, DateOnly ValidUntil, DateTimeOffset CheckedAt);

/// <summary>Everything the trace page says, from one round trip.</summary>
/// <param name="Diary">Its newest part: the page is to stay small.</param>
public sealed record TracePage(TraceLot Lot, List<TraceBlock> Blocks, List<TraceRecall> Recalls, Page<TraceEntry> Diary, List<TraceCertificate> Certificates, List<TraceSource> Sources, List<TraceInspection> Inspections, DateOnly Today, DateTimeOffset Now)
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

    /// <summary>What the page reads, in one round trip.</summary>
    public const string Statements = $"""
        select l.id, l.code, p.title, p.title_en, p.gtin, s.name as speciality_name, s.name_en as speciality_name_en, coalesce(s.protection, '') as protection, coalesce(s.protection_name, '') as protection_name,
          l.base_unit, l.quantity_base, {LotHarvest.First} as harvested_on, l.harvest_until, l.packed_on, l.best_before, l.growing_area_code, l.growing_area_status, a.name as growing_area_name,
          a.scheme as area_scheme, a.markets as area_markets, a.checked_at as area_checked_at,
          c.code as commune_code, c.full_name as commune_name, c.name_en as commune_name_en, v.name as producer_name, r.slug as producer_slug,
          r.public_version is not null as producer_public, r.status = 'suspended' as producer_suspended, coalesce(v.address_line, '') as producer_address, coalesce(v.phone, '') as producer_phone, v.commune_name as producer_commune, v.commune_name_en as producer_commune_en,
          v.decided_at as producer_checked_at, r.is_sample, p.picture_id, p.speciality_slug,
          o.listing_slug as offer_slug, o.price_vnd as offer_price_vnd, o.unit_label as offer_unit, o.available_units as offer_available,
          coalesce((select n.scans + n.item_scans from origin.scan_total n where n.lot_id = l.id), 0)::bigint as scans, y.done_on as sprayed_on, y.interval_days as spray_interval_days, l.taken_back_at,
          l.opened_standing, l.planned_on, (select min(x.day) from ({LotHarvest.Days}) x where x.day between y.done_on and @today) as harvested_after,
          case when y.done_on is null then (select case when bool_or(d.kind = 'spraying') then 'later' when bool_or(d.kind in ('planting', 'fertilising', 'irrigation', 'care', 'harvest')) then 'diary'
            when count(*) = 0 and exists (select 1 from origin.diary_template t join producers.product q on q.category_slug = t.category_slug where q.id = l.product_id) and not exists (select 1 from origin.lot_output m where m.lot_id = l.id) then 'nothing' end
            from origin.diary_entry d where d.lot_id = l.id and not exists (select 1 from origin.event e where e.corrects_id = d.event_id)) end as not_sprayed
        from origin.lot l join producers.producer r on r.id = l.producer_id left join origin.approved_product p on p.product_id = l.product_id
          left join lateral (select a.name, a.address_line, a.phone, a.decided_at, k.full_name as commune_name, k.name_en as commune_name_en from producers.producer_version a join foundation.commune k on k.code = a.commune_code where a.producer_id = r.id and a.state = 'approved' order by a.version desc limit 1) v on true
          join foundation.commune c on c.code = l.commune_code left join producers.growing_area a on a.id = l.growing_area_id
          left join producers.speciality s on s.slug = p.speciality_slug left join origin.lot_offer o on o.lot_id = l.id
          left join lateral (select max(x.day) as last_on from ({LotHarvest.Days}) x where x.day <= @today) w on true
          left join lateral (
            select s.done_on, s.interval_days from (
              (select {Sprayed} and d.lot_id = l.id order by d.done_on desc, d.event_id desc limit 1)
              union all
              (select {Sprayed} and d.growing_area_id = l.growing_area_id order by d.done_on desc, d.event_id desc limit 1)) s
            order by s.done_on desc, s.interval_days desc nulls first limit 1) y on true
        where l.code = @code;
        select b.cause, b.note, b.note_args, b.made_from, b.blocked_at, b.lifted_at, b.lift_reason from origin.lot_block b join origin.lot l on l.id = b.lot_id where l.code = @code and b.lift_reason is distinct from '{LotBlocks.Proven}' order by b.id;
        select r.number, r.reason, r.advice, r.opened_at, r.closed_at from origin.recall r join origin.recall_lot x on x.recall_id = r.id join origin.lot l on l.id = x.lot_id where l.code = @code order by r.opened_at desc;
        {TraceEntry.Newest};
        select k.name as kind_name, k.name_en as kind_name_en, c.number, c.issuer, c.valid_until, c.decided_at as checked_at
        from origin.lot l join origin.approved_product p on p.product_id = l.product_id join producers.certificate c on c.id = any(p.certificate_ids) join producers.certificate_kind k on k.code = c.kind_code
        where l.code = @code and c.status = 'verified' order by c.valid_until desc;
        select f.code, s.kind, s.done_on, p.title, p.title_en from origin.lot l join origin.lot_output o on o.lot_id = l.id join origin.lot_step s on s.id = o.step_id join origin.lot_input i on i.step_id = s.id
          join origin.lot f on f.id = i.lot_id left join origin.approved_product p on p.product_id = f.product_id where l.code = @code order by f.id limit 20;
        select i.number, case when i.lot_id is not null then 'lot' when i.growing_area_id is not null then 'growing_area' else 'producer' end as "of", i.done_on, i.conclusion, i.finding, i.sample_what, i.sample_laboratory, i.sample_result, i.sample_exceeds
        from origin.lot l join origin.inspection i on i.producer_id = l.producer_id and (i.lot_id is null or i.lot_id = l.id) and (i.growing_area_id is null or i.growing_area_id = l.growing_area_id)
        where l.code = @code order by i.done_on desc, i.published_at desc limit 5
        """;

    /// <summary>Null when no lot has this code.</summary>
    public static Task<TracePage?> LoadAsync(Sql sql, string code, DateOnly today, DateTimeOffset now, CancellationToken ct) =>
        sql.MultipleAsync(Statements, new { code, today, DoneOn = (DateOnly?)null, EventId = (Guid?)null, take = Newest + 1 }, async g =>
        {
            var lot = await g.ReadFirstOrDefaultAsync<TraceLot>();
            var blocks = (await g.ReadAsync<TraceBlock>()).AsList();
            var recalls = (await g.ReadAsync<TraceRecall>()).AsList();
            var entries = (await g.ReadAsync<TraceEntry>()).AsList();
            var certificates = (await g.ReadAsync<TraceCertificate>()).AsList();
            var sources = (await g.ReadAsync<TraceSource>()).AsList();
            var inspections = (await g.ReadAsync<TraceInspection>()).AsList();
            return lot is null ? null : new TracePage(lot, blocks, recalls, TraceEntry.Page(entries, Newest), certificates, sources, inspections, today, now);
        }, ct);
}
