using SonLaMarket.Origin;
using SonLaMarket.Producers;

namespace SonLaMarket.Home.Demonstration;

/// <summary>What a season leaves in a sample diary: of the field for crops, of the workshop for the rest.</summary>
public static class SampleDiary
{
    public static bool Grows(Speciality speciality) =>
        speciality.CategorySlug is "fresh-fruit" or "vegetable" or "root-vegetable" or "tea" or "coffee" or "spice" or "rice" or "herbal" or "nut";

    public static IEnumerable<DiaryDraft> Of(Speciality speciality, DateOnly harvested, int i) =>
        Grows(speciality) ? Field(harvested, i, speciality.CategorySlug) : Workshop(harvested, i);

    /// <summary>Of a crop that stands: every other one was sprayed two days ago.</summary>
    public static IEnumerable<DiaryDraft> Standing(DateOnly today, int i)
    {
        yield return Entry("fertilising", today.AddDays(-20 - i), "compost", null, 2 + i % 4, "tấn/ha", null, "Bón thúc quanh gốc.");
        yield return Entry("irrigation", today.AddDays(-9), null, null, null, null, null, "Tưới nhỏ giọt buổi sáng.");
        yield return Entry("care", today.AddDays(-6), null, null, null, null, null, "Làm cỏ bằng tay.");
        if (i % 2 == 0)
            yield return Entry("spraying", today.AddDays(-2), "matrine", "Sâu ăn lá", 20, "ml/bình 16 lít", 5, "Phun chiều mát, đeo bảo hộ.");
    }

    private static IEnumerable<DiaryDraft> Field(DateOnly harvested, int i, string category)
    {
        var (watered, cared, picked) = category switch
        {
            "fresh-fruit" or "nut" => ("Tưới nhỏ giọt buổi sáng.", i % 2 == 0 ? "Tỉa cành, làm cỏ bằng tay." : "Tỉa quả, làm cỏ bằng máy.", "Hái tay, chọn quả đạt cỡ."),
            "rice" => ("Giữ nước ruộng 3–5 cm.", i % 2 == 0 ? "Làm cỏ sục bùn bằng tay." : "Dặm lúa, làm cỏ bờ bằng máy.", "Gặt khi hạt chín vàng, phơi khô."),
            "tea" => ("Tưới phun buổi sáng.", i % 2 == 0 ? "Đốn phớt, làm cỏ bằng tay." : "Tủ gốc, làm cỏ bằng máy.", "Hái một tôm hai lá."),
            "coffee" => ("Tưới gốc buổi sáng.", i % 2 == 0 ? "Tỉa cành, làm cỏ bằng tay." : "Tủ gốc, làm cỏ bằng máy.", "Hái quả chín đỏ."),
            _ => ("Tưới phun buổi sáng.", i % 2 == 0 ? "Vun gốc, làm cỏ bằng tay." : "Tỉa lá già, làm cỏ bằng máy.", "Thu bằng tay, loại phần dập, sâu."),
        };
        yield return Entry("fertilising", harvested.AddDays(-70 - i % 9), "compost", null, 2 + i % 4, "tấn/ha", null, "Bón lót quanh gốc.");
        yield return Entry("irrigation", harvested.AddDays(-45), null, null, null, null, null, watered);
        yield return Entry("care", harvested.AddDays(-38), null, null, null, null, null, cared);
        if (i % 3 != 0)
            yield return Entry("spraying", harvested.AddDays(-30 - i % 5), i % 2 == 0 ? "matrine" : "bt", "Sâu ăn lá", 20, "ml/bình 16 lít", i % 2 == 0 ? 5 : 3, "Phun chiều mát, đeo bảo hộ.");
        yield return Entry("harvest", harvested, null, null, null, null, null, picked);
        yield return Entry("packing", harvested, null, null, null, null, null, "Đóng gói tại cơ sở.");
    }

    private static IEnumerable<DiaryDraft> Workshop(DateOnly harvested, int i)
    {
        yield return Entry("inspection", harvested.AddDays(-3), null, null, null, null, null, "Kiểm tra nguyên liệu đầu vào.");
        yield return Entry("handling", harvested.AddDays(-2), null, null, null, null, null, i % 2 == 0 ? "Rửa, phân loại, làm ráo." : "Phân loại, sơ chế.");
        yield return Entry("packing", harvested, null, null, null, null, null, "Đóng gói, ghi ngày trên bao bì.");
        yield return Entry("storage", harvested, null, null, null, null, null, "Xếp kho khô, thoáng.");
    }

    private static DiaryDraft Entry(string kind, DateOnly on, string? input, string? target, decimal? amount, string? unit, int? interval, string note) =>
        new(null, kind, on, input, null, target, amount, unit, interval, "Người mẫu", null, note, []);
}
