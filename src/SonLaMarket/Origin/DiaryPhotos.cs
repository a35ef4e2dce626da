using SonLaMarket.Files;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin;

/// <summary>A photo that an entry of one's own lot has announced.</summary>
/// <param name="There">It has come already.</param>
/// <param name="Taken">Somebody else's picture has this id.</param>
public sealed record AnnouncedPhoto(Guid EntryId, Guid Id, long LotId, string LotCode, long ProducerId, DateOnly DoneOn, bool IsLabel, bool There, bool Taken);

/// <summary>Photos that follow an entry's text, each under the id that the text announced: sent twice, there once.</summary>
public sealed class DiaryPhotos(Uploads uploads, LotBlocks blocks)
{
    /// <summary>Null where no entry of the member's lots announced it.</summary>
    public Task<AnnouncedPhoto?> FindAsync(Sql sql, Guid entryId, Guid id, long memberId, CancellationToken ct = default) => sql.FirstOrDefaultAsync<AnnouncedPhoto>("""
        select d.event_id as entry_id, @id::uuid as id, l.id as lot_id, l.code as lot_code, l.producer_id, d.done_on, d.label_picture_id is not distinct from @id::uuid as is_label,
          exists (select 1 from files.stored_file f where f.id = @id and f.owner = 'producer:' || l.producer_id) as there,
          exists (select 1 from files.stored_file f where f.id = @id and f.owner <> 'producer:' || l.producer_id) as taken
        from origin.diary_entry d join origin.lot l on l.id = d.lot_id join producers.acting m on m.producer_id = l.producer_id and m.person_id = @memberId
        where d.event_id = @entryId and (@id = any(d.picture_ids) or d.label_picture_id = @id)
        """, new { entryId, id, memberId }, ct);

    /// <summary>Whether the entry still blocks the lot it was written for.</summary>
    public Task<bool> BlocksAsync(Sql sql, AnnouncedPhoto photo) =>
        sql.SingleAsync<bool>("select exists (select 1 from origin.lot_block where event_id = @EntryId and lot_id = @LotId and lifted_at is null)", new { photo.EntryId, photo.LotId });

    /// <summary>Keeps the photo; that of a label proves the interval. Nothing is changed where it is there already.</summary>
    public async Task AddAsync(Tx tx, AnnouncedPhoto photo, long memberId, IReadOnlyList<Rendered> renditions, Actor actor)
    {
        await blocks.LockAsync(tx, photo.LotId, null, photo.IsLabel ? photo.DoneOn : null);
        if (await FindAsync(tx, photo.EntryId, photo.Id, memberId) is not { There: false })
            return;
        await uploads.AddRenderedAsync(tx, $"producer:{photo.ProducerId}", $"{photo.Id}.jpg", renditions, actor, photo.Id);
        if (photo.IsLabel)
            await blocks.ProvenAsync(tx, photo.EntryId, photo.LotId, actor);
        await PageCache.EvictAsync(tx, PageCache.Lot(photo.LotCode));
    }
}
