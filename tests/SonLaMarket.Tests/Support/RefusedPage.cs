using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Xunit;

namespace SonLaMarket.Tests.Support;

/// <summary>What holds for every refused form, whichever test made it: the field that a message at its top leads to says so to those who hear it.</summary>
internal static class RefusedPage
{
    public static Answer WithFieldsOfItsMessages(this Answer answer)
    {
        if (answer.Status != HttpStatusCode.UnprocessableEntity || answer.Message.Content.Headers.ContentType?.MediaType != "text/html")
            return answer;
        foreach (var link in answer.Page.QuerySelectorAll(".error-summary a"))
        {
            var field = answer.Page.GetElementById(link.GetAttribute("href")![1..]);
            // The form of one row among many, or of a row that is gone, is not always on the page that answers.
            if (field is null)
                continue;
            // A group of controls says it by what describes it; a page to look at once more has no controls.
            var said = field is not (IHtmlInputElement or IHtmlSelectElement or IHtmlTextAreaElement or IHtmlFieldSetElement) || field.GetAttribute("aria-invalid") == "true" || (field.LocalName == "fieldset" && field.GetAttribute("aria-describedby")?.Contains("-error", StringComparison.Ordinal) == true);
            Assert.True(said, $"{answer.Path}: {link.GetAttribute("href")} does not say that it is wrong");
        }
        return answer;
    }
}
