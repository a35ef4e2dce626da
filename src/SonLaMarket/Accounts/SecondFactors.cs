using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using OtpNet;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts;

/// <param name="Secret">Base 32, in groups of four, for typing.</param>
/// <param name="QrSvg">The same for the authenticator app's camera.</param>
public sealed record AuthenticatorSetup(string Secret, string QrSvg);

/// <summary>
/// The second proof beside password or code: an authenticator app (TOTP, RFC 6238), or one of ten recovery codes when the
/// phone with the app is lost.
/// </summary>
public sealed class SecondFactors(Db db, IPasswordHasher<Person> hasher, IDataProtectionProvider protection, SignIns signIns, Audit audit, TimeProvider clock)
{
    private const int RecoveryCodes = 10;
    private readonly IDataProtector secrets = protection.CreateProtector("totp-secret");

    /// <summary>A fresh secret. It counts only after <see cref="EnrolAsync"/> has seen a code made with it.</summary>
    public static string NewSecret() => Base32Encoding.ToString(KeyGeneration.GenerateRandomKey(20));

    public static AuthenticatorSetup Setup(Person person, string secret) => new(
        string.Join(' ', secret.Chunk(4).Select(c => new string(c))),
        Qr.Svg(new OtpUri(OtpType.Totp, secret, person.Email ?? person.Phone ?? person.Name, "SonLaMarket").ToString()));

    /// <summary>A code of the app, or a recovery code, of somebody who has the app set up.</summary>
    public Task<SignInOutcome> CheckAsync(Person person, string? typed, HttpContext caller, CancellationToken ct)
    {
        var code = Codes.Typed(typed);
        return code.Length > 6
            ? signIns.LimitedAsync($"recovery:{person.Id}", caller, person, () => UseRecoveryAsync(person, code), ct)
            : signIns.LimitedAsync($"totp:{person.Id}", caller, person, () => UseStepAsync(person.Id, secrets.Unprotect(person.TotpSecret!), code), ct);
    }

    /// <summary>Sets the app up if the code shows that it has the secret; the recovery codes, shown this once.</summary>
    public async Task<(SignInOutcome Outcome, IReadOnlyList<string> Recovery)> EnrolAsync(Person person, string secret, string? typed, HttpContext caller, Actor actor, CancellationToken ct)
    {
        var outcome = await signIns.LimitedAsync($"totp:{person.Id}", caller, person, () => UseStepAsync(person.Id, secret, Codes.Typed(typed)), ct);
        if (outcome is not SignInOutcome.Accepted)
            return (outcome, []);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (await tx.ExecuteAsync("update accounts.person set totp_secret = @secret where id = @Id and totp_secret is null", new { secret = secrets.Protect(secret), person.Id }) == 0)
            return (new SignInOutcome.Refused(), []);
        var recovery = await MakeRecoveryAsync(tx, person.Id);
        await audit.WriteAsync(tx, actor, "second-factor.set", $"person:{person.Id}");
        await tx.CommitAsync();
        return (outcome, recovery);
    }

    /// <summary>New recovery codes in place of the old ones.</summary>
    public async Task<IReadOnlyList<string>> RenewRecoveryAsync(Tx tx, long personId, Actor actor)
    {
        var codes = await MakeRecoveryAsync(tx, personId);
        await audit.WriteAsync(tx, actor, "second-factor.recovery", $"person:{personId}");
        return codes;
    }

    public Task<int> RecoveryLeftAsync(Sql sql, long personId, CancellationToken ct) =>
        sql.SingleAsync<int>("select count(*)::int from accounts.recovery_code where person_id = @personId and used_at is null", new { personId }, ct);

    /// <summary>Takes the app and its recovery codes away. False when none is set up.</summary>
    public async Task<bool> RemoveAsync(Tx tx, long personId, Actor actor)
    {
        if (await tx.ExecuteAsync("update accounts.person set totp_secret = null, totp_last_step = null where id = @personId and totp_secret is not null", new { personId }) == 0)
            return false;
        await tx.ExecuteAsync("delete from accounts.recovery_code where person_id = @personId", new { personId });
        await audit.WriteAsync(tx, actor, "second-factor.remove", $"person:{personId}");
        return true;
    }

    /// <summary>30 s, one step either way; each step counts once.</summary>
    private async Task<bool> UseStepAsync(long personId, string secret, string code)
    {
        var totp = new Totp(Base32Encoding.ToBytes(secret));
        return totp.VerifyTotp(clock.GetUtcNow().UtcDateTime, code, out var step, new VerificationWindow(1, 1))
            && await db.ExecuteAsync("update accounts.person set totp_last_step = @step where id = @personId and coalesce(totp_last_step, 0) < @step", new { step, personId }) == 1;
    }

    private async Task<bool> UseRecoveryAsync(Person person, string code)
    {
        foreach (var row in await db.QueryAsync<StoredCode>("select number, code_hash from accounts.recovery_code where person_id = @Id and used_at is null order by number", new { person.Id }))
        {
            if (hasher.VerifyHashedPassword(person, row.CodeHash, code) == PasswordVerificationResult.Failed)
                continue;
            return await db.ExecuteAsync("update accounts.recovery_code set used_at = @now where person_id = @Id and number = @Number and used_at is null", new { person.Id, row.Number, now = clock.GetUtcNow() }) == 1;
        }
        return false;
    }

    /// <summary>50 bits each: little enough to type, so that they are hashed as slowly as passwords.</summary>
    private async Task<IReadOnlyList<string>> MakeRecoveryAsync(Tx tx, long personId)
    {
        await tx.ExecuteAsync("delete from accounts.recovery_code where person_id = @personId", new { personId });
        var codes = Enumerable.Range(1, RecoveryCodes).Select(_ => Codes.Random(10)).ToList();
        var hashes = codes.AsParallel().AsOrdered().Select(c => hasher.HashPassword(null!, c)).ToArray();
        await tx.ExecuteAsync("""
            insert into accounts.recovery_code (person_id, number, code_hash, created_at) select @personId, n, h, @now from unnest(@hashes) with ordinality as x (h, n)
            """, new { personId, hashes, now = clock.GetUtcNow() });
        return [.. codes.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c[..5]}-{c[5..]}"))];
    }

    private sealed record StoredCode(int Number, string CodeHash);
}
