using System.Net;
using Microsoft.AspNetCore.Identity;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts;

/// <summary>How a try to show who one is ended.</summary>
public abstract record SignInOutcome
{
    public sealed record Accepted(Person Person) : SignInOutcome;

    /// <summary>The password is right; a second proof is still wanted, or must be set up.</summary>
    public sealed record SecondFactorWanted(Person Person) : SignInOutcome;

    /// <summary>Unknown account and wrong password look the same.</summary>
    public sealed record Refused : SignInOutcome;

    public sealed record TooMany(TimeSpan Wait) : SignInOutcome;
}

/// <summary>
/// Checks passwords and limits tries. Failures are counted for the pair of account and source, so that a stranger's tries never
/// lock out the owner, who comes from elsewhere or from a device of their own; and for the source alone, so that one source
/// cannot try many accounts.
/// </summary>
public sealed class SignIns(Db db, People people, IPasswordHasher<Person> hasher, KnownDevices devices, IHostEnvironment environment, TimeProvider clock)
{
    public const int TriesPerAccount = 5;
    public const int TriesPerSource = 60;
    private static readonly TimeSpan AccountWindow = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan SourceWindow = TimeSpan.FromMinutes(10);

    /// <summary>The machine itself outside production: it has no limit of its own (docs/contract.md, section 1).</summary>
    private const string Loopback = "loopback";

    /// <summary>Hash of a password nobody has: an unknown account costs the same time as a known one.</summary>
    private readonly string decoy = hasher.HashPassword(null!, Codes.Secret());

    public async Task<SignInOutcome> PasswordAsync(string signIn, string password, HttpContext caller, CancellationToken ct)
    {
        var person = await people.FindBySignInAsync(db, signIn, ct);
        var from = From(caller, person);
        if (await WaitAsync(signIn, from, ct) is { } wait)
            return new SignInOutcome.TooMany(wait);
        var verdict = hasher.VerifyHashedPassword(person!, person?.PasswordHash ?? decoy, password);
        if (person?.PasswordHash is null || verdict == PasswordVerificationResult.Failed || person.DisabledAt is not null)
        {
            await FailedAsync(signIn, from);
            return new SignInOutcome.Refused();
        }
        if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
            await db.ExecuteAsync("update accounts.person set password_hash = @hash where id = @Id", new { hash = hasher.HashPassword(person, password), person.Id }, ct);
        return person.AsksSecondFactor ? new SignInOutcome.SecondFactorWanted(person) : new SignInOutcome.Accepted(person);
    }

    /// <summary>The password of somebody who is signed in, asked again.</summary>
    public Task<SignInOutcome> AgainAsync(Person person, string password, HttpContext caller, CancellationToken ct) => LimitedAsync(
        $"again:{person.Id}", caller, person,
        () => Task.FromResult(person.PasswordHash is not null && hasher.VerifyHashedPassword(person, person.PasswordHash, password) != PasswordVerificationResult.Failed), ct);

    /// <summary>Any other proof, with the same limits.</summary>
    /// <param name="key">What is tried, e.g. "totp:17".</param>
    internal async Task<SignInOutcome> LimitedAsync(string key, HttpContext caller, Person person, Func<Task<bool>> isRight, CancellationToken ct)
    {
        var from = From(caller, person);
        if (await WaitAsync(key, from, ct) is { } wait)
            return new SignInOutcome.TooMany(wait);
        if (await isRight())
            return new SignInOutcome.Accepted(person);
        await FailedAsync(key, from);
        return new SignInOutcome.Refused();
    }

    private async Task<TimeSpan?> WaitAsync(string signIn, string from, CancellationToken ct)
    {
        const string sql = """
            select
              (select count(*) from accounts.sign_in_failure where sign_in_hash = @hash and source = @from and failed_at > @accountSince)::int as account,
              (select max(failed_at) from accounts.sign_in_failure where sign_in_hash = @hash and source = @from) as last_at,
              (select count(*) from accounts.sign_in_failure where source = @from and failed_at > @sourceSince)::int as source
            """;
        var now = clock.GetUtcNow();
        var tries = await db.SingleAsync<Tries>(sql, new { hash = Codes.Hash(signIn), from, accountSince = now - AccountWindow, sourceSince = now - SourceWindow }, ct);
        if (tries.Source >= TriesPerSource && from != Loopback)
            return SourceWindow;
        if (tries.Account < TriesPerAccount || tries.LastAt is null)
            return null;
        // 2, 4, 8 … seconds after the fifth failure, at most the window.
        var pause = TimeSpan.FromSeconds(Math.Min(AccountWindow.TotalSeconds, Math.Pow(2, tries.Account - TriesPerAccount + 1)));
        var left = tries.LastAt.Value + pause - now;
        return left > TimeSpan.Zero ? left : null;
    }

    private sealed record Tries(int Account, DateTimeOffset? LastAt, int Source);

    private Task FailedAsync(string signIn, string from) =>
        db.ExecuteAsync("insert into accounts.sign_in_failure (sign_in_hash, source, failed_at) values (@hash, @from, @now)", new { hash = Codes.Hash(signIn), from, now = clock.GetUtcNow() });

    /// <summary>A device known to be this person's; else the address.</summary>
    private string From(HttpContext caller, Person? person)
    {
        if (person is not null && devices.Find(caller.Request, person.Id) is { } device)
            return "device:" + device;
        var address = caller.Connection.RemoteIpAddress;
        return address is not null && IPAddress.IsLoopback(address) && !environment.IsProduction() ? Loopback : Source.Of(address);
    }
}
