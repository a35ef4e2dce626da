using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Accounts;

/// <summary>
/// A form that arrives after the session has ended is not lost: it is kept, sealed, with its photos, and goes on when its sender has
/// signed in again. Only browsers that once had a session of ours are served, and only their own forms.
/// </summary>
public sealed class KeptForms(Db db, IDataProtectionProvider protection, TimeProvider clock)
{
    private const int MostBytes = 64 << 20;
    private static readonly TimeSpan Kept = TimeSpan.FromHours(12);
    private readonly IDataProtector protector = protection.CreateProtector("kept-form");

    /// <summary>The address at which the form goes on; null when it cannot be kept.</summary>
    public async Task<string?> KeepAsync(HttpContext http, CookieAuthenticationOptions cookies)
    {
        const string insert = """
            insert into accounts.kept_form (token_hash, person_id, target, content_type, body, kept_at)
            values (@hash, (select person_id from accounts.session where token_hash = @session), @target, @contentType, @body, @now)
            """;
        var request = http.Request;
        if (!HttpMethods.IsPost(request.Method) || !request.HasFormContentType || !SameSiteFormAttribute.IsSameSite(request) || SessionKey(request, cookies) is not { } session)
            return null;
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, http.RequestAborted);
        if (body.Length > MostBytes)
            return null;
        var token = Codes.Secret();
        await db.ExecuteAsync(insert, new
        {
            hash = Codes.Hash(token),
            session = Codes.Hash(session),
            target = request.Path + request.QueryString,
            contentType = request.ContentType,
            body = protector.Protect(body.ToArray()),
            now = clock.GetUtcNow(),
        });
        return "/tiep-tuc/" + token;
    }

    /// <summary>What was kept for this person under the key; null when there is nothing (any more).</summary>
    public async Task<KeptForm?> FindAsync(string token, long personId, CancellationToken ct)
    {
        const string select = """
            select target, content_type, body, kept_at from accounts.kept_form
            where token_hash = @hash and kept_at > @since and (person_id is null or person_id = @personId)
            """;
        return await db.FirstOrDefaultAsync<KeptForm>(select, new { hash = Codes.Hash(token), since = clock.GetUtcNow() - Kept, personId }, ct) is { } form
            ? form with { Body = protector.Unprotect(form.Body) }
            : null;
    }

    /// <summary>True for the one who takes it: a form goes on once.</summary>
    public async Task<bool> TakeAsync(string token) => await db.ExecuteAsync("delete from accounts.kept_form where token_hash = @hash", new { hash = Codes.Hash(token) }) > 0;

    public Task<int> ForgetAsync(CancellationToken ct) => db.ExecuteAsync("delete from accounts.kept_form where kept_at < @before", new { before = clock.GetUtcNow() - Kept }, ct);

    /// <summary>The key of the session that the browser's cookie was for, whether it has ended or not. The cookie is sealed by us.</summary>
    private static string? SessionKey(HttpRequest request, CookieAuthenticationOptions cookies) =>
        cookies.CookieManager.GetRequestCookie(request.HttpContext, cookies.Cookie.Name!) is { } cookie
            ? cookies.TicketDataFormat.Unprotect(cookie)?.Principal.FindFirst("Microsoft.AspNetCore.Authentication.Cookies-SessionId")?.Value
            : null;
}

/// <summary>Forgets forms that nobody continued, and keys and files of forms that nobody sends again.</summary>
public sealed class ForgetForms(KeptForms kept, Db db, TimeProvider clock) : IRecurring
{
    public async Task RunAsync(CancellationToken ct)
    {
        await kept.ForgetAsync(ct);
        await SentForms.ForgetAsync(db, clock.GetUtcNow());
        await KeptFiles.ForgetAsync(db, clock.GetUtcNow());
    }
}
