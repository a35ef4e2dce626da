using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Tests.Support;

/// <summary>What a person with an account does at their own pages.</summary>
public static partial class Member
{
    /// <summary>The newest one-time code that was sent there; "" when none was.</summary>
    public static async Task<string> CodeAsync(this Db db, string recipient) =>
        Code().Match(await db.FirstOrDefaultAsync<string>("select body from accounts.message where recipient = @recipient and key like 'code:%' order by id desc limit 1", new { recipient }) ?? "").Value;

    /// <summary>Proves again who they are, so that the guarded pages open.</summary>
    public static async Task<Browser> ConfirmAsync(this Browser browser, string password = Seller.Password)
    {
        var answer = await browser.SubmitAsync(await browser.GetAsync("/tai-khoan/xac-nhan"), "/tai-khoan/xac-nhan", ("Password", password));
        return answer.Status == HttpStatusCode.SeeOther ? browser : throw new InvalidOperationException($"not confirmed: {answer.Text}");
    }

    /// <summary>Presses the passkey button of a page and lets the device answer; the form as js/passkey.js sends it.</summary>
    public static async Task<(string Action, Dictionary<string, string> Fields)> WithPasskeyAsync(this Browser browser, Answer page, Authenticator device)
    {
        var form = page.Page.QuerySelector<IHtmlFormElement>("form[data-enhance=passkey]") ?? throw new InvalidOperationException($"{page.Path} has no passkey form: {page.Text}");
        var fields = Browser.Fields(form);
        var asked = await browser.PostAsync(form.GetAttribute("data-question")!, fields);
        using var question = JsonDocument.Parse(asked.Body);
        var options = question.RootElement.GetProperty("options").GetString()!;
        var prefix = fields.ContainsKey("Credential") ? "" : "Form.";
        fields[prefix + "Question"] = question.RootElement.GetProperty("question").GetString()!;
        fields[prefix + "Credential"] = form.HasAttribute("data-new") ? device.Create(options) : device.Get(options);
        return (form.GetAttribute("action")!, fields);
    }

    /// <summary>Adds the device's passkey to the account; its owner has confirmed before.</summary>
    public static async Task AddPasskeyAsync(this Browser browser, Authenticator device)
    {
        var (action, fields) = await browser.WithPasskeyAsync(await browser.GetAsync("/tai-khoan/khoa"), device);
        var added = await browser.PostAsync(action, fields);
        if (added.Status != HttpStatusCode.SeeOther)
            throw new InvalidOperationException($"no passkey added: {added.Status} {added.Text}");
    }

    [GeneratedRegex(@"\b\d{6}\b", RegexOptions.None, 1000)]
    private static partial Regex Code();
}
