using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Orders.Cart;

/// <summary>The first of the three pages of a purchase: what, from whom, when it arrives, for how much with delivery.</summary>
[AllowAnonymous]
[Route("/gio-hang")]
public sealed class CartController(Carts carts, FindLimit limit, Db db, Texts t, SiteOptions site) : PageController(t)
{
    /// <param name="ma">A code that opens another browser's cart, put into its field.</param>
    [HttpGet("")]
    public async Task<IActionResult> Show(string? ma, CancellationToken ct) => View("Show", (await LoadAsync(ct)) with { Typed = ma });

    /// <summary>The form stands on cached product pages, so it carries no token.</summary>
    [HttpPost("")]
    [SameSiteForm]
    public async Task<IActionResult> Create(AddForm form, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(form.Listing))
            return NotFound();
        if (Units(form.Quantity) is not (>= 1 and var quantity))
            return await NoQuantityAsync(form, ct);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var token = CartCookie.ReadOrSet(HttpContext);
        var outcome = await carts.AddAsync(tx, token, form.Listing, quantity, exactly: form.AtOnce);
        if (outcome == AddOutcome.Unknown)
            return NotFound();
        if (outcome == AddOutcome.NotOnSale)
            return Conflict();
        if (Place.Of(Request) is { } place)
            await carts.ExpectAsync(tx, token, place);
        await tx.CommitAsync(CancellationToken.None);
        return form.AtOnce ? SeeOther("/thanh-toan") : SeeOther("/gio-hang", T["Đã thêm vào giỏ."]);
    }

    [HttpPost("sua")]
    public async Task<IActionResult> Update(AddForm form, CancellationToken ct)
    {
        return Units(form.Quantity) is { } quantity ? await ChangeAsync(form.Listing, quantity) : await NoQuantityAsync(form, ct);
    }

    [HttpPost("xoa")]
    public Task<IActionResult> Delete(AddForm form) => ChangeAsync(form.Listing, 0);

    /// <summary>Where it shall go, so that fee and day are known on the first page; the same form leads on to the second.</summary>
    [HttpPost("noi-giao")]
    public async Task<IActionResult> UpdatePlace(PlaceForm form, CancellationToken ct)
    {
        if (CartCookie.Read(Request) is not { } token)
            return SeeOther("/gio-hang");
        var code = await Addresses.ProvinceAsync(db, form.Province, ct);
        if (code is null && form.Province is not null)
        {
            ModelState.AddModelError("address-level1", T["Hãy chọn tỉnh hoặc thành phố trong danh sách."]);
            return Invalid("Show", await LoadAsync(ct));
        }
        if (code is not null)
            Place.Remember(HttpContext, code);
        var before = (await carts.PriceAsync(db, token, ct)).Details;
        if (before.Province != (code ?? ""))
        {
            await using var tx = await db.BeginAsync(CancellationToken.None);
            await carts.KeepDetailsAsync(tx, token, before with { Province = code ?? "", Commune = "", Complete = false });
            await tx.CommitAsync(CancellationToken.None);
        }
        return SeeOther(form.GoOn ? "/thanh-toan" : "/gio-hang");
    }

    /// <summary>A short code under which this cart can be opened in another browser or on another phone.</summary>
    [HttpPost("ma")]
    public async Task<IActionResult> Share()
    {
        if (CartCookie.Read(Request) is not { } token)
            return SeeOther("/gio-hang");
        await using var tx = await db.BeginAsync();
        await carts.ShareAsync(tx, token);
        await tx.CommitAsync();
        return SeeOther("/gio-hang#ma-gio");
    }

    [HttpPost("mo")]
    public async Task<IActionResult> TakeOver([FromForm(Name = "ma")] string? typed, CancellationToken ct)
    {
        if (!limit.TryTake(HttpContext.Connection.RemoteIpAddress))
            return await RefusedAsync(typed, StatusCodes.Status429TooManyRequests, T["Tra cứu quá nhiều lần. Hãy đợi một phút rồi thử lại."], ct);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await carts.TakeOverAsync(tx, CartCookie.ReadOrSet(HttpContext), Codes.Typed(typed)))
            return await RefusedAsync(typed, StatusCodes.Status422UnprocessableEntity, T["Không có giỏ nào với mã này, hoặc mã đã hết hạn."], ct);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/gio-hang", T["Đã mở giỏ hàng."]);
    }

    /// <summary>The message stands at the line that was meant; what is not in the cart yet gets a line to try again.</summary>
    private async Task<IActionResult> NoQuantityAsync(AddForm form, CancellationToken ct)
    {
        const string titles = "select v.title, v.title_en from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version where l.slug = @Listing";
        var page = await LoadAsync(ct);
        var known = page.Cart.Parts.Any(p => p.Lines.Any(l => l.Slug == form.Listing));
        var (title, english) = known ? ("", "") : await db.FirstOrDefaultAsync<(string?, string?)>(titles, new { form.Listing }, ct);
        if (title is null)
            return NotFound();
        ModelState.AddModelError("quantity", T["Số lượng là một số từ 1 đến {0}.", Carts.MostUnits]);
        return Invalid("Show", page with { Refused = new RefusedLine(form.Listing!, known ? null : T.Of(title, english)) });
    }

    private async Task<IActionResult> RefusedAsync(string? typed, int status, string message, CancellationToken ct)
    {
        ModelState.AddModelError("ma", message);
        if (status == StatusCodes.Status429TooManyRequests)
            Response.Headers.RetryAfter = limit.RetryAfter;
        Response.StatusCode = status;
        return View("Show", (await LoadAsync(ct)) with { Typed = typed });
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
        CartCookie.Count(HttpContext, cart);
        return new CartPage(cart, cart.Parts.Count == 0 ? [] : await Places.ProvincesAsync(db, T, ct), site.Absolute(T.To("/gio-hang?ma=" + cart.ShareCode)));
    }

    private static int? Units(string? typed) =>
        Vietnamese.ParseQuantity(typed) is { } number && number == decimal.Truncate(number) && number is >= 0 and <= Carts.MostUnits ? (int)number : null;
}

public sealed record AddForm(string? Listing, string? Quantity)
{
    /// <summary>"ngay": on to the second page at once.</summary>
    [FromForm(Name = "mua")]
    public string? Buy { get; init; }

    public bool AtOnce => Buy == "ngay";
}

public sealed record PlaceForm
{
    [FromForm(Name = "address-level1")]
    public string? Province { get; init; }

    /// <summary>"tiep" from the button that leads to the second page.</summary>
    [FromForm(Name = "buoc")]
    public string? Step { get; init; }

    public bool GoOn => Step == "tiep";
}

/// <param name="ShareUrl">Address that opens the cart's goods elsewhere.</param>
/// <param name="Typed">A code as typed.</param>
public sealed record CartPage(PricedCart Cart, List<SelectListItem> Provinces, string ShareUrl, string? Typed = null)
{
    public RefusedLine? Refused { get; init; }
}

/// <param name="Title">Of a listing that is not in the cart yet; null where its line stands there.</param>
public sealed record RefusedLine(string Slug, string? Title);
