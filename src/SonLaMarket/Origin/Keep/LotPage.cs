using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Mvc.Rendering;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Origin.Keep;

/// <param name="CorrectedAt">When the diary entry that the block quotes was corrected, and why.</param>
public sealed record BlockRow(
    string Cause, string Note, string[]? NoteArgs, string MadeFrom, DateTimeOffset BlockedAt, DateTimeOffset? LiftedAt, string? LiftReason, DateTimeOffset? AskedAt, DateTimeOffset? CorrectedAt, string? CorrectionReason, bool AwaitsPhoto)
{
    /// <summary>It only bridged the way of a photo.</summary>
    public bool Proven => LiftReason == LotBlocks.Proven;

    /// <summary>Until the end of this day the photo of the label lifts it; null where an officer alone does.</summary>
    public DateOnly? PhotoUntil => AwaitsPhoto && LiftedAt is null ? Vietnamese.Day(BlockedAt).AddDays(LotBlocks.PhotoDays) : null;

    public BlockNote[] Why => [new(Note, NoteArgs, MadeFrom)];

    /// <summary>An officer may lift it. A recall's block goes with the recall.</summary>
    public bool IsOfficers => LiftedAt is null && Cause != "recall";
}

/// <summary>What the fields of an entry are made of (_DiaryFields).</summary>
public abstract record DiaryFields(DiaryForm Form, List<DiaryInput> Inputs, PictureErrors Errors)
{
    /// <summary>Growing areas to choose from, where a lot has none yet.</summary>
    public List<AreaChoice> Areas { get; init; } = [];

    /// <summary>Plant protection first, where a wrong choice costs most (js/inputs.js turns it round for manuring); what may not be used is there to be read, and cannot be chosen.</summary>
    public IEnumerable<SelectListItem> Choices(Texts t)
    {
        var groups = new[] { "Thuốc bảo vệ thực vật", "Phân bón", "Cấm dùng, không chọn được" }.Select(name => new SelectListGroup { Name = t[name] }).ToList();
        return Inputs.Select(i => new SelectListItem(i.Name, i.Code) { Group = groups[i.Forbidden ? 2 : i.Kind == "pesticide" ? 0 : 1], Disabled = i.Forbidden });
    }
}

/// <summary>What a seller sees of one lot.</summary>
/// <param name="Diary">Its newest part.</param>
public sealed record LotPage(
    Lot Lot, Page<DiaryRow> Diary, List<BlockRow> Blocks, List<DiaryInput> Inputs, List<DiaryTemplate> Templates, List<DiaryLinkRow> Links, DiaryForm Form, PictureErrors Errors) : DiaryFields(Form, Inputs, Errors)
{
    private const int Newest = 30;

    /// <summary>The entry that the form corrects, however old; null when it writes a new one.</summary>
    public DiaryRow? Corrected { get; init; }

    /// <summary>What blocks the lot or did: one spraying that two lots of a field have in their diaries is said once.</summary>
    public IEnumerable<BlockRow> Shown => Blocks.DistinctBy(b => (b.Why[0].Matter, b.LiftedAt, b.CorrectedAt));

    /// <summary>What was done on the last day that has entries, to be written down again with one tap.</summary>
    public IEnumerable<DiaryRow> LastDay(DateOnly today) =>
        Diary.Items.Where(e => !e.Corrected && e.DoneOn < today && e.Kind != DiaryKinds.Harvest) is var before && before.Any() ? before.Where(e => e.DoneOn == before.Max(x => x.DoneOn)).Take(6) : [];

    public static async Task<LotPage> LoadAsync(Sql sql, Lot lot, DiaryForm form, CancellationToken ct, PictureErrors? errors = null)
    {
        const string select = $"""
            {DiaryRow.Newest};
            select t.code, t.kind, t.title, t.title_en, t.amount_unit, t.method from origin.product_crop p join origin.diary_template t on coalesce(t.crop, t.category_slug) = p.work where p.product_id = @ProductId order by t.sort;
            select k.id, k.name, k.created_at, k.expires_at from origin.diary_link k where k.lot_id = @lotId and k.ended_at is null order by k.id desc;
            select b.cause, b.note, b.note_args, b.made_from, b.blocked_at, b.lifted_at, b.lift_reason, b.asked_at, c.recorded_at as corrected_at, c.correction_reason, b.awaits_photo
            from origin.lot_block b left join origin.event c on c.corrects_id = b.event_id where b.lot_id = @lotId order by b.id;
            select a.id, a.name from origin.lot l join producers.growing_area a on a.producer_id = l.producer_id
            where l.id = @lotId and {LotHarvest.Placeless} order by a.name collate "vi-x-icu", a.id
            """;
        var (entries, templates, links, blocks, areas) = await sql.MultipleAsync(select, new { lotId = lot.Id, lot.ProductId, DoneOn = (DateOnly?)null, EventId = (Guid?)null, take = Newest + 1 }, async g =>
            ((await g.ReadAsync<DiaryRow>()).AsList(), (await g.ReadAsync<DiaryTemplate>()).AsList(), (await g.ReadAsync<DiaryLinkRow>()).AsList(), (await g.ReadAsync<BlockRow>()).AsList(), (await g.ReadAsync<AreaChoice>()).AsList()), ct);
        return new(lot, DiaryRow.Page(entries, Newest), blocks, await Origin.Inputs.AllAsync(sql, ct), templates, links, form, errors ?? new())
        {
            Areas = areas,
            Corrected = form.Corrects is { } id ? await DiaryRow.FindAsync(sql, lot.Id, id, ct) : null,
        };
    }
}

public sealed record AreaChoice(Guid Id, string Name);

/// <summary>What is the matter with the pictures that were sent.</summary>
public sealed record PictureErrors(string? Photos = null, string? Label = null);

/// <summary>What is usually done for the crop: fills the form.</summary>
public sealed record DiaryTemplate(string Code, string Kind, string Title, string TitleEn, string AmountUnit, string Method);
