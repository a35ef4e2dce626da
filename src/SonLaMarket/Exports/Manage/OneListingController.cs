using System.IO.Compression;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Exports.Writers;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Exports.Manage;

/// <summary>One listing of a seller's for several platforms: what each of their files would hold, and those files together.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/tin-dang/{slug}/san-khac")]
public sealed class OneListingController(ProducerRegister producers, SiteOptions site, Accounts.Audit audit, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    /// <summary>The formats in the order in which people can open them.</summary>
    private static readonly string[] Preferred = ["xlsx", "csv", "tsv", "xml", "json"];

    [HttpGet("")]
    public async Task<IActionResult> Show(string slug, CancellationToken ct) => await LoadAsync(slug, ct) is { } page ? View("OneListing", page) : NotFound();

    [HttpPost("")]
    public async Task<IActionResult> Fetch(string slug, string[]? platforms, CancellationToken ct)
    {
        if (await LoadAsync(slug, ct) is not { } page)
            return NotFound();
        var chosen = page.Platforms.Where(p => p.Ready && platforms?.Contains(p.Profile.Code) == true).ToList();
        if (chosen.Count == 0)
        {
            ModelState.AddModelError("platforms", T["Hãy chọn ít nhất một sàn mà tin này đưa sang được."]);
            return Invalid("OneListing", page);
        }
        using var zip = new MemoryStream();
        using (var files = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var platform in chosen)
            {
                var format = Preferred.First(platform.Profile.Formats.Contains);
                using var file = new MemoryStream();
                await FileSet.WriteAsync(file, format, platform.Profile, site.PublicBaseUrl, [platform.Listing.Cells]);
                await using var entry = files.CreateEntry($"{platform.Profile.Code}.{format}").Open();
                await entry.WriteAsync(file.GetBuffer().AsMemory(0, (int)file.Length), ct);
            }
        }
        await using var tx = await db.BeginAsync(CancellationToken.None);
        foreach (var platform in chosen)
            await audit.WriteAsync(tx, User.As(Roles.Seller), "export.download", $"feed:{platform.Profile.Code}", detail: new { listing = slug });
        await tx.CommitAsync(CancellationToken.None);
        return File(zip.ToArray(), "application/zip", slug + ".zip");
    }

    private async Task<OneListingPage?> LoadAsync(string slug, CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer
            || await db.FirstOrDefaultAsync<(long Id, string? Title)>("select id, title from catalog.listing where slug = @slug and producer_id = @Id", new { slug, producer.Id }, ct) is not (var id, { } title))
            return null;
        var profiles = await db.QueryAsync<(string Json, string Status, DateOnly? ProvedOn)>("""
            select f.definition::text, f.status, f.proved_on from exports.newest_profile f where f.status <> 'legacy' order by f.code
            """, ct: ct);
        var today = Vietnamese.Today(clock);
        var listing = (await ExportListing.OfAsync(db, [id], today, ct)).FirstOrDefault();
        var platforms = new List<PlatformFile>();
        foreach (var (json, status, provedOn) in listing is null ? [] : profiles)
        {
            var profile = await CategoryMaps.ApplyAsync(db, Profile.Read(json), ct);
            platforms.Add(new(profile, status, provedOn, ProfilePreview.Of(new RowCheck(profile, site, today), listing!)));
        }
        return new(slug, title, platforms, await PushState.OfAsync(db, id, ct));
    }
}

/// <param name="Status">"proved" where a real platform took a file of this version, since <paramref name="ProvedOn"/>.</param>
public sealed record PlatformFile(Profile Profile, string Status, DateOnly? ProvedOn, PreviewedListing Listing)
{
    public bool Ready => Profile.Formats.Length > 0 && Listing.IsTaken && !Listing.Faults.Exists(f => !f.Warning);
}

/// <param name="Platforms">None of a listing that is not public.</param>
/// <param name="Pushed">How it stands where listings are sent by themselves.</param>
public sealed record OneListingPage(string Slug, string Title, List<PlatformFile> Platforms, List<PushState> Pushed);
