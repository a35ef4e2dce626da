using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports.Manage;

/// <summary>Changes a profile: each step shows what real listings become, nothing counts until a new version is saved.</summary>
[Authorize(Policy = Roles.Operator)]
[Route("/quan-tri/xuat-du-lieu/{profile}/sua")]
public sealed class EditorController(ProfileVersions versions, ProfilePreview preview, Db db, Texts t) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Edit(string profile, CancellationToken ct) =>
        await LoadAsync(profile, ct) is { } stored ? View("Edit", await PageAsync(stored.Profile, EditForm.Of(stored.Profile, stored.Version, null), ct)) : NotFound();

    /// <param name="step">What was pressed: "open", "drop", "up" or "down" with a column's place, "add", "close"; nothing for a look at what was typed.</param>
    [HttpPost("xem-thu")]
    public async Task<IActionResult> Try(string profile, EditForm form, [FromForm(Name = "do")] string? step, CancellationToken ct)
    {
        if (await LoadAsync(profile, ct) is not { } stored)
            return NotFound();
        var draft = form.Apply(stored.Profile, ModelState, T);
        if (!ModelState.IsValid)
            return Invalid("Edit", new EditPage(draft, form, null));
        var (columns, open) = Step(draft.Columns, form.Open, step?.Split(':') ?? []);
        draft = draft with { Columns = columns };
        return await ShownAsync(draft, form, open, ct);
    }

    [HttpPost("")]
    [CreatesOnce]
    public async Task<IActionResult> Save(string profile, EditForm form, CancellationToken ct)
    {
        if (await LoadAsync(profile, ct) is not { } stored)
            return NotFound();
        var draft = form.Apply(stored.Profile, ModelState, T) with { Author = await db.SingleAsync<string>("select name from accounts.person where id = @id", new { id = User.Id() }, ct) };
        if (form.Note is null)
            ModelState.AddModelError(nameof(form.Note), T["Hãy ghi phiên bản này đổi gì, vì sao."]);
        if (!ModelState.IsValid)
            return Invalid("Edit", new EditPage(draft, form, null));
        if (draft.Faults().Any())
            return await ShownAsync(draft, form, form.Open, ct);
        if (form.NewCode is { } code)
            return await SaveNewAsync(draft with { Code = code }, stored, form);
        if (draft with { Author = "", Note = "" } is var now && now.Write() == (stored.Profile with { Author = "", Note = "" }).Write())
            ModelState.AddModelError("", T["Không có gì thay đổi."]);
        if (!ModelState.IsValid)
            return Invalid("Edit", new EditPage(draft, form, null));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (form.Version != stored.Version || !await versions.AddAsync(tx, draft, form.Version, User.As(Roles.Operator)))
            return NotNow("Edit", await PageAsync(draft, form, ct), T["Trong lúc bạn sửa, có người đã lưu một phiên bản khác. Hãy mở lại trang và sửa trên phiên bản đó."]);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/quan-tri/xuat-du-lieu/{profile}", T["Đã lưu phiên bản {0}. Tệp sau được tạo theo phiên bản này.", form.Version + 1]);
    }

    private async Task<IActionResult> SaveNewAsync(Profile draft, NewestProfile beside, EditForm form)
    {
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!Profile.IsCode(draft.Code))
            ModelState.AddModelError(nameof(form.NewCode), T["Mã chỉ có chữ thường không dấu, chữ số và dấu gạch nối, dài nhất 40 ký tự."]);
        else if (!await versions.AddAsync(tx, draft, 0, User.As(Roles.Operator)))
            ModelState.AddModelError(nameof(form.NewCode), T["Mã này đã là của một hồ sơ khác."]);
        if (!ModelState.IsValid)
            return Invalid("Edit", new EditPage(draft with { Code = beside.Profile.Code }, form, null));
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/quan-tri/xuat-du-lieu/{draft.Code}", T["Đã lưu hồ sơ mới. Tệp sau được tạo theo hồ sơ này."]);
    }

    /// <summary>The form as the draft is now, with what is wrong with it: where it stands, or with the column's name where that column is not open.</summary>
    private async Task<IActionResult> ShownAsync(Profile draft, EditForm typed, int? open, CancellationToken ct)
    {
        var faults = draft.Faults().ToList();
        if (open is null || faults.TrueForAll(f => f.Column != open))
            open = faults.Find(f => f.Column is not null)?.Column ?? open;
        ModelState.Clear();
        foreach (var fault in faults)
            ModelState.AddModelError(EditPage.FieldOf(fault, open), fault.Column is { } at && at != open ? T["Cột “{0}”: {1}", draft.Columns[at].Name, T[fault.Why]] : T[fault.Why]);
        var form = EditForm.Of(draft, typed.Version, open) with { Note = typed.Note, Sample = typed.Sample, NewCode = typed.NewCode };
        return faults.Count > 0 ? Invalid("Edit", new EditPage(draft, form, null)) : View("Edit", await PageAsync(draft, form, ct));
    }

    private static (Column[] Columns, int? Open) Step(Column[] columns, int? open, string[] step)
    {
        if (step is ["close"])
            return (columns, null);
        if (step is ["add"])
            return ([.. columns, new Column(Enumerable.Range(1, columns.Length + 1).Select(n => "cot_" + n.ToString(CultureInfo.InvariantCulture)).First(n => !Array.Exists(columns, c => c.Name == n)))], columns.Length);
        if (step is not [var what, var place] || !int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at >= columns.Length)
            return (columns, open < columns.Length ? open : null);
        var others = columns.Where((_, i) => i != at).ToList();
        if (what == "open")
            return (columns, at);
        if (what == "drop")
            return (others.Count == 0 ? columns : [.. others], null);
        var to = Math.Clamp(what == "up" ? at - 1 : at + 1, 0, others.Count);
        others.Insert(to, columns[at]);
        return ([.. others], to);
    }

    private async Task<EditPage> PageAsync(Profile draft, EditForm form, CancellationToken ct) => new(draft, form, await preview.OfAsync(draft, form.Sample, ct));

    private Task<NewestProfile?> LoadAsync(string profile, CancellationToken ct) => ProfileVersions.NewestAsync(db, profile, ct);
}

/// <param name="Draft">With what was typed.</param>
/// <param name="Previewed">Null where the draft has faults.</param>
public sealed record EditPage(Profile Draft, EditForm Form, List<PreviewedListing>? Previewed)
{
    /// <summary>The place of the open column, where there is one.</summary>
    public int? Open => Form is { Open: { } at and >= 0, Column: not null } && at < Draft.Columns.Length ? at : null;

    internal static string FieldOf(ProfileFault fault, int? open) => fault.Column is null ? fault.Field : fault.Column == open ? "Column." + (fault.Field == nameof(Exports.Column.Probe) ? nameof(ColumnForm.MinWidth) : fault.Field) : $"Columns[{fault.Column}]";
}
