using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports;

/// <param name="ProducerId">Whose listings it opens; null for all.</param>
public sealed record FeedToken(long Id, string Label, long? ProducerId);

/// <summary>Tokens that partners fetch feeds with: one profile each, of all listings or of one producer's, only a hash kept, revocable.</summary>
public sealed class FeedTokens(Audit audit, TimeProvider clock)
{
    /// <summary>So many of a producer are in force for a platform at a time.</summary>
    public const int MostOfProducer = 5;

    /// <summary>Who acts when a token does.</summary>
    private const string Role = "feed-token";

    /// <summary>Adds a token; the caller shows it once. One that is there already changes nothing.</summary>
    /// <param name="producerId">Whose listings it opens; null for all.</param>
    /// <returns>False when the producer has too many already.</returns>
    public async Task<bool> AddAsync(Tx tx, string profile, string token, string label, Actor actor, long? producerId = null)
    {
        const string insert = """
            insert into exports.feed_token (profile_code, token_hash, label, created_at, producer_id)
            select @profile, @hash, @label, @now, @producerId where @producerId::bigint is null
              or (select count(*) from exports.feed_token where profile_code = @profile and producer_id = @producerId and revoked_at is null) < @MostOfProducer on conflict do nothing
            """;
        if (await tx.ExecuteAsync(insert, new { profile, hash = Codes.Hash(token), label, now = clock.GetUtcNow(), producerId, MostOfProducer }) == 0)
            return false;
        await audit.WriteAsync(tx, actor, "feed-token.create", $"feed:{profile}", detail: new { label });
        return true;
    }

    /// <param name="producerId">Only a token of this producer; null for any.</param>
    public async Task<bool> RevokeAsync(Tx tx, long id, Actor actor, long? producerId = null)
    {
        var profile = await tx.FirstOrDefaultAsync<string>("update exports.feed_token set revoked_at = @now where id = @id and revoked_at is null and (@producerId::bigint is null or producer_id = @producerId) returning profile_code", new { id, now = clock.GetUtcNow(), producerId });
        if (profile is null)
            return false;
        await audit.WriteAsync(tx, actor, "feed-token.revoke", $"feed:{profile}");
        return true;
    }

    /// <summary>The token that opens this profile's feed; remembers the use.</summary>
    public async Task<FeedToken?> OpenAsync(Db db, string profile, string? token, CancellationToken ct) =>
        token is { Length: > 0 and < 200 }
            ? await db.FirstOrDefaultAsync<FeedToken>("update exports.feed_token set used_at = @now where profile_code = @profile and token_hash = @hash and revoked_at is null returning id, label, producer_id", new { profile, hash = Codes.Hash(token), now = clock.GetUtcNow() }, ct)
            : null;

    /// <summary>A file goes to whoever holds the token. Written down once for each token and what it takes, however often it is fetched.</summary>
    /// <param name="what">A run's number, or the hash of a file of the token's own.</param>
    public async Task TakenAsync(Db db, string profile, FeedToken token, string what, string extension)
    {
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (await tx.ExecuteAsync("update exports.feed_token set taken = @what where id = @Id and taken is distinct from @what", new { token.Id, what }) == 0)
            return;
        await audit.WriteAsync(tx, new Actor(null, Role), "export.download", $"feed:{profile}", detail: new { token.Label, what, extension });
        await tx.CommitAsync(CancellationToken.None);
    }
}
