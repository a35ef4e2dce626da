using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.Extensions.DependencyInjection;

namespace SonLaMarket.Tests.Support;

/// <summary>
/// The actions of the controllers, read from their attributes once a run instead of once a site, which is half of what a site's start costs: they are the same
/// for all. Each site gets copies of its own, since it keeps what it made for an action with the action.
/// </summary>
internal sealed class ReadActions(IServiceProvider services, Type[] readers) : IActionDescriptorProvider
{
    private static readonly Lock Gate = new();
    private static ActionDescriptor[]? all;

    public int Order => 0;

    public static void Add(IServiceCollection services)
    {
        var readers = services.Where(s => s.ServiceType == typeof(IActionDescriptorProvider)).ToList();
        foreach (var reader in readers)
            services.Remove(reader);
        services.AddSingleton<IActionDescriptorProvider>(p => new ReadActions(p, [.. readers.Select(r => r.ImplementationType!)]));
    }

    public void OnProvidersExecuting(ActionDescriptorProviderContext context)
    {
        lock (Gate)
            all ??= Read();
        foreach (var action in all)
            context.Results.Add((ActionDescriptor)Copy(action));
    }

    public void OnProvidersExecuted(ActionDescriptorProviderContext context)
    {
    }

    private ActionDescriptor[] Read()
    {
        var context = new ActionDescriptorProviderContext();
        var asked = readers.Select(r => (IActionDescriptorProvider)ActivatorUtilities.CreateInstance(services, r)).OrderBy(r => r.Order).ToList();
        asked.ForEach(r => r.OnProvidersExecuting(context));
        asked.Reverse();
        asked.ForEach(r => r.OnProvidersExecuted(context));
        return [.. context.Results];
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "MemberwiseClone")]
    private static extern object Copy(object action);
}
