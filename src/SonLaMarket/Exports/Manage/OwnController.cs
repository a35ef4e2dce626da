using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Exports.Feeds;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Exports.Manage;

/// <summary>A seller's own listings for other platforms: each platform's file, and links that platforms fetch it by.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/xuat-du-lieu")]
public sealed class OwnController(OwnFiles files, FeedTokens tokens, ProducerRegister producers, RowKeys keys, SiteOptions site, Accounts.Audit audit, Db db, Texts t) : PageController(t)
{
    internal const string TokenKind = "own-feed-token";

    [HttpGet("{profile}/tep.{extension:regex(^(xml|tsv|csv|json|xlsx)$)}")]
    public async Task<IActionResult> Download(string profile, string extension, CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer || await files.MakeAsync(profile, extension, producer.Id, ct) is not { } file)
            return NotFound();
        await using var tx = await db.BeginAsync(CancellationToken.None);
        await audit.WriteAsync(tx, User.As(Roles.Seller), "export.download", $"feed:{profile}", detail: new { extension, producer = producer.Slug });
        await tx.CommitAsync(CancellationToken.None);
        return File(file.Content, FeedController.Types[extension], $"{profile}.{extension}");
    }

    /// <summary>A new link, which is shown once.</summary>
    [HttpPost("{profile}/lien-ket")]
    [CreatesOnce]
    public async Task<IActionResult> AddLink(string profile, CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer
            || await ProfileVersions.NewestAsync(db, profile, ct) is not { Profile: { Status: not "legacy", Formats: [var format, ..] } })
            return NotFound();
        var token = Codes.Secret();
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await tokens.AddAsync(tx, profile, token, producer.Name, User.As(Roles.Seller), producer.Id))
            return SeeOtherAlerted("/quan-ly/xuat-du-lieu", T["Mỗi sàn có nhiều nhất {0} liên kết. Hãy thu hồi một liên kết cũ trước.", FeedTokens.MostOfProducer]);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-ly/xuat-du-lieu", T["Liên kết tin của bạn, chỉ hiện một lần, hãy chép ngay: {0}", site.Absolute($"/feeds/{profile}.{format}?token={token}")]);
    }

    [HttpPost("lien-ket/thu-hoi")]
    public async Task<IActionResult> Revoke(string? token, CancellationToken ct)
    {
        if (keys.Open(TokenKind, token) is not { } id || await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer)
            return NotFound();
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await tokens.RevokeAsync(tx, id, User.As(Roles.Seller), producer.Id))
            return NotFound();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-ly/xuat-du-lieu", T["Đã thu hồi mã."]);
    }
}
