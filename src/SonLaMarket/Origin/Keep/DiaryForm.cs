using System.ComponentModel.DataAnnotations;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin.Keep;

/// <summary>An entry as it is typed. Measures are text with their unit ("3 sào"), read by <see cref="Measures"/>.</summary>
public sealed record DiaryForm
{
    private const int Line = 120;
    private const string TooLong = "Mục này dài nhất 120 ký tự.";

    [Required(ErrorMessage = "Hãy chọn việc đã làm.")]
    public string? Kind { get; init; }

    [Required(ErrorMessage = "Hãy nhập ngày làm.")]
    public DateOnly? DoneOn { get; init; }

    /// <summary>Asked where the lot has no growing area yet and its producer has some.</summary>
    public Guid? GrowingArea { get; init; }

    public string? InputCode { get; init; }

    [StringLength(120, ErrorMessage = "Tên vật tư dài nhất 120 ký tự.")]
    public string? InputName { get; init; }

    /// <summary>As the label says it, of an input that is not in the list.</summary>
    [StringLength(Line, ErrorMessage = TooLong)]
    public string? ActiveIngredient { get; init; }

    [StringLength(120, ErrorMessage = "Đối tượng dài nhất 120 ký tự.")]
    public string? Target { get; init; }

    [Range(0.001, 1_000_000, ErrorMessage = "Lượng dùng từ 0,001 đến 1.000.000.")]
    public decimal? Amount { get; init; }

    [StringLength(30, ErrorMessage = "Đơn vị dài nhất 30 ký tự.")]
    public string? AmountUnit { get; init; }

    [StringLength(60, ErrorMessage = "Mục này dài nhất 60 ký tự.")]
    public string? Area { get; init; }

    [StringLength(60, ErrorMessage = "Mục này dài nhất 60 ký tự.")]
    public string? Volume { get; init; }

    [StringLength(60, ErrorMessage = "Mục này dài nhất 60 ký tự.")]
    public string? Quantity { get; init; }

    [Range(0, 365, ErrorMessage = "Thời gian cách ly từ 0 đến 365 ngày.")]
    [DataType(TypedBinder.Days)]
    public int? IntervalDays { get; init; }

    /// <summary>The label is gone or cannot be read: then no interval is known, and a harvest is blocked.</summary>
    public bool NoLabel { get; init; }

    [StringLength(Line, ErrorMessage = TooLong)]
    public string? LabelSource { get; init; }

    [StringLength(120, ErrorMessage = "Tên người làm dài nhất 120 ký tự.")]
    public string? Worker { get; init; }

    [StringLength(60, ErrorMessage = "Thời tiết dài nhất 60 ký tự.")]
    public string? Weather { get; init; }

    [StringLength(Line, ErrorMessage = TooLong)]
    public string? Variety { get; init; }

    [StringLength(Line, ErrorMessage = TooLong)]
    public string? SeedSource { get; init; }

    [StringLength(Line, ErrorMessage = TooLong)]
    public string? Method { get; init; }

    [StringLength(Line, ErrorMessage = TooLong)]
    public string? Equipment { get; init; }

    [StringLength(Line, ErrorMessage = TooLong)]
    public string? Reentry { get; init; }

    [StringLength(Line, ErrorMessage = TooLong)]
    public string? BoughtFrom { get; init; }

    [StringLength(Line, ErrorMessage = TooLong)]
    public string? Batch { get; init; }

    [StringLength(Line, ErrorMessage = TooLong)]
    public string? Buyer { get; init; }

    [StringLength(Line, ErrorMessage = TooLong)]
    public string? Grade { get; init; }

    [StringLength(Line, ErrorMessage = TooLong)]
    public string? Result { get; init; }

    [StringLength(2000, ErrorMessage = "Ghi chú dài nhất 2.000 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? Note { get; init; }

    /// <summary>The entry that this one corrects.</summary>
    public Guid? Corrects { get; init; }

    [StringLength(300, ErrorMessage = "Lý do sửa dài nhất 300 ký tự.")]
    public string? CorrectionReason { get; init; }

    public Guid[]? Kept { get; init; }

    public Guid[]? Removed { get; init; }

    public Guid[]? LabelKept { get; init; }

    public Guid[]? LabelRemoved { get; init; }

    /// <summary>The side columns that apply to the kind and were filled.</summary>
    internal Dictionary<string, string> Columns => new (string Word, string? Value)[]
    {
        ("variety", Variety), ("seedSource", SeedSource), ("method", Method), ("equipment", Equipment), ("reentry", Reentry),
        ("boughtFrom", BoughtFrom), ("batch", Batch), ("buyer", Buyer), ("grade", Grade), ("result", Result),
    }.Where(c => !string.IsNullOrWhiteSpace(c.Value) && DiaryColumns.Has(Kind, c.Word)).ToDictionary(c => c.Word, c => c.Value!, StringComparer.Ordinal);

    internal Measure? AreaMeasure => DiaryColumns.HasArea(Kind) ? Measures.Parse(Area, "m2") : null;

    internal Measure? VolumeMeasure => DiaryColumns.HasVolume(Kind) ? Measures.Parse(Volume, "ml") : null;

    internal Measure? QuantityMeasure => DiaryColumns.HasQuantity(Kind) ? Measures.Parse(Quantity, "g") : null;

    /// <summary>The form filled with what an entry says.</summary>
    internal static DiaryForm Of(DiaryRow entry)
    {
        var columns = entry.Columns;
        return new()
        {
            Kind = entry.Kind,
            DoneOn = entry.DoneOn,
            InputCode = entry.InputCode,
            InputName = entry.InputName,
            ActiveIngredient = entry.InputCode is null ? entry.ActiveIngredient : null,
            Target = entry.Target,
            Amount = entry.Amount,
            AmountUnit = entry.AmountUnit,
            Area = entry.Area,
            Volume = entry.Volume,
            Quantity = entry.Quantity,
            IntervalDays = entry.IntervalDays,
            NoLabel = entry is { Kind: DiaryKinds.Spraying, IntervalDays: null },
            LabelSource = entry.LabelSource,
            LabelKept = entry.LabelPictureId is { } label ? [label] : [],
            Worker = entry.Worker,
            Weather = entry.Weather,
            Variety = columns.GetValueOrDefault("variety"),
            SeedSource = columns.GetValueOrDefault("seedSource"),
            Method = columns.GetValueOrDefault("method"),
            Equipment = columns.GetValueOrDefault("equipment"),
            Reentry = columns.GetValueOrDefault("reentry"),
            BoughtFrom = columns.GetValueOrDefault("boughtFrom"),
            Batch = columns.GetValueOrDefault("batch"),
            Buyer = columns.GetValueOrDefault("buyer"),
            Grade = columns.GetValueOrDefault("grade"),
            Result = columns.GetValueOrDefault("result"),
            Note = entry.Note,
            Kept = entry.PictureIds,
        };
    }
}
