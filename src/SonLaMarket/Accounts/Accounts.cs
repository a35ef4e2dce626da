using Microsoft.AspNetCore.Identity;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts;

/// <summary>A person as sign-in needs them.</summary>
public sealed record Person(
    long Id, string? Email, string? Phone, string Name, string? PasswordHash, string SecurityStamp, string? TotpSecret,
    long? TotpLastStep, bool SecondFactorDemanded, DateTimeOffset? DisabledAt, string[] Roles)
{
    /// <summary>Officers and operators sign in with a second factor, unless the printed demonstration accounts say otherwise.</summary>
    public bool NeedsSecondFactor => SecondFactorDemanded && (Roles.Contains(Foundation.Roles.Officer) || Roles.Contains(Foundation.Roles.Operator));
}

/// <summary>What a new account is made of. At least one of e-mail (lower case) and phone (E.164).</summary>
public sealed record NewPerson(string? Email, string? Phone, string Name, string? Password, string[] Roles, bool IsSample = false, bool SecondFactorDemanded = true);

/// <summary>People and their roles.</summary>
public sealed class People(IPasswordHasher<Person> hasher, Audit audit, TimeProvider clock)
{
    private const string Columns = """
        id, email, phone, name, password_hash, security_stamp, totp_secret, totp_last_step, second_factor_demanded, disabled_at,
        array(select role from accounts.person_role r where r.person_id = p.id order by role) as roles
        """;

    public Task<Person?> FindAsync(Sql sql, long id, CancellationToken ct = default) =>
        sql.FirstOrDefaultAsync<Person>($"select {Columns} from accounts.person p where id = @id", new { id }, ct);

    /// <summary>By e-mail in lower case or phone in E.164.</summary>
    public Task<Person?> FindBySignInAsync(Sql sql, string signIn, CancellationToken ct = default) =>
        sql.FirstOrDefaultAsync<Person>($"select {Columns} from accounts.person p where email = @signIn or phone = @signIn", new { signIn }, ct);

    /// <summary>The new person's number, or null when the e-mail or phone is taken.</summary>
    public async Task<long?> AddAsync(Tx tx, NewPerson person, Actor actor)
    {
        const string insert = """
            insert into accounts.person (email, phone, name, password_hash, security_stamp, second_factor_demanded, is_sample, created_at)
            values (@Email, @Phone, @Name, @hash, @stamp, @SecondFactorDemanded, @IsSample, @now)
            on conflict do nothing returning id
            """;
        var hash = person.Password is null ? null : hasher.HashPassword(null!, person.Password);
        var id = await tx.FirstOrDefaultAsync<long?>(insert, new
        {
            person.Email,
            person.Phone,
            person.Name,
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

    /// <summary>Gives a role; giving it again changes nothing.</summary>
    public async Task GrantAsync(Tx tx, long personId, string role, Actor actor)
    {
        if (await tx.ExecuteAsync("insert into accounts.person_role (person_id, role) values (@personId, @role) on conflict do nothing", new { personId, role }) == 1)
            await audit.WriteAsync(tx, actor, "role.grant", $"person:{personId}", detail: new { role });
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

    /// <summary>Signs the person out everywhere.</summary>
    public async Task EndSessionsAsync(Tx tx, long id, Actor actor)
    {
        await tx.ExecuteAsync("delete from accounts.session where person_id = @id", new { id });
        await audit.WriteAsync(tx, actor, "session.end-all", $"person:{id}");
    }
}
