using System.Text.Json.Nodes;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin;

/// <summary>What an officer concludes after an inspection: what was seen, never a verdict on what was not.</summary>
public static class InspectionConclusion
{
    public const string Clear = "clear";
    public const string Mend = "mend";
    public const string Grave = "grave";

    public static readonly IReadOnlyList<string> All = [Clear, Mend, Grave];

    public static string Label(string conclusion) => conclusion switch
    {
        Clear => "Không thấy lỗi trong các mục đã xem",
        Mend => "Có lỗi, cơ sở phải sửa",
        Grave => "Có lỗi nặng",
        _ => throw new ArgumentOutOfRangeException(nameof(conclusion), conclusion, null),
    };

    public static string Badge(string conclusion) => conclusion switch { Clear => "ok", Mend => "warn", _ => "bad" };
}

/// <summary>What an officer found in the field, as the public reads it.</summary>
/// <param name="LotId">The one lot that was inspected; null where it was a growing area, or with neither the producer as a whole.</param>
/// <param name="SampleWhat">What was taken to a laboratory; empty where nothing was.</param>
public sealed record InspectionResult(string Number, long ProducerId, Guid? GrowingAreaId, long? LotId, DateOnly DoneOn, string Conclusion, string Finding, string SampleWhat)
{
    /// <summary>How many points were looked at, and of how many no fault was seen.</summary>
    public (int Seen, int Met) Points { get; init; }

    /// <summary>When somebody comes again.</summary>
    public DateOnly? FollowUpOn { get; init; }

    /// <summary>Those that the officer made public; some may come later.</summary>
    public Guid[] PictureIds { get; init; } = [];
}

/// <summary>Results of inspections, handed down by Supervision: they stand on the trace page of every lot they concern, and of a lot in its history.</summary>
public sealed class InspectionResults(OriginEvents events, TimeProvider clock)
{
    public async Task PublishAsync(Tx tx, InspectionResult result, Actor officer)
    {
        const string insert = """
            insert into origin.inspection (number, producer_id, growing_area_id, lot_id, done_on, conclusion, finding, sample_what, points_seen, points_met, follow_up_on, picture_ids, published_at)
            values (@Number, @ProducerId, @GrowingAreaId, @LotId, @DoneOn, @Conclusion, @Finding, @SampleWhat, @Seen, @Met, @FollowUpOn, @PictureIds, @now)
            """;
        var now = clock.GetUtcNow();
        await tx.ExecuteAsync(insert, new { result.Number, result.ProducerId, result.GrowingAreaId, result.LotId, result.DoneOn, result.Conclusion, result.Finding, result.SampleWhat, result.Points.Seen, result.Points.Met, result.FollowUpOn, result.PictureIds, now });
        if (result.LotId is { } lot)
        {
            var said = new JsonObject { ["inspection"] = result.Number, ["conclusion"] = result.Conclusion };
            var at = result.DoneOn == Vietnamese.Day(now) ? now : OriginEvents.Noon(result.DoneOn);
            await events.AppendAsync(tx, new NewEvent(lot, "ObjectEvent", "OBSERVE", at, "inspecting", null, null, "officer", null, said), officer);
        }
        await EvictAsync(tx, result.LotId);
    }

    /// <summary>The laboratory's result of what was taken.</summary>
    /// <param name="exceeds">The laboratory found more than is allowed.</param>
    public async Task PublishSampleAsync(Tx tx, string number, string laboratory, string result, bool exceeds)
    {
        const string update = "update origin.inspection set sample_laboratory = @laboratory, sample_result = @result, sample_exceeds = @exceeds where number = @number returning coalesce(lot_id, 0)";
        await EvictAsync(tx, await tx.SingleAsync<long>(update, new { number, laboratory, result, exceeds }) is > 0 and var lot ? lot : null);
    }

    /// <summary>A photo has come: the pages show it where it is public.</summary>
    public static async Task PictureCameAsync(Tx tx, Guid picture)
    {
        foreach (var lot in await tx.QueryAsync<long>("select coalesce(lot_id, 0) from origin.inspection where @picture = any(picture_ids)", new { picture }))
            await EvictAsync(tx, lot > 0 ? lot : null);
    }

    /// <summary>A growing area or a producer has many lots, and an inspection is rare.</summary>
    private static async Task EvictAsync(Tx tx, long? lotId) =>
        await PageCache.EvictAsync(tx, lotId is null ? PageCache.Everything : PageCache.Lot(await tx.SingleAsync<string>("select code from origin.lot where id = @lotId", new { lotId })));
}
