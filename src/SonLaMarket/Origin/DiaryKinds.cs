namespace SonLaMarket.Origin;

/// <summary>Kinds of diary entries after VietGAP practice, with the event step each becomes.</summary>
public static class DiaryKinds
{
    public const string Spraying = "spraying";
    public const string Harvest = "harvest";
    public const string Fertilising = "fertilising";
    public const string Purchase = "purchase";

    public static readonly (string Word, string Label, string BizStep)[] All =
    [
        ("planting", "Gieo trồng", "planting"),
        ("soil_water_test", "Xét nghiệm đất, nước", "inspecting"),
        ("purchase", "Mua vật tư", "purchasing"),
        (Fertilising, "Bón phân", Fertilising),
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

    /// <summary>Work at the goods themselves, in the field and after it; not what is bought, looked at, learned or thrown away beside it.</summary>
    public static bool IsProduction(string word) => word is not (Purchase or "soil_water_test" or "waste" or "training" or "inspection");

    /// <summary>Kinds that use up what was bought.</summary>
    public static bool UsesInput(string? word) => word is Spraying or Fertilising or Purchase;
}

/// <summary>The side columns that the paper diary has for some kinds of work, each a line of text.</summary>
public static class DiaryColumns
{
    public static readonly (string Word, string Label, string[] Kinds)[] All =
    [
        ("variety", "Giống", ["planting"]),
        ("seedSource", "Nguồn giống", ["planting"]),
        ("method", "Cách làm", ["planting", "fertilising", "irrigation", "care", "handling", "storage", "waste"]),
        ("equipment", "Dụng cụ phun", [DiaryKinds.Spraying]),
        ("reentry", "Được vào ruộng lại sau", [DiaryKinds.Spraying]),
        ("boughtFrom", "Mua ở đâu", [DiaryKinds.Purchase]),
        ("batch", "Số lô, hạn dùng của vật tư", [DiaryKinds.Purchase]),
        ("buyer", "Giao cho ai", [DiaryKinds.Harvest, "handling", "packing", "storage", "shipping", "waste"]),
        ("grade", "Loại, phẩm cấp", [DiaryKinds.Harvest, "handling", "packing", "storage", "shipping", "waste"]),
        ("result", "Kết quả, nội dung", ["soil_water_test", "training", "inspection"]),
    ];

    public static string Label(string word) => All.FirstOrDefault(c => c.Word == word).Label ?? word;

    /// <summary>Which measures a kind has beside its columns.</summary>
    public static bool HasArea(string? kind) => kind is "planting" or DiaryKinds.Fertilising or DiaryKinds.Spraying or "irrigation" or "care" or DiaryKinds.Harvest;

    public static bool HasVolume(string? kind) => kind is DiaryKinds.Spraying or "irrigation";

    public static bool HasQuantity(string? kind) => kind is DiaryKinds.Harvest or "handling" or "packing" or "storage" or "shipping" or "waste";

    /// <summary>Names whom the producer buys from or sells to: for those who keep the diary and for officers alone.</summary>
    public static bool IsTrade(string word) => word is "seedSource" or "boughtFrom" or "batch" or "buyer";

    public static bool Has(string? kind, string column) => Array.Exists(All, c => c.Word == column && c.Kinds.Contains(kind));
}
