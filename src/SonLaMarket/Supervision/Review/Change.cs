using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Mvc.Rendering;
using SonLaMarket.Foundation.Text;

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

    [StringLength(1000, ErrorMessage = "Lý do dài nhất 1.000 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? Reason { get; init; }

    public string[]? Checks { get; init; }

    public string[]? Parts { get; init; }

    /// <summary>The chosen sentence and what was typed, as one text.</summary>
    public string Text => string.Join(' ', new[] { Reasons.Templates.FirstOrDefault(t => t == Template), Reason }.Where(r => !string.IsNullOrWhiteSpace(r))).Trim();

    /// <summary>What has to change: the parts that were ticked, and the one that the chosen sentence is about.</summary>
    public string[] Returned(IReadOnlyList<SelectListItem> parts) =>
        [.. parts.Select(p => p.Value).Where(w => Parts?.Contains(w, StringComparer.Ordinal) == true || (Template is not null && Reasons.PartOf.GetValueOrDefault(Template) == w))];

    /// <summary>The boxes of this list that were ticked. A box is sent by its place in the list.</summary>
    public string[] Ticked(string[] list) => [.. list.Where((_, i) => Checks?.Contains(i.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal) == true)];

    /// <summary>What is wrong with a decision, as field and sentence: an approval says that everything was looked at, anything else says why.</summary>
    public (string Field, string Message)? Fault(string decision, string[] list, Texts t) =>
        decision == Decisions.Approve
            ? Ticked(list).Length < list.Length ? (nameof(Checks), t["Hãy xem và đánh dấu đủ {0} mục rồi mới duyệt. Mục nào chưa đạt thì trả lại.", list.Length]) : null
            : Text.Length < 5 ? (nameof(Reason), t["Hãy ghi lý do để người bán biết phải sửa gì."]) : null;
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

    /// <summary>The part of a listing or a producer that a sentence is about.</summary>
    public static readonly Dictionary<string, string> PartOf = new(StringComparer.Ordinal)
    {
        [Templates[0]] = "photo",
        [Templates[1]] = "text",
        [Templates[2]] = "pack",
        [Templates[3]] = "certificates",
        [Templates[4]] = "certificates",
        [Templates[5]] = "identity",
    };
}

/// <summary>What an officer looks at before deciding; the ticked boxes are kept with the decision.</summary>
public static class Checklists
{
    public static readonly string[] Listing =
    [
        "Ảnh đúng sản phẩm, không có số điện thoại hay đường dẫn, hoặc tin không có ảnh",
        "Tên, mô tả không quá sự thật",
        "Giá và quy cách hợp lý",
        "Nguồn gốc, lô hàng, nhật ký: có hay chưa, người mua thấy đúng như vậy",
        "Chứng nhận còn hạn và đúng phạm vi, hoặc tin không nêu chứng nhận",
    ];

    public static readonly string[] Producer =
    [
        "Tên và mã số thuế khớp với đăng ký, hoặc cơ sở chưa có mã số thuế",
        "Địa chỉ thuộc tỉnh",
        "Người đại diện, số điện thoại liên hệ được",
        "Ảnh và giới thiệu phù hợp, hoặc chưa có",
    ];

    public static readonly string[] Certificate = ["Số và nơi cấp khớp với bản chụp hoặc với sổ của nơi cấp", "Phạm vi đúng sản phẩm và diện tích", "Còn hạn"];
}

/// <param name="Path">Where the decision is posted.</param>
/// <param name="Open">The version still waits.</param>
/// <param name="Waiting">Path of the version that waits now, where it is another one.</param>
/// <param name="TooLate">A decision was just refused because the version no longer waits.</param>
/// <param name="Parts">What can be sent back for a change, by its word.</param>
public sealed record DecidePart(string Path, bool Open, bool CanSuspend, string[] Checks, string? Waiting = null, bool TooLate = false, IReadOnlyList<SelectListItem>? Parts = null);
