using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using SonLaMarket.Foundation;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Walks;

/// <summary>
/// Whoever fills in a form is told which fields may stay empty. Every form is sent with nothing filled in, then with what it asked for, until it is taken:
/// what is empty then is marked, and what was asked for is not. A mark that names a condition ("one of the three") stands for itself.
/// </summary>
public sealed class OptionalFieldsTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private const string Mark = "(không bắt buộc)";

    private static readonly string[] Typed = ["text", "search", "tel", "email", "url", "number", "date", "password", "file"];

    /// <summary>Fields that this walk cannot judge, each with its reason.</summary>
    private static readonly Dictionary<string, string> Unjudged = new(StringComparer.Ordinal)
    {
        ["POST quan-tri/nguoi-dung/tim q"] = "a search, sent by POST to keep names out of addresses: what is left empty narrows nothing",
        ["POST quan-tri/nguoi-dung/tim vai-tro"] = "a search, sent by POST to keep names out of addresses: what is left empty narrows nothing",
        ["POST thanh-toan/tim-xa ten"] = "a search, answered on its own page",
    };

    private readonly List<string> faults = [];
    private int taken;

    [Fact]
    public async Task A_field_that_may_stay_empty_is_marked_and_no_other()
    {
        var owner = await market.Shop.SellerAsync();
        var people = new Dictionary<string, Browser>(StringComparer.Ordinal)
        {
            ["quan-ly"] = await market.SignInAsync(owner),
            ["so-cong-thuong"] = (await market.SignInAsync(Roles.Officer)).Browser,
            ["quan-tri"] = (await market.SignInAsync(Roles.Operator)).Browser,
        };
        var cases = new MatrixCases(market, owner);
        foreach (var route in cases.Forms.Order(StringComparer.Ordinal))
        {
            // Codes are sent so often and no more; each form begins anew.
            await market.Db.ExecuteAsync("delete from accounts.one_time_code");
            var asked = await cases.MakeAsync(route);
            var browser = asked.As ?? people.GetValueOrDefault(route[5..].Split('/')[0], people["quan-ly"]);
            if (await asked.FormAsync(browser) is { } form && form.GetAttribute("action")?.Split('?')[0] == asked.Path)
                await FillAsync(route, asked, browser, form);
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(taken > 60, $"only {taken} forms were taken in the end: they are hardly reached");
    }

    private async Task FillAsync(string route, Case asked, Browser browser, IHtmlFormElement form)
    {
        var marks = form.QuerySelectorAll("[name]").Where(MayBeEmpty).GroupBy(c => c.GetAttribute("name")!, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => MarkOf(g.First()), StringComparer.OrdinalIgnoreCase);
        if (marks.Count == 0)
            return;
        var valid = new Dictionary<string, string>(Browser.Fields(form), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in asked.Fields!)
            valid[name] = value;
        // Several ticks of one question are sent as Name[0], Name[1]; pictures that are stored already as Kept.
        string? NameOf(string field) => marks.ContainsKey(field) ? field : field.EndsWith("Kept", StringComparison.Ordinal) ? marks.Keys.FirstOrDefault(m => m.EndsWith("Photos", StringComparison.Ordinal) || m.EndsWith("Photo", StringComparison.Ordinal))
            : field.IndexOf('[', StringComparison.Ordinal) is var at and > 0 && marks.ContainsKey(field[..at]) ? field[..at] : null;
        var empty = marks.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
        for (var round = 0; round < 8; round++)
        {
            var fields = valid.Where(f => NameOf(f.Key) is not { } name || !empty.Contains(name)).ToDictionary(StringComparer.OrdinalIgnoreCase);
            foreach (var name in empty.Where(n => form.QuerySelector($"[name='{n}']") is IHtmlTextAreaElement or IHtmlSelectElement or IHtmlInputElement { Type: not ("radio" or "checkbox" or "file") }))
                fields[name] = "";
            if (fields.ContainsKey("_once"))
                fields["_once"] = Guid.NewGuid().ToString();
            var answer = await (empty.Contains("file") ? asked with { File = null } : asked).PostAsync(browser, fields, form.Enctype == "multipart/form-data");
            if (answer.Status == HttpStatusCode.UnprocessableEntity)
            {
                var missing = empty.Where(n => answer.Page.QuerySelectorAll($"main [name='{n}']").Any(c => c.Closest(".field--bad") is not null)).ToList();
                faults.AddRange(missing.Where(n => marks[n] == Mark && !Unjudged.ContainsKey($"{route} {n}")).Select(n => $"{route}: {n} is marked, and asked for"));
                if (missing.Count == 0)
                    return;
                empty.ExceptWith(missing);
                continue;
            }
            if ((int)answer.Status >= 400 || await RefusedAsync(browser, answer))
                return;
            taken++;
            faults.AddRange(empty.Where(n => marks[n].Length == 0 && !Unjudged.ContainsKey($"{route} {n}")).Select(n => $"{route}: {n} is taken empty, and not marked"));
            return;
        }
    }

    /// <summary>Some forms say on the next page that nothing was done.</summary>
    private static async Task<bool> RefusedAsync(Browser browser, Answer answer) =>
        (answer.Location is { } led && led.StartsWith('/') ? await browser.GetAsync(led) : answer).Page.QuerySelector("body > .flash--bad, .error-summary") is not null;

    /// <summary>What somebody who fills in the form can leave empty. One box alone is ticked or not; a label that is not seen belongs to a table or a button that says it.</summary>
    private static bool MayBeEmpty(IElement control) => control.Closest(".field") is { } field && field.QuerySelector("label.visually-hidden, legend.visually-hidden") is null && !control.HasAttribute("disabled") && control switch
    {
        IHtmlSelectElement select => select.Options.Any(o => o.Value.Length == 0),
        IHtmlTextAreaElement => true,
        IHtmlInputElement { Type: "radio" } => !field.QuerySelectorAll<IHtmlInputElement>("input").Any(i => i.IsChecked),
        IHtmlInputElement { Type: "checkbox" } => field.LocalName == "fieldset",
        IHtmlInputElement input => Typed.Contains(input.Type),
        _ => false,
    };

    /// <summary>The mark of a field or of the group that it is in; empty where there is none.</summary>
    private static string MarkOf(IElement control)
    {
        for (var field = control.Closest(".field"); field is not null; field = field.ParentElement?.Closest(".field"))
        {
            if (field.QuerySelectorAll(".field__optional").FirstOrDefault(m => m.ParentElement!.ParentElement == field) is { } mark)
                return mark.TextContent.Trim();
        }
        return "";
    }
}
