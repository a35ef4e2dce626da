using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports;

/// <summary>That a real platform took a file of a version. Another version has to be proved anew.</summary>
public sealed class Proofs(Audit audit, TimeProvider clock)
{
    /// <param name="mark">What shows it: the number or name that the platform gave the file.</param>
    /// <returns>False when there is no such version, its platform takes no more files, or it is proved already.</returns>
    public async Task<bool> AddAsync(Tx tx, string profile, int version, DateOnly provedOn, string mark, Actor actor)
    {
        const string insert = """
            insert into exports.proof (profile_code, version, proved_on, mark, recorded_at, heads)
            select f.code, f.version, @provedOn, @mark, @now, coalesce((select i.heads from exports.filling i where i.profile_code = f.code and i.profile_version = f.version order by i.filled_at desc limit 1), '{}') from exports.profile f where f.code = @profile and f.version = @version and f.status <> 'legacy' on conflict do nothing
            """;
        if (await tx.ExecuteAsync(insert, new { profile, version, provedOn, mark, now = clock.GetUtcNow() }) == 0)
            return false;
        await ExportRuns.AcknowledgedAsync(tx, profile, version, clock.GetUtcNow());
        await audit.WriteAsync(tx, actor, "export.prove", $"feed:{profile}", detail: new { version, provedOn, mark });
        return true;
    }
}
