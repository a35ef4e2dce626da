using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Catalog.Manage;

/// <summary>A listing rests and comes back at one tap; the season ends; an ended listing begins again. Undone by the button that takes its place.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/tin-dang/{slug}")]
public sealed class RestController(Listings listings, Stock stock, Db db, Texts t) : PageController(t)
{
    [HttpPost("tam-nghi")]
    public Task<IActionResult> Break(string slug) =>
        ChangeAsync(slug, (tx, l) => listings.PauseAsync(tx, slug, Pause.Break, User.Id(), User.As(Roles.Seller)), T["Đã tạm nghỉ bán. Bấm “Bán lại” lúc nào cũng được."]);

    /// <summary>What is left of the season's lots is taken off sale, so that nobody gets it as next season's; or kept, where it keeps; or written off.</summary>
    /// <param name="rest">A word of <see cref="SeasonRest.All"/>; taken off where none is said.</param>
    [HttpPost("het-mua")]
    public Task<IActionResult> EndSeason(string slug, string? rest) => ChangeAsync(slug, async (tx, l) =>
    {
        var actor = User.As(Roles.Seller);
        if (!await listings.PauseAsync(tx, slug, Pause.Season, User.Id(), actor))
            return false;
        if (rest == SeasonRest.WriteOff)
            await stock.WriteOffRestAsync(tx, l.ProductId, actor);
        else if (rest != SeasonRest.Keep)
            await stock.TakeOffAsync(tx, l.ProductId, null, actor);
        return true;
    }, T["Đã đóng mùa. Mùa sau bấm “Đăng lại như mùa trước”."]);

    [HttpPost("ban-lai")]
    public Task<IActionResult> Resume(string slug) => ChangeAsync(slug, (tx, l) => listings.ResumeAsync(tx, slug, User.Id(), User.As(Roles.Seller)), T["Đang bán lại."]);

    [HttpPost("mo-lai")]
    public Task<IActionResult> Reopen(string slug) =>
        ChangeAsync(slug, (tx, l) => listings.ReopenAsync(tx, slug, User.Id(), User.As(Roles.Seller)), T["Đã mở lại thành bản nháp. Gửi duyệt để bán lại."]);

    private async Task<IActionResult> ChangeAsync(string slug, Func<Tx, Listing, Task<bool>> change, string done)
    {
        await using var tx = await db.BeginAsync();
        if (await listings.FindAsync(tx, slug, User.Id()) is not { } listing)
            return NotFound();
        if (!await change(tx, listing))
            return Conflict();
        await tx.CommitAsync();
        return SeeOther($"/quan-ly/tin-dang/{slug}", done);
    }
}
