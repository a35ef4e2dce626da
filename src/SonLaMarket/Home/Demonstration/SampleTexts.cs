using System.Globalization;
using System.Text.RegularExpressions;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Producers;

namespace SonLaMarket.Home.Demonstration;

/// <summary>How a speciality is packed and sold, read from the reference list's unit ("gói 200 g", "kg", "quả").</summary>
public sealed partial record SamplePack(string BaseUnit, long? NetWeightG, string SaleUnit, string Suffix)
{
    public static SamplePack Of(string unit)
    {
        var match = Amount().Match(unit);
        if (unit == "kg")
            return new("g", null, "kg", "");
        if (!match.Success)
            return unit switch
            {
                "quả" => new("piece", 1000, "piece", ", quả khoảng 1 kg"),
                "chậu" => new("piece", 3000, "piece", ", chậu"),
                _ => new("piece", 500, "piece", ""),
            };
        var amount = long.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture) * (match.Groups["u"].Value is "lít" ? 1000 : 1);
        return new("piece", amount, unit.StartsWith("hộp", StringComparison.Ordinal) ? "box" : "piece", ", " + unit);
    }

    [GeneratedRegex(@"(?<n>\d+) (?<u>g|ml|lít)$", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Amount();
}

/// <summary>Sentences of samples, put together from the reference list.</summary>
public static class SampleTexts
{
    public static string Describe(Speciality s, Commune commune)
    {
        var months = s.HarvestMonths.Length == 12 ? "quanh năm" : $"tháng {string.Join(", ", s.HarvestMonths)}";
        var protection = s.Protection switch
        {
            "geographical_indication" => $" Tên gọi gắn với chỉ dẫn địa lý {s.ProtectionName}.",
            "certification_mark" => $" Tên gọi gắn với nhãn hiệu chứng nhận {s.ProtectionName}.",
            _ => "",
        };
        return $"{s.Name} từ {commune.FullName} (trước đây thuộc {commune.FormerDistrict}), có hàng {months}.{protection}\n"
            + "Hàng được chọn, đóng gói tại cơ sở và gửi đi trong ngày. Đây là sản phẩm mẫu để trình diễn, không giao hàng.";
    }

    public static string About(string name, Commune commune, Speciality s) =>
        $"{name} là cơ sở mẫu ở {commune.FullName}, làm {char.ToLower(s.Name[0], Foundation.Text.Vietnamese.Culture)}{s.Name[1..]} cùng vài sản phẩm khác. Thông tin ở đây được dựng ra để trình diễn.";

    public static string Storage(string category) => category switch
    {
        "fresh-fruit" or "vegetable" => "Để nơi mát 8–15 °C, dùng trong 5 ngày.",
        "meat" or "fish" or "dairy" => "Giữ lạnh 0–4 °C.",
        "tea" or "coffee" or "spice" or "dried-fruit" or "dried-vegetable" or "nut" => "Để nơi khô ráo, buộc kín sau khi mở.",
        _ => "Để nơi khô ráo, tránh nắng.",
    };
}
