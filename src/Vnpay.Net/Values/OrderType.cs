namespace Vnpay;

/// <summary><c>vnp_OrderType</c>: category of goods ("Danh mục hàng hóa"). An open set: finer codes exist below these.</summary>
/// <param name="Value">Six digits, or <c>other</c>.</param>
public readonly record struct OrderType(string Value)
{
    /// <summary>Food and consumer goods.</summary>
    public static readonly OrderType FoodAndConsumerGoods = new("100000");

    /// <summary>Sweets and drinks.</summary>
    public static readonly OrderType SweetsAndDrinks = new("100001");

    /// <summary>Dried food.</summary>
    public static readonly OrderType DriedFood = new("100003");

    /// <summary>Milk and what is made of it.</summary>
    public static readonly OrderType Dairy = new("100004");

    /// <summary>Phones and tablets.</summary>
    public static readonly OrderType Phones = new("110000");

    /// <summary>Household appliances.</summary>
    public static readonly OrderType Appliances = new("120000");

    /// <summary>Computers and office equipment.</summary>
    public static readonly OrderType Computers = new("130000");

    /// <summary>Electronics and sound.</summary>
    public static readonly OrderType Electronics = new("140000");

    /// <summary>Books, newspapers, magazines.</summary>
    public static readonly OrderType Books = new("150000");

    /// <summary>Sport and outdoors.</summary>
    public static readonly OrderType Sport = new("160000");

    /// <summary>Hotels and travel.</summary>
    public static readonly OrderType Travel = new("170000");

    /// <summary>Restaurants and dishes.</summary>
    public static readonly OrderType Cuisine = new("180000");

    /// <summary>Entertainment and training.</summary>
    public static readonly OrderType Entertainment = new("190000");

    /// <summary>Fashion.</summary>
    public static readonly OrderType Fashion = new("200000");

    /// <summary>Health and beauty.</summary>
    public static readonly OrderType HealthAndBeauty = new("210000");

    /// <summary>Mother and baby.</summary>
    public static readonly OrderType MotherAndBaby = new("220000");

    /// <summary>Kitchenware.</summary>
    public static readonly OrderType Kitchenware = new("230000");

    /// <summary>Vehicles.</summary>
    public static readonly OrderType Vehicles = new("240000");

    /// <summary>Bills.</summary>
    public static readonly OrderType Bills = new("250000");

    /// <summary>Card codes.</summary>
    public static readonly OrderType CardCodes = new("260000");

    /// <summary>Pharmacy and medical services.</summary>
    public static readonly OrderType Pharmacy = new("270000");

    /// <summary>Anything else.</summary>
    public static readonly OrderType Other = new("other");

    /// <summary>Whether the category is one of those above.</summary>
    public bool IsKnown => Find(Value) is not null;

    /// <summary>Meaning in Vietnamese; for another category a text with its code in it.</summary>
    public string TextVi => Find(Value)?.Vi ?? $"Danh mục khác ({Value})";

    /// <summary>Meaning in English; for another category a text with its code in it.</summary>
    public string TextEn => Find(Value)?.En ?? $"Another category ({Value})";

    /// <summary>The code itself.</summary>
    public override string ToString() => Value ?? "";

    private static (string Vi, string En)? Find(string? code) => code switch
    {
        "100000" => ("Thực phẩm, hàng tiêu dùng", "Food and consumer goods"),
        "100001" => ("Bánh kẹo, đồ uống", "Sweets and drinks"),
        "100003" => ("Thực phẩm khô", "Dried food"),
        "100004" => ("Sữa và sản phẩm từ sữa", "Milk and what is made of it"),
        "110000" => ("Điện thoại, máy tính bảng", "Phones and tablets"),
        "120000" => ("Điện gia dụng", "Household appliances"),
        "130000" => ("Máy tính, thiết bị văn phòng", "Computers and office equipment"),
        "140000" => ("Điện tử, âm thanh", "Electronics and sound"),
        "150000" => ("Sách, báo, tạp chí", "Books, newspapers, magazines"),
        "160000" => ("Thể thao, dã ngoại", "Sport and outdoors"),
        "170000" => ("Khách sạn, du lịch", "Hotels and travel"),
        "180000" => ("Ẩm thực", "Restaurants and dishes"),
        "190000" => ("Giải trí, đào tạo", "Entertainment and training"),
        "200000" => ("Thời trang", "Fashion"),
        "210000" => ("Sức khỏe, làm đẹp", "Health and beauty"),
        "220000" => ("Mẹ và bé", "Mother and baby"),
        "230000" => ("Vật dụng nhà bếp", "Kitchenware"),
        "240000" => ("Xe cộ, phương tiện", "Vehicles"),
        "250000" => ("Thanh toán hóa đơn", "Bills"),
        "260000" => ("Mua mã thẻ", "Card codes"),
        "270000" => ("Nhà thuốc, dịch vụ y tế", "Pharmacy and medical services"),
        "other" => ("Hàng hóa, dịch vụ khác", "Anything else"),
        _ => null,
    };
}
