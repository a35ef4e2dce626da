using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace SonLaMarket.Exports.Feeds;

/// <summary>A finished file under the hash of its bytes, its strong tag. Who was cut off goes on where it ended, as long as the file is the same.</summary>
public class HashedFile : PhysicalFileResult
{
    public HashedFile(string path, string extension, string sha256)
        : base(path, FeedController.Types[extension])
    {
        EntityTag = HashTag.Of(sha256);
        EnableRangeProcessing = true;
    }

    public override Task ExecuteResultAsync(ActionContext context)
    {
        HashTag.AsTheyAre(context);
        return base.ExecuteResultAsync(context);
    }
}

/// <summary>The same of bytes that were made for whoever asks.</summary>
public sealed class HashedStream : FileStreamResult
{
    public HashedStream(Stream bytes, string type, string sha256)
        : base(bytes, type)
    {
        EntityTag = HashTag.Of(sha256);
        EnableRangeProcessing = true;
    }

    public override Task ExecuteResultAsync(ActionContext context)
    {
        HashTag.AsTheyAre(context);
        return base.ExecuteResultAsync(context);
    }
}

file static class HashTag
{
    public static EntityTagHeaderValue Of(string sha256) => EntityTagHeaderValue.Parse($"\"{sha256}\"");

    /// <summary>The tag is the hash of the bytes: a compressed answer would be other bytes under the same strong tag.</summary>
    public static void AsTheyAre(ActionContext context) => context.HttpContext.Request.Headers.AcceptEncoding = "identity";
}
