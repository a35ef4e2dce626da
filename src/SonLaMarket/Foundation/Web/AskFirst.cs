using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace SonLaMarket.Foundation.Web;

/// <summary>
/// Asks once before money, recall or deletion. A button with a question (<see cref="TagHelpers.AskFirstTagHelper"/>) sends the question
/// along, sealed; the form comes back as a page that asks it, with everything typed in it. With script the page asks in a dialog instead.
/// </summary>
public sealed class AskFirst(IDataProtectionProvider protection) : IActionFilter
{
    public const string Field = "_ask";
    public const string Answer = "_yes";
    public const string View = "/Foundation/Web/AskFirst.cshtml";
    /// <summary>What every form carries of its own; the page that asks has its own of them.</summary>
    private static readonly string[] Own = [Field, "__RequestVerificationToken", SentForms.Field, ShownFor.Field];

    private readonly IDataProtector protector = protection.CreateProtector("ask-first");

    public string Seal(string question, string verb) => protector.Protect($"{question}\n{verb}");

    public void OnActionExecuting(ActionExecutingContext context)
    {
        var request = context.HttpContext.Request;
        if (!HttpMethods.IsPost(request.Method) || !request.HasFormContentType || request.Form.Files.Count > 0 || request.Form[Answer].Count > 0
            || context.Controller is not Controller controller || Open(request.Form[Field]) is not var (question, verb))
            return;
        context.Result = controller.View(View, Page(request, question, verb));
    }

    /// <summary>The form as it was sent, with a question above.</summary>
    /// <param name="instead">What fields say now, such as those of pictures that were stored meanwhile.</param>
    public static AskFirstPage Page(HttpRequest request, string question, string verb, params (string Name, IEnumerable<string> Values)[] instead)
    {
        var sent = request.Form.Where(f => !Own.Contains(f.Key) && !Array.Exists(instead, i => i.Name == f.Key)).SelectMany(f => f.Value, (f, value) => new KeyValuePair<string, string>(f.Key, value ?? ""));
        var stored = instead.SelectMany(i => i.Values, (i, value) => new KeyValuePair<string, string>(i.Name, value));
        return new AskFirstPage(question, verb, request.Path + request.QueryString, [.. sent, .. stored], Back(request));
    }

    public void OnActionExecuted(ActionExecutedContext context)
    {
    }

    private (string Question, string Verb)? Open(string? sealedQuestion)
    {
        if (string.IsNullOrEmpty(sealedQuestion))
            return null;
        try
        {
            return protector.Unprotect(sealedQuestion).Split('\n') is [var question, var verb] ? (question, verb) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>The page that the form stands on, where the browser says so and it is ours.</summary>
    private static string? Back(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Referer, UriKind.Absolute, out var from) && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase) ? from.PathAndQuery : null;
}

public sealed record AskFirstPage(string Question, string Verb, string Path, List<KeyValuePair<string, string>> Fields, string? Back);
