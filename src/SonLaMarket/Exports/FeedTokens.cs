using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports;

/// <summary>Tokens that partners fetch feeds with: one profile each, only a hash kept, revocable.</summary>
public sealed class FeedTokens(Audit audit, TimeProvider clock)
{
    /// <summary>Adds a token; the caller shows it once. One that is there already changes nothing.</summary>
    public async Task AddAsync(Tx tx, string profile, string token, string label, Actor actor)
    {
        if (await tx.ExecuteAsync("insert into exports.feed_token (profile_code, token_hash, label, created_at) values (@profile, @hash, @label, @now) on conflict do nothing", new { profile, hash = Codes.Hash(token), label, now = clock.GetUtcNow() }) == 1)
            await audit.WriteAsync(tx, actor, "feed-token.create", $"feed:{profile}", detail: new { label });
    }

    public async Task<bool> RevokeAsync(Tx tx, long id, Actor actor)
    {
        var profile = await tx.FirstOrDefaultAsync<string>("update exports.feed_token set revoked_at = @now where id = @id and revoked_at is null returning profile_code", new { id, now = clock.GetUtcNow() });
        if (profile is null)
            return false;
        await audit.WriteAsync(tx, actor, "feed-token.revoke", $"feed:{profile}");
        return true;
    }

    /// <summary>True when the token opens this profile's feed; remembers the use.</summary>
    public async Task<bool> OpensAsync(Db db, string profile, string? token, CancellationToken ct) =>
        token is { Length: > 0 and < 200 }
        && await db.ExecuteAsync("update exports.feed_token set used_at = @now where profile_code = @profile and token_hash = @hash and revoked_at is null", new { profile, hash = Codes.Hash(token), now = clock.GetUtcNow() }, ct) == 1;
}
