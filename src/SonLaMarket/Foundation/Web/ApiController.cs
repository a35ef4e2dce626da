using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using HttpJson = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace SonLaMarket.Foundation.Web;

/// <summary>What the partner API has in common: JSON, problems (RFC 9457), keyset pages, conditional requests, a limit for each key.</summary>
[ApiAnswers]
[ApiExplorerSettings(GroupName = Version)]
public abstract class ApiController(SiteOptions site, Texts t) : ControllerBase
{
    public const string Version = "v1";
    public const string Root = "/api/" + Version;

    /// <summary>The claim with the public name of the key that was shown.</summary>
    public const string KeyClaim = "api-key";

    /// <summary>The claim with how many requests a minute the key may make.</summary>
    public const string PaceClaim = "api-pace";

    /// <summary>The claim with how many it has made in this minute, with the one that is being answered.</summary>
    public const string RequestsClaim = "api-requests";

    protected Texts T => t;

    protected SiteOptions Site => site;

    /// <summary>404 as a problem: there is none, or it is not for this key.</summary>
    protected ObjectResult None() => Machines.Problem(StatusCodes.Status404NotFound, "not-found", t["Không tìm thấy, hoặc không thuộc về khóa này."]);

    /// <summary>422: a value cannot be what it must be.</summary>
    protected ObjectResult Wrong(string field, string message)
    {
        ModelState.AddModelError(field, message);
        return Machines.InvalidForm("invalid-parameter", t["Tham số không đúng."], ModelState);
    }

    /// <summary>A page whose next one has an address.</summary>
    protected ApiPage<TOut> Page<TRow, TOut>(Page<TRow> page, Func<TRow, TOut> of) =>
        new([.. page.Items.Select(of)], page.Next is null ? null : site.Absolute(Request.Path + Addresses.With(Request.Query, ("after", page.Next))));
}

/// <summary>A page of a list.</summary>
public sealed record ApiPage<T>([property: Description("In a fixed order.")] IReadOnlyList<T> Items, [property: Description("The address of the next page; null on the last one.")] string? Next);

/// <summary>An amount with its unit.</summary>
public sealed record ApiQuantity(long Amount, [property: Description("g (gram) or piece.")] string Unit);

/// <summary>A commune (five digits) or a province (two), of today's division.</summary>
public sealed record ApiPlace([property: Description("Five digits of a commune, two of a province.")] string Code, string Name);

/// <summary>Around each answer of the API: the key's limit (429), what can be sent (406), what was asked wrongly (400, 422), ETag and 304.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ApiAnswersAttribute : Attribute, IAsyncResourceFilter, IActionFilter, IResultFilter
{
    private const string Json = "application/json";

    public Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        var http = context.HttpContext;
        var t = http.RequestServices.GetRequiredService<Texts>();
        var limit = http.RequestServices.GetRequiredService<ApiLimit>();
        if (!limit.Allows(http, out var wait))
        {
            http.Response.Headers.RetryAfter = wait;
            context.Result = Machines.Problem(StatusCodes.Status429TooManyRequests, "too-many-requests", t["Khóa này đã gọi đủ số lần của phút này."]);
            return Task.CompletedTask;
        }
        if (!Accepts(http.Request))
        {
            context.Result = Machines.Problem(StatusCodes.Status406NotAcceptable, "not-acceptable", t["API chỉ trả lời bằng JSON."]);
            return Task.CompletedTask;
        }
        http.Response.Headers.CacheControl = "private, no-cache";
        http.Response.Headers.Vary = HeaderNames.Authorization;
        return next();
    }

    public void OnActionExecuting(ActionExecutingContext context)
    {
        if (context.ModelState.IsValid)
            return;
        var t = context.HttpContext.RequestServices.GetRequiredService<Texts>();
        // A body that is no JSON at all is named by "$" or by nothing, a value in it by its field.
        var unreadable = context.ModelState.Any(s => s.Value!.Errors.Count > 0 && (s.Key.Length == 0 || s.Key[0] == '$'));
        context.Result = unreadable
            ? Machines.Problem(StatusCodes.Status400BadRequest, "unreadable-body", t["Không đọc được nội dung JSON."])
            : Machines.InvalidForm("invalid-parameter", t["Tham số không đúng."], context.ModelState);
    }

    public void OnActionExecuted(ActionExecutedContext context)
    {
    }

    /// <summary>The tag is weak: the same answer may travel compressed.</summary>
    public void OnResultExecuting(ResultExecutingContext context)
    {
        if (context.Result is not ObjectResult { Value: { } value and not ProblemDetails, StatusCode: null or StatusCodes.Status200OK } || !HttpMethods.IsGet(context.HttpContext.Request.Method))
            return;
        var options = context.HttpContext.RequestServices.GetRequiredService<IOptions<HttpJson>>().Value.SerializerOptions;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), options);
        var tag = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes).AsSpan(0, 16));
        context.Result = new FileContentResult(bytes, Json + "; charset=utf-8") { EntityTag = new EntityTagHeaderValue($"\"{tag}\"", isWeak: true) };
    }

    public void OnResultExecuted(ResultExecutedContext context)
    {
    }

    private static bool Accepts(HttpRequest request) =>
        !MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var wanted) || wanted.Count == 0 || wanted.Any(w => w.Quality is not 0 && w.MediaType.Value is "*/*" or "application/*" or Json or "application/problem+json")
        || request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<SendsFileAttribute>() is not null;
}

/// <summary>An address of the API that sends a file in its own format.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SendsFileAttribute : Attribute;
