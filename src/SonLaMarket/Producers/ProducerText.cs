using System.ComponentModel.DataAnnotations;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Producers;

/// <summary>What is said of a producer, on a page or in a file.</summary>
public record ProducerText
{
    [Required(ErrorMessage = "Hãy chọn loại cơ sở.")]
    // The longer word first: of several that fit the first is taken, and must be all there is.
    [RegularExpression("cooperative|enterprise|household_group|household", ErrorMessage = "Hãy chọn loại cơ sở.")]
    public string? Kind { get; init; }

    [Characters(160, MinimumLength = 2, ErrorMessage = "Tên cơ sở cần từ 2 đến 160 ký tự.")]
    public string? Name { get; init; }

    public string? TaxCode { get; init; }

    [Required(ErrorMessage = "Hãy nhập người đại diện.")]
    [StringLength(120, ErrorMessage = "Tên người đại diện dài nhất 120 ký tự.")]
    public string? Representative { get; init; }

    [Required(ErrorMessage = "Hãy nhập số điện thoại.")]
    public string? Phone { get; init; }

    [EmailAddress(ErrorMessage = "Hãy nhập một e-mail đúng dạng, ví dụ htx@vidu.vn.")]
    public string? Email { get; init; }

    [Required(ErrorMessage = "Hãy chọn xã hoặc phường.")]
    public string? CommuneCode { get; init; }

    [Required(ErrorMessage = "Hãy nhập bản, tiểu khu hoặc số nhà.")]
    [StringLength(200, ErrorMessage = "Địa chỉ dài nhất 200 ký tự.")]
    public string? AddressLine { get; init; }

    [RegularExpression("[0-9]{5}", ErrorMessage = "Mã bưu chính có 5 chữ số.")]
    public string? Postcode { get; init; }

    [StringLength(40, ErrorMessage = "Mã địa chỉ số dài nhất 40 ký tự.")]
    public string? DigitalAddress { get; init; }

    [StringLength(70, ErrorMessage = "Thương hiệu dài nhất 70 ký tự.")]
    public string? Brand { get; init; }

    [Range(8.0, 24.0, ErrorMessage = "Vĩ độ ở Việt Nam từ 8 đến 24.")]
    public decimal? Lat { get; init; }

    [Range(102.0, 110.0, ErrorMessage = "Kinh độ ở Việt Nam từ 102 đến 110.")]
    public decimal? Lon { get; init; }

    /// <summary>A household that says no name goes by the one of its representative.</summary>
    public string FullName => Vietnamese.Clean(Name) is { Length: > 0 } name ? name : Kind == ProducerKind.Household && !string.IsNullOrWhiteSpace(Representative) ? "Hộ " + Vietnamese.Clean(Representative) : "";
}
