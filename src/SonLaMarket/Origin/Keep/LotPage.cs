using System.ComponentModel.DataAnnotations;
using Dapper;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Origin.Keep;

/// <param name="CorrectedAt">When the diary entry that the block quotes was corrected, and why.</param>
public sealed record BlockRow(
    string Cause, string Note, DateTimeOffset BlockedAt, DateTimeOffset? LiftedAt, string? LiftReason, DateTimeOffset? AskedAt, DateTimeOffset? CorrectedAt, string? CorrectionReason)
{
    /// <summary>An officer may lift it. A recall's block goes with the recall.</summary>
    public bool IsOfficers => LiftedAt is null && Cause != "recall";
}

/// <summary>What a seller sees of one lot.</summary>
public sealed record LotPage(
    Lot Lot, List<DiaryRow> Entries, List<BlockRow> Blocks, List<DiaryInput> Inputs, List<DiaryTemplate> Templates, List<DiaryLinkRow> Links, DiaryForm Form, PictureErrors Errors)
{
    /// <summary>The entry that the form corrects; null when it writes a new one.</summary>
    public DiaryRow? Corrected => Form.Corrects is { } id ? Entries.Find(e => e.EventId == id) : null;

    /// <summary>What was done on the last day that has entries, to be written down again with one tap.</summary>
    public IEnumerable<DiaryRow> LastDay(DateOnly today) =>
        Entries.Where(e => !e.Corrected && e.DoneOn < today && e.Kind != DiaryKinds.Harvest) is var before && before.Any() ? before.Where(e => e.DoneOn == before.Max(x => x.DoneOn)).Take(6) : [];

    public static async Task<LotPage> LoadAsync(Sql sql, Lot lot, DiaryForm form, CancellationToken ct, PictureErrors? errors = null)
    {
        const string select = $"""
            {DiaryRow.Select} where d.lot_id = @Id order by d.done_on desc, e.recorded_at desc limit 200;
            select t.code, t.kind, t.title, t.title_en, t.amount_unit, t.method from origin.diary_template t join producers.product p on p.category_slug = t.category_slug where p.id = @ProductId order by t.sort;
            select k.id, k.name, k.created_at, k.expires_at from origin.diary_link k where k.lot_id = @Id and k.ended_at is null order by k.id desc;
            select b.cause, b.note, b.blocked_at, b.lifted_at, b.lift_reason, b.asked_at, c.recorded_at as corrected_at, c.correction_reason
            from origin.lot_block b left join origin.event c on c.corrects_id = b.event_id where b.lot_id = @Id order by b.id
            """;
        var (entries, templates, links, blocks) = await sql.MultipleAsync(select, new { lot.Id, lot.ProductId }, async g =>
            ((await g.ReadAsync<DiaryRow>()).AsList(), (await g.ReadAsync<DiaryTemplate>()).AsList(), (await g.ReadAsync<DiaryLinkRow>()).AsList(), (await g.ReadAsync<BlockRow>()).AsList()), ct);
        return new(lot, entries, blocks, await Origin.Inputs.AllAsync(sql, ct), templates, links, form, errors ?? new());
    }
}

/// <summary>What is the matter with the pictures that were sent.</summary>
public sealed record PictureErrors(string? Photos = null, string? Label = null);

/// <summary>What is usually done for the crop: fills the form.</summary>
public sealed record DiaryTemplate(string Code, string Kind, string Title, string TitleEn, string AmountUnit, string Method);
