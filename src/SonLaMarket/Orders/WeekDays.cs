using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Orders;

/// <summary>Days as people plan with them: "Thứ Bảy, 28/11/2026".</summary>
public static class WeekDays
{
    public static string Name(DayOfWeek day, Texts t) => day switch
    {
        DayOfWeek.Monday => t["Thứ Hai"],
        DayOfWeek.Tuesday => t["Thứ Ba"],
        DayOfWeek.Wednesday => t["Thứ Tư"],
        DayOfWeek.Thursday => t["Thứ Năm"],
        DayOfWeek.Friday => t["Thứ Sáu"],
        DayOfWeek.Saturday => t["Thứ Bảy"],
        _ => t["Chủ Nhật"],
    };

    public static string Date(DateOnly day, Texts t) => $"{Name(day.DayOfWeek, t)}, {Vietnamese.Date(day)}";
}
