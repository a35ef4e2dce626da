namespace SonLaMarket.Producers;

/// <summary>A part of a producer's dossier that can be sent back for a change: where its field is, and what to do about it.</summary>
public sealed record ProducerPart(string Word, string Label, string Path, string Fix)
{
    public static readonly ProducerPart[] All =
    [
        new("identity", "Tên, loại cơ sở, mã số thuế", "/quan-ly/co-so#Name", "Ghi đúng như giấy đăng ký; hộ sản xuất ghi tên chủ hộ."),
        new("contact", "Người đại diện, điện thoại", "/quan-ly/co-so#Representative", "Ghi người đứng tên và số điện thoại gọi được trong giờ làm việc."),
        new("address", "Địa chỉ", "/quan-ly/co-so#CommuneCode", "Chọn xã, phường theo tên mới và ghi rõ bản, tiểu khu, số nhà."),
        new("photo", "Ảnh và giới thiệu", "/quan-ly/co-so/anh#About", "Dùng ảnh của chính cơ sở; viết những gì kiểm được."),
    ];

    public static ProducerPart? Find(string word) => Array.Find(All, p => p.Word == word);
}
