namespace SonLaMarket.Supervision.Review;

/// <summary>One field of a dossier: as it is public now, and as the waiting version wants it.</summary>
public sealed record Change(string Label, string? Before, string After)
{
    public bool Differs => Before is not null && Before != After;
}

/// <summary>The decision form of a dossier.</summary>
public sealed record DecisionForm
{
    public string? Template { get; init; }

    public string? Reason { get; init; }

    public string[]? Checks { get; init; }

    /// <summary>The chosen sentence and what was typed, as one text.</summary>
    public string Text => string.Join(' ', new[] { Template, Reason }.Where(r => !string.IsNullOrWhiteSpace(r))).Trim();
}

public static class Reasons
{
    public static readonly string[] Templates =
    [
        "Ảnh không rõ sản phẩm.",
        "Mô tả chưa đúng với sản phẩm trong ảnh.",
        "Giá hoặc quy cách đóng gói chưa rõ.",
        "Thiếu giấy chứng nhận cho thông tin đã nêu.",
        "Chứng nhận hết hạn hoặc không đọc được.",
        "Thông tin cơ sở chưa khớp với giấy tờ.",
    ];
}
