using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Files;

/// <summary>Takes files from people. <c>owner</c> is an opaque word of the room that asks, such as "producer:17".</summary>
public sealed class Uploads(FileStore store, FileOptions options, TimeProvider clock)
{
    public const int MaxPictures = 8;

    /// <summary>Shared by those who store bytes, until the row that names them is there; alone for whoever removes bytes that no row names.</summary>
    internal const string BytesLock = "hashtextextended('files.bytes', 0)";

    /// <summary>One picture more than there may be, each as large as it may be: who sends that is told, not cut off.</summary>
    public const int MaxRequestBytes = (MaxPictures + 1) * Images.MaxBytes + (1 << 20);

    /// <summary>Stores a picture with its renditions; the id, or why it was refused.</summary>
    public async Task<(Guid? Id, PictureRefused? Refused)> AddPictureAsync(Tx tx, string owner, string name, byte[] bytes, Actor actor)
    {
        var (renditions, refused) = Images.Render(bytes);
        return renditions is null ? (null, refused) : (await AddRenderedAsync(tx, owner, name, renditions, actor), null);
    }

    /// <summary>Stores a picture whose renditions are made already.</summary>
    /// <param name="known">The id that it was announced under; null gives it one.</param>
    public async Task<Guid> AddRenderedAsync(Tx tx, string owner, string name, IReadOnlyList<Rendered> renditions, Actor actor, Guid? known = null)
    {
        var largest = renditions[^1];
        var id = await InsertAsync(tx, "image", owner, name, largest.ContentType, largest.Bytes, largest.Width, largest.Height, actor, known);
        foreach (var r in renditions)
            await AddRenditionAsync(tx, id, r.Name, r.ContentType, r.Width, r.Height, r.Bytes);
        return id;
    }

    /// <summary>Stores a PDF; the id, or null when it is not one or too large.</summary>
    /// <param name="most">Bytes; what we made ourselves may be larger than what people send.</param>
    public async Task<Guid?> AddPdfAsync(Tx tx, string owner, string name, byte[] bytes, Actor actor, int most = Images.MaxBytes)
    {
        if (bytes.Length == 0 || bytes.Length > most || !bytes.AsSpan().StartsWith("%PDF-"u8))
            return null;
        var id = await InsertAsync(tx, "document", owner, name, "application/pdf", bytes, null, null, actor);
        await AddRenditionAsync(tx, id, "file.pdf", "application/pdf", null, null, bytes);
        return id;
    }

    /// <summary>The path and name of a clean document; whoever asks has checked who may read it. Null when there is none.</summary>
    public async Task<(string Path, string Name)?> FindDocumentAsync(Sql sql, Guid id, CancellationToken ct)
    {
        const string select = "select sha256, name from files.stored_file where id = @id and kind = 'document' and state = 'clean'";
        var (sha256, name) = await sql.FirstOrDefaultAsync<(string?, string?)>(select, new { id }, ct);
        return sha256 is not null && store.Find(sha256) is { } path ? (path, name!) : null;
    }

    /// <summary>Those of the ids that are pictures of this owner, in the order given: one producer cannot show another's. A form carries them: they stay, however long nothing named them.</summary>
    public async Task<List<Guid>> CarryPicturesAsync(Sql sql, string owner, IReadOnlyCollection<Guid> ids, CancellationToken ct = default)
    {
        const string carry = """
            with carried as (update files.stored_file set unnamed_since = null where id = any(@ids) and owner = @owner and kind = 'image' and unnamed_since is not null returning id)
            select id from carried union all select id from files.stored_file where id = any(@ids) and owner = @owner and kind = 'image' and unnamed_since is null
            """;
        return ids.Count == 0 ? [] : [.. ids.Intersect(await sql.QueryAsync<Guid>(carry, new { ids = ids.ToArray(), owner }, ct))];
    }

    /// <summary>The same of the one document of a form.</summary>
    public Task<Guid?> CarryDocumentAsync(Sql sql, string owner, Guid id, CancellationToken ct = default)
    {
        const string carry = """
            with carried as (update files.stored_file set unnamed_since = null where id = @id and owner = @owner and kind = 'document' and unnamed_since is not null returning id)
            select id from carried union all select id from files.stored_file where id = @id and owner = @owner and kind = 'document' and unnamed_since is null
            """;
        return sql.FirstOrDefaultAsync<Guid?>(carry, new { id, owner }, ct);
    }

    /// <summary>The name of a document of this owner; null when it is not theirs.</summary>
    public Task<string?> NameOfDocumentAsync(Sql sql, string owner, Guid id, CancellationToken ct = default) =>
        sql.FirstOrDefaultAsync<string>("select name from files.stored_file where id = @id and owner = @owner and kind = 'document'", new { id, owner }, ct);

    private async Task<Guid> InsertAsync(Tx tx, string kind, string owner, string name, string contentType, byte[] bytes, int? width, int? height, Actor actor, Guid? known = null)
    {
        const string insert = $"""
            insert into files.stored_file (id, kind, owner, name, content_type, bytes, sha256, width, height, state, created_by, created_at)
            select @id, @kind, @owner, @name, @contentType, @length, @sha256, @width::int, @height::int, @state, @PersonId::bigint, @now from (select pg_advisory_xact_lock_shared({BytesLock})) as storing
            """;
        var id = known ?? Guid.CreateVersion7(clock.GetUtcNow());
        await tx.ExecuteAsync(insert, new
        {
            id,
            kind,
            owner,
            name = Vietnamese.Clean(name.Length > 120 ? name[..120] : name),
            contentType,
            length = bytes.LongLength,
            sha256 = FileStore.NameOf(bytes),
            width,
            height,
            state = options.Scanner == "none" ? "clean" : "pending",
            actor.PersonId,
            now = clock.GetUtcNow(),
        });
        // Not before the lock is held: nobody then removes bytes of this name that lie there since long.
        await store.PutAsync(bytes);
        return id;
    }

    private async Task AddRenditionAsync(Tx tx, Guid id, string name, string contentType, int? width, int? height, byte[] bytes)
    {
        const string insert = """
            insert into files.rendition (file_id, name, content_type, width, height, bytes, sha256)
            values (@id, @name, @contentType, @width, @height, @length, @sha256)
            """;
        await tx.ExecuteAsync(insert, new { id, name, contentType, width, height, length = bytes.LongLength, sha256 = await store.PutAsync(bytes) });
    }
}

/// <summary>Addresses of pictures.</summary>
public static class Pictures
{
    public static string Url(Guid id, int width = 640) => $"/media/{id}/w{width}.webp";

    public static string SrcSet(Guid id) => SrcSet($"/media/{id}");

    /// <summary>Where the renditions of a product's picture stand: the seller's own photo, else the drawing of its speciality, else null.</summary>
    public static string? Of(Guid? own, string? speciality) => own is { } id ? $"/media/{id}" : Illustrations.Has(speciality) ? $"/tranh/{speciality}" : null;

    public static string SrcSet(string picture) => $"{picture}/w320.webp 320w, {picture}/w640.webp 640w, {picture}/w1200.webp 1200w";
}
