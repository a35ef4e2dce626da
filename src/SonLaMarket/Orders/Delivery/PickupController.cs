using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Orders.Delivery;

/// <summary>Where and when buyers fetch goods themselves, without a delivery fee.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/diem-nhan")]
public sealed class PickupController(ProducerRegister producers, Pickups pickups, Db db, Texts t) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Index(CancellationToken ct) => View("Pickup", new PickupPage(await Pickups.OfMemberAsync(db, User.Id(), ct), new PickupForm()));

    [HttpPost("")]
    [CreatesOnce]
    public async Task<IActionResult> Create(PickupForm form, CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer)
            return NotFound();
        var days = (form.Weekdays ?? []).Where(d => d is >= 1 and <= 7).Distinct().Order().ToArray();
        if (days.Length == 0)
            ModelState.AddModelError(nameof(form.Weekdays), T["Hãy chọn ít nhất một ngày."]);
        if (form.FromHour >= form.ToHour)
            ModelState.AddModelError(nameof(form.ToHour), T["Giờ kết thúc phải sau giờ bắt đầu."]);
        if (!ModelState.IsValid)
            return Invalid("Pickup", new PickupPage(await Pickups.OfMemberAsync(db, User.Id(), ct), form));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var point = new PickupPoint(Codes.Random(8), producer.Id, Vietnamese.Clean(form.Name), Vietnamese.Clean(form.Address), days, form.FromHour!.Value, form.ToHour!.Value);
        if (!await pickups.AddAsync(tx, point, User.As(Roles.Seller)))
        {
            ModelState.AddModelError(nameof(form.Name), T["Nhiều nhất {0} điểm nhận.", Pickups.Most]);
            return Invalid("Pickup", new PickupPage(await Pickups.OfMemberAsync(db, User.Id(), ct), form));
        }
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-ly/diem-nhan", T["Đã thêm điểm nhận hàng."]);
    }

    [HttpPost("{code}/bo")]
    public async Task<IActionResult> Delete(string code)
    {
        await using var tx = await db.BeginAsync();
        if (!await pickups.CloseAsync(tx, code, User.Id(), User.As(Roles.Seller)))
            return NotFound();
        await tx.CommitAsync();
        return SeeOther("/quan-ly/diem-nhan", T["Đã bỏ điểm nhận hàng. Đơn đã đặt vẫn giữ điểm cũ."]);
    }
}

public sealed record PickupForm
{
    [Required(ErrorMessage = "Hãy nhập tên điểm nhận, từ 3 đến 80 ký tự.")]
    [Characters(80, MinimumLength = 3, ErrorMessage = "Hãy nhập tên điểm nhận, từ 3 đến 80 ký tự.")]
    public string? Name { get; init; }

    [Required(ErrorMessage = "Hãy nhập địa chỉ, từ 5 đến 200 ký tự.")]
    [Characters(200, MinimumLength = 5, ErrorMessage = "Hãy nhập địa chỉ, từ 5 đến 200 ký tự.")]
    public string? Address { get; init; }

    public int[]? Weekdays { get; init; }

    [Required(ErrorMessage = "Hãy chọn một giờ trong danh sách.")]
    [Range(0, 23, ErrorMessage = "Hãy chọn một giờ trong danh sách.")]
    public int? FromHour { get; init; }

    [Required(ErrorMessage = "Hãy chọn một giờ trong danh sách.")]
    [Range(1, 24, ErrorMessage = "Hãy chọn một giờ trong danh sách.")]
    public int? ToHour { get; init; }
}

public sealed record PickupPage(List<PickupPoint> Points, PickupForm Form);
