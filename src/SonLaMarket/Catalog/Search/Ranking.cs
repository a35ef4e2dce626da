namespace SonLaMarket.Catalog.Search;

/// <param name="Points">What a listing gets for it when a search is ordered by fit.</param>
/// <param name="Words">The rule as the public reads it on /cach-xep-hang.</param>
public sealed record RankingRule(int Points, string Words);

/// <summary>
/// How search results are ordered: the points below, then the day of first approval. Nobody can pay for a place. The page that explains it
/// (Nghị định 248/2026/NĐ-CP, Điều 11) is made from these very values.
/// </summary>
public static class Ranking
{
    public static readonly RankingRule All = new(20, "Có cả những từ khác mà bạn gõ, trong tên, tên cơ sở, nhóm hàng hay chứng nhận.");
    public static readonly RankingRule Name = new(8, "Tên gọi hoặc tên tin đăng có đủ các từ chỉ hàng hóa mà bạn gõ; hoặc tên cơ sở và nhóm hàng có đủ các từ đó, khi bạn gõ từ hai từ trở lên.");
    public static readonly RankingRule Marks = new(6, "Các từ đó viết đúng dấu như bạn gõ (khi bạn gõ có dấu).");
    public static readonly RankingRule NoMarks = new(2, "Các từ đó viết đúng như bạn gõ (khi bạn gõ không dấu).");
    public static readonly RankingRule Start = new(5, "Tên gọi có đủ các từ và bắt đầu bằng một trong các từ đó: tìm “nhãn” thì nhãn đứng trước mật ong hoa nhãn.");
    public static readonly RankingRule Records = new(6, "Nơi sản xuất, nhóm hàng, chứng nhận mà bạn gõ đúng với hồ sơ đã duyệt, không chỉ với tên tin đăng.");
    public static readonly RankingRule Extra = new(3, "Có cả những từ phụ như số cân, cách đóng gói.");
    public static readonly RankingRule Stock = new(3, "Đang còn hàng.");
    public static readonly RankingRule Fresh = new(2, "Là rau, củ, quả tươi: tìm “xoài” thì xoài tươi đứng trước xoài sấy.");
    public static readonly RankingRule Season = new(1, "Đang mùa, hoặc có quanh năm.");

    public static readonly IReadOnlyList<RankingRule> Rules = [All, Name, Marks, NoMarks, Start, Records, Extra, Stock, Fresh, Season];
}
