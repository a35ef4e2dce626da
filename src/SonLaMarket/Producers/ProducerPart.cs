namespace SonLaMarket.Producers;

/// <summary>A part of a producer's dossier that can be sent back for a change: the field it leads to, and what to do about it.</summary>
public sealed record ProducerPart(string Word, string Label, string Field, string Fix)
{
    public static readonly ProducerPart[] All =
    [
        new("identity", "Tên, loại cơ sở, mã số thuế", "Name", "Ghi đúng như giấy đăng ký; hộ sản xuất ghi tên chủ hộ."),
        new("contact", "Người đại diện, điện thoại", "Representative", "Ghi người đứng tên và số điện thoại gọi được trong giờ làm việc."),
        new("address", "Địa chỉ", "CommuneCode", "Chọn xã, phường theo tên mới và ghi rõ bản, tiểu khu, số nhà."),
        new("photo", "Ảnh và giới thiệu", "About", "Dùng ảnh của chính cơ sở; viết những gì kiểm được."),
    ];

    public static ProducerPart? Find(string word) => Array.Find(All, p => p.Word == word);
}
