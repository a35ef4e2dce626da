using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Origin.Keep;

/// <summary>What a typed entry lacks, and the entry that it makes: the same for a form and for what a phone sends later.</summary>
internal static class EntryReading
{
    /// <summary>Said beside the field where the growing area is missing.</summary>
    public const string NoArea = "Hãy chọn vùng trồng: lần phun thuốc ghi ở lô khác của cùng ruộng cũng tính cho lô này.";

    /// <summary>Beyond these a number or a unit was mistaken: what one entry says is told in public, and may become what the lot holds.</summary>
    private const decimal MostSquareMetres = 100_000_000, MostSprayedMl = 1_000_000_000, MostWateredMl = 100_000_000_000, MostUsed = 1_000_000_000, MostUsedOnSquareMetre = 100_000;

    public static IEnumerable<(string Field, string Message)> Faults(this DiaryForm form, DateOnly today)
    {
        if (form.Kind is not null && !DiaryKinds.Exists(form.Kind))
            yield return (nameof(form.Kind), "Hãy chọn việc đã làm.");
        if (form.DoneOn > today)
            yield return (nameof(form.DoneOn), "Ngày làm không thể ở tương lai.");
        if (form.Kind == DiaryKinds.Spraying && form.InputCode is null && form.InputName is null)
            yield return (nameof(form.InputCode), "Hãy chọn hoạt chất hoặc ghi tên thuốc.");
        if (form is { Kind: DiaryKinds.Spraying, IntervalDays: null, NoLabel: false })
            yield return (nameof(form.IntervalDays), "Hãy ghi thời gian cách ly in trên nhãn thuốc, tính bằng ngày.");
        if (form.Area is not null && DiaryColumns.HasArea(form.Kind) && form.AreaMeasure is not { Base: <= MostSquareMetres })
            yield return (nameof(form.Area), "Hãy ghi số và đơn vị diện tích, ví dụ 3 sào, 500 m2, 1,5 ha; nhiều nhất 10.000 ha.");
        if (form is { Kind: DiaryKinds.Spraying, Volume: not null, VolumeMeasure: not { Base: <= MostSprayedMl } })
            yield return (nameof(form.Volume), "Hãy ghi số và đơn vị, ví dụ 5 bình, 5 bình 20 lít, 80 lít; nhiều nhất 1.000 m3.");
        else if (form.Volume is not null && DiaryColumns.HasVolume(form.Kind) && form.VolumeMeasure is not { Base: <= MostWateredMl })
            yield return (nameof(form.Volume), "Hãy ghi số và đơn vị, ví dụ 200 lít, 15 m3; nhiều nhất 100.000 m3.");
        if (form.Quantity is not null && DiaryColumns.HasQuantity(form.Kind) && form.QuantityMeasure is not { Base: <= LotHarvest.MostGrams })
            yield return (nameof(form.Quantity), "Hãy ghi số và đơn vị khối lượng, ví dụ 3 tạ, 45 kg, 12 yến; nhiều nhất 1.000 tấn.");
        if (form.Amount is { } amount && DiaryKinds.UsesInput(form.Kind) && Measures.Of(1, form.AmountUnit) is { } one && one.Base * amount > (one.BaseUnit.EndsWith("/m2", StringComparison.Ordinal) ? MostUsedOnSquareMetre : MostUsed))
            yield return (nameof(form.Amount), "Lượng dùng nhiều nhất 1.000 tấn, 1.000 m3 hoặc 1.000 tấn/ha. Hãy xem lại số và đơn vị.");
        if (form.Corrects is not null && string.IsNullOrWhiteSpace(form.CorrectionReason))
            yield return (nameof(form.CorrectionReason), "Hãy ghi lý do sửa.");
    }

    /// <param name="id">Made by the client where it may send twice.</param>
    public static DiaryDraft Draft(this DiaryForm f, Guid? id, Guid[] pictures, Guid[] labels)
    {
        var (spraying, input) = (f.Kind == DiaryKinds.Spraying, DiaryKinds.UsesInput(f.Kind));
        return new(
            id, f.Kind!, f.DoneOn!.Value, input ? f.InputCode : null, input ? f.InputName : null, spraying ? f.Target : null, f.Amount, f.AmountUnit,
            spraying && !f.NoLabel ? f.IntervalDays : null, f.Worker, f.Weather, f.Note ?? "", pictures, f.Corrects, f.Corrects is null ? null : f.CorrectionReason)
        {
            More = new(f.AreaMeasure, f.VolumeMeasure, f.QuantityMeasure, spraying && labels.Length > 0 ? labels[0] : null, spraying ? f.LabelSource : null, f.Columns) { IntervalOnlySaid = labels.Length == 0, ActiveIngredient = input ? f.ActiveIngredient : null, GrowingAreaId = f.GrowingArea, AreaNeeded = true },
        };
    }
}
