using SonLaMarket.Files;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;

namespace SonLaMarket.Supervision;

/// <summary>What makes an inspection of a device the same when it comes again.</summary>
/// <param name="Id">Made by the device (UUIDv7).</param>
/// <param name="Hash">SHA-256 of what was sent.</param>
/// <param name="WrittenAt">By the clock of the device.</param>
public sealed record InspectionSending(Guid Id, string Hash, DateTimeOffset? WrittenAt);

public abstract record SentOutcome
{
    public sealed record Recorded(string Number) : SentOutcome;

    /// <summary>It is there already: the second send changed nothing.</summary>
    public sealed record Known(string Number) : SentOutcome;

    /// <summary>The id carries something else, or is somebody else's.</summary>
    public sealed record IdTaken : SentOutcome;

    /// <summary>The planned inspection was written down or cancelled meanwhile.</summary>
    public sealed record Over : SentOutcome;
}

/// <summary>A photo that an inspection of one's own has announced.</summary>
/// <param name="There">It has come already.</param>
/// <param name="Taken">Something else has this id.</param>
public sealed record AnnouncedPicture(Guid Id, bool There, bool Taken);

/// <summary>Inspections written on the spot by a device, with signal or without: sent twice, there once, each photo under the id that the text announced.</summary>
public sealed class SentInspections(Inspections inspections, Uploads uploads)
{
    /// <summary>Whose pictures they are: an inspection that was not planned has no number yet when its photos come.</summary>
    public static string Owner(long officerId) => $"inspection-by:{officerId}";

    /// <param name="planned">The planned inspection; null plans one of <paramref name="subject"/> with it.</param>
    public async Task<SentOutcome> TakeAsync(Tx tx, long? planned, InspectionSubject? subject, InspectionRecord record, InspectionSending sending, Actor officer)
    {
        // Two sends of the same at once wait for each other.
        await tx.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended(@key, 0))", new { key = $"inspection {sending.Id}" });
        const string before = "select id, sent_hash, recorded_by from supervision.inspection where sent_id = @Id";
        if (await tx.FirstOrDefaultAsync<Earlier>(before, new { sending.Id }) is { } earlier)
            return earlier.SentHash == sending.Hash && earlier.RecordedBy == officer.PersonId ? new SentOutcome.Known(Inspections.Number(earlier.Id)) : new SentOutcome.IdTaken();
        var id = planned ?? await inspections.PlanAsync(tx, subject!, record.DoneOn, "", officer);
        return await inspections.RecordAsync(tx, id, record with { Sending = sending }, officer) ? new SentOutcome.Recorded(Inspections.Number(id)) : new SentOutcome.Over();
    }

    /// <summary>Null where no inspection that this officer sent has announced it.</summary>
    public Task<AnnouncedPicture?> FindAsync(Sql sql, Guid sentId, Guid id, long officerId, CancellationToken ct = default) => sql.FirstOrDefaultAsync<AnnouncedPicture>("""
        select @id::uuid as id, coalesce(f.owner = @owner, false) as there, coalesce(f.owner <> @owner, false) as taken
        from supervision.inspection i left join files.stored_file f on f.id = @id
        where i.sent_id = @sentId and i.recorded_by = @officerId and @id = any(i.picture_ids)
        """, new { sentId, id, officerId, owner = Owner(officerId) }, ct);

    /// <summary>Keeps the photo. Nothing is changed where it is there already.</summary>
    public async Task AddAsync(Tx tx, Guid sentId, Guid id, long officerId, IReadOnlyList<Rendered> renditions, Actor officer)
    {
        await tx.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended(@key, 0))", new { key = $"inspection {sentId}" });
        if (await FindAsync(tx, sentId, id, officerId) is not { There: false, Taken: false })
            return;
        await uploads.AddRenderedAsync(tx, Owner(officerId), $"{id}.jpg", renditions, officer, id);
        await InspectionResults.PictureCameAsync(tx, id);
    }

    private sealed record Earlier(long Id, string? SentHash, long? RecordedBy);
}
