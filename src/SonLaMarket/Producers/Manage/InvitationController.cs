using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Producers.Manage;

/// <summary>The page behind an invitation: whose it is and to what; accepted by whoever has signed in, once.</summary>
[Route(Members.InvitationPath)]
public sealed class InvitationController(Members members, Db db, Texts t) : PageController(t)
{
    [AllowAnonymous]
    [HttpGet("")]
    public async Task<IActionResult> Show(string? ma, CancellationToken ct)
    {
        // The address carries a secret: it is told to nobody.
        Response.Headers["Referrer-Policy"] = "no-referrer";
        if (await members.FindInvitationAsync(db, ma, ct) is { } invitation)
            return View("Invitation", new InvitationPage(ma!, invitation));
        Response.StatusCode = StatusCodes.Status410Gone;
        return View("Invitation", new InvitationPage("", null));
    }

    [Authorize]
    [HttpPost("")]
    public async Task<IActionResult> Accept(string? ma)
    {
        await using var tx = await db.BeginAsync();
        if (ma is null || !await members.AcceptAsync(tx, ma, User.Id(), User.As("self")))
            return SeeOther(Members.InvitationPath);
        await tx.CommitAsync();
        return SeeOther("/quan-ly", T["Chào mừng bạn. Từ nay bạn làm việc cho cơ sở này."]);
    }
}

/// <param name="Invitation">Null when the link opens nothing.</param>
public sealed record InvitationPage(string Ma, OpenInvitation? Invitation);
