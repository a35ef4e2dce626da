using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Producers;

/// <summary>What a key lets a program do. A key of a producer reaches what is public and the producer's own; one of the marketplace what is public and the files for platforms.</summary>
/// <param name="Label">For the person who makes a key.</param>
/// <param name="OfProducer">Owners of a producer give it.</param>
/// <param name="OfMarket">Operators give it.</param>
public sealed record ApiScope(string Word, string Label, bool OfProducer, bool OfMarket)
{
    public const string Listings = "listings:read";
    public const string Producers = "producers:read";
    public const string Orders = "orders:read";
    public const string Exports = "exports:run";

    public static readonly IReadOnlyList<ApiScope> All =
    [
        new(Listings, "Đọc tin đang bán của cả sàn", OfProducer: true, OfMarket: true),
        new(Producers, "Đọc cơ sở đã duyệt", OfProducer: true, OfMarket: true),
        new(Orders, "Đọc đơn hàng của cơ sở, không kèm tên, điện thoại, địa chỉ người mua", OfProducer: true, OfMarket: false),
        new(Exports, "Tạo và tải tệp cho sàn khác", OfProducer: false, OfMarket: true),
    ];
}

/// <summary>A key without its secret.</summary>
/// <param name="Code">Its public name; the secret begins with it.</param>
/// <param name="MakerMay">Whoever made it may still make keys; else it opens nothing.</param>
public sealed record ApiKey(string Code, string Label, string[] Scopes, int PerMinute, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? UsedAt, bool MakerMay);

/// <param name="PerMinute">How many requests a minute it may make.</param>
/// <param name="ProducerId">Whose it is; null for one of the marketplace.</param>
public sealed record NewApiKey(long? ProducerId, string Label, string[] Scopes, int PerMinute, DateTimeOffset? ExpiresAt);

/// <summary>Who a program is, by the key that it showed.</summary>
/// <param name="Requests">How many it has made in this minute, with this one, wherever they came in.</param>
public sealed record ApiCaller(string Code, long? ProducerId, string[] Scopes, int PerMinute, int Requests);

/// <summary>Keys by which programs of a producer or of a partner come in. Only a hash is kept; making and revoking are audited.</summary>
public sealed class ApiKeys(Audit audit, TimeProvider clock)
{
    /// <summary>Keys in force that one owner may have.</summary>
    public const int Most = 10;

    private const int Revoked = 20;

    /// <summary>A key in use is written down once in this time, not with each request.</summary>
    private static readonly TimeSpan UseRemembered = TimeSpan.FromMinutes(1);

    // The marketplace's keys are for operators, which the route has asked already.
    private const string IAmOwner = "(@producerId::bigint is null or exists (select 1 from producers.acting a where a.person_id = @me and a.producer_id = @producerId and a.role = 'owner'))";

    /// <summary>A key acts for whoever made it, and ends with their right to make one: an owner who leaves takes no key along.</summary>
    private const string MakerMay = """
        (k.created_by is null or exists (select 1 from accounts.person p where p.id = k.created_by and p.disabled_at is null and case when k.producer_id is null
          then exists (select 1 from accounts.person_role r where r.person_id = p.id and r.role = 'operator')
          else exists (select 1 from producers.member m where m.producer_id = k.producer_id and m.person_id = p.id and m.role = 'owner') end))
        """;

    private const string InForce = $"k.revoked_at is null and (k.expires_at is null or k.expires_at > @now) and {MakerMay}";

