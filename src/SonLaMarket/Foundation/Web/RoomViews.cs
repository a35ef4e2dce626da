using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Razor;

namespace SonLaMarket.Foundation.Web;

/// <summary>Views stand beside their controller: SonLaMarket.Origin.Trace.TraceController finds Origin/Trace/Show.cshtml.</summary>
public sealed class RoomViews : IViewLocationExpander
{
    private const string Root = "SonLaMarket.";

    public void PopulateValues(ViewLocationExpanderContext context)
    {
        if (context.ActionContext.ActionDescriptor is ControllerActionDescriptor { ControllerTypeInfo.Namespace: { } space } && space.StartsWith(Root, StringComparison.Ordinal))
            context.Values["folder"] = space[Root.Length..].Replace('.', '/');
    }

    public IEnumerable<string> ExpandViewLocations(ViewLocationExpanderContext context, IEnumerable<string> viewLocations)
    {
        if (context.Values.TryGetValue("folder", out var folder))
            yield return $"/{folder}/{{0}}.cshtml";
        yield return "/Foundation/Web/{0}.cshtml";
    }
}
