using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.Manage;

/// <summary>Where one is signed in; ending one of them, or all others.</summary>
[Authorize]
[Route("/tai-khoan/thiet-bi")]
public sealed class SessionsController(Sessions sessions, RowKeys keys, Db db, Texts t) : PageController(t)
{
    private const string Kind = "session";

    [HttpGet("")]
    public async Task<IActionResult> Index(CancellationToken ct)
    {
        var here = Sessions.IdOf(User);
        return View("Sessions", (await sessions.OfPersonAsync(db, User.Id(), ct)).ConvertAll(s => new SessionRow(keys.Seal(Kind, s.Id), Device.Name(s.UserAgent), s.CreatedAt, s.SeenAt, s.Id == here)));
    }

    [HttpPost("ket-thuc")]
    public async Task<IActionResult> End(string? key)
    {
        await using var tx = await db.BeginAsync();
        if (keys.Open(Kind, key) is not { } id || !await sessions.EndAsync(tx, User.Id(), id))
            return NotFound();
        await tx.CommitAsync();
        return SeeOther(id == Sessions.IdOf(User) ? "/" : "/tai-khoan/thiet-bi", T["Đã đăng xuất thiết bị đó."]);
    }

    [HttpPost("ket-thuc-khac")]
    public async Task<IActionResult> EndOthers()
    {
        await using var tx = await db.BeginAsync();
        await sessions.EndOthersAsync(tx, User.Id(), Sessions.IdOf(User), User.As("self"));
        await tx.CommitAsync();
        return SeeOther("/tai-khoan/thiet-bi", T["Đã đăng xuất mọi thiết bị khác."]);
    }
}

/// <param name="Key">Sealed number of the session.</param>
/// <param name="Device">Null when unknown.</param>
/// <param name="Here">This request's own.</param>
public sealed record SessionRow(string Key, string? Device, DateTimeOffset CreatedAt, DateTimeOffset SeenAt, bool Here);
