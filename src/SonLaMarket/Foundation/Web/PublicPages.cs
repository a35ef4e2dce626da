using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Net.Http.Headers;
using Npgsql;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web;

/// <summary>
/// A page that anybody may read and that is the same for everybody without a cookie of ours: kept in the output cache
/// for a minute, evicted at once by <see cref="PageCache.EvictAsync"/>, sent with an ETag.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class PublicPageAttribute : Attribute, IAllowAnonymous;

/// <summary>Names of our cookies. A request that carries a session, a cart or a flash is never answered from the cache.</summary>
public static class Cookies
{
    public const string Session = "sl_session";
    public const string Cart = "sl_cart";
    public const string Order = "sl_order";
    public const string CartCount = "sl_cart_count";
    public const string Flash = "sl_flash";
    public const string Device = "sl_device";
    public const string Form = "sl_form";
    public const string Place = "sl_place";
    public const string Received = "sl_received";
    public const string Code = "sl_code";

    /// <summary>The name under which a cookie travels: __Host- (RFC 6265bis) wherever the page is on https.</summary>
    public static string Name(HttpRequest request, string name) => request.IsHttps ? "__Host-" + name : name;

    /// <summary>The same for cookies whose name is fixed at the start: production is on https.</summary>
    public static string Name(IHostEnvironment environment, string name) => environment.IsProduction() ? "__Host-" + name : name;

    public static bool Carries(HttpRequest request, string name) =>
        request.Cookies.ContainsKey(name) || request.Cookies.ContainsKey("__Host-" + name);

    /// <summary>The page may differ from everybody's: somebody is signed in, has a cart, or is told what has just been done.</summary>
    public static bool Personal(HttpRequest request) => Carries(request, Session) || Carries(request, Cart) || Carries(request, Flash);

    public static CookieOptions Options(HttpRequest request, TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        Secure = request.IsHttps,
        SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Lax,
        Path = "/",
        IsEssential = true,
        MaxAge = lifetime,
    };
}

/// <summary>Decides what the output cache keeps and under which tags.</summary>
public sealed class PublicPagePolicy : IOutputCachePolicy
{
    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var request = context.HttpContext.Request;
        var keep = context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<PublicPageAttribute>() is not null
            && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            && !Cookies.Personal(request);
        context.EnableOutputCaching = context.AllowCacheLookup = context.AllowCacheStorage = keep;
        context.AllowLocking = true;
        context.HttpContext.Items[typeof(PageCache)] = PageCache.Evictions;
        context.ResponseExpirationTimeSpan = TimeSpan.FromSeconds(60);
        context.CacheVaryByRules.QueryKeys = "*";
        context.CacheVaryByRules.VaryByValues["lang"] = context.HttpContext.RequestServices.GetRequiredService<Texts>().Lang;
        context.CacheVaryByRules.VaryByValues["as"] = Machines.Wanted(request);
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<ByPlaceAttribute>() is not null)
            context.CacheVaryByRules.VaryByValues["place"] = Place.Of(request) ?? "";
        context.CacheVaryByRules.VaryByValues["encoding"] = Encoding(request.Headers.AcceptEncoding.ToString());
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var response = context.HttpContext.Response;
        if (response.StatusCode != StatusCodes.Status200OK || response.Headers.ContainsKey(HeaderNames.SetCookie))
            context.AllowCacheStorage = false;
        // Something changed while the page was made: it may show what was before, and is not kept.
        if (context.HttpContext.Items[typeof(PageCache)] is not long evictions || evictions != PageCache.Evictions)
            context.AllowCacheStorage = false;
        context.Tags.Add(PageCache.Everything);
        foreach (var tag in PageCache.TagsOf(context.HttpContext))
            context.Tags.Add(tag);
        return ValueTask.CompletedTask;
    }

    private static string Encoding(string accepted) =>
        accepted.Contains("br", StringComparison.OrdinalIgnoreCase) ? "br" : accepted.Contains("gzip", StringComparison.OrdinalIgnoreCase) ? "gzip" : "";
}

/// <summary>Tags of cached pages, and their eviction on every instance when the change commits.</summary>
public static class PageCache
{
    public const string Browse = "browse";
    internal const string Everything = "everything";
    private const string Channel = "page_cache";

    /// <summary>A change of more than this is told to the other instances in one word: all pages are made anew.</summary>
    private const int MostTags = 5_000;

