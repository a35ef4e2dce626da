namespace SonLaMarket.Producers;

/// <summary>What a member may do for the producer: few words, each a sentence.</summary>
public static class MemberRole
{
    public const string Owner = "owner";
    public const string Staff = "staff";
    public const string Diary = "diary";

    /// <summary>Somebody of a community digital team, who is no member.</summary>
    public const string Helper = "helper";

    public static readonly (string Word, string Label, string May)[] All =
    [
        (Owner, "Chủ cơ sở", "Làm mọi việc, kể cả thành viên và cổng thanh toán."),
        (Staff, "Nhân viên", "Đăng bán, đơn hàng, lô và nhật ký, xem tiền; không đổi thành viên và cổng thanh toán."),
        (Diary, "Người ghi nhật ký", "Chỉ xem lô và ghi nhật ký, dành cho người trong hộ."),
    ];

    public static string Label(string word) => Array.Find(All, r => r.Word == word).Label ?? word;
}
