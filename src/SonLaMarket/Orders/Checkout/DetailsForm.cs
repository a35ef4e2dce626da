using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace SonLaMarket.Orders.Checkout;

/// <summary>The seven fields of a purchase. The names are those that browsers fill in by themselves (HTML, autofill).</summary>
public sealed record DetailsForm
{
    [FromForm(Name = "name")]
    [Required(ErrorMessage = "Hãy nhập họ và tên người nhận.")]
    [StringLength(120, ErrorMessage = "Họ và tên dài nhất 120 ký tự.")]
    public string? Name { get; init; }

    [FromForm(Name = "tel")]
    [Required(ErrorMessage = "Hãy nhập số điện thoại.")]
    [StringLength(30, ErrorMessage = "Số điện thoại di động có 10 số, ví dụ 0912 345 678.")]
    public string? Tel { get; init; }

    [FromForm(Name = "address-level1")]
    [StringLength(80, ErrorMessage = "Hãy chọn tỉnh hoặc thành phố trong danh sách.")]
    public string? Province { get; init; }

    [FromForm(Name = "address-level2")]
    [Required(ErrorMessage = "Hãy chọn xã hoặc phường.")]
    [StringLength(120, ErrorMessage = "Hãy chọn xã hoặc phường trong danh sách.")]
    public string? Commune { get; init; }

    [FromForm(Name = "street-address")]
    [Required(ErrorMessage = "Hãy nhập số nhà, thôn, bản hoặc đường.")]
    [StringLength(200, ErrorMessage = "Địa chỉ dài nhất 200 ký tự.")]
    public string? Street { get; init; }

    [FromForm(Name = "note")]
    [StringLength(500, ErrorMessage = "Lời nhắn dài nhất 500 ký tự.")]
    public string? Note { get; init; }

    [FromForm(Name = "payment")]
    [Required(ErrorMessage = "Hãy chọn cách thanh toán.")]
    [RegularExpression("vnpay|transfer|cod", ErrorMessage = "Hãy chọn cách thanh toán.")]
    public string? Payment { get; init; }

    /// <summary>Side ways that keep everything as typed: "tinh" lists the communes of the province, "tim-xa" leads to the search for one.</summary>
    [FromForm(Name = "buoc")]
    public string? Step { get; init; }

    public static DetailsForm Of(BuyerDetails details) => new()
    {
        Name = details.Name,
        Tel = details.Tel,
        Province = details.Province,
        Commune = details.Commune,
        Street = details.Street,
        Note = details.Note,
        Payment = details.Payment,
    };

    public BuyerDetails AsTyped() => new()
    {
        Name = Name ?? "",
        Tel = Tel ?? "",
        Province = Province ?? "",
        Commune = Commune ?? "",
        Street = Street ?? "",
        Note = Note ?? "",
        Payment = Payment ?? "",
    };
}
