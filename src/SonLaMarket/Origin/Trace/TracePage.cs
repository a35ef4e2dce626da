using Dapper;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Producers;

namespace SonLaMarket.Origin.Trace;

/// <param name="HarvestedOn">The earliest day that anybody wrote down; one to come is no harvest yet.</param>
/// <param name="Made">It was made of other lots, and has its days of harvest from them.</param>
/// <param name="More">It has what few lots have, and is asked for once more.</param>
public sealed record TraceLot(
    long Id, string Code, string? Title, string? TitleEn, string? Gtin, string BaseUnit,
    long QuantityBase, string? Piece, long? NetWeightG, DateOnly? HarvestedOn, DateOnly? HarvestUntil, DateOnly? PackedOn, DateOnly? BestBefore, string? GrowingAreaCode, string? GrowingAreaStatus, string? GrowingAreaName, string? AreaScheme, string[]? AreaMarkets, DateTimeOffset? AreaCheckedAt,
    string CommuneCode, string? ProducerName, string ProducerSlug, bool ProducerPublic, bool ProducerSuspended, string ProducerAddress, string ProducerPhone, string? ProducerCommuneCode,
    string? ProducerStory, Guid? ProducerPictureId, DateTimeOffset? ProducerCheckedAt, bool IsSample, Guid? PictureId, string? SpecialitySlug, string? OfferSlug, long? OfferPriceVnd, string? OfferUnit, long? OfferAvailable, long Scans, DateTimeOffset? TakenBackAt,
    bool OpenedStanding, DateOnly? PlannedOn, string CategorySlug, bool Made, bool More)
{
    /// <summary>Of its kind of goods a diary is kept.</summary>
    public bool Usual { get; init; }

    /// <summary>It is of a kind that is harvested: of anything else the day is that of its making, and a spraying's interval does not count to it.</summary>
    public bool Crop { get; init; }

    /// <summary>How much it holds, as people buy it: "600 hộp × 500 g".</summary>
    public string Holds(Texts t) => Quantity.Show(QuantityBase, BaseUnit, t, Piece) + (NetWeightG is { } grams ? $" × {Vietnamese.Weight(grams)}" : "");

    /// <summary>As much of the producer's story as a page behind a label has room for, to the end of a word.</summary>
    public (string Text, bool Cut) Story => ProducerStory is not { } story ? ("", false)
        : story.Length <= MostStory ? (story, false) : (story[..(story.LastIndexOfAny([' ', '\n'], MostStory) is > 0 and var at ? at : MostStory)] + "…", true);

    private const int MostStory = 600;
}

/// <summary>A harvest of the lot, or a spraying of it or of another lot of its field.</summary>
public sealed record TraceWork(string Kind, DateOnly DoneOn, bool Own, string? Input, int? IntervalDays);

/// <summary>The last spraying before the last harvest that has been: the rule of the interval looks at the same.</summary>
/// <param name="Own">It stands in the lot's own diary, not in that of another lot of its field.</param>
/// <param name="HarvestedAfter">The first harvest after it; null also where the lot's day is none of a harvest.</param>
/// <param name="None">Of a crop without one: "diary" where the diary of the field has none, "later" where it has only later ones, "nothing" where nobody keeps it, "sources" where the lots that it was made of say it.</param>
public sealed record TraceSpraying(DateOnly? On, bool Own, string? Input, int? IntervalDays, DateOnly? HarvestedAfter, string? None)
{
    private static readonly string[] OfTheField = ["planting", DiaryKinds.Fertilising, "irrigation", "care", DiaryKinds.Harvest];

