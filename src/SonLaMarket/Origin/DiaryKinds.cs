namespace SonLaMarket.Origin;

/// <summary>Kinds of diary entries after VietGAP practice, with the event step each becomes.</summary>
public static class DiaryKinds
{
    public const string Spraying = "spraying";
    public const string Harvest = "harvest";

    public static readonly (string Word, string Label, string BizStep)[] All =
    [
        ("planting", "Gieo trồng", "planting"),
        ("soil_water_test", "Xét nghiệm đất, nước", "inspecting"),
        ("fertilising", "Bón phân", "fertilising"),
        (Spraying, "Phun thuốc bảo vệ thực vật", Spraying),
        ("irrigation", "Tưới nước", "irrigation"),
        ("care", "Chăm sóc khác", "care"),
        (Harvest, "Thu hoạch", Harvest),
        ("handling", "Sơ chế", "handling"),
        ("packing", "Đóng gói", "packing"),
        ("storage", "Bảo quản", "storing"),
        ("shipping", "Vận chuyển", "shipping"),
        ("waste", "Thu gom bao bì, chất thải", "waste"),
        ("training", "Tập huấn", "training"),
        ("inspection", "Tự kiểm tra", "inspecting"),
    ];

    public static string Label(string word) => All.FirstOrDefault(k => k.Word == word).Label ?? word;

    public static bool Exists(string? word) => All.Any(k => k.Word == word);

    public static string BizStep(string word) => All.First(k => k.Word == word).BizStep;
}
