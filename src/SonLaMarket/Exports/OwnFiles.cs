using System.Security.Cryptography;
using SonLaMarket.Exports.Writers;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports;

/// <param name="Content">A file that goes with its stream.</param>
public sealed record OwnFile(Stream Content, string Sha256);

/// <summary>A platform's file with the listings of one producer: made when somebody asks, so that it says what is true then. On the disk, and few at a time: however many ask, memory holds one row of each.</summary>
public sealed class OwnFiles(Db db, ExportFiles files, SiteOptions site, TimeProvider clock) : IDisposable
{
    /// <summary>More are given to nobody in one file; the others are set aside.</summary>
    private const int MaxRows = 5_000;

    private const int AtOnce = 2;

    private readonly SemaphoreSlim few = new(AtOnce, AtOnce);

    /// <returns>Null when there is no such profile or format, or the platform takes no more files.</returns>
    public async Task<OwnFile?> MakeAsync(string code, string extension, long producerId, CancellationToken ct)
    {
        if (await ProfileVersions.NewestAsync(db, code, ct) is not { Profile: { Status: not "legacy" } newest } || !newest.Formats.Contains(extension))
            return null;
        var profile = await CategoryMaps.ApplyAsync(db, newest, ct);
        await few.WaitAsync(ct);
        try
        {
            return await MakeAsync(profile with { Limits = new(Math.Min(profile.Limits?.MaxRows ?? MaxRows, MaxRows)) }, extension, producerId, ct);
        }
        finally
        {
            few.Release();
        }
    }

    public void Dispose() => few.Dispose();

    private async Task<OwnFile> MakeAsync(Profile profile, string extension, long producerId, CancellationToken ct)
    {
        var today = Vietnamese.Today(clock);
        var check = new RowCheck(profile, site, today);
        using var rows = new RowSpool(files.Scratch(), profile.Columns.Length);
        await foreach (var listing in ExportListing.StreamOfAsync(db, producerId, today, ct))
        {
            if (check.Takes(listing) && check.Make(listing).Row is { } row)
                rows.Add(new(listing.Id, row));
        }
        var file = new FileStream(files.Scratch(), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            await FileSet.WriteAsync(file, extension, profile, site.PublicBaseUrl, rows.Rows().Select(r => r.Cells));
            file.Position = 0;
            var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct));
            file.Position = 0;
            return new(file, sha256);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
