using System.Text.Json;

namespace SonLaMarket.Origin;

/// <summary>Why a lot is blocked, as its row keeps it. Shown by <c>/Origin/_Why.cshtml</c>.</summary>
/// <param name="Args">The values of a sentence of ours; null where somebody wrote the note themselves.</param>
/// <param name="MadeFrom">The lot that it is said of, where this one was made from it; else empty.</param>
public sealed record BlockNote(string Note, string[]? Args, string MadeFrom)
{
    /// <summary>The same for what is said twice: one spraying that two lots of a field have in their diaries.</summary>
    public string Matter => Args is { Length: > 4 } ? string.Join('\n', [.. Args.Take(4), MadeFrom]) : string.Join('\n', [Note, .. Args ?? [], MadeFrom]);

    /// <summary>All that blocks the lot "o" now, for <see cref="Read"/>.</summary>
    public const string OfLot = """
        (select jsonb_agg(jsonb_build_object('note', b.note, 'args', b.note_args, 'madeFrom', b.made_from) order by b.id)::text from origin.lot_block b where b.lot_id = o.id and b.lifted_at is null)
        """;

    public static IReadOnlyList<BlockNote> Read(string? json) => json is null ? [] : [.. JsonSerializer.Deserialize<List<BlockNote>>(json, JsonSerializerOptions.Web)!.DistinctBy(b => b.Matter)];
}