    private static readonly ConcurrentDictionary<IOutputCacheStore, Db> Stores = [];
    private static long evictions;

    /// <summary>How many evictions this process has heard of.</summary>
    internal static long Evictions => Interlocked.Read(ref evictions);
    private static readonly object Key = new();

    public static string Listing(string slug) => "listing:" + slug;

    public static string Producer(string slug) => "producer:" + slug;

    public static string Lot(string code) => "lot:" + code;

    /// <summary>Marks the page being made: a change of any of these tags evicts it.</summary>
    public static void Tag(this HttpContext context, params string[] tags) => TagsOf(context).UnionWith(tags);

    public static HashSet<string> TagsOf(HttpContext context) =>
        (HashSet<string>)(context.Items[Key] ??= new HashSet<string>(StringComparer.Ordinal));

    /// <summary>Evicts pages once <paramref name="tx"/> commits: here before the commit returns, so that whoever changed something never finds the page from before, on the other instances by NOTIFY.</summary>
    public static Task EvictAsync(Tx tx, params string[] tags)
    {
        if (tags.Length == 0)
            return Task.CompletedTask;
        if (tags.Length > MostTags)
            tags = [Everything];
        tx.Add("select pg_notify('page_cache', tag) from unnest(@tags) tag", new { tags });
        tx.Afterwards(() => DropAsync(Stores.Where(s => s.Value == tx.Db).Select(s => s.Key), tags));
        return Task.CompletedTask;
    }

    private static async Task DropAsync(IEnumerable<IOutputCacheStore> stores, params string[] tags)
    {
        Interlocked.Increment(ref evictions);
        foreach (var store in stores)
            foreach (var tag in tags)
                await store.EvictByTagAsync(tag, CancellationToken.None);
    }

    /// <summary>Listens for evictions. While the connection is down nothing is trusted: everything is evicted on return.</summary>
    public sealed class Listener(Db db, IOutputCacheStore store, ILogger<Listener> logger) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            Stores[store] = db;
            using var forget = stoppingToken.Register(() => Stores.TryRemove(store, out _));
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    await using var connection = await db.Source.OpenConnectionAsync(stoppingToken);
                    connection.Notification += (_, n) => _ = DropAsync([store], n.Payload);
                    await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
                        await listen.ExecuteNonQueryAsync(stoppingToken);
                    await DropAsync([store], Everything);
                    while (true)
                        await connection.WaitAsync(stoppingToken);
                }
                catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
                {
                    logger.LogWarning("Page cache lost its connection: {Reason}", e.Message);
                    await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }
}

/// <summary>Gives public pages "no-cache" and a strong ETag over what is sent, and answers 304 where the reader has it.</summary>
public static class PublicPageHeaders
{
    public static IApplicationBuilder UsePublicPageHeaders(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<PublicPageAttribute>() is null || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.Mvc.Controllers.ControllerActionDescriptor>() is not null)
                context.Response.OnStarting(() =>
                {
                    if (!context.Response.Headers.ContainsKey(HeaderNames.CacheControl))
                        context.Response.Headers.CacheControl = "no-store";
                    return Task.CompletedTask;
                });
            await next(context);
            return;
        }
        var body = context.Response.Body;
        await using var buffer = new PooledBody();
        context.Response.Body = buffer;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = body;
        }
        context.Response.Headers.CacheControl = Cookies.Personal(context.Request) ? "private, no-cache" : "no-cache";
        context.Response.Headers.Append(HeaderNames.Vary, "Accept, Cookie");
        if (context.Response.StatusCode == StatusCodes.Status200OK)
        {
            var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(buffer.Written.Span))[..32]}\"";
            context.Response.Headers.ETag = tag;
            if (context.Request.Headers.IfNoneMatch.ToString().Contains(tag, StringComparison.Ordinal))
            {
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                context.Response.ContentLength = null;
                context.Response.Headers.Remove(HeaderNames.ContentType);
                return;
            }
        }
        // A bare refusal is left without a length, so that the page for it can still be written.
        if (buffer.Length == 0 && context.Response.StatusCode >= StatusCodes.Status400BadRequest)
            return;
        context.Response.ContentLength = buffer.Length;
        await body.WriteAsync(buffer.Written, context.RequestAborted);
    });
}
