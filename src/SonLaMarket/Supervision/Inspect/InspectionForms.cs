using System.ComponentModel.DataAnnotations;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;

namespace SonLaMarket.Supervision.Inspect;

public sealed record PlanForm
{
    [Required(ErrorMessage = "Hãy ghi mã lô, mã số vùng trồng hoặc tên cơ sở.")]
    [StringLength(300, ErrorMessage = "Mã hoặc tên dài nhất 300 ký tự.")]
    public string? Subject { get; init; }

    [Required(ErrorMessage = "Hãy ghi ngày dự kiến kiểm tra.")]
    public DateOnly? On { get; init; }

    [Required(ErrorMessage = "Hãy ghi vì sao kiểm tra, từ 5 đến 1.000 ký tự.")]
    [Characters(1000, MinimumLength = 5, ErrorMessage = "Hãy ghi vì sao kiểm tra, từ 5 đến 1.000 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? Purpose { get; init; }
}

public sealed record RecordForm
{
    [Required(ErrorMessage = "Hãy ghi ngày kiểm tra.")]
    public DateOnly? DoneOn { get; init; }

    public string? Way { get; init; }

    /// <summary>One for each of <see cref="InspectionCheck.All"/>, in its order.</summary>
    public List<string?>? Checks { get; init; }

    public string? Conclusion { get; init; }

    [Required(ErrorMessage = "Hãy ghi điều đã thấy, từ 10 đến 2.000 ký tự; mọi người đọc được.")]
    [Characters(2000, MinimumLength = 10, ErrorMessage = "Hãy ghi điều đã thấy, từ 10 đến 2.000 ký tự; mọi người đọc được.")]
    [DataType(DataType.MultilineText)]
    public string? Finding { get; init; }

    public DateOnly? FollowUpOn { get; init; }

    [StringLength(300, ErrorMessage = "Phần mẫu đã lấy dài nhất 300 ký tự.")]
    public string? SampleWhat { get; init; }

    public Guid[]? Kept { get; init; }

    public Guid[]? Removed { get; init; }

    public bool PicturesPublic { get; init; }

    public Dictionary<string, string> Seen
    {
        get
        {
            var seen = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < InspectionCheck.All.Count && i < Checks?.Count; i++)
            {
                if (Checks[i] is InspectionCheck.Met or InspectionCheck.Fault)
                    seen[InspectionCheck.All[i].Code] = Checks[i]!;
            }
            return seen;
        }
    }

    /// <summary>What a form without fault says.</summary>
    public InspectionRecord Written(Guid[] pictures) => new(DoneOn!.Value, Way!, Seen, Conclusion!, Finding!, FollowUpOn, SampleWhat ?? "", pictures) { PicturesPublic = PicturesPublic };

    /// <summary>What the annotations cannot say.</summary>
    public IEnumerable<(string Field, string Message)> Faults(DateOnly today)
    {
        if (DoneOn > today || DoneOn < today.AddYears(-2))
            yield return (nameof(DoneOn), "Ngày kiểm tra không thể ở tương lai hoặc quá hai năm trước.");
        if (Way is null || !InspectionWay.All.Contains(Way))
            yield return (nameof(Way), "Hãy chọn cách ghi.");
        if (Seen.Count == 0)
            yield return ("Checks[0]", "Hãy ghi đã xem gì: ít nhất một mục.");
        if (Conclusion is null || !InspectionConclusion.All.Contains(Conclusion))
            yield return (nameof(Conclusion), "Hãy chọn kết luận.");
        else if (Conclusion == InspectionConclusion.Clear && Seen.ContainsValue(InspectionCheck.Fault))
            yield return (nameof(Conclusion), "Có mục ghi là có lỗi: kết luận phải là có lỗi.");
        if (FollowUpOn <= (DoneOn ?? today))
            yield return (nameof(FollowUpOn), "Ngày kiểm tra lại phải sau ngày kiểm tra.");
        else if (FollowUpOn is null && Conclusion == InspectionConclusion.Mend)
            yield return (nameof(FollowUpOn), "Cơ sở phải sửa lỗi thì cần ngày kiểm tra lại.");
    }
}

public sealed record SampleForm
{
    [Required(ErrorMessage = "Hãy ghi tên phòng thử nghiệm.")]
    [StringLength(160, ErrorMessage = "Tên phòng thử nghiệm dài nhất 160 ký tự.")]
    public string? Laboratory { get; init; }

    [Required(ErrorMessage = "Hãy ghi kết quả, từ 5 đến 1.000 ký tự; mọi người đọc được.")]
    [Characters(1000, MinimumLength = 5, ErrorMessage = "Hãy ghi kết quả, từ 5 đến 1.000 ký tự; mọi người đọc được.")]
    [DataType(DataType.MultilineText)]
    public string? Result { get; init; }

    /// <summary>"no" or "yes".</summary>
    public string? Exceeds { get; init; }

    /// <summary>The report that was sent before and is stored already.</summary>
    public Guid? FileId { get; init; }
}

public sealed record CancelForm
{
    [Required(ErrorMessage = "Hãy ghi vì sao hủy, từ 5 đến 500 ký tự.")]
    [Characters(500, MinimumLength = 5, ErrorMessage = "Hãy ghi vì sao hủy, từ 5 đến 500 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? Reason { get; init; }
}
