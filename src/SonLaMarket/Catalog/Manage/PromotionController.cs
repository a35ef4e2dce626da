using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Catalog.Manage;

/// <summary>A lower price for some days, planned and ended by its seller.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/tin-dang/{slug}/khuyen-mai")]
public sealed class PromotionController(Promotions promotions, Listings listings, Db db, TimeProvider clock, Texts t) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Show(string slug, CancellationToken ct) =>
        await listings.FindAsync(db, slug, User.Id(), ct) is { } listing ? View("Promotion", new PromotionPage(new PromotionForm(), listing)) : NotFound();

    [HttpPost("")]
    [CreatesOnce]
    public async Task<IActionResult> Create(string slug, PromotionForm form, CancellationToken ct)
    {
        if (await listings.FindAsync(db, slug, User.Id(), ct) is not { } listing)
            return NotFound();
        var today = Vietnamese.Today(clock);
        foreach (var (field, message) in Promotions.Faults(form.Price?.Amount, form.From, form.Until, listing.PriceVnd, today, T))
            ModelState.AddModelError(field, message);
        if (!ModelState.IsValid)
            return Invalid("Promotion", new PromotionPage(form, listing));
        var price = form.Price!.Value.Amount;
        if (Promotions.Question(listing.PriceVnd, price, T) is { } half && AskOnce(half, T["Lưu giá này"]) is { } question)
            return question;
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await promotions.PlanAsync(tx, slug, price, form.From, form.Until!.Value, User.Id(), User.As(Roles.Seller)))
            return NotNow("Promotion", new PromotionPage(form, listing), T["Tin chưa công khai, hoặc đã có khuyến mại, nên chưa lưu được."]);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/quan-ly/tin-dang/{slug}/khuyen-mai", (form.From ?? today) == today ? T["Khuyến mại đã bắt đầu. Người mua thấy giá mới bên giá cũ."] : T["Đã lưu. Giá tự đổi khi đến ngày, và tự trở lại khi hết."]);
    }

    [HttpPost("bo")]
    public async Task<IActionResult> Delete(string slug)
    {
        await using var tx = await db.BeginAsync();
        if (await listings.FindAsync(tx, slug, User.Id()) is null)
            return NotFound();
        await promotions.EndAsync(tx, slug, User.Id(), User.As(Roles.Seller));
        await tx.CommitAsync();
        return SeeOther($"/quan-ly/tin-dang/{slug}/khuyen-mai", T["Đã bỏ khuyến mại. Tin bán theo giá thường."]);
    }
}
