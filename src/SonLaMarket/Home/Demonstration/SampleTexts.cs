using SonLaMarket.Foundation.Data;
using SonLaMarket.Producers;

namespace SonLaMarket.Home.Demonstration;

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
