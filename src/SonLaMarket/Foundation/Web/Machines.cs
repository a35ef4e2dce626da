using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace SonLaMarket.Foundation.Web;

/// <summary>Requests by programs: those that ask for JSON, and the addresses made for machines. They get RFC 9457 problems, never pages.</summary>
public static class Machines
{
    private static readonly string[] Paths = ["/api", "/epcis", "/feeds", "/log"];

    public static bool IsMachine(HttpRequest request) =>
        Wanted(request) != "html" || IsMachinePath(request.Path);

    public static bool IsMachinePath(PathString path) =>
        Array.Exists(Paths, p => path.StartsWithSegments(p, StringComparison.Ordinal));

    /// <summary>"json", "ld+json" or "html": the first of these that the Accept header names.</summary>
    public static string Wanted(HttpRequest request)
    {
        foreach (var part in request.Headers.Accept.ToString().Split(','))
        {
            var type = part.Split(';')[0].Trim();
            if (type.Equals("text/html", StringComparison.OrdinalIgnoreCase))
                return "html";
            if (type.Equals("application/ld+json", StringComparison.OrdinalIgnoreCase))
                return "ld+json";
            if (type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Equals("application/problem+json", StringComparison.OrdinalIgnoreCase))
                return "json";
        }
        return "html";
    }

    /// <summary>A problem (RFC 9457) with our own type word, e.g. "invalid-parameter".</summary>
    public static ObjectResult Problem(int status, string type, string title, string? detail = null) =>
        new(new ProblemDetails { Status = status, Type = "urn:sonlamarket:problem:" + type, Title = title, Detail = detail })
        {
            StatusCode = status,
            ContentTypes = { "application/problem+json" },
        };

    /// <summary>The same where no action answers.</summary>
    public static Task WriteProblemAsync(HttpContext context, int status, string type, string title)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync((ProblemDetails)Problem(status, type, title).Value!, options: null, "application/problem+json");
    }

    /// <summary>The messages of each field under its JSON name in <c>errors</c>, all of them together in the detail.</summary>
    public static ObjectResult InvalidForm(string type, string title, ModelStateDictionary state, int status = StatusCodes.Status422UnprocessableEntity)
    {
        var errors = state.Where(s => s.Value!.Errors.Count > 0)
            .ToDictionary(s => JsonNamingPolicy.CamelCase.ConvertName(s.Key), s => s.Value!.Errors.Select(e => e.ErrorMessage).Distinct().ToArray(), StringComparer.Ordinal);
        var problem = Problem(status, type, title, string.Join(' ', errors.Values.SelectMany(e => e).Distinct()));
        ((ProblemDetails)problem.Value!).Extensions["errors"] = errors;
        return problem;
    }
}
