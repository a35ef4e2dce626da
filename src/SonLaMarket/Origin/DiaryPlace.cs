using System.Globalization;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Origin;

/// <summary>
/// Where a page of a lot's diary ends. It goes from the newest day to the oldest, within a day from the goods back to the field, there from what was
/// written last: the ids of entries grow with the time at which they were written.
/// </summary>
public sealed record DiaryPlace(DateOnly DoneOn, Guid EventId)
{
    /// <summary>How far the work of the entry @EventId is from the field.</summary>
    internal const string Stage = "(select origin.diary_stage(k.kind) from origin.diary_entry k where k.event_id = @EventId)";

    public string Cursor => Foundation.Data.Cursor.Of(DoneOn.ToString("O", CultureInfo.InvariantCulture), EventId.ToString());

    /// <summary>Null for what is no such place: the diary from its newest entry.</summary>
    public static DiaryPlace? Parse(string? cursor) => Foundation.Data.Cursor.Parse(cursor, 2) is [var on, var id]
        && DateOnly.TryParseExact(on, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && Guid.TryParse(id, out var entry) ? new(day, entry) : null;
}
