using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;

namespace SonLaMarket.Supervision.Recall;

/// <summary>A producer sees what a recall of their lot reaches, and opens it.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/lo/{code}/thu-hoi")]
public sealed class OwnRecallController(Recalls recalls, RecallOpening opening, Lots lots, Db db, Texts t) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> New(string code, CancellationToken ct) =>
        await lots.FindAsync(db, code, User.Id(), ct) is { } lot ? View("Own", await PageAsync(lot, new(), ct)) : NotFound();

    [HttpPost("")]
    [CreatesOnce]
    public async Task<IActionResult> Create(string code, RecallReason form, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        var page = await PageAsync(lot, form, ct);
        if (page.Number is not null)
            return Conflict();
        if (!ModelState.IsValid)
            return Invalid("Own", page);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (await opening.AskAsync(tx, User.Id(), new([lot.Code], form.Reason!, form.Advice ?? "", User.As(Roles.Seller), User.Id())) is { } task)
        {
            await tx.CommitAsync(CancellationToken.None);
            return SeeOther("/quan-ly/viec/" + task, T[RecallOpening.Begun]);
        }
        if (await recalls.OpenAsync(tx, [lot.Code], form.Reason!, form.Advice ?? "", User.As(Roles.Seller), User.Id()) is not { } number)
            return NotFound();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/quan-ly/lo/{lot.Code}/thu-hoi", T["Đã mở thu hồi {0}. Lô bị chặn bán ngay; đơn chưa gửi được giữ lại.", number]);
    }

    private async Task<OwnRecallPage> PageAsync(Lot lot, RecallReason form, CancellationToken ct)
    {
        const string open = "select r.id, r.number, r.opened_at from origin.recall r join origin.recall_lot x on x.recall_id = r.id where x.lot_id = @Id order by r.id desc limit 1";
        var recall = await db.FirstOrDefaultAsync<(long Id, string Number, DateTimeOffset OpenedAt)?>(open, new { lot.Id }, ct);
        return new(lot.Code, recall?.Number, recall?.OpenedAt, form, await Reach.LoadAsync(db, [lot.Id], recall?.Id, Reach.Shown, ct));
    }
}

/// <param name="Number">The recall that the lot is in already.</param>
public sealed record OwnRecallPage(string Code, string? Number, DateTimeOffset? OpenedAt, RecallReason Form, Reach Reach);