    /// <param name="diary">The newest of the lot's own.</param>
    public static TraceSpraying Of(TraceLot lot, List<TraceWork> work, List<TraceEntry> diary, DateOnly today)
    {
        var harvests = work.Where(w => w.Kind == DiaryKinds.Harvest).Select(w => w.DoneOn).Concat(new[] { lot.HarvestedOn, lot.HarvestUntil }.OfType<DateOnly>()).Where(d => d <= today).Order().ToList();
        var before = work.Where(w => w.Kind == DiaryKinds.Spraying && (harvests.Count == 0 || w.DoneOn <= harvests[^1]));
        var harvested = lot.Crop || lot.Made || work.Exists(w => w.Kind == DiaryKinds.Harvest);
        if (before.OrderByDescending(w => w.DoneOn).ThenByDescending(w => w.IntervalDays ?? int.MaxValue).FirstOrDefault() is { } last)
            return new(last.DoneOn, last.Own, last.Input, last.IntervalDays, harvested ? harvests.Where(d => d >= last.DoneOn).Select(d => (DateOnly?)d).FirstOrDefault() : null, null);
        var none = work.Exists(w => w is { Kind: DiaryKinds.Spraying, Own: true }) ? "later"
            : work.Exists(w => w.Kind == DiaryKinds.Harvest) || diary.Exists(e => OfTheField.Contains(e.Kind)) ? "diary"
            : lot.Made ? "sources"
            : diary.Count == 0 && lot.Usual ? "nothing" : null;
        return new(null, Own: true, null, null, null, none);
    }
}

public sealed record TraceBlock(string Cause, string Note, string[]? NoteArgs, string MadeFrom, DateTimeOffset BlockedAt, DateTimeOffset? LiftedAt, string? LiftReason)
{
    public BlockNote[] Why => [new(Note, NoteArgs, MadeFrom)];

    /// <summary>It only bridged the way of a photo.</summary>
    public bool Proven => LiftReason == LotBlocks.Proven;
}

public sealed record TraceRecall(string Number, string Reason, string Advice, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt);

/// <summary>A lot that this one was made from, in one step.</summary>
public sealed record TraceSource(string Code, string Kind, DateOnly DoneOn, string? Title, string? TitleEn);

/// <param name="Of">What was inspected: "lot", "growing_area" or "producer".</param>
public sealed record TraceInspection(string Number, string Of, DateOnly DoneOn, string Conclusion, string Finding, string SampleWhat, string? SampleLaboratory, string? SampleResult, bool? SampleExceeds, int PointsSeen, int PointsMet, DateOnly? FollowUpOn, Guid[] PictureIds);

/// <summary>What a laboratory found in the lot, as the producer handed its report in.</summary>
public sealed record TraceReport(string Laboratory, string Number, DateOnly IssuedOn, string Tested, string Result, bool Exceeds, Guid[] PictureIds);

/// <summary>A row of the diary as the page asks for it: an entry among the newest of the lot, or one of those that say when it was harvested and sprayed.</summary>
/// <param name="Part">1: of the newest; 2: a harvest or spraying of the lot; 3: a spraying of another lot of its field. Of the latter two only kind, day, what was used and its interval are told.</param>
public sealed record TraceLine(
    int Part, Guid? EventId, string Kind, DateOnly DoneOn, string? InputName, string? ActiveIngredient, int? IntervalDays, decimal? Amount, string? AmountUnit, string? Note, Guid[] PictureIds,
    DateTimeOffset? WrittenAt, DateTimeOffset? RecordedAt, string? CorrectionReason, bool Late)
{
    public const int Newest = 1;
    public const int Own = 2;

    public TraceEntry Entry(TraceLot lot, PlaceName place) =>
        new(EventId!.Value, Kind, IsStep: false, DoneOn, lot.Code, place.Name, place.NameEn, [], [], InputName, ActiveIngredient, IntervalDays, Amount, AmountUnit, Note!, PictureIds, WrittenAt, RecordedAt!.Value, CorrectionReason, Late);

    public TraceWork Work => new(Kind, DoneOn, Part == Own, InputName is { Length: > 0 } input ? input : ActiveIngredient, IntervalDays);
}

public sealed record TraceCertificate(string KindCode, string Number, string Issuer, string Scope, string? LookupUrl, DateOnly ValidUntil, DateTimeOffset CheckedAt);

