using System.ComponentModel.DataAnnotations;
using Dapper;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Origin.Keep;

public sealed record DiaryRow(
    Guid EventId, string Kind, DateOnly DoneOn, string? InputName, string? ActiveIngredient, string? Target, decimal? Amount, string? AmountUnit, int? IntervalDays,
    string? IntervalSource, string? Worker, string? Weather, string Note, Guid[] PictureIds, DateTimeOffset RecordedAt, string? PersonName, bool Corrected, string? CorrectionReason)
{
    /// <summary>What was used, how much of it, the interval and who did it, in one line; empty when nothing was said.</summary>
    public string What(Texts t) => string.Join(" · ", new[]
    {
        string.Join(' ', new[] { InputName, Amount is { } amount ? Vietnamese.Number(amount) + " " + AmountUnit : null }.OfType<string>()),
        IntervalDays is null ? "" : t["Cách ly {0} ngày (theo nhãn)", IntervalDays],
        Worker ?? "",
    }.Where(s => s.Length > 0));
}

/// <param name="CorrectedAt">When the diary entry that the block quotes was corrected, and why.</param>
public sealed record BlockRow(
    string Cause, string Note, DateTimeOffset BlockedAt, DateTimeOffset? LiftedAt, string? LiftReason, DateTimeOffset? AskedAt, DateTimeOffset? CorrectedAt, string? CorrectionReason)
{
    /// <summary>An officer may lift it. A recall's block goes with the recall.</summary>
    public bool IsOfficers => LiftedAt is null && Cause != "recall";
}

/// <summary>What a seller sees of one lot.</summary>
public sealed record LotPage(Lot Lot, List<DiaryRow> Entries, List<BlockRow> Blocks, List<DiaryInput> Inputs, DiaryForm Form, string? PictureError = null)
{
    /// <summary>The entry that the form corrects; null when it writes a new one.</summary>
    public DiaryRow? Corrected => Form.Corrects is { } id ? Entries.Find(e => e.EventId == id) : null;

    public static async Task<LotPage> LoadAsync(Sql sql, Lot lot, DiaryForm form, CancellationToken ct, string? pictureError = null)
    {
        const string select = """
            select d.event_id, d.kind, d.done_on, d.input_name, d.active_ingredient, d.target, d.amount, d.amount_unit, d.interval_days, d.interval_source, d.worker, d.weather, d.note, d.picture_ids,
              e.recorded_at, p.name as person_name, exists (select 1 from origin.event x where x.corrects_id = e.id) as corrected, e.correction_reason
            from origin.diary_entry d join origin.event e on e.id = d.event_id left join accounts.person p on p.id = e.person_id
            where d.lot_id = @Id order by d.done_on desc, e.recorded_at desc limit 200;
            select b.cause, b.note, b.blocked_at, b.lifted_at, b.lift_reason, b.asked_at, c.recorded_at as corrected_at, c.correction_reason
            from origin.lot_block b left join origin.event c on c.corrects_id = b.event_id where b.lot_id = @Id order by b.id
            """;
        var (entries, blocks) = await sql.MultipleAsync(select, new { lot.Id }, async g => ((await g.ReadAsync<DiaryRow>()).AsList(), (await g.ReadAsync<BlockRow>()).AsList()), ct);
        return new(lot, entries, blocks, await Origin.Inputs.AllAsync(sql, ct), form, pictureError);
    }
}

public sealed record DiaryForm
{
    [Required(ErrorMessage = "Hãy chọn việc đã làm.")]
    public string? Kind { get; init; }

    [Required(ErrorMessage = "Hãy nhập ngày làm.")]
    public DateOnly? DoneOn { get; init; }

    public string? InputCode { get; init; }

    [StringLength(120, ErrorMessage = "Tên vật tư dài nhất 120 ký tự.")]
    public string? InputName { get; init; }

    [StringLength(120, ErrorMessage = "Đối tượng dài nhất 120 ký tự.")]
    public string? Target { get; init; }

    [Range(0.001, 1_000_000, ErrorMessage = "Lượng dùng từ 0,001 đến 1.000.000.")]
    public decimal? Amount { get; init; }

    [StringLength(30, ErrorMessage = "Đơn vị dài nhất 30 ký tự.")]
    public string? AmountUnit { get; init; }

    [Range(0, 365, ErrorMessage = "Thời gian cách ly từ 0 đến 365 ngày.")]
    public int? IntervalDays { get; init; }

    [StringLength(120, ErrorMessage = "Tên người làm dài nhất 120 ký tự.")]
    public string? Worker { get; init; }

    [StringLength(60, ErrorMessage = "Thời tiết dài nhất 60 ký tự.")]
    public string? Weather { get; init; }

    [StringLength(2000, ErrorMessage = "Ghi chú dài nhất 2.000 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? Note { get; init; }

    /// <summary>The entry that this one corrects.</summary>
    public Guid? Corrects { get; init; }

    [StringLength(300, ErrorMessage = "Lý do sửa dài nhất 300 ký tự.")]
    public string? CorrectionReason { get; init; }

    public Guid[]? Kept { get; init; }

    /// <summary>More than what was done, when and with what: worker or weather.</summary>
    internal bool TellsMore => Worker is not null || Weather is not null;

    public Guid[]? Removed { get; init; }
}
