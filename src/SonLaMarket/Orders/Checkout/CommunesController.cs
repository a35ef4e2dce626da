using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Orders.Checkout;

/// <summary>A side way of the second page, for browsers without script: finds a commune by its name of today or of before July 2025.</summary>
[AllowAnonymous]
[Route("/thanh-toan/tim-xa")]
public sealed class CommunesController(Carts carts, Db db, Texts t) : PageController(t)
{
    [HttpGet("")]
    public Task<IActionResult> Show(CancellationToken ct) => AnswerAsync(null, ct);

    /// <summary>Looks for a name, or takes what was found. Names of places stay out of addresses of pages.</summary>
    [HttpPost("")]
    public async Task<IActionResult> Choose([FromForm(Name = "ten")] string? typed, [FromForm(Name = "xa")] string? chosen, CancellationToken ct)
    {
        if (chosen is null)
            return await AnswerAsync(typed ?? "", ct);
        if (CartCookie.Read(Request) is not { } token || (await carts.PriceAsync(db, token, ct)) is not { Parts.Count: > 0 } cart)
            return SeeOther("/gio-hang");
        if (await Addresses.CommuneAsync(db, null, chosen, ct) is not PlaceFound.One place)
            return await AnswerAsync(typed ?? "", ct);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        await carts.KeepDetailsAsync(tx, token, cart.Details with { Province = place.ProvinceCode, Commune = place.CommuneCode, Complete = false });
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/thanh-toan#address-level2");
    }

    private async Task<IActionResult> AnswerAsync(string? typed, CancellationToken ct)
    {
        const string name = "select full_name, name_en from foundation.province where code = @province";
        if (CartCookie.Read(Request) is not { } token || (await carts.PriceAsync(db, token, ct)) is not { Parts.Count: > 0 } cart)
            return SeeOther("/gio-hang");
        var province = cart.ProvinceCode;
        var (vi, en) = province is null ? default : await db.FirstOrDefaultAsync<(string?, string?)>(name, new { province }, ct);
        var found = typed is null ? null : await Addresses.SearchAsync(db, province, typed, ct);
        return View("Communes", new CommunesPage(typed, vi is null ? null : T.Of(vi, en), found));
    }
}

/// <param name="ProvinceName">The province looked in; null for all.</param>
/// <param name="Found">Null before anything was looked for.</param>
public sealed record CommunesPage(string? Typed, string? ProvinceName, IReadOnlyList<FoundCommune>? Found);
