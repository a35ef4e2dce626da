using Microsoft.AspNetCore.Identity;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts;

/// <summary>People, how they are reached, and their roles.</summary>
public sealed class People(IPasswordHasher<Person> hasher, Audit audit, TimeProvider clock)
{
    private const string Columns = """
        id, public_id, email, email_proven_at, phone, phone_proven_at, name, password_hash, security_stamp, totp_secret, totp_last_step,
        exists (select 1 from accounts.passkey k where k.person_id = p.id) as has_passkey, second_factor_demanded, disabled_at,
        array(select role from accounts.person_role r where r.person_id = p.id order by role) as roles
        """;

    public Task<Person?> FindAsync(Sql sql, long id, CancellationToken ct = default) =>
        sql.FirstOrDefaultAsync<Person>($"select {Columns} from accounts.person p where id = @id", new { id }, ct);

    /// <summary>By e-mail in lower case or phone in E.164.</summary>
    public Task<Person?> FindBySignInAsync(Sql sql, string signIn, CancellationToken ct = default) =>
        sql.FirstOrDefaultAsync<Person>($"select {Columns} from accounts.person p where email = @signIn or phone = @signIn", new { signIn }, ct);

    public Task<Person?> FindByPublicIdAsync(Sql sql, Guid publicId, CancellationToken ct = default) =>
        sql.FirstOrDefaultAsync<Person>($"select {Columns} from accounts.person p where public_id = @publicId", new { publicId }, ct);

    /// <summary>The new person's number, or null when the e-mail or phone is taken.</summary>
    public async Task<long?> AddAsync(Tx tx, NewPerson person, Actor actor)
    {
        const string insert = """
            insert into accounts.person (email, email_proven_at, phone, phone_proven_at, name, password_hash, security_stamp, second_factor_demanded, is_sample, created_at)
            values (@Email, case when @Proven and @Email is not null then @now end, @Phone, case when @Proven and @Phone is not null then @now end, @Name, @hash, @stamp, @SecondFactorDemanded, @IsSample, @now)
            on conflict do nothing returning id
            """;
        var hash = person.Password is null ? null : hasher.HashPassword(null!, person.Password);
        var id = await tx.FirstOrDefaultAsync<long?>(insert, new
        {
            person.Email,
            person.Phone,
            person.Name,
            person.Proven,
            hash,
            stamp = Guid.NewGuid().ToString("N"),
            person.SecondFactorDemanded,
            person.IsSample,
            now = clock.GetUtcNow(),
        });
        if (id is null)
            return null;
        foreach (var role in person.Roles)
            await GrantAsync(tx, id.Value, role, actor);
        return id;
    }

    /// <summary>Gives a role; giving it again changes nothing. A role of the office begins with a new sign-in.</summary>
    public async Task GrantAsync(Tx tx, long personId, string role, Actor actor)
    {
        if (await tx.ExecuteAsync("insert into accounts.person_role (person_id, role) values (@personId, @role) on conflict do nothing", new { personId, role }) == 0)
            return;
        if (role is Roles.Officer or Roles.Operator)
            await tx.ExecuteAsync("delete from accounts.session where person_id = @personId", new { personId });
        await audit.WriteAsync(tx, actor, "role.grant", $"person:{personId}", detail: new { role });
    }

    /// <summary>Takes a role away, at once. False when the person has it not.</summary>
    public async Task<bool> RevokeAsync(Tx tx, long personId, string role, Actor actor)
    {
        if (await tx.ExecuteAsync("delete from accounts.person_role where person_id = @personId and role = @role", new { personId, role }) == 0)
            return false;
        await audit.WriteAsync(tx, actor, "role.revoke", $"person:{personId}", detail: new { role });
        return true;
    }

    public async Task RenameAsync(Tx tx, long id, string name, Actor actor)
    {
        await tx.ExecuteAsync("update accounts.person set name = @name where id = @id", new { id, name });
        await audit.WriteAsync(tx, actor, "person.rename", $"person:{id}");
    }

    /// <summary>
    /// The person showed a code that was sent to this contact of theirs. The first time, a password and sessions from before
    /// are gone: whoever set them had only typed the contact, and may be somebody else.
    /// </summary>
    public async Task ProveAsync(Tx tx, Person person, Contact contact, Actor actor)
    {
        const string prove = """
            update accounts.person set email_proven_at = case when email = @Value then @now else email_proven_at end, phone_proven_at = case when phone = @Value then @now else phone_proven_at end,
              password_hash = null, security_stamp = @stamp
            where id = @Id
            """;
        if (person.IsProven(contact))
            return;
        await tx.ExecuteAsync(prove, new { person.Id, contact.Value, now = clock.GetUtcNow(), stamp = Guid.NewGuid().ToString("N") });
        await tx.ExecuteAsync("delete from accounts.session where person_id = @Id", new { person.Id });
        await audit.WriteAsync(tx, actor, "contact.prove", $"person:{person.Id}");
    }

    /// <summary>Sets the proven e-mail or phone in place of the old one. False when it is another's.</summary>
    public async Task<bool> ChangeContactAsync(Tx tx, long id, Contact contact, Actor actor)
    {
        const string change = """
            update accounts.person p set email = case when @IsEmail then @Value else email end, email_proven_at = case when @IsEmail then @now else email_proven_at end,
              phone = case when @IsEmail then phone else @Value end, phone_proven_at = case when @IsEmail then phone_proven_at else @now end, security_stamp = @stamp
            where id = @id and not exists (select 1 from accounts.person o where o.id <> p.id and (o.email = @Value or o.phone = @Value))
            """;
        if (await tx.ExecuteAsync(change, new { id, contact.Value, contact.IsEmail, now = clock.GetUtcNow(), stamp = Guid.NewGuid().ToString("N") }) == 0)
            return false;
        await audit.WriteAsync(tx, actor, contact.IsEmail ? "contact.email" : "contact.phone", $"person:{id}");
        return true;
    }

    /// <summary>Sets the password and ends the sessions, all of them or all but one. The second factor stays.</summary>
    /// <param name="keep">The session that goes on.</param>
    public async Task SetPasswordAsync(Tx tx, long id, string password, long? keep, Actor actor)
    {
        await tx.ExecuteAsync("update accounts.person set password_hash = @hash, security_stamp = @stamp where id = @id", new { id, hash = hasher.HashPassword(null!, password), stamp = Guid.NewGuid().ToString("N") });
        await tx.ExecuteAsync("delete from accounts.session where person_id = @id and (@keep::bigint is null or id <> @keep)", new { id, keep });
        await audit.WriteAsync(tx, actor, "password.set", $"person:{id}");
    }

    /// <summary>Closes the account and ends its sessions at once. False when it is closed already.</summary>
    public async Task<bool> DisableAsync(Tx tx, long id, Actor actor)
    {
        if (await tx.ExecuteAsync("update accounts.person set disabled_at = @now where id = @id and disabled_at is null", new { id, now = clock.GetUtcNow() }) == 0)
            return false;
        await tx.ExecuteAsync("delete from accounts.session where person_id = @id", new { id });
        await audit.WriteAsync(tx, actor, "person.disable", $"person:{id}");
        return true;
    }

    /// <summary>Opens a closed account again. False when it is open.</summary>
    public async Task<bool> EnableAsync(Tx tx, long id, Actor actor)
    {
        if (await tx.ExecuteAsync("update accounts.person set disabled_at = null where id = @id and disabled_at is not null", new { id }) == 0)
            return false;
        await audit.WriteAsync(tx, actor, "person.enable", $"person:{id}");
        return true;
    }
}
