namespace SonLaMarket.Catalog;

/// <summary>A part of a listing that can be sent back for a change, with what its seller can do about it.</summary>
public sealed record ListingPart(string Word, string Label, string Fix)
{
    public static readonly ListingPart[] All =
    [
        new("photo", "Ảnh", "Chụp lại ngoài trời hoặc gần cửa sổ, thấy rõ đúng hàng bán. Trên ảnh không có chữ, số điện thoại."),
        new("name", "Tên và nhóm hàng", "Ghi đúng tên hàng, loại và cách đóng gói. Bỏ lời khen quá sự thật."),
        new("text", "Giới thiệu", "Viết những gì đúng với hàng và kiểm được. Bỏ lời hứa chữa bệnh, số điện thoại, đường dẫn."),
        new("pack", "Giá và cách bán", "Ghi rõ một đơn vị bán nặng bao nhiêu, và giá của đúng đơn vị đó."),
        new("certificates", "Chứng nhận", "Nộp bản chụp đọc được, còn hạn, đúng sản phẩm; hoặc bỏ chọn chứng nhận không còn."),
        new("origin", "Lô hàng, nơi trồng, nhật ký", "Xem lại ngày thu hoạch, nơi trồng, và ghi đủ nhật ký của lô."),
    ];

    public static ListingPart? Find(string word) => Array.Find(All, p => p.Word == word);
}
