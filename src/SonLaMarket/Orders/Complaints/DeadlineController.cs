using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Orders.Complaints;

/// <summary>How many days buyers and sellers have, with the law that asks for a time.</summary>
[Authorize(Policy = Roles.Operator)]
[Route("/quan-tri/thoi-han")]
public sealed class DeadlineController(Audit audit, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Edit(CancellationToken ct) => View("Deadlines", await AllAsync(ct));

    [HttpPost("")]
    public async Task<IActionResult> Update(IFormCollection form, CancellationToken ct)
    {
        var all = await AllAsync(ct);
        var typed = all.ToDictionary(d => d.Name, d => int.TryParse(form[d.Name], out var n) && n is >= 1 and <= 60 ? n : (int?)null, StringComparer.Ordinal);
        foreach (var (name, number) in typed)
        {
            ModelState.SetModelValue(name, form[name].ToString(), form[name].ToString());
            if (number is null)
                ModelState.AddModelError(name, T["Số ngày từ 1 đến 60."]);
            else
                ModelState.MarkFieldValid(name);
        }
        if (!ModelState.IsValid)
            return Invalid("Deadlines", all);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        all = await tx.QueryAsync<Deadline>("select name, days, source from orders.deadline order by name for update");
        if (Request.IsOutdated(all))
            return ChangedMeanwhile("Deadlines", all, all.Where(d => typed[d.Name] != d.Days).Select(d => (d.Name, Vietnamese.Number(d.Days))));
        foreach (var before in all.Where(d => typed[d.Name] != d.Days))
        {
            await tx.ExecuteAsync("update orders.deadline set days = @days, changed_at = @now where name = @Name", new { before.Name, days = typed[before.Name], now = clock.GetUtcNow() });
            await audit.WriteAsync(tx, User.As(Roles.Operator), "deadline.change", "deadline:" + before.Name, detail: new { before = before.Days, after = typed[before.Name] });
        }
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-tri/thoi-han", T["Đã lưu."]);
    }

    private Task<List<Deadline>> AllAsync(CancellationToken ct) => db.QueryAsync<Deadline>("select name, days, source from orders.deadline order by name", ct: ct);
}
