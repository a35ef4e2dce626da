using Dapper;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Origin.Trace;

public sealed record TraceDiaryLot(long Id, string Code, string Title, string TitleEn, string ProducerSlug, bool Recalled, bool Blocked);

/// <summary>A page of a lot's whole diary, as everybody reads it.</summary>
public sealed record TraceDiary(TraceDiaryLot Lot, Page<TraceEntry> Diary)
{
    private const int Take = 100;

    /// <summary>The lot @code where its pages may be read.</summary>
    internal const string OfLot = """
        select l.id, l.code, p.title, p.title_en, r.slug as producer_slug, exists (select 1 from origin.recall_lot x where x.lot_id = l.id) as recalled,
          exists (select 1 from origin.lot_block b where b.lot_id = l.id and b.lifted_at is null) as blocked
        from origin.lot l join producers.producer r on r.id = l.producer_id join origin.approved_product p on p.product_id = l.product_id
        where l.code = @code and r.approved_version is not null
        """;

    private const string Select = $"""
        {OfLot};
        {TraceEntry.Newest}
        """;

    /// <summary>Null where the trace page shows no more than the code.</summary>
    public static Task<TraceDiary?> LoadAsync(Sql sql, string code, DiaryPlace? after, CancellationToken ct) =>
        sql.MultipleAsync(Select, new { code, after?.DoneOn, after?.EventId, take = Take + 1 }, async g =>
        {
            var lot = await g.ReadFirstOrDefaultAsync<TraceDiaryLot>();
            var entries = (await g.ReadAsync<TraceEntry>()).AsList();
            return lot is null ? null : new TraceDiary(lot, TraceEntry.Page(entries, Take));
        }, ct);
}
