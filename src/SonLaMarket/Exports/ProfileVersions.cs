using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Exports;

/// <summary>A platform's profile as it is now.</summary>
public sealed record NewestProfile(int Version, Profile Profile);

/// <summary>Versions that an operator writes of a profile: the next file is made by them.</summary>
public sealed class ProfileVersions(Audit audit, Queue queue, TimeProvider clock)
{
    /// <summary>Null where there is no such profile.</summary>
    public static async Task<NewestProfile?> NewestAsync(Sql sql, string code, CancellationToken ct)
    {
        const string select = "select version, definition::text from exports.newest_profile where code = @code";
        return await sql.FirstOrDefaultAsync<(int Version, string? Json)>(select, new { code }, ct) is (var version, { } json) ? new(version, Profile.Read(json)) : null;
    }

    /// <param name="profile">Without faults.</param>
    /// <param name="after">The version that was changed; 0 of a platform that there is no profile of yet.</param>
    /// <returns>False when another one came after that in the meantime.</returns>
    public async Task<bool> AddAsync(Tx tx, Profile profile, int after, Actor actor)
    {
        const string insert = """
            insert into exports.profile (code, version, name, status, definition, created_at, author, note)
            select @Code, @after + 1, @Name, @Status, @json::jsonb, @now, @Author, @Note where @after = (select coalesce(max(version), 0) from exports.profile where code = @Code) on conflict do nothing
            """;
        if (await tx.ExecuteAsync(insert, new { profile.Code, profile.Name, profile.Status, profile.Author, profile.Note, after, json = profile.Write(), now = clock.GetUtcNow() }) == 0)
            return false;
        await audit.WriteAsync(tx, actor, "export.profile", $"feed:{profile.Code}", detail: new { version = after + 1, profile.Note });
        if (await tx.SingleAsync<bool>($"select @Code in ({Rebuilds.Followed})", new { profile.Code }))
            await queue.AnnounceAsync(tx, new RebuildFeed(profile.Code, "operator"));
        return true;
    }
}
