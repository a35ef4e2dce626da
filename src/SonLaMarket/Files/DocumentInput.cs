using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Files;

/// <summary>The one document (PDF) of a form: sent now, else the one that the form carried. It is stored at once, so that a message about another field never costs it.</summary>
public sealed class DocumentInput(Uploads uploads, Db db)
{
    /// <param name="carried">Id that the form carried; a foreign one is dropped.</param>
    /// <returns>The document, null where there is none; and whether what was sent is no PDF or larger than 10 MB.</returns>
    public async Task<(Guid? Id, bool Refused)> TakeAsync(string owner, Guid? carried, IFormFile? sent, Actor actor, CancellationToken ct)
    {
        var kept = carried is { } id ? await uploads.CarryDocumentAsync(db, owner, id, ct) : null;
        if (sent is not { Length: > 0 })
            return (kept, false);
        using var bytes = new MemoryStream();
        await sent.CopyToAsync(bytes, CancellationToken.None);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (await uploads.AddPdfAsync(tx, owner, Path.GetFileName(sent.FileName), bytes.ToArray(), actor) is not { } added)
            return (kept, true);
        await tx.CommitAsync(CancellationToken.None);
        return (added, false);
    }
}
