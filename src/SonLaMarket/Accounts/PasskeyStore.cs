using Microsoft.AspNetCore.Identity;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Accounts;

/// <summary>What ASP.NET Core Identity needs of us to make and check passkeys: people by their public id, and their credentials.</summary>
public sealed class PasskeyStore(People people, Db db, TimeProvider clock) : IUserPasskeyStore<Person>
{
    private const string Columns = "credential_id, public_key, created_at, sign_count, transports, user_verified, backup_eligible, backed_up, attestation_object, client_data_json, name";

    public Task<string> GetUserIdAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(user.PublicId.ToString());

    public Task<string?> GetUserNameAsync(Person user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email ?? user.Phone ?? user.Name);

    public Task<Person?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Guid.TryParse(userId, out var publicId) ? people.FindByPublicIdAsync(db, publicId, cancellationToken) : Task.FromResult<Person?>(null);

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Person user, CancellationToken cancellationToken) =>
        [.. (await db.QueryAsync<Row>($"select {Columns} from accounts.passkey where person_id = @Id order by created_at", new { user.Id }, cancellationToken)).Select(r => r.AsInfo())];

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(Person user, byte[] credentialId, CancellationToken cancellationToken) =>
        (await db.FirstOrDefaultAsync<Row>($"select {Columns} from accounts.passkey where person_id = @Id and credential_id = @credentialId", new { user.Id, credentialId }, cancellationToken))?.AsInfo();

    public async Task<Person?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await db.FirstOrDefaultAsync<long?>("select person_id from accounts.passkey where credential_id = @credentialId", new { credentialId }, cancellationToken) is { } id
            ? await people.FindAsync(db, id, cancellationToken) : null;

    public Task AddOrUpdatePasskeyAsync(Person user, UserPasskeyInfo passkey, CancellationToken cancellationToken)
    {
        const string save = """
            insert into accounts.passkey (credential_id, person_id, name, public_key, sign_count, transports, user_verified, backup_eligible, backed_up, attestation_object, client_data_json, created_at)
            values (@CredentialId, @person, @Name, @PublicKey, @signCount, @transports, @IsUserVerified, @IsBackupEligible, @IsBackedUp, @AttestationObject, @ClientDataJson, @now)
            on conflict (credential_id) do update set sign_count = excluded.sign_count, backed_up = excluded.backed_up, used_at = @now
              where passkey.person_id = excluded.person_id and (passkey.sign_count < excluded.sign_count or excluded.sign_count = 0)
            """;
        return db.ExecuteAsync(save, new
        {
            passkey.CredentialId,
            person = user.Id,
            passkey.Name,
            passkey.PublicKey,
            signCount = (long)passkey.SignCount,
            transports = passkey.Transports ?? [],
            passkey.IsUserVerified,
            passkey.IsBackupEligible,
            passkey.IsBackedUp,
            passkey.AttestationObject,
            passkey.ClientDataJson,
            now = clock.GetUtcNow(),
        }, CancellationToken.None);
    }

    public Task RemovePasskeyAsync(Person user, byte[] credentialId, CancellationToken cancellationToken) =>
        db.ExecuteAsync("delete from accounts.passkey where person_id = @Id and credential_id = @credentialId", new { user.Id, credentialId }, CancellationToken.None);

    public void Dispose()
    {
    }

    // People are found, added and changed by the room's own verbs.
    Task<Person?> IUserStore<Person>.FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<string?> IUserStore<Person>.GetNormalizedUserNameAsync(Person user, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task IUserStore<Person>.SetNormalizedUserNameAsync(Person user, string? normalizedName, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task IUserStore<Person>.SetUserNameAsync(Person user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IdentityResult> IUserStore<Person>.CreateAsync(Person user, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IdentityResult> IUserStore<Person>.UpdateAsync(Person user, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IdentityResult> IUserStore<Person>.DeleteAsync(Person user, CancellationToken cancellationToken) => throw new NotSupportedException();

    private sealed record Row(
        byte[] CredentialId, byte[] PublicKey, DateTimeOffset CreatedAt, long SignCount, string[] Transports, bool UserVerified, bool BackupEligible, bool BackedUp,
        byte[] AttestationObject, byte[] ClientDataJson, string Name)
    {
        public UserPasskeyInfo AsInfo() => new(CredentialId, PublicKey, CreatedAt, (uint)SignCount, Transports, UserVerified, BackupEligible, BackedUp, AttestationObject, ClientDataJson) { Name = Name };
    }
}
