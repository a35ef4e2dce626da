using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Xunit;

namespace SonLaMarket.Tests.Support;

/// <summary>What holds for every refused form, whichever test made it: each message at its top leads to the field that is meant, and that field says so to those who hear it.</summary>
internal static class RefusedPage
{
    public static Answer WithFieldsOfItsMessages(this Answer answer)
    {
        if (answer.Status != HttpStatusCode.UnprocessableEntity || answer.Message.Content.Headers.ContentType?.MediaType != "text/html")
            return answer;
        // Links only where the message also stands beside a field; a message about the whole form has none.
        var beside = answer.Page.QuerySelectorAll(".field__error").Select(e => e.TextContent).ToList();
        if (answer.Page.QuerySelectorAll(".error-summary li").FirstOrDefault(m => m.QuerySelector("a") is null && beside.Exists(e => e.Contains(m.TextContent.Trim(), StringComparison.Ordinal))) is { } unlinked)
            Assert.Fail($"{answer.Path}: “{unlinked.TextContent.Trim()}” stands beside a field and does not lead there");
        foreach (var link in answer.Page.QuerySelectorAll(".error-summary a"))
        {
            var field = answer.Page.GetElementById(link.GetAttribute("href")![1..]);
            if (field is null)
                Assert.Fail($"{answer.Path}: “{link.TextContent.Trim()}” leads to {link.GetAttribute("href")}, which is not on the page");
            // A group of controls says it by what describes it; a page to look at once more has no controls.
            var said = field is not (IHtmlInputElement or IHtmlSelectElement or IHtmlTextAreaElement or IHtmlFieldSetElement) || field.GetAttribute("aria-invalid") == "true" || (field.LocalName == "fieldset" && field.GetAttribute("aria-describedby")?.Contains("-error", StringComparison.Ordinal) == true);
            Assert.True(said, $"{answer.Path}: {link.GetAttribute("href")} does not say that it is wrong");
        }
        return answer;
    }
}
