using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Payments.Books;

/// <summary>A seller's own books.</summary>
[Authorize(Policy = Roles.Money)]
[Route("/quan-ly/so-tien")]
public sealed class MyBooksController(ProducerRegister producers, Db db, Texts t, TimeProvider clock) : BooksController(db, t, clock)
{
    internal static readonly BooksRoot Root = new("/quan-ly/so-tien", true);

    [HttpGet("")]
    public Task<IActionResult> Show(PeriodForm form, CancellationToken ct) => OwnAsync(id => ShowAsync(id, Root, form, ct), ct);

    [HttpGet("tai-khoan/{account}")]
    public Task<IActionResult> Entries(string account, PeriodForm form, EntryFilter filter, string? sau, CancellationToken ct) =>
        OwnAsync(id => EntriesAsync(id, Root, account, form, filter, sau, ct), ct);

    [HttpGet("bang-ke.{kind:regex(^(pdf|xlsx)$)}")]
    public Task<IActionResult> Paper(string kind, PeriodForm form, CancellationToken ct) => OwnAsync(id => PaperAsync(id, kind, form, ct), ct);

    private async Task<IActionResult> OwnAsync(Func<long, Task<IActionResult>> show, CancellationToken ct) =>
        await producers.OfMemberAsync(Db, User.Id(), ct) is { } own ? await show(own.Id) : SeeOther("/quan-ly/co-so", T["Hãy khai báo cơ sở trước."]);
}
