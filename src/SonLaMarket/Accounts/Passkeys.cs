using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts;

/// <param name="Options">For navigator.credentials, as WebAuthn writes it in JSON.</param>
/// <param name="Ticket">Comes back with the browser's answer, once.</param>
public sealed record PasskeyQuestion(string Options, string Ticket);

/// <param name="Key">Its credential id, URL-safe.</param>
public sealed record PasskeyRow(string Key, string Name, DateTimeOffset CreatedAt, DateTimeOffset? UsedAt, bool BackedUp);

/// <summary>
/// Passkeys (W3C WebAuthn) through ASP.NET Core Identity: the device answers for its owner, by fingerprint, face or screen lock,
/// so one passkey is both factors at once.
/// </summary>
public sealed class Passkeys(IPasskeyHandler<Person> handler, PasskeyStore store, Db db, Audit audit, TimeProvider clock)
{
    public const int AtMost = 10;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public async Task<PasskeyQuestion> AskNewAsync(HttpContext context, Person person)
    {
        var asked = await handler.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = person.PublicId.ToString(), Name = person.Email ?? person.Phone ?? person.Name, DisplayName = person.Name }, context);
        return await KeepAsync(asked.CreationOptionsJson, asked.AttestationState);
    }

    /// <param name="person">Null where the passkey itself is to say whose it is.</param>
    public async Task<PasskeyQuestion> AskAsync(HttpContext context, Person? person)
    {
        var asked = await handler.MakeRequestOptionsAsync(person, context);
        return await KeepAsync(asked.RequestOptionsJson, asked.AssertionState);
    }

    /// <summary>Keeps the new passkey. False when the answer does not fit the question, or the person has the most we keep.</summary>
    public async Task<bool> AddAsync(HttpContext context, Person person, string? ticket, string? credential, string name, Actor actor)
    {
        if (await TakeAsync(ticket) is not { } state || string.IsNullOrEmpty(credential) || (await store.GetPasskeysAsync(person, CancellationToken.None)).Count >= AtMost)
            return false;
        var made = await handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = context, CredentialJson = credential, AttestationState = state });
        if (!made.Succeeded || made.UserEntity.Id != person.PublicId.ToString())
            return false;
        made.Passkey.Name = name;
        await store.AddOrUpdatePasskeyAsync(person, made.Passkey, CancellationToken.None);
        await using var tx = await db.BeginAsync();
        await audit.WriteAsync(tx, actor, "passkey.add", $"person:{person.Id}");
        await tx.CommitAsync();
        return true;
    }

    /// <summary>Whose passkey answered, or null. Where a person was asked for, it is them.</summary>
    public async Task<Person?> CheckAsync(HttpContext context, string? ticket, string? credential)
    {
        if (await TakeAsync(ticket) is not { } state || string.IsNullOrEmpty(credential))
            return null;
        var answered = await handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = context, CredentialJson = credential, AssertionState = state });
        if (!answered.Succeeded || answered.User.DisabledAt is not null)
            return null;
        await store.AddOrUpdatePasskeyAsync(answered.User, answered.Passkey, CancellationToken.None);
        return answered.User;
    }

    public async Task<List<PasskeyRow>> OfPersonAsync(Sql sql, long personId, CancellationToken ct) =>
        [.. (await sql.QueryAsync<Row>("select credential_id, name, created_at, used_at, backed_up from accounts.passkey where person_id = @personId order by created_at", new { personId }, ct))
            .Select(r => new PasskeyRow(WebEncoders.Base64UrlEncode(r.CredentialId), r.Name, r.CreatedAt, r.UsedAt, r.BackedUp))];

    /// <summary>False when the person has no such passkey.</summary>
    public async Task<bool> RenameAsync(Tx tx, long personId, string? key, string name, Actor actor) =>
        Id(key) is { } id && await tx.ExecuteAsync("update accounts.passkey set name = @name where credential_id = @id and person_id = @personId", new { id, personId, name }) == 1
        && await NotedAsync(tx, actor, "passkey.rename", personId);

    /// <summary>False when the person has no such passkey.</summary>
    public async Task<bool> RemoveAsync(Tx tx, long personId, string? key, Actor actor) =>
        Id(key) is { } id && await tx.ExecuteAsync("delete from accounts.passkey where credential_id = @id and person_id = @personId", new { id, personId }) == 1
        && await NotedAsync(tx, actor, "passkey.remove", personId);

    private async Task<bool> NotedAsync(Tx tx, Actor actor, string action, long personId)
    {
        await audit.WriteAsync(tx, actor, action, $"person:{personId}");
        return true;
    }

    private async Task<PasskeyQuestion> KeepAsync(string options, string? state)
    {
        var ticket = Codes.Secret();
        await db.ExecuteAsync("insert into accounts.passkey_challenge (token_hash, state, expires_at) values (@hash, @state, @expires)", new { hash = Codes.Hash(ticket), state, expires = clock.GetUtcNow() + Lifetime });
        return new(options, ticket);
    }

    /// <summary>A question is answered once.</summary>
    private async Task<string?> TakeAsync(string? ticket) => string.IsNullOrEmpty(ticket) ? null
        : await db.FirstOrDefaultAsync<string>("delete from accounts.passkey_challenge where token_hash = @hash and expires_at > @now returning state", new { hash = Codes.Hash(ticket), now = clock.GetUtcNow() });

    private static byte[]? Id(string? key)
    {
        try
        {
            return string.IsNullOrEmpty(key) || key.Length > 2000 ? null : WebEncoders.Base64UrlDecode(key);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private sealed record Row(byte[] CredentialId, string Name, DateTimeOffset CreatedAt, DateTimeOffset? UsedAt, bool BackedUp);
}
