using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders.Checkout;

/// <summary>The second page: who receives it, where, and how it is paid. No account, at most seven fields.</summary>
[AllowAnonymous]
[Route("/thanh-toan")]
public sealed class DetailsController(Carts carts, Db db, Texts t, IHostEnvironment environment) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Edit(CancellationToken ct)
    {
        var cart = await carts.PriceAsync(db, CartCookie.Read(Request), ct);
        CartCookie.Count(HttpContext, cart);
        if (cart.Parts.Count == 0)
            return SeeOther("/gio-hang");
        var known = await KnownAsync(cart.Details, ct);
        if (known.Province != cart.Details.Province)
            cart = await carts.PriceAsync(db, cart, known, ct);
        return View("Details", await PageAsync(cart, DetailsForm.Of(known), ct));
    }

    [HttpPost("")]
    public async Task<IActionResult> Update(DetailsForm form, CancellationToken ct)
    {
        if (CartCookie.Read(Request) is not { } token || (await carts.PriceAsync(db, token, ct)) is not { Parts.Count: > 0 } cart)
            return SeeOther("/gio-hang");
        var province = await Addresses.ProvinceAsync(db, form.Province, ct);
        if (form.Step is "tinh" or "tim-xa")
        {
            await KeepAsync(token, form.AsTyped() with { Province = province ?? "", Commune = province == cart.Details.Province ? form.Commune ?? "" : "" });
            return SeeOther(form.Step == "tinh" ? "/thanh-toan#address-level2" : "/thanh-toan/tim-xa");
        }
        if (form.Province is not null && province is null)
            ModelState.AddModelError("address-level1", T["Hãy chọn tỉnh hoặc thành phố trong danh sách."]);
        var place = form.Commune is null || ModelState.ContainsError("address-level1") ? null : await PlaceAsync(province, form.Commune, ct);
        if (place is null && province is null && !ModelState.ContainsError("address-level1"))
            ModelState.AddModelError("address-level1", T["Hãy chọn tỉnh hoặc thành phố trong danh sách."]);
        var phone = Vietnamese.Phone(form.Tel, !environment.IsProduction());
        if (form.Tel is not null && phone is null && !ModelState.ContainsError("tel"))
            ModelState.AddModelError("tel", T["Số điện thoại di động có 10 số, ví dụ 0912 345 678."]);
        var details = form.AsTyped() with
        {
            Pickups = cart.Details.Pickups,
            Methods = form.Payment == cart.Details.Payment ? cart.Details.Methods : new Dictionary<string, string>(StringComparer.Ordinal),
            Province = place?.ProvinceCode ?? province ?? "",
            Commune = place?.CommuneCode ?? form.Commune ?? "",
        };
        var priced = await carts.PriceAsync(db, cart, details, ct);
        if (place is not null && form.Payment is { } method && Payable.Methods.Contains(method))
            details = CheckPayment(priced, details, method);
        if (!ModelState.IsValid)
        {
            await KeepAsync(token, details);
            return Invalid("Details", await PageAsync(priced, form with { Province = details.Province }, ct));
        }
        await KeepAsync(token, details with { Name = Vietnamese.Clean(form.Name), Tel = phone!, Street = Vietnamese.Clean(form.Street), Complete = true });
        Place.Remember(HttpContext, details.Province);
        return SeeOther("/thanh-toan/xac-nhan");
    }

    /// <summary>Who is signed in and has ordered before is not asked again.</summary>
    private async Task<BuyerDetails> KnownAsync(BuyerDetails typed, CancellationToken ct)
    {
        const string last = """
            select buyer_name as name, buyer_phone as tel, province_code as province, commune_code as commune, address_line as street from orders.purchase
            where person_id = @person and buyer_phone <> '' order by id desc limit 1
            """;
        if (typed.Name.Length + typed.Tel.Length + typed.Street.Length > 0 || User.FindId() is not { } person
            || await db.FirstOrDefaultAsync<Earlier>(last, new { person }, ct) is not { } known)
            return typed;
        var moved = typed.Province.Length > 0 && typed.Province != known.Province;
        return typed with
        {
            Name = known.Name,
            Tel = Vietnamese.ShowPhone(known.Tel),
            Province = moved ? typed.Province : known.Province,
            Commune = moved ? "" : known.Commune,
            Street = moved ? "" : known.Street,
        };
    }

    private async Task<PlaceFound.One?> PlaceAsync(string? province, string commune, CancellationToken ct)
    {
        switch (await Addresses.CommuneAsync(db, province, commune, ct))
        {
            case PlaceFound.One one:
                return one;
            case PlaceFound.Several several:
                ModelState.AddModelError("address-level2", T["Có nhiều nơi tên như vậy: {0}. Hãy chọn trong danh sách.", string.Join("; ", several.Names.Take(4))]);
                return null;
            default:
                ModelState.AddModelError("address-level2", province is null
                    ? T["Hãy chọn xã hoặc phường trong danh sách."]
                    : T["Không có xã, phường này trong tỉnh đã chọn. Từ 01/07/2025 nhiều xã đã sáp nhập; hãy chọn trong danh sách."]);
                return null;
        }
    }

    /// <summary>Who cannot be paid that way is named, where another way does for all. Where none does, that seller gets one that it takes; the third page says which.</summary>
    private BuyerDetails CheckPayment(PricedCart cart, BuyerDetails details, string method)
    {
        var others = cart.Parts.Where(p => !Payable.Takes(p, p.Method)).ToList();
        if (others.Count > 0 && Payable.OfAll(cart.Parts).Count == 0)
        {
            foreach (var part in others.Where(p => Payable.Of(p).Count == 0))
                ModelState.AddModelError("payment", T["{0} chưa nhận cách thanh toán nào cho đơn này. Hãy bỏ hàng của người bán này khỏi giỏ.", part.ProducerName]);
            var methods = new Dictionary<string, string>(details.Methods, StringComparer.Ordinal);
            foreach (var part in others.Where(p => Payable.Of(p).Count > 0))
                methods[part.ProducerSlug] = Payable.Of(part)[0];
            return details with { Methods = methods };
        }
        foreach (var part in others)
        {
            ModelState.AddModelError("payment", method == PaymentMethod.Cod
                ? T["{0} nhận tiền mặt khi giao đến {1}, đơn này là {2}. Hãy thanh toán trực tuyến.", part.ProducerName, Vietnamese.Money(part.Delivery.Terms.CodLimitVnd), Vietnamese.Money(part.TotalVnd)]
                : method == PaymentMethod.Transfer
                    ? T["{0} chưa nhận chuyển khoản. Hãy chọn cách khác.", part.ProducerName]
                : part.TakesVnpay
                    ? T["Thanh toán trực tuyến nhận từ {0} đến {1}.", Vietnamese.Money(Payable.LeastOnlineVnd), Vietnamese.Money(Payable.MostOnlineVnd)]
                    : T["{0} chưa nhận thanh toán trực tuyến. Hãy chọn trả tiền mặt khi nhận hàng.", part.ProducerName]);
        }
        return details;
    }

    private async Task KeepAsync(byte[] token, BuyerDetails details)
    {
        await using var tx = await db.BeginAsync();
        await carts.KeepDetailsAsync(tx, token, details);
        await tx.CommitAsync();
    }

    private async Task<DetailsPage> PageAsync(PricedCart cart, DetailsForm form, CancellationToken ct)
    {
        var province = await Addresses.ProvinceAsync(db, form.Province, ct);
        var limit = cart.Parts.Min(p => p.Delivery.Terms.CodLimitVnd);
        var payments = new List<SelectListItem>
        {
            new(T["Trực tuyến qua VNPAY (thẻ, tài khoản, mã QR)"], PaymentMethod.Vnpay),
            new(T["Chuyển khoản ngân hàng (mã VietQR)"], PaymentMethod.Transfer),
            new(limit == 0 ? T["Tiền mặt khi nhận hàng (COD)"] : T["Tiền mặt khi nhận hàng (COD), đến {0} mỗi người bán", Vietnamese.Money(limit)], PaymentMethod.Cod),
        };
        // What every seller takes; where nothing is taken by all, what one of them takes: the third page changes it for the others.
        IReadOnlyList<string> ways = Payable.OfAll(cart.Parts) is { Count: > 0 } all ? all : [.. cart.Parts.SelectMany(Payable.Of)];
        payments.RemoveAll(p => !ways.Contains(p.Value));
        if (payments.Count == 1)
            form = form with { Payment = payments[0].Value };
        return new DetailsPage(form, cart, await Places.ProvincesAsync(db, T, ct), await Places.CommunesAsync(db, province, T, ct), payments);
    }
}

internal sealed record Earlier(string Name, string Tel, string Province, string Commune, string Street);

public sealed record DetailsPage(DetailsForm Form, PricedCart Cart, List<SelectListItem> Provinces, List<SelectListItem> Communes, List<SelectListItem> Payments);

internal static class ModelStates
{
    public static bool ContainsError(this Microsoft.AspNetCore.Mvc.ModelBinding.ModelStateDictionary state, string key) =>
        state.TryGetValue(key, out var entry) && entry.Errors.Count > 0;
}
