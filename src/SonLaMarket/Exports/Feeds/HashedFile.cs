using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace SonLaMarket.Exports.Feeds;

/// <summary>A finished file under the hash of its bytes, its strong tag. Who was cut off goes on where it ended, as long as the file is the same.</summary>
public class HashedFile : PhysicalFileResult
{
    public HashedFile(string path, string extension, string sha256)
        : base(path, FeedController.Types[extension])
    {
        EntityTag = EntityTagHeaderValue.Parse($"\"{sha256}\"");
        EnableRangeProcessing = true;
    }

    public override Task ExecuteResultAsync(ActionContext context)
    {
        // The tag is the hash of the bytes: a compressed answer would be other bytes under the same strong tag.
        context.HttpContext.Request.Headers.AcceptEncoding = "identity";
        return base.ExecuteResultAsync(context);
    }
}
