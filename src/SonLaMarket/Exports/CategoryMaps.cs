using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Exports;

/// <summary>What platforms call our categories: as their profiles say, unless an operator said it for the platform.</summary>
public sealed class CategoryMaps(Audit audit, Queue queue)
{
    public const int MaxLength = 200;

    private const string Field = "product.categoryCode";

    /// <summary>The table in which the profile looks our categories up; null where it has none.</summary>
    public static string? TableOf(Profile profile) => profile.Columns.Where(c => c.From == Field)
        .SelectMany(c => c.Transforms ?? []).FirstOrDefault(t => t.StartsWith("lookup(", StringComparison.Ordinal)) is { } lookup ? lookup["lookup(".Length..^1].Trim().Trim('\'') : null;

    /// <summary>The profile with what operators said.</summary>
    public static async Task<Profile> ApplyAsync(Sql sql, Profile profile, CancellationToken ct)
    {
        var said = await sql.QueryAsync<(string Lookup, string Category, string Value)>("select lookup, category_slug, value from exports.category_map where profile_code = @Code", new { profile.Code }, ct);
        if (said.Count == 0 || profile.Lookups is null)
            return profile;
        var lookups = profile.Lookups.ToDictionary(l => l.Key, l => new Dictionary<string, string>(l.Value, StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var (lookup, category, value) in said.Where(s => lookups.ContainsKey(s.Lookup)))
            lookups[lookup][category] = value;
        return profile with { Lookups = lookups };
    }

    /// <summary>Nobody else says what this platform calls a category until the transaction ends.</summary>
    public static Task LockAsync(Tx tx, string profileCode) =>
        tx.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('export.categories:' || @profileCode, 0))", new { profileCode });

    /// <summary>Says what the platform calls these categories, and has its files made anew. What the profile says itself is not kept twice; nothing stands for that.</summary>
    /// <param name="shipped">The profile as it stands.</param>
    /// <returns>How many were changed.</returns>
    public async Task<int> SetAsync(Tx tx, Profile shipped, string lookup, IReadOnlyDictionary<string, string> values, Actor actor)
    {
        const string save = """
            insert into exports.category_map (profile_code, lookup, category_slug, value)
            select @Code, @lookup, n.category, n.value from unnest(@categories, @values) as n (category, value) join producers.category c on c.slug = n.category where n.value <> ''
            on conflict (profile_code, lookup, category_slug) do update set value = excluded.value where category_map.value <> excluded.value
            """;
        const string drop = """
            delete from exports.category_map m using unnest(@categories, @values) as n (category, value)
            where m.profile_code = @Code and m.lookup = @lookup and m.category_slug = n.category and n.value = ''
            """;
        var table = shipped.Lookups?.GetValueOrDefault(lookup) ?? [];
        var own = values.ToDictionary(v => v.Key, v => table.GetValueOrDefault(v.Key) == v.Value ? "" : v.Value, StringComparer.Ordinal);
        var args = new { shipped.Code, lookup, categories = own.Keys.ToArray(), values = own.Values.ToArray() };
        var changed = await tx.ExecuteAsync(save, args) + await tx.ExecuteAsync(drop, args);
        if (changed == 0)
            return 0;
        await audit.WriteAsync(tx, actor, "export.categories", $"feed:{shipped.Code}", detail: new { lookup, values = own });
        if (await tx.SingleAsync<bool>($"select @Code in ({Rebuilds.Followed})", new { shipped.Code }))
            await queue.AnnounceAsync(tx, new RebuildFeed(shipped.Code, "operator"));
        return changed;
    }
}
