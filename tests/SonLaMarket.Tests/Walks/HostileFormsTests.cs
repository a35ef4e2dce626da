using System.Globalization;
using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using SonLaMarket.Foundation;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Walks;

/// <summary>
/// Every form of the product with what nobody meant to be typed: it is told beside the field and kept, or taken and shown as text; it is never our error.
/// Forms come from the permission matrix, so that a new one is tried without a word here.
/// </summary>
public sealed class HostileFormsTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private const string Script = "<script>alert(1)</script>";
    private const string Nul = "a NUL", TooLong = "10,000 characters";
    private const string Token = "__RequestVerificationToken";

    /// <summary>Fields that nobody types, of forms that only an answer shows.</summary>
    private static readonly string[] Sealed = ["Ticket", "Proven", "Question", "Credential", "person", "key", "k", "payment", "listing", "yes", "Role", "Tiep", "Account", "Outcome", "FormKey", "Credit"];

    private static readonly string[] Typed = ["text", "search", "tel", "email", "url", "number", "date"];

    /// <summary>No form of ours: a program's body, or files alone.</summary>
    private static readonly string[] NoPages = ["POST tai-khoan/khoa/hoi", "POST dang-nhap/khoa/hoi"];

    /// <summary>Forms filled in from what is stored that carry no mark of it (<see cref="Foundation.Web.Seen"/>), each with its reason.</summary>
    private static readonly Dictionary<string, string> Unmarked = new(StringComparer.Ordinal)
    {
        ["POST gio-hang/sua"] = "one buyer's own cart in one browser",
        ["POST gio-hang/xoa"] = "one buyer's own cart in one browser",
        ["POST don-hang/{code}/hoa-don"] = "asked for once, filled in from the order",
        ["POST quan-ly/dang-ban/{id}"] = "a draft that is not for sale; what a part does not say stays",
        ["POST quan-ly/dang-ban/{id}/{step}"] = "a draft that is not for sale; what a part does not say stays",
        ["POST quan-ly/lo/{code}/buoc"] = "something new; the day is a suggestion",
        ["POST quan-ly/lo/{code}/nhat-ky"] = "something new; the day is a suggestion",
        ["POST quan-ly/nhat-ky"] = "something new; the day is a suggestion",
        ["POST so-cong-thuong/kiem-tra/tai-cho"] = "something new; the day is a suggestion",
        ["POST quan-ly/tin-dang"] = "something new, filled in with what is usual",
        ["POST quan-ly/tin-dang/{slug}/dang-lai"] = "something new, filled in as last season",
        ["POST so-cong-thuong/thu-hoi/de-nghi/DN-{id}/mo"] = "something new, filled in from the proposal, which can be taken once",
        ["POST quan-ly/lo/{code}/tem"] = "prints, and changes nothing",
        ["POST quan-ly/lo/{code}/ma-goi/{key}/tem"] = "prints, and changes nothing",
        ["POST quan-ly/nhap-du-lieu/{id}/sua"] = "cells of one's own file, judged anew before anything is saved",
        ["POST quan-tri/doi-soat/tep"] = "fetches the file of a day; the day is a suggestion",
        ["POST quan-tri/giao-dien"] = "keeps nothing",
        ["POST quan-tri/xuat-du-lieu/{profile}/sua"] = "carries the number of the version that it was filled in over, and is refused over another",
        ["POST tai-khoan/ho-ten"] = "one's own name, the only field",
        ["POST tai-khoan/khoa/ten"] = "the name of one's own passkey, the only field",
    };

    /// <summary>Forms with texts that the browser does not keep until the server has them, each with its reason.</summary>
    private static readonly Dictionary<string, string> Unkept = new(StringComparer.Ordinal)
    {
        ["POST dang-ky"] = "a name to sign in with, a password or a secret: no browser keeps it for us",
        ["POST dang-nhap"] = "a name to sign in with, a password or a secret: no browser keeps it for us",
        ["POST dang-nhap/bang-ma"] = "a name to sign in with, a password or a secret: no browser keeps it for us",
        ["POST quen-mat-khau"] = "a name to sign in with, a password or a secret: no browser keeps it for us",
        ["POST tai-khoan/lien-lac"] = "a name to sign in with, a password or a secret: no browser keeps it for us",
        ["POST quan-ly/cong-thanh-toan"] = "a name to sign in with, a password or a secret: no browser keeps it for us",
        ["POST gio-hang/mo"] = "one code or word, typed again in a moment",
        ["POST gio-hang/sua"] = "one code or word, typed again in a moment",
        ["POST gio-hang/xoa"] = "one code or word, typed again in a moment",
        ["POST quet"] = "one code or word, typed again in a moment",
        ["POST tai-khoan/khoa/ten"] = "one code or word, typed again in a moment",
        ["POST thanh-toan/tim-xa"] = "one code or word, typed again in a moment",
        ["POST quan-ly/nhat-ky"] = "kept by the diary of the field itself, with its photos (js/field-store.js)",
        ["POST so-cong-thuong/kiem-tra/tai-cho"] = "kept by the inspections of the field themselves, with their photos (js/field-store.js)",
        ["POST quan-tri/xuat-du-lieu/{profile}/sua"] = "every step goes to the server and comes back with what was typed",
    };

    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal)
    {
        ["emoji"] = "🥭👨‍👩‍👧🇻🇳",
        [TooLong] = new string('ẫ', 10_000),
        ["right-to-left marks"] = "\u202EMận\u202C\u200F hậu\u2066",
        ["decomposed"] = "Mận hậu Mộc Châu".Normalize(NormalizationForm.FormD),
        ["cells of a spreadsheet"] = "Mận hậu\t35k\t1.200\r\nXoài\t20k\t",
        ["a date as text"] = "5 tháng 7, 2026",
        ["markup"] = Script + "'\"><img src=x onerror=alert(1)>",
        [Nul] = "Mận\0hậu\u0007",
        ["digits of elsewhere"] = "٣٥٠٠٠",
        ["a formula"] = "=1+1;--",
        ["a number that no column holds"] = "99999999999999999999",
        ["less than nothing"] = "-1",
        ["nothing but blanks"] = " \u00a0\t ",
    };

    private static readonly string[] ByTurns = [.. Values.Keys];
    private static readonly string[] MadeUp = ["🥭", "", "-1", "99999999999999999999"];

    private readonly List<string> faults = [];
    private int refused;
    private int turn;

    [Fact]
    public async Task Nothing_typed_into_any_form_is_lost_or_our_error_and_what_is_taken_is_shown_as_text()
    {
        var owner = await market.Shop.SellerAsync();
        var people = await PeopleAsync(owner);
        var cases = new MatrixCases(market, owner);
        foreach (var route in cases.Forms.Except(NoPages).Order(StringComparer.Ordinal))
        {
            // Codes are sent so often and no more; each form begins anew.
            await market.Db.ExecuteAsync("delete from accounts.one_time_code");
            var asked = await cases.MakeAsync(route);
            await TryAsync(route, asked, asked.As ?? WhoAsks(people, route));
        }
        // Whatever was taken stands on the pages now, and in the files that are made of it.
        foreach (var route in cases.Routes.Where(r => r.StartsWith("GET ", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var asked = await cases.MakeAsync(route);
            var shown = await (asked.As ?? WhoAsks(people, route)).GetAsync(asked.Path);
            if ((int)shown.Status >= 500 || (shown.Message.Content.Headers.ContentType?.MediaType == "text/html" && shown.Body.Contains(Script, StringComparison.Ordinal)))
                faults.Add($"{route}: {(int)shown.Status} with what was taken");
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(refused > 300, $"only {refused} answers were refusals: the forms are hardly reached");
    }

    [Fact]
    public async Task A_parcel_for_a_name_of_signs_and_emoji_is_sent_with_label_and_slip()
    {
        var seller = await market.Shop.SellerAsync();
        var buyer = await new Buyer(market.Site).WithAsync(await market.Shop.GoodsAsync(seller, 9, title: "🥭 Mận hậu \u202Euậh"), 2);
        var details = await buyer.DetailsAsync("cod", ("name", "🥭👨‍👩‍👧 Nguyễn \u202EThị\u202C Ếch 🇻🇳"), ("street-address", "=1+1 🏠 " + new string('ẫ', 150)), ("note", Script + "\u0007 مرحبا"));
        Assert.Equal("/thanh-toan/xac-nhan", details.Location);
        var placed = await buyer.Browser.SubmitAsync(await buyer.Browser.GetAsync(details.Location!), "/thanh-toan/xac-nhan");
        Assert.DoesNotContain(Script, (await buyer.Browser.GetAsync(placed.Location!)).Body, StringComparison.Ordinal);
        var code = await market.Db.SingleAsync<string>("select code from orders.sub_order order by id desc limit 1");
        var browser = await market.SignInAsync(seller);
        foreach (var paper in new[] { $"{code}/nhan.pdf", $"{code}/phieu-dong-goi.pdf", "nhan.pdf", "phieu-dong-goi.pdf" })
            Assert.Equal("application/pdf", (await browser.GetAsync("/quan-ly/don-hang/" + paper)).Message.Content.Headers.ContentType?.MediaType);
    }

    private async Task<Dictionary<string, Browser>> PeopleAsync(Seller owner) => new(StringComparer.Ordinal)
    {
        ["quan-ly"] = await market.SignInAsync(owner),
        ["so-cong-thuong"] = (await market.SignInAsync(Roles.Officer)).Browser,
        ["quan-tri"] = (await market.SignInAsync(Roles.Operator)).Browser,
    };

    private static Browser WhoAsks(Dictionary<string, Browser> people, string route) => people.GetValueOrDefault(route[(route.IndexOf(' ', StringComparison.Ordinal) + 1)..].Split('/')[0], people["quan-ly"]);

    private async Task TryAsync(string route, Case asked, Browser browser)
    {
        var form = await asked.FormAsync(browser);
        // A field and what the case says of it may differ in case.
        var valid = new Dictionary<string, string>(form is null ? [] : Browser.Fields(form), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, own) in asked.Fields!)
            valid[name] = own;
        var typed = form is null ? [.. asked.Fields.Keys.Where(n => !n.StartsWith('_') && !Sealed.Contains(n[(n.IndexOf('.', StringComparison.Ordinal) + 1)..]))]
            : form.QuerySelectorAll<IHtmlInputElement>("input[name]").Where(i => Typed.Contains(i.Type)).Select(i => i.Name!).Concat(form.QuerySelectorAll<IHtmlTextAreaElement>("textarea[name]").Select(a => a.Name!)).Distinct(StringComparer.Ordinal).ToArray();
        if (!valid.ContainsKey(Token) && await browser.TokenAsync() is { } token)
            valid[Token] = token;
        if (form is not null)
            Promise(route, form);
        var files = form?.Enctype == "multipart/form-data";
        foreach (var (what, value) in typed.Length > 0 ? Values : [])
            await SendAsync($"{route}, {what} in every field", asked, browser, valid, typed.ToDictionary(n => n, _ => value, StringComparer.OrdinalIgnoreCase), typed, files, follow: value.Contains(Script, StringComparison.Ordinal));
        // One at a time as well, by turns, so that no field hides behind another that was refused.
        foreach (var name in typed.Length > 1 ? typed : [])
        {
            var what = ByTurns[turn++ % ByTurns.Length];
            await SendAsync($"{route}, {what} in {name}", asked, browser, valid, new() { [name] = Values[what] }, typed, files, follow: true);
        }
        // What no page offers: choices and hidden fields made up.
        foreach (var name in valid.Keys.Except(typed, StringComparer.Ordinal).Where(n => !n.StartsWith('_')).ToList())
            await SendAsync($"{route}, something made up for {name}", asked, browser, valid, new() { [name] = MadeUp[turn++ % MadeUp.Length] }, [], files, follow: false);
        await SendAsync($"{route}, nothing at all", asked, browser, valid, valid.Keys.Where(n => n != Token).ToDictionary(n => n, _ => "", StringComparer.OrdinalIgnoreCase), [], files, follow: false);
    }

    /// <summary>What every form with something to type owes: of two open pages the last one does not win unnoticed, and a lost connection loses nothing.</summary>
    private void Promise(string route, IHtmlFormElement form)
    {
        var typed = form.QuerySelectorAll<IHtmlInputElement>("input[name]").Where(i => Typed.Contains(i.Type)).Select(i => i.DefaultValue).Concat(form.QuerySelectorAll<IHtmlTextAreaElement>("textarea[name]").Select(a => a.TextContent.Trim())).ToList();
        if (typed.Exists(v => v.Length > 0) && form.QuerySelector("[name=_seen]") is null && !Unmarked.ContainsKey(route))
            faults.Add($"{route}: filled in from what is stored, and no mark of it (seen)");
        if (typed.Count > 0 && !form.HasAttribute("data-keep") && !Unkept.ContainsKey(route))
            faults.Add($"{route}: what is typed is not kept (data-keep)");
    }

    private async Task SendAsync(string what, Case asked, Browser browser, Dictionary<string, string> valid, Dictionary<string, string> changes, string[] typed, bool files, bool follow)
    {
        var fields = new Dictionary<string, string>(valid, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in changes)
            fields[name] = value;
        if (fields.ContainsKey("_once"))
            fields["_once"] = Guid.NewGuid().ToString();
        var answer = await asked.PostAsync(browser, fields, files);
        // A sign-in or a sign-out brings another token.
        if (answer.Message.Headers.Contains("Set-Cookie") && await browser.TokenAsync() is { } token)
            valid[Token] = token;
        refused += answer.Status == HttpStatusCode.UnprocessableEntity ? 1 : 0;
        if (Complaint(answer, asked, fields, typed) is { } complaint)
            faults.Add($"{what}: {complaint}");
        if (follow && answer.Location is { } led && led.StartsWith('/') && await browser.GetAsync(led) is var next && ((int)next.Status >= 500 || next.Body.Contains(Script, StringComparison.Ordinal)))
            faults.Add($"{what}: leads to {led}, {(int)next.Status}");
    }

    private static string? Complaint(Answer answer, Case asked, Dictionary<string, string> fields, string[] typed) => answer.Status switch
    {
        HttpStatusCode.UnprocessableEntity => RefusedBadly(answer, asked, fields, typed),
        // The framework takes no NUL in a form; no browser sends one.
        HttpStatusCode.BadRequest => fields.Any(f => f.Value.Contains('\0', StringComparison.Ordinal)) && answer.Page.QuerySelector("main h1") is not null ? null : "400 " + answer.Text,
        // Done; asks first; no longer possible, gone, too often: told on a page.
        HttpStatusCode.SeeOther => answer.Location is null ? "leads nowhere" : null,
        HttpStatusCode.OK or HttpStatusCode.Redirect => answer.Body.Contains(Script, StringComparison.Ordinal) ? "the markup came back as markup" : null,
        HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.Gone or HttpStatusCode.TooManyRequests => answer.Page.QuerySelector("main h1") is null ? $"{(int)answer.Status} without a page" : null,
        _ => $"{(int)answer.Status} {string.Join(' ', answer.Text.Split(' ').Take(20))}",
    };

    private static string? RefusedBadly(Answer answer, Case asked, Dictionary<string, string> fields, string[] typed)
    {
        if (answer.Body.Contains(Script, StringComparison.Ordinal))
            return "the markup came back as markup";
        // Nobody typed what no page offers.
        if (typed.Length == 0)
            return null;
        // What was asked for is done meanwhile: the page offers the form no more.
        if (!answer.Page.QuerySelectorAll("form").Any(f => f.GetAttribute("action")?.Split('?')[0] == asked.Path) && !answer.Page.QuerySelectorAll("[formaction]").Any(b => b.GetAttribute("formaction") == asked.Path))
            return null;
        if (answer.Page.QuerySelector(".error-summary") is not { } summary)
            return "refused without a list of messages";
        // A message about the whole form (wrong password) has no field to stand beside.
        if (answer.Page.QuerySelector(".field__error") is null && summary.QuerySelectorAll("li").All(m => m.QuerySelector("a") is not null))
            return "refused without a message beside a field: " + summary.TextContent.Trim();
        if (summary.QuerySelectorAll("a").Select(a => a.GetAttribute("href")![1..]).FirstOrDefault(id => answer.Page.GetElementById(id) is null) is { } nowhere)
            return $"a message leads to #{nowhere}, which is not on the page";
        if (answer.Page.Title?.StartsWith("Lỗi:", StringComparison.Ordinal) != true)
            return "refused, and the title does not say so";
        var lost = typed.Where(name => answer.Page.QuerySelectorAll($"main [name='{name}']") is { Length: 1 } found && Squeezed(fields[name]) is { Length: > 0 } sent && Squeezed(Shown(found[0])) != sent).ToList();
        return lost.Count == 0 ? null : "what was typed is lost in " + string.Join(", ", lost);
    }

    private static string Shown(IElement field) => field is IHtmlTextAreaElement area ? area.TextContent : field.GetAttribute("value") ?? "";

    /// <summary>As it is kept: composed, without what nobody sees; a browser takes line breaks out of one-line fields, and no page can carry a NUL.</summary>
    private static string Squeezed(string text) => string.Concat(text.Normalize(NormalizationForm.FormC)
        .Where(c => !char.IsWhiteSpace(c) && !char.IsControl(c) && c != '\uFFFD' && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.Format));
}
