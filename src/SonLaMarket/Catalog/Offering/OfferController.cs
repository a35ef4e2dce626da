using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Catalog.Offering;

/// <summary>
/// Goods on sale in six short pages or on one: photo, what, where from, how, for how much, look again – and the label in
/// hand. What is said is kept on the server at every page.
/// </summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/dang-ban")]
public sealed class OfferController(OfferDrafts drafts, ProducerRegister producers, PictureInput pictures, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private DateOnly Today => Vietnamese.Today(clock);

    /// <summary>Goes on with what was begun, or begins.</summary>
    [HttpGet("")]
    public async Task<IActionResult> Index(CancellationToken ct)
    {
        var open = await OfferDrafts.OpenAsync(db, User.Id(), ct);
        return open.Count == 0 ? New() : View("Index", open);
    }

    /// <summary>Makes an address alone: nothing is kept before something was said.</summary>
    [HttpGet("moi")]
    public IActionResult New() => SeeOther($"/quan-ly/dang-ban/{Guid.CreateVersion7(clock.GetUtcNow())}/{OfferSteps.Photo.Slug}");

    /// <summary>Everything on one page, for whoever knows the way.</summary>
    [HttpGet("{id:guid}")]
    public async Task<IActionResult> Whole(Guid id, CancellationToken ct)
    {
        if (await LoadAsync(id, ct) is not { } page)
            return await NobodyAsync(ct);
        return page.Finished ? SeeOther(page.Path + "/tem") : View("Whole", Today is var today && !page.Begun ? page.With(new OfferText { HarvestedOn = Vietnamese.Date(today), Place = OfferPrefill.Add(new(), new(), page.Lists).Place }, today, T) : page);
    }

    [HttpPost("{id:guid}")]
    [RequestSizeLimit(Uploads.MaxRequestBytes)]
    public async Task<IActionResult> Finish(Guid id, OfferForm form, CancellationToken ct)
    {
        if (await LoadAsync(id, ct) is not { } page)
            return NotFound();
        if (page.Finished)
            return SeeOther(page.Path + "/tem");
        if (await TakeAsync(page, form, OfferSteps.Parts) is not { } taken)
            return SeeOther(page.Path + "/tem");
        if (form.Later)
            return Later();
        page = taken;
        return ModelState.IsValid && page.PictureError is null && page.Reading.Offer is { } offer ? await DoneAsync(page, offer) : Refused("Whole", page, page.Reading.Faults);
    }

    [HttpGet("{id:guid}/{step}")]
    public async Task<IActionResult> Step(Guid id, string step, CancellationToken ct)
    {
        if (OfferSteps.Find(step) is not { } at)
            return NotFound();
        if (await LoadAsync(id, ct) is not { } page)
            return await NobodyAsync(ct);
        if (page.Finished)
            return SeeOther(page.Path + "/tem");
        if (at == OfferSteps.Origin && string.IsNullOrEmpty(page.Text.HarvestedOn))
            page = page.With(page.Text with { HarvestedOn = Vietnamese.Date(Today) }, Today, T);
        return View(at == OfferSteps.Check ? "Check" : "Step", page with { Step = at });
    }

    [HttpPost("{id:guid}/{step}")]
    [RequestSizeLimit(Uploads.MaxRequestBytes)]
    public async Task<IActionResult> Save(Guid id, string step, OfferForm form, CancellationToken ct)
    {
        if (OfferSteps.Find(step) is not { } at || await LoadAsync(id, ct) is not { } page)
            return NotFound();
        if (page.Finished)
            return SeeOther(page.Path + "/tem");
        if (at == OfferSteps.Check)
            return page.Reading.Offer is { } offer ? await DoneAsync(page, offer) : Refused("Check", page with { Step = at }, page.Reading.Faults);
        if (await TakeAsync(page, form, at) is not { } taken)
            return SeeOther(page.Path + "/tem");
        if (form.Later)
            return Later();
        page = taken with { Step = at };
        var faults = page.Reading.Faults.Where(f => at.Fields.Contains(f.Field)).ToList();
        return !ModelState.IsValid || faults.Count > 0 || page.PictureError is not null ? Refused("Step", page, faults) : SeeOther($"{page.Path}/{OfferSteps.After(at).Slug}");
    }

    /// <summary>The label in hand, and what comes next.</summary>
    [HttpGet("{id:guid}/tem")]
    public async Task<IActionResult> Done(Guid id, CancellationToken ct) =>
        await OfferDrafts.DoneAsync(db, id, User.Id(), ct) is { } done ? View("Done", done) : NotFound();

    [HttpPost("{id:guid}/xoa")]
    public async Task<IActionResult> Discard(Guid id)
    {
        await using var tx = await db.BeginAsync();
        if (!await drafts.DiscardAsync(tx, id, User.Id()))
            return NotFound();
        await tx.CommitAsync();
        return SeeOther("/quan-ly/tin-dang", T["Đã bỏ bản nháp."]);
    }

    private Task<OfferPage?> LoadAsync(Guid id, CancellationToken ct) => id.Version == 7 ? OfferPage.LoadAsync(db, id, User.Id(), Today, T, ct) : Task.FromResult<OfferPage?>(null);

    /// <summary>Keeps what the form says, photos first, and fills in what follows from it. Kept also where it cannot be read yet. Null when the draft was finished meanwhile.</summary>
    private async Task<OfferPage?> TakeAsync(OfferPage page, OfferForm form, params OfferStep[] steps)
    {
        var actor = User.As(Roles.Seller);
        var said = OfferPrefill.Add(page.Text, form.Said(steps), page.Lists);
        string? pictureError = null;
        if (steps.Contains(OfferSteps.Photo))
        {
            (var ids, pictureError) = await pictures.TakeAsync($"producer:{page.Producer.Id}", form.Kept, form.Removed, Request, actor);
            said = said with { Pictures = ids };
        }
        await using var tx = await db.BeginAsync();
        if (!await drafts.SaveAsync(tx, page.Id, page.Producer.Id, said, User.Id()))
            return null;
        await tx.CommitAsync();
        return (await OfferPage.LoadAsync(db, page.Id, User.Id(), Today, T, CancellationToken.None))! with { PictureError = pictureError };
    }

    private async Task<IActionResult> DoneAsync(OfferPage page, Offer offer)
    {
        await using var tx = await db.BeginAsync();
        if (await drafts.FinishAsync(tx, page.Id, offer, User.Id(), User.As(Roles.Seller)) is null)
            return NotFound();
        await tx.CommitAsync();
        return SeeOther(page.Path + "/tem");
    }

    private ViewResult Refused(string view, OfferPage page, IEnumerable<OfferFault> faults)
    {
        // What was typed is in the draft, and what follows from it too; only what was too long to take is not.
        foreach (var key in ModelState.Where(s => s.Value!.Errors.Count == 0).Select(s => s.Key).ToList())
            ModelState.Remove(key);
        foreach (var fault in faults)
            ModelState.AddModelError(fault.Field, fault.Message);
        if (page.PictureError is not null)
            ModelState.AddModelError(nameof(OfferForm.Photos), page.PictureError);
        return Invalid(view, page);
    }

    private IActionResult Later() => SeeOther("/quan-ly", T["Đã lưu bản nháp. Làm tiếp lúc nào cũng được, trên máy nào cũng được."]);

    /// <summary>Somebody else's draft is not there; whoever has not said who they are does that first.</summary>
    private async Task<IActionResult> NobodyAsync(CancellationToken ct) =>
        await producers.OfMemberAsync(db, User.Id(), ct) is null ? SeeOther("/quan-ly/co-so", T["Hãy khai báo cơ sở trước."]) : NotFound();
}
