using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Exports.OpenData;

/// <summary>When the open data were made, and how they changed; an operator has them made anew.</summary>
[Authorize(Policy = Roles.Operator)]
public sealed class BuildsController(LongTasks tasks, Audit audit, Db db, Texts t) : PageController(t)
{
    private const int Shown = 60;

    [HttpGet("/quan-tri/xuat-du-lieu/du-lieu-mo")]
    public async Task<IActionResult> Index(CancellationToken ct)
    {
        const string select = "select set_code, cause, built_at, rows, added, removed from exports.open_build order by id desc limit @Shown";
        return View("Builds", await db.QueryAsync<BuildRow>(select, new { Shown }, ct));
    }

    [HttpPost("/quan-tri/xuat-du-lieu/du-lieu-mo")]
    [CreatesOnce]
    public async Task<IActionResult> Create()
    {
        await using var tx = await db.BeginAsync();
        var task = await tasks.AskAsync(tx, User.Id(), new Said("Tạo lại dữ liệu mở"), new BuildOpenData(Roles.Operator));
        await audit.WriteAsync(tx, User.As(Roles.Operator), "export.open-data", "export:open-data");
        await tx.CommitAsync();
        return SeeOther($"/quan-tri/viec/{task}");
    }
}

/// <param name="Removed">Rows that only the build before it had.</param>
public sealed record BuildRow(string SetCode, string Cause, DateTimeOffset BuiltAt, int Rows, int Added, int Removed)
{
    public string Title => OpenSet.Find(SetCode)?.Title ?? SetCode;

    public string CauseLabel => Cause switch
    {
        OpenBuilds.Weekly => "hằng tuần",
        Roles.Operator => "người quản trị",
        ExportRuns.Erasure => "xóa dữ liệu cá nhân",
        _ => Cause,
    };
}
