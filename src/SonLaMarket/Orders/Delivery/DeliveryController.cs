using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Orders.Delivery;

/// <summary>The seller's delivery fees by zone and weight, days, and the limit for cash.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/giao-hang")]
public sealed class DeliveryController(ProducerRegister producers, DeliveryFees fees, Db db, Texts t) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Edit(CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer)
            return SeeOther("/quan-ly/co-so", T["Hãy khai báo cơ sở trước."]);
        return View("Edit", DeliveryForm.Of((await DeliveryFees.OfAsync(db, [producer.Id], ct))[producer.Id]));
    }

    [HttpPost("")]
    public async Task<IActionResult> Update(DeliveryForm form, CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer)
            return NotFound();
        List<DeliveryRate> rates = [.. Read(form.Province, "Province", DeliveryZone.Province), .. Read(form.North, "North", DeliveryZone.North), .. Read(form.Country, "Country", DeliveryZone.Country)];
        var days = (form.PackDays ?? []).Where(d => d is >= 1 and <= 7).Distinct().Order().ToArray();
        if (days.Length == 0)
            ModelState.AddModelError(nameof(form.PackDays), T["Hãy chọn ít nhất một ngày đóng gói."]);
        if (!ModelState.IsValid)
        {
            SayWhere();
            return Invalid("Edit", form.Padded());
        }
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var stored = DeliveryForm.Of(await DeliveryFees.LockAsync(tx, producer.Id));
        if (Request.IsOutdated(stored))
        {
            var told = ChangedMeanwhile("Edit", form.Padded() with { Stored = stored }, form.Padded(), stored, Say);
            SayWhere();
            return told;
        }
        var terms = new DeliveryTerms(form.ReadyDays!.Value, form.DaysProvince!.Value, form.DaysNorth!.Value, form.DaysCountry!.Value, form.CutOffHour ?? 24, days, form.CodLimit!.Value.Amount);
        await fees.SaveAsync(tx, producer.Id, terms, rates, User.As(Roles.Seller));
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-ly/giao-hang", T["Đã lưu phí giao hàng."]);
    }

    /// <summary>Three zones with the same fields: each message begins with the zone that it is about, and the row.</summary>
    private void SayWhere()
    {
        foreach (var (key, zone) in new[] { ("Province", T["Trong tỉnh Sơn La"]), ("North", T["Các tỉnh miền Bắc, đến Ninh Bình"]), ("Country", T["Từ Thanh Hóa trở vào"]) })
        {
            foreach (var (name, entry) in ModelState.Where(e => e.Value!.Errors.Count > 0 && (e.Key.StartsWith(key + "[", StringComparison.Ordinal) || e.Key == "Days" + key)).ToList())
            {
                var message = entry!.Errors[0].ErrorMessage;
                entry.Errors.Clear();
                entry.Errors.Add(name.Split('[', ']') is [_, var row, _] && int.TryParse(row, out var at) ? T["{0}, mức {1}: {2}", zone, at + 1, message] : $"{zone}: {message}");
            }
        }
    }

    private string? Say(string field, string value) => field switch
    {
        nameof(DeliveryForm.PackDays) => WeekDays.Name((DayOfWeek)(int.Parse(value, System.Globalization.CultureInfo.InvariantCulture) % 7), T),
        nameof(DeliveryForm.CutOffHour) => value == "24" ? T["Không chốt giờ"] : T["{0} giờ", value],
        _ => null,
    };

    /// <summary>Empty rows are left out; each zone needs one row, and no weight twice.</summary>
    private List<DeliveryRate> Read(IReadOnlyList<RateForm>? rows, string name, string zone)
    {
        var rates = new List<DeliveryRate>();
        for (var i = 0; i < (rows?.Count ?? 0); i++)
        {
            var (kilograms, fee) = (rows![i].UpToKg, rows[i].Fee);
            if (kilograms is null && fee is null)
                continue;
            if (kilograms?.Grams is not (>= 100 and <= 1_000_000 and var grams))
                ModelState.AddModelError($"{name}[{i}].UpToKg", T["Cân nặng từ 0,1 đến 1.000 kg."]);
            else if (fee is not { Amount: >= 0 and <= 10_000_000 })
                ModelState.AddModelError($"{name}[{i}].Fee", T["Phí từ 0 đến 10.000.000 ₫."]);
            else if (rates.Exists(r => r.UpToG == grams))
                ModelState.AddModelError($"{name}[{i}].UpToKg", T["Mức cân nặng này có hai lần."]);
            else
                rates.Add(new DeliveryRate(zone, grams, fee.Value.Amount));
        }
        if (rates.Count == 0 && ModelState.IsValid)
            ModelState.AddModelError($"{name}[0].UpToKg", T["Hãy nhập ít nhất một mức phí."]);
        return rates;
    }
}

