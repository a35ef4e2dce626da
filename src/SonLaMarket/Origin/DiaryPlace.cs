using System.Globalization;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Origin;

/// <summary>Where a page of a lot's diary ends. It goes from the newest day to the oldest; the ids of entries grow with the time at which they were written.</summary>
public sealed record DiaryPlace(DateOnly DoneOn, Guid EventId)
{
    public string Cursor => Foundation.Data.Cursor.Of(DoneOn.ToString("O", CultureInfo.InvariantCulture), EventId.ToString());

    /// <summary>Null for what is no such place: the diary from its newest entry.</summary>
    public static DiaryPlace? Parse(string? cursor) => Foundation.Data.Cursor.Parse(cursor, 2) is [var on, var id]
        && DateOnly.TryParseExact(on, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && Guid.TryParse(id, out var entry) ? new(day, entry) : null;
}
