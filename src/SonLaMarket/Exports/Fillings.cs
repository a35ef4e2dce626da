using System.Text.Json;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Exports;

/// <summary>A workbook that was filled in.</summary>
/// <param name="Status">Of the version of the profile that filled it in, and since when a real platform took a file of that.</param>
public sealed record Filling(Guid Key, string ProfileCode, string ProfileName, int ProfileVersion, string FileName, int Written, int SetAside, string FaultsJson, DateTimeOffset FilledAt, string Status, DateOnly? ProvedOn, string[] Heads, string[]? ProvedHeads)
{
    /// <summary>E15: headings that the workbook has and the one that the platform took last had not, and the other way round; null where they are the same or none was taken.</summary>
    public (List<string> Added, List<string> Dropped)? HeadsChanged
    {
        get
        {
            if (ProvedHeads is null or [])
                return null;
            var (added, dropped) = (Heads.Except(ProvedHeads, StringComparer.Ordinal).ToList(), ProvedHeads.Except(Heads, StringComparer.Ordinal).ToList());
            return added.Count + dropped.Count == 0 ? null : (added, dropped);
        }
    }


    public List<TemplateFault> Faults { get; } = JsonSerializer.Deserialize<List<TemplateFault>>(FaultsJson) ?? [];
}

/// <summary>Fills platforms' own workbooks in, for a producer or for all, and keeps them until they were fetched: for a day.</summary>
public sealed class Fillings(Audit audit, Db db, SiteOptions site, TimeProvider clock) : IRecurring
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private const string Own = "producer_id is not distinct from @producerId";

    /// <param name="producerId">Only listings of this producer; null for all.</param>
    /// <returns>The key of what was filled in; null when there is no such profile.</returns>
    /// <exception cref="WorkbookRefusedException">The workbook is not taken.</exception>
    public async Task<Guid?> FillAsync(string code, string fileName, byte[] file, long? producerId, Actor actor, CancellationToken ct)
    {
        if (await ProfileVersions.NewestAsync(db, code, ct) is not (var version, var profile))
            return null;
        using var template = PartnerTemplate.Open(file, await CategoryMaps.ApplyAsync(db, profile, ct));
        var today = Vietnamese.Today(clock);
        var filled = await template.FillAsync(producerId is { } producer ? ExportListing.StreamOfAsync(db, producer, today, ct) : ExportListing.StreamAsync(db, today, ct), site, today, ct);
        const string keep = """
            insert into exports.filling (key, profile_code, profile_version, producer_id, file_name, content, written, set_aside, faults, filled_at, heads)
            values (@key, @code, @version, @producerId, @fileName, @File, @Written, @SetAside, @faults::jsonb, @now, @Heads)
            on conflict (profile_code, coalesce(producer_id, 0)) do update set key = excluded.key, profile_version = excluded.profile_version, file_name = excluded.file_name, content = excluded.content,
              written = excluded.written, set_aside = excluded.set_aside, faults = excluded.faults, filled_at = excluded.filled_at, heads = excluded.heads
            """;
        var key = Guid.CreateVersion7(clock.GetUtcNow());
        await using var tx = await db.BeginAsync(CancellationToken.None);
        await tx.ExecuteAsync(keep, new { key, code, version, producerId, fileName, filled.File, filled.Written, filled.SetAside, filled.Heads, faults = JsonSerializer.Serialize(filled.Faults), now = clock.GetUtcNow() });
        await audit.WriteAsync(tx, actor, "export.fill", $"feed:{code}", detail: new { version, filled.Written, filled.SetAside });
        await tx.CommitAsync(CancellationToken.None);
        return key;
    }

    public Task<Filling?> FindAsync(Guid key, long? producerId, CancellationToken ct) => db.FirstOrDefaultAsync<Filling>($"""
        select f.key, f.profile_code, p.name as profile_name, f.profile_version, f.file_name, f.written, f.set_aside, f.faults::text as faults_json, f.filled_at, case when v.version is null then p.status else 'proved' end as status, v.proved_on, f.heads,
          (select y.heads from exports.proof y where y.profile_code = f.profile_code and cardinality(y.heads) > 0 order by y.version desc limit 1) as proved_heads
        from exports.filling f join exports.profile p on p.code = f.profile_code and p.version = f.profile_version left join exports.proof v on v.profile_code = p.code and v.version = p.version where f.key = @key and f.{Own} and f.filled_at > @from
        """, new { key, producerId, from = clock.GetUtcNow() - Kept }, ct);

    /// <summary>The bytes for whoever sent the blank workbook; audited.</summary>
    public async Task<(string Name, byte[] Content)?> FetchAsync(Guid key, long? producerId, Actor actor, CancellationToken ct)
    {
        var (code, name, content) = await db.FirstOrDefaultAsync<(string?, string, byte[])>($"select profile_code, file_name, content from exports.filling where key = @key and {Own} and filled_at > @from", new { key, producerId, from = clock.GetUtcNow() - Kept }, ct);
        if (code is null)
            return null;
        await using var tx = await db.BeginAsync(CancellationToken.None);
        await audit.WriteAsync(tx, actor, "export.download", $"feed:{code}", detail: new { extension = "xlsx" });
        await tx.CommitAsync(CancellationToken.None);
        return (name, content);
    }

    public Task RunAsync(CancellationToken ct) => db.ExecuteAsync("delete from exports.filling where filled_at <= @until", new { until = clock.GetUtcNow() - Kept }, ct);
}