/// <summary>Everything the trace page says, from one round trip; of a lot that has what few have, from two.</summary>
/// <param name="Timeline">The newest part of its diary and of what made it: the page is to stay small.</param>
public sealed record TracePage(
    TraceLot Lot, List<TraceBlock> Blocks, List<TraceRecall> Recalls, Page<TraceEntry> Timeline, List<TraceCertificate> Certificates, List<TraceSource> Sources, List<TraceInspection> Inspections, List<TraceReport> Reports, TraceSpraying Spraying, TraceWords Words, DateOnly Today, DateTimeOffset Now)
{
    /// <summary>A whole document, shown as a part: no layout and no start of views stand around it. Named by its path, it is not looked for.</summary>
    public const string View = "/Origin/Trace/Trace.cshtml";

    /// <summary>The package whose code was scanned; null on the page of the lot.</summary>
    public ItemView? Item { get; init; }

    /// <summary>Product and producer were approved once; of anything else the page shows the code alone.</summary>
    public bool Known => Lot is { Title: not null, ProducerName: not null };

    public PlaceName Commune => Words.Commune(Lot.CommuneCode);

    /// <summary>Of a producer that was approved once.</summary>
    public PlaceName ProducerCommune => Words.Commune(Lot.ProducerCommuneCode!);

    public Speciality? Speciality => Lot.SpecialitySlug is { } slug ? Words.Speciality(slug) : null;

    public TraceRecall? Recall => Recalls.FirstOrDefault();

    public IEnumerable<TraceBlock> OpenBlocks => Blocks.Where(b => b.LiftedAt is null).DistinctBy(b => b.Why[0].Matter);

    public bool Recalled => Recall is not null;

    public bool Blocked => OpenBlocks.Any();

    /// <summary>A laboratory's result of it is told on the page.</summary>
    public bool Tested => Reports.Count > 0 || Inspections.Exists(i => i.SampleResult is { Length: > 0 });

    /// <summary>It was harvested: a day to come is only planned.</summary>
    public bool Harvested => Lot.HarvestedOn <= Today;

    /// <summary>Work until the harvest, or the making, of which nobody had heard on its day: the reader is told.</summary>
    public bool WrittenAfterHarvest(TraceEntry entry) =>
        entry is { IsStep: false } && entry.LotCode == Lot.Code && Harvested && entry.DoneOn <= Lot.HarvestedOn && Vietnamese.Day(entry.RecordedAt) > Lot.HarvestedOn;

    public bool Expired => Lot.BestBefore < Today;

    /// <summary>It was opened by mistake: nothing that was said of it then is told any more.</summary>
    public bool TakenBack => Lot.TakenBackAt is not null;

    /// <summary>It can be bought from this very lot.</summary>
    public bool OnOffer => Lot is { OfferSlug: not null, OfferAvailable: > 0, ProducerPublic: true } && !Recalled && !Blocked && !Expired && !TakenBack;

    private const int Newest = 20;

    private static readonly Statement<TraceLot> OfLot = new($"""
        select l.id, l.code, p.title, p.title_en, p.gtin,
          l.base_unit, l.quantity_base, coalesce(case when l.base_unit <> 'g' then o.unit_label end, {LotOffers.PieceOfLot}) as piece, case when l.base_unit <> 'g' then p.piece_weight_g end as net_weight_g,
          l.harvested_on, l.harvest_until, l.packed_on, l.best_before, l.growing_area_code, l.growing_area_status, a.name as growing_area_name,
          case when a.code = l.growing_area_code then a.scheme end as area_scheme, case when a.code = l.growing_area_code then a.markets end as area_markets, case when a.code = l.growing_area_code then a.checked_at end as area_checked_at,
          l.commune_code, v.name as producer_name, r.slug as producer_slug,
          r.public_version is not null as producer_public, r.status = 'suspended' as producer_suspended, coalesce(v.address_line, '') as producer_address, coalesce(v.phone, '') as producer_phone, v.commune_code as producer_commune_code,
          case when r.public_version is not null then nullif(left(v.about, 1000), '') end as producer_story, case when r.public_version is not null then v.picture_ids[1] end as producer_picture_id, v.decided_at as producer_checked_at, r.is_sample, p.picture_id, p.speciality_slug,
          o.listing_slug as offer_slug, o.price_vnd as offer_price_vnd, o.unit_label as offer_unit, o.available_units as offer_available,
          coalesce(n.scans + n.item_scans, 0) as scans, l.taken_back_at, l.opened_standing, l.planned_on,
          q.category_slug, exists (select 1 from origin.lot_output m where m.lot_id = l.id) as made,
          l.used_base > 0 or exists (select 1 from origin.lot_block b where b.lot_id = l.id) or exists (select 1 from origin.recall_lot m where m.lot_id = l.id)
            or exists (select 1 from origin.inspection i where i.producer_id = l.producer_id) or exists (select 1 from origin.lab_report t where t.lot_id = l.id and t.withdrawn_at is null) as more
        from origin.lot l join producers.producer r on r.id = l.producer_id join producers.product q on q.id = l.product_id left join origin.approved_product p on p.product_id = l.product_id
          left join producers.producer_version v on v.producer_id = r.id and v.version = r.approved_version left join producers.growing_area a on a.id = l.growing_area_id and not a.own_place
          left join origin.lot_offer o on o.lot_id = l.id left join origin.scan_total n on n.lot_id = l.id
        where l.code = @code
        """);

    private const string OfUse = "w.interval_source, w.interval_days, w.label_picture_id, w.input_name, w.active_ingredient";

    /// <summary>One look at the lot for all parts of its diary. Of other lots of the field a year before the harvest is enough: no label asks for more.</summary>
    private static readonly Statement<TraceLine> OfDiary = new($"""
        select d.part, d.event_id, d.kind, d.done_on, d.input_name, d.active_ingredient, {DiaryRow.Interval} as interval_days, d.amount, d.amount_unit, d.note, {DiaryRow.Photos} as picture_ids,
          d.written_at, d.recorded_at, d.correction_reason, coalesce(d.recorded_at > l.diary_closed_at, false) as late
        from origin.lot l cross join lateral (select l.producer_id) e cross join lateral (
          (select 1 as part, w.event_id, w.kind, w.done_on, {OfUse}, w.amount, w.amount_unit, w.note, w.picture_ids, w.written_at, w.recorded_at, w.correction_reason
          from origin.diary_entry w where w.lot_id = l.id and not w.corrected order by w.done_on desc, origin.diary_stage(w.kind) desc, w.event_id desc limit @take)
          union all
          select 2, null, w.kind, w.done_on, {OfUse}, null, null, null, null, null, null, null
          from origin.diary_entry w where w.lot_id = l.id and w.kind in ('harvest', 'spraying') and not w.corrected
          union all
          select 3, null, w.kind, w.done_on, {OfUse}, null, null, null, null, null, null, null
          from origin.lot f join origin.diary_entry w on w.lot_id = f.id where {LotHarvest.SameField} and f.id <> l.id and w.kind = 'spraying' and w.done_on > coalesce(l.harvested_on, @today) - 366 and not w.corrected) d
        where l.code = @code order by d.part, d.done_on desc, origin.diary_stage(d.kind) desc, d.event_id desc
        """);

    private static readonly Statement<TraceCertificate> OfCertificates = new("""
        select c.kind_code, c.number, c.issuer, c.scope, c.lookup_url, c.valid_until, c.decided_at as checked_at
        from origin.lot l join origin.approved_product p on p.product_id = l.product_id join producers.certificate c on c.id = any(p.certificate_ids)
        where l.code = @code and c.status = 'verified' order by c.valid_until desc
        """);

    /// <summary>What the page reads of every lot.</summary>
    public static readonly string Statements = string.Join(";\n", OfLot.Text, OfDiary.Text, OfCertificates.Text);

    /// <summary>What few lots have any of: a statement for each of these would cost every page more than the second round trip costs those.</summary>
    private const string Rare = $"""
        select b.cause, b.note, b.note_args, b.made_from, b.blocked_at, b.lifted_at, b.lift_reason from origin.lot_block b join origin.lot l on l.id = b.lot_id where l.code = @code order by b.id;
        select r.number, r.reason, r.advice, r.opened_at, r.closed_at from origin.recall r join origin.recall_lot x on x.recall_id = r.id join origin.lot l on l.id = x.lot_id where l.code = @code order by r.opened_at desc;
        {TraceEntry.Timeline};
        select f.code, s.kind, s.done_on, p.title, p.title_en from origin.lot l join origin.lot_output o on o.lot_id = l.id join origin.lot_step s on s.id = o.step_id join origin.lot_input i on i.step_id = s.id
          join origin.lot f on f.id = i.lot_id left join origin.approved_product p on p.product_id = f.product_id where l.code = @code order by f.id limit 20;
        select i.number, case when i.lot_id is not null then 'lot' when i.growing_area_id is not null then 'growing_area' else 'producer' end as "of", i.done_on, i.conclusion, i.finding, i.sample_what, i.sample_laboratory, i.sample_result, i.sample_exceeds, i.points_seen, i.points_met, i.follow_up_on,
          array(select x.id from unnest(i.picture_ids) with ordinality x (id, n) where exists (select 1 from files.stored_file f where f.id = x.id and f.owner like 'inspection%') order by x.n) as picture_ids
        from origin.lot l join origin.inspection i on i.producer_id = l.producer_id and (i.lot_id is null or i.lot_id = l.id) and (i.growing_area_id is null or i.growing_area_id = l.growing_area_id)
        where l.code = @code order by i.done_on desc, i.published_at desc limit 5;
        select t.laboratory, t.number, t.issued_on, t.tested, t.result, t.exceeds, t.picture_ids from origin.lot l join origin.lab_report t on t.lot_id = l.id and t.withdrawn_at is null where l.code = @code order by t.issued_on desc, t.id desc
        """;

    /// <summary>Null when no lot has this code.</summary>
    public static async Task<TracePage?> LoadAsync(Sql sql, TraceWords words, string code, DateOnly today, DateTimeOffset now, CancellationToken ct)
    {
        const int take = Newest + 1;
        var (found, lines, certificates) = await sql.TogetherAsync(OfLot, OfDiary, OfCertificates, new { code, today, take }, ct);
        if (found is not [var read])
            return null;
        var lot = read with { Usual = words.Usual(read.CategorySlug), Crop = words.Crop(read.CategorySlug) };
        var work = lines.Where(l => l.Part != TraceLine.Newest).Select(l => l.Work).ToList();
        var diary = lines.Where(l => l.Part == TraceLine.Newest).Select(l => l.Entry(lot, words.Commune(lot.CommuneCode))).ToList();
        var first = work.Where(w => w.Kind == DiaryKinds.Harvest).Select(w => (DateOnly?)w.DoneOn).Append(lot.HarvestedOn).Min();
        var page = new TracePage(lot with { HarvestedOn = first }, [], [], TraceEntry.Page(diary, Newest), certificates, [], [], [], TraceSpraying.Of(lot, work, diary, today), words, today, now);
        return lot is { Made: false, More: false } ? page : await sql.MultipleAsync(Rare, new { code, take }, async g => page with
        {
            Blocks = (await g.ReadAsync<TraceBlock>()).AsList(),
            Recalls = (await g.ReadAsync<TraceRecall>()).AsList(),
            Timeline = TraceEntry.Page((await g.ReadAsync<TraceEntry>()).AsList(), Newest),
            Sources = (await g.ReadAsync<TraceSource>()).AsList(),
            Inspections = (await g.ReadAsync<TraceInspection>()).AsList(),
            Reports = (await g.ReadAsync<TraceReport>()).AsList(),
        }, ct);
    }
}