    /// <summary>Makes a key; the secret, to be shown once. Null when the person is no owner of the producer, or it has <see cref="Most"/> already.</summary>
    public async Task<string?> AddAsync(Tx tx, NewApiKey key, long me, Actor actor)
    {
        const string insert = $"""
            insert into producers.api_key (code, key_hash, producer_id, label, scopes, per_minute, created_at, created_by, expires_at)
            select @code, @hash, @producerId, @Label, @Scopes, @PerMinute, @now, @me, @ExpiresAt
            where {IAmOwner} and @Most > (select count(*) from producers.api_key k where k.producer_id is not distinct from @producerId and {InForce})
            """;
        var code = Codes.Random(8);
        var secret = $"slm_{code}_{Codes.Secret()}";
        if (await tx.ExecuteAsync(insert, new { code, hash = Codes.Hash(secret), producerId = key.ProducerId, key.Label, key.Scopes, key.PerMinute, now = clock.GetUtcNow(), me, key.ExpiresAt, Most }) == 0)
            return null;
        await audit.WriteAsync(tx, actor, "api-key.create", "api-key:" + code, detail: new { key.Label, key.Scopes, key.PerMinute, key.ExpiresAt });
        return secret;
    }

    /// <summary>A key of the demonstration, with a secret that is known; one that is there already changes nothing.</summary>
    public async Task AddSampleAsync(Tx tx, string code, string secret, NewApiKey key)
    {
        const string insert = """
            insert into producers.api_key (code, key_hash, producer_id, label, scopes, per_minute, created_at) values (@code, @hash, @ProducerId, @Label, @Scopes, @PerMinute, @now) on conflict do nothing
            """;
        if (await tx.ExecuteAsync(insert, new { code, hash = Codes.Hash(secret), key.ProducerId, key.Label, key.Scopes, key.PerMinute, now = clock.GetUtcNow() }) == 1)
            await audit.WriteAsync(tx, Actor.System, "api-key.create", "api-key:" + code, detail: new { key.Label, key.Scopes });
    }

    /// <summary>Ends a key at once. False when there is no such key in force, or the person is no owner of its producer.</summary>
    public async Task<bool> RevokeAsync(Tx tx, string code, long? producerId, long me, Actor actor)
    {
        const string update = $"update producers.api_key set revoked_at = @now where code = @code and producer_id is not distinct from @producerId and revoked_at is null and {IAmOwner}";
        if (await tx.ExecuteAsync(update, new { code, producerId, me, now = clock.GetUtcNow() }) == 0)
            return false;
        await audit.WriteAsync(tx, actor, "api-key.revoke", "api-key:" + code);
        return true;
    }

    /// <summary>Those in force, then some that were revoked, newest first.</summary>
    public static Task<List<ApiKey>> ListAsync(Sql sql, long? producerId, CancellationToken ct) => sql.QueryAsync<ApiKey>($"""
        select k.code, k.label, k.scopes, k.per_minute, k.created_at, k.expires_at, k.revoked_at, k.used_at, {MakerMay} as maker_may from producers.api_key k
        where k.producer_id is not distinct from @producerId order by k.revoked_at is not null, k.id desc limit @take
        """, new { producerId, take = Most + Revoked }, ct);

    /// <summary>Who shows this secret; null when it opens nothing, or not any more. The request is counted for all instances together, in the same statement; that the key was used is written down now and then.</summary>
    public Task<ApiCaller?> FindAsync(Sql sql, string secret, CancellationToken ct)
    {
        const string find = $"""
            with known as (select k.id, k.code, k.producer_id, k.scopes, k.per_minute, k.used_at from producers.api_key k where k.key_hash = @hash and {InForce}),
              noted as (update producers.api_key set used_at = @now where id = (select id from known where used_at is null or used_at < @before)),
              counted as (
                insert into producers.api_minute as m (key_id, minute, requests) select id, @minute, 1 from known
                on conflict (key_id) do update set minute = greatest(m.minute, excluded.minute), requests = case when excluded.minute > m.minute then 1 else m.requests + 1 end returning requests)
            select k.code, k.producer_id, k.scopes, k.per_minute, c.requests from known k cross join counted c
            """;
        var now = clock.GetUtcNow();
        return secret.Length > 200 ? Task.FromResult<ApiCaller?>(null) : sql.FirstOrDefaultAsync<ApiCaller>(find, new { hash = Codes.Hash(secret), now, before = now - UseRemembered, minute = now.ToUnixTimeSeconds() / 60 }, ct);
    }
}