public sealed record RateForm
{
    public Kilograms? UpToKg { get; init; }

    public Vnd? Fee { get; init; }
}

public sealed record DeliveryForm
{
    public const int Rows = 6;

    public IReadOnlyList<RateForm>? Province { get; init; }

    public IReadOnlyList<RateForm>? North { get; init; }

    public IReadOnlyList<RateForm>? Country { get; init; }

    [Required(ErrorMessage = "Hãy nhập số ngày.")]
    [Range(0, 30, ErrorMessage = "Số ngày từ 0 đến 30.")]
    public int? ReadyDays { get; init; }

    [Required(ErrorMessage = "Hãy nhập số ngày.")]
    [Range(0, 30, ErrorMessage = "Số ngày từ 0 đến 30.")]
    public int? DaysProvince { get; init; }

    [Required(ErrorMessage = "Hãy nhập số ngày.")]
    [Range(0, 30, ErrorMessage = "Số ngày từ 0 đến 30.")]
    public int? DaysNorth { get; init; }

    [Required(ErrorMessage = "Hãy nhập số ngày.")]
    [Range(0, 30, ErrorMessage = "Số ngày từ 0 đến 30.")]
    public int? DaysCountry { get; init; }

    /// <summary>24 for none.</summary>
    [Range(1, 24, ErrorMessage = "Hãy chọn một giờ trong danh sách.")]
    public int? CutOffHour { get; init; }

    /// <summary>1 Monday to 7 Sunday.</summary>
    public int[]? PackDays { get; init; }

    [Required(ErrorMessage = "Hãy nhập mức tiền, 0 nếu không nhận tiền mặt.")]
    public Vnd? CodLimit { get; init; }

    /// <summary>What is stored, where the form shows something else.</summary>
    [Microsoft.AspNetCore.Mvc.ModelBinding.BindNever]
    public DeliveryForm? Stored { get; init; }

    public static DeliveryForm Of(DeliveryTable table) => new DeliveryForm
    {
        Province = RatesOf(table, DeliveryZone.Province),
        North = RatesOf(table, DeliveryZone.North),
        Country = RatesOf(table, DeliveryZone.Country),
        ReadyDays = table.Terms.ReadyDays,
        DaysProvince = table.Terms.DaysProvince,
        DaysNorth = table.Terms.DaysNorth,
        DaysCountry = table.Terms.DaysCountry,
        CutOffHour = table.Terms.CutOffHour,
        PackDays = table.Terms.PackDays,
        CodLimit = new Vnd(table.Terms.CodLimitVnd),
    }.Padded();

    /// <summary>With empty rows to fill in.</summary>
    public DeliveryForm Padded() => this with { Province = Pad(Province), North = Pad(North), Country = Pad(Country) };

    private static List<RateForm> RatesOf(DeliveryTable table, string zone) =>
        [.. table.Rates.Where(r => r.Zone == zone).OrderBy(r => r.UpToG).Select(r => new RateForm { UpToKg = new Kilograms(r.UpToG / 1000m), Fee = new Vnd(r.FeeVnd) })];

    private static List<RateForm> Pad(IReadOnlyList<RateForm>? rows) =>
        [.. (rows ?? []).Concat(Enumerable.Repeat(new RateForm(), Rows)).Take(Math.Max(Rows, rows?.Count ?? 0))];
}
