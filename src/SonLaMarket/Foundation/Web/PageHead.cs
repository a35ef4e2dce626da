using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc.Rendering;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web;

/// <summary>
/// What the layout says about a page, from ViewData: Title, Description, Canonical (a path without /en; public pages have
/// their own path by default), Image (absolute address of a picture for link previews), NoIndex (true).
/// </summary>
public sealed record PageHead(string Title, string? Description, string? Canonical, string? Image, string Path, string OtherLanguage)
{
    public static PageHead Of(ViewContext view, Texts t)
    {
        var data = view.ViewData;
        var context = view.HttpContext;
        var path = OriginalPath(context);
        var query = context.Features.Get<IStatusCodeReExecuteFeature>() is { } again ? again.OriginalQueryString ?? "" : context.Request.QueryString.Value ?? "";
        var isPublic = context.GetEndpoint()?.Metadata.GetMetadata<PublicPageAttribute>() is not null;
        var canonical = data["NoIndex"] is true ? null : data["Canonical"] as string ?? (isPublic ? path : null);
        var title = data["Title"] as string;
        return new PageHead(
            (data.ModelState.IsValid ? "" : t["Lỗi:"] + " ") + (string.IsNullOrEmpty(title) ? Name : $"{title} – {Name}"),
            data["Description"] as string,
            canonical,
            data["Image"] as string,
            path,
            (t.IsEnglish ? path : Language.Prefix + path) + query);
    }

    public const string Name = "SonLaMarket";

    /// <summary>True for the page itself and for what stands below it.</summary>
    public bool IsIn(string path) =>
        Path == path || (path.Length > 1 && Path.StartsWith(path, StringComparison.Ordinal) && Path[path.Length] == '/');

    /// <summary>The entry of a menu that this page belongs to: the longest path that it is in.</summary>
    public MenuItem? Nearest(IEnumerable<MenuItem> items) => items.Where(i => IsIn(i.Path)).MaxBy(i => i.Path.Length);

    /// <summary>The path that was asked for, escaped as in the address, without the language; also while an error page answers for it.</summary>
    private static string OriginalPath(HttpContext context)
    {
        var path = context.Features.Get<IStatusCodeReExecuteFeature>()?.OriginalPath
            ?? context.Features.Get<IExceptionHandlerPathFeature>()?.Path;
        return path is null ? UriHelper.BuildRelative(path: context.Request.Path) : UriHelper.BuildRelative(path: new PathString(path));
    }
}
