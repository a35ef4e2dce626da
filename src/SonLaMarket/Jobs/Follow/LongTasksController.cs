using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Jobs.Follow;

/// <summary>Everybody's own long tasks: what runs, how far it has come, what came of it. The same page for sellers, officers and operators.</summary>
public sealed class LongTasksController(Db db, Texts t) : PageController(t)
{
    private const int Take = 30;

    /// <summary>Whoever works for a producer, also those who only keep its diary: they print its labels too.</summary>
    [Authorize(Policy = Roles.Diary)]
    [HttpGet("/quan-ly/viec")]
    public Task<IActionResult> OfMember(string? sau, CancellationToken ct) => ListAsync("/quan-ly/viec", sau, ct);

    [Authorize(Policy = Roles.Officer)]
    [HttpGet("/so-cong-thuong/viec")]
    public Task<IActionResult> OfOfficer(string? sau, CancellationToken ct) => ListAsync("/so-cong-thuong/viec", sau, ct);

    [Authorize(Policy = Roles.Operator)]
    [HttpGet("/quan-tri/viec")]
    public Task<IActionResult> OfOperator(string? sau, CancellationToken ct) => ListAsync("/quan-tri/viec", sau, ct);

    [Authorize(Policy = Roles.Diary)]
    [HttpGet("/quan-ly/viec/{id:guid}")]
    public Task<IActionResult> ShowToMember(Guid id, CancellationToken ct) => ShowAsync("/quan-ly/viec", id, ct);

    [Authorize(Policy = Roles.Officer)]
    [HttpGet("/so-cong-thuong/viec/{id:guid}")]
    public Task<IActionResult> ShowToOfficer(Guid id, CancellationToken ct) => ShowAsync("/so-cong-thuong/viec", id, ct);

    [Authorize(Policy = Roles.Operator)]
    [HttpGet("/quan-tri/viec/{id:guid}")]
    public Task<IActionResult> ShowToOperator(Guid id, CancellationToken ct) => ShowAsync("/quan-tri/viec", id, ct);

    private async Task<IActionResult> ListAsync(string list, string? sau, CancellationToken ct)
    {
        var before = Cursor.Parse(sau, 1) is [var id] && Guid.TryParse(id, out var key) ? key : (Guid?)null;
        return View("Index", new TaskListPage(list, await LongTasks.PageAsync(db, User.Id(), before, Take, ct)));
    }

    private async Task<IActionResult> ShowAsync(string list, Guid id, CancellationToken ct) =>
        await LongTasks.FindAsync(db, id, User.Id(), ct) is { } task ? View("Show", new TaskPage(list, task)) : NotFound();
}

public sealed record TaskListPage(string Path, Page<LongTask> Tasks);

public sealed record TaskPage(string List, LongTask Task);
