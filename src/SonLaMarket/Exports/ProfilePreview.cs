using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports;

/// <param name="IsTaken">False where the profile's filter leaves the listing out.</param>
/// <param name="Cells">Of each column, as the file would hold them.</param>
public sealed record PreviewedListing(string Slug, string Title, string ProductCode, bool IsTaken, IReadOnlyList<string>[] Cells, List<SetAside> Faults);

/// <summary>What files of a profile would hold of real listings. Nothing is written.</summary>
public sealed class ProfilePreview(Db db, SiteOptions site, TimeProvider clock)
{
    /// <summary>So many listings are shown.</summary>
    public const int Take = 5;

    /// <param name="profile">Without faults.</param>
    /// <param name="sample">A listing's address or a part of its title; null for those changed last.</param>
    public async Task<List<PreviewedListing>> OfAsync(Profile profile, string? sample, CancellationToken ct)
    {
        const string choose = """
            select l.id from catalog.listing l where l.public_version is not null
              and (@sample::text is null or l.slug = @sample or strpos(lower(l.title), lower(@sample)) > 0) order by l.changed_at desc, l.id limit @Take
            """;
        var ids = (await db.QueryAsync<long>(choose, new { sample, Take }, ct)).ToArray();
        var today = Vietnamese.Today(clock);
        var check = new RowCheck(await CategoryMaps.ApplyAsync(db, profile, ct), site, today);
        return [.. (await ExportListing.OfAsync(db, ids, today, ct)).OrderBy(l => Array.IndexOf(ids, l.Id)).Select(l => Of(check, l))];
    }

    internal static PreviewedListing Of(RowCheck check, ExportListing listing)
    {
        var (cells, faults) = check.Look(listing);
        return new(listing.Slug, listing.Title, listing.ProductCode, check.Takes(listing), cells, faults);
    }
}
