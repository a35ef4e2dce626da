using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Orders.Cart;

/// <summary>The first of the three pages of a purchase: what, from whom, for how much with delivery.</summary>
[AllowAnonymous]
[Route("/gio-hang")]
public sealed class CartController(Carts carts, Db db, Texts t) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Show(CancellationToken ct) => View("Show", await LoadAsync(ct));

    /// <summary>The form stands on cached product pages, so it carries no token.</summary>
    [HttpPost("")]
    [SameSiteForm]
    public async Task<IActionResult> Create(AddForm form, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(form.Listing))
            return NotFound();
        if (Units(form.Quantity) is not (>= 1 and var quantity))
        {
            ModelState.AddModelError("quantity", T["Số lượng là một số từ 1 đến {0}.", Carts.MostUnits]);
            return Invalid("Show", await LoadAsync(ct));
        }
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var outcome = await carts.AddAsync(tx, CartCookie.ReadOrSet(HttpContext), form.Listing, quantity);
        if (outcome == AddOutcome.Unknown)
            return NotFound();
        if (outcome == AddOutcome.NotOnSale)
            return Conflict();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/gio-hang", T["Đã thêm vào giỏ."]);
    }

    [HttpPost("sua")]
    public async Task<IActionResult> Update(AddForm form, CancellationToken ct)
    {
        if (Units(form.Quantity) is not { } quantity)
        {
            ModelState.AddModelError("quantity", T["Số lượng là một số từ 1 đến {0}.", Carts.MostUnits]);
            return Invalid("Show", await LoadAsync(ct));
        }
        return await ChangeAsync(form.Listing, quantity);
    }

    [HttpPost("xoa")]
    public Task<IActionResult> Delete(AddForm form) => ChangeAsync(form.Listing, 0);

    /// <summary>Where it shall go, so that the delivery fee is known on the first page.</summary>
    [HttpPost("noi-giao")]
    public async Task<IActionResult> UpdatePlace([FromForm(Name = "address-level1")] string? province, CancellationToken ct)
    {
        if (CartCookie.Read(Request) is not { } token)
            return SeeOther("/gio-hang");
        var code = await Addresses.ProvinceAsync(db, province, ct);
        if (code is null && province is not null)
        {
            ModelState.AddModelError("address-level1", T["Hãy chọn tỉnh hoặc thành phố trong danh sách."]);
            return Invalid("Show", await LoadAsync(ct));
        }
        var before = (await carts.PriceAsync(db, token, ct)).Details;
        var details = before with { Province = code ?? "", Commune = before.Province == code ? before.Commune : "", Complete = before.Complete && before.Province == code };
        await using var tx = await db.BeginAsync(CancellationToken.None);
        await carts.KeepDetailsAsync(tx, token, details);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/gio-hang");
    }

    private async Task<IActionResult> ChangeAsync(string? slug, int quantity)
    {
        if (CartCookie.Read(Request) is not { } token || string.IsNullOrEmpty(slug))
            return SeeOther("/gio-hang");
        await using var tx = await db.BeginAsync();
        await carts.ChangeAsync(tx, token, slug, quantity);
        await tx.CommitAsync();
        return SeeOther("/gio-hang");
    }

    private async Task<CartPage> LoadAsync(CancellationToken ct)
    {
        var cart = await carts.PriceAsync(db, CartCookie.Read(Request), ct);
        return new CartPage(cart, cart.Parts.Count == 0 ? [] : await Places.ProvincesAsync(db, T, ct));
    }

    private static int? Units(string? typed) =>
        Vietnamese.ParseQuantity(typed) is { } number && number == decimal.Truncate(number) && number is >= 0 and <= Carts.MostUnits ? (int)number : null;
}

public sealed record AddForm(string? Listing, string? Quantity);

public sealed record CartPage(PricedCart Cart, List<SelectListItem> Provinces);
