using SonLaMarket.Exports.Writers;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports;

/// <summary>A platform's file with the listings of one producer: made when somebody asks, so that it says what is true then.</summary>
public sealed class OwnFiles(Db db, SiteOptions site, TimeProvider clock)
{
    /// <summary>More are given to nobody in one file; the others are set aside.</summary>
    private const int MaxRows = 5_000;

    /// <returns>Null when there is no such profile or format, or the platform takes no more files.</returns>
    public async Task<byte[]?> MakeAsync(string code, string extension, long producerId, CancellationToken ct)
    {
        if (await ProfileVersions.NewestAsync(db, code, ct) is not { Profile: { Status: not "legacy" } newest } || !newest.Formats.Contains(extension))
            return null;
        var profile = await CategoryMaps.ApplyAsync(db, newest, ct);
        var today = Vietnamese.Today(clock);
        var check = new RowCheck(profile with { Limits = new(Math.Min(profile.Limits?.MaxRows ?? MaxRows, MaxRows)) }, site, today);
        var rows = new List<IReadOnlyList<string>[]>();
        await foreach (var listing in ExportListing.StreamOfAsync(db, producerId, today, ct))
        {
            if (check.Takes(listing) && check.Make(listing).Row is { } row)
                rows.Add(row);
        }
        using var file = new MemoryStream();
        await FileSet.WriteAsync(file, extension, profile, site.PublicBaseUrl, rows);
        return file.ToArray();
    }
}
