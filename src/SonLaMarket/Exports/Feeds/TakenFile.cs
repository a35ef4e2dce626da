using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Exports.Feeds;

/// <summary>A file of a run on its way to whoever takes it: delivered is the run when the last byte has left, not when somebody asked.</summary>
public sealed class TakenFile(string path, string extension, string sha256, long run, Db db, TimeProvider clock) : HashedFile(path, extension, sha256)
{
    public override async Task ExecuteResultAsync(ActionContext context)
    {
        await base.ExecuteResultAsync(context);
        var response = context.HttpContext.Response;
        var whole = response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status304NotModified || (response.GetTypedHeaders().ContentRange is { HasRange: true } range && range.To == range.Length - 1);
        if (whole && !context.HttpContext.RequestAborted.IsCancellationRequested)
            await ExportRuns.DeliveredAsync(db, run, clock.GetUtcNow());
    }
}
