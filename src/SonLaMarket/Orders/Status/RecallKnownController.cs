using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Orders.Status;

/// <summary>A buyer says that they know of a recall: whoever recalls sees who has still to be called.</summary>
[AllowAnonymous]
[Route("/don-hang/{code}/da-biet-thu-hoi")]
public sealed class RecallKnownController(RecallNotices notices, OrderLinks links, Db db, Texts t, TimeProvider clock, SiteOptions site) : BuyerController(links, db, t, clock, site)
{
    [HttpPost("")]
    public async Task<IActionResult> Create(string code, RecallKnownForm form, CancellationToken ct)
    {
        if (await LoadAsync(code, form.K, ct) is not { } page || page.Parts.FirstOrDefault(p => p.Code == form.Part) is not { Recalled: not null } part)
            return NotFound();
        await using var tx = await Db.BeginAsync(CancellationToken.None);
        await notices.AcknowledgeAsync(tx, part.Code);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther(PathOf(code, form.K), T["Cảm ơn bạn. Cơ sở và Sở Công Thương thấy rằng bạn đã biết."]);
    }
}

public sealed record RecallKnownForm
{
    [FromForm(Name = "part")]
    public string? Part { get; init; }

    [FromForm(Name = "k")]
    public string? K { get; init; }
}
