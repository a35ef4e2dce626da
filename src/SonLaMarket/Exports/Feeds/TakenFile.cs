using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Exports.Feeds;

/// <summary>A file of a run on its way to whoever takes it: delivered is the run when the last byte has left, not when somebody asked. Who was cut off goes on where it ended, as long as the file is the same.</summary>
public sealed class TakenFile : PhysicalFileResult
{
    private readonly Db db;
    private readonly TimeProvider clock;
    private readonly long run;

    public TakenFile(string path, string extension, string sha256, long run, Db db, TimeProvider clock)
        : base(path, FeedController.Types[extension])
    {
        (this.db, this.clock, this.run) = (db, clock, run);
        EntityTag = EntityTagHeaderValue.Parse($"\"{sha256}\"");
        EnableRangeProcessing = true;
    }

    public override async Task ExecuteResultAsync(ActionContext context)
    {
        // The tag is the hash of the bytes: a compressed answer would be other bytes under the same strong tag.
        context.HttpContext.Request.Headers.AcceptEncoding = "identity";
        await base.ExecuteResultAsync(context);
        var response = context.HttpContext.Response;
        var whole = response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status304NotModified || (response.GetTypedHeaders().ContentRange is { HasRange: true } range && range.To == range.Length - 1);
        if (whole && !context.HttpContext.RequestAborted.IsCancellationRequested)
            await ExportRuns.DeliveredAsync(db, run, clock.GetUtcNow());
    }
}
