using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.Data;

/// <summary>"Dữ liệu của tôi": see, take along, agree and withdraw, ask, erase. Opened only to who has just proved who they are.</summary>
[Authorize]
[Confirmed]
[Route(Here)]
public sealed class MyDataController(DataRights rights, Consents consents, DataRequests requests, People people, Entrance entrance, Audit audit, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private const string Here = "/tai-khoan/du-lieu";

    /// <summary>So many records of a kind stand on the page; the file has all.</summary>
    private const int Shown = 10;

    [HttpGet("")]
    public async Task<IActionResult> Show(CancellationToken ct) => View("MyData", await PageAsync(new WishForm(), [], ct));

    /// <summary>Everything as a file: JSON for programs, HTML for people.</summary>
    [HttpGet("tai-ve")]
    public async Task<IActionResult> Download([FromQuery(Name = "dang")] string? form, CancellationToken ct)
    {
        var me = await MeAsync(ct);
        var sections = await rights.SeeAsync(db, DataRights.Of(me), DataRights.Everything, ct);
        await using (var tx = await db.BeginAsync(CancellationToken.None))
        {
            await audit.WriteAsync(tx, User.As("self"), "data.copy", $"person:{me.Id}");
            await tx.CommitAsync(CancellationToken.None);
        }
        return DataFile.Of(this, form, sections, clock.GetUtcNow(), T);
    }

    [HttpPost("dong-y")]
    public async Task<IActionResult> Say(string? purpose, bool given)
    {
        if (ConsentPurpose.Find(purpose) is not { } about)
            return NotFound();
        await using var tx = await db.BeginAsync();
        await consents.SayAsync(tx, User.Id(), about, given);
        await tx.CommitAsync();
        return SeeOther(Here, given ? T["Đã ghi: bạn đồng ý. Rút lại bất cứ lúc nào ở đây."] : T["Đã ghi: bạn rút đồng ý."]);
    }

    [HttpPost("yeu-cau")]
    [CreatesOnce]
    public async Task<IActionResult> Ask([Bind(Prefix = "Form")] WishForm form, CancellationToken ct)
    {
        var kind = DataRequestKind.Find(form.Kind);
        if (form.Kind is not null && kind is null)
            ModelState.AddModelError("Form.Kind", T["Hãy chọn yêu cầu."]);
        if (!ModelState.IsValid)
            return Invalid("MyData", await PageAsync(form, [], ct));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var code = await requests.OpenAsync(tx, DataRights.Of(await MeAsync(ct)), kind!, form.Wish!, User.As("self"));
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther(Here, T["Đã nhận yêu cầu {0}. Chúng tôi trả lời trong 2 ngày làm việc.", code]);
    }

    /// <summary>At once; where something is still on its way, the wish is kept as a request with its clock.</summary>
    [HttpPost("xoa")]
    public async Task<IActionResult> Erase(CancellationToken ct)
    {
        var me = await MeAsync(ct);
        var subject = DataRights.Of(me);
        var erase = DataRequestKind.Find(DataRequestKind.Erase)!;
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var hindrances = await rights.HindrancesAsync(tx, subject, ct);
        if (hindrances.Count > 0)
        {
            if (!(await requests.OfPersonAsync(tx, me.Id, ct)).Exists(r => r.Open && r.Kind == DataRequestKind.Erase))
                await requests.OpenAsync(tx, subject, erase, "", User.As("self"));
            await tx.CommitAsync(CancellationToken.None);
            Response.StatusCode = StatusCodes.Status409Conflict;
            return View("MyData", await PageAsync(new WishForm(), hindrances, ct));
        }
        var code = await requests.OpenAsync(tx, subject, erase, "", User.As("self"));
        await rights.EraseAsync(tx, subject, User.As("self"));
        await requests.CloseAsync(tx, code, "done", "", User.As("self"));
        await tx.CommitAsync(CancellationToken.None);
        await entrance.EndAsync(HttpContext);
        return SeeOther("/da-xoa-du-lieu");
    }

    [AllowAnonymous]
    [HttpGet("/da-xoa-du-lieu")]
    public IActionResult Erased() => View("Erased");

    private async Task<MyDataPage> PageAsync(WishForm form, IReadOnlyList<string> hindrances, CancellationToken ct)
    {
        var me = await MeAsync(ct);
        return new(await rights.SeeAsync(db, DataRights.Of(me), Shown, ct), await consents.OfPersonAsync(db, me.Id, ct), await requests.OfPersonAsync(db, me.Id, ct), hindrances, form, Vietnamese.Today(clock), Shown);
    }

    private async Task<Person> MeAsync(CancellationToken ct) => (await people.FindAsync(db, User.Id(), ct))!;
}

/// <param name="Hindrances">Why erasing was not possible just now.</param>
/// <param name="Shown">At most so many records of a kind stand here.</param>
public sealed record MyDataPage(
    List<DataSection> Sections, IReadOnlyList<ConsentState> Consents, List<DataRequest> Requests, IReadOnlyList<string> Hindrances, WishForm Form, DateOnly Today, int Shown);

public sealed record WishForm
{
    [Required(ErrorMessage = "Hãy chọn yêu cầu.")]
    public string? Kind { get; init; }

    [Required(ErrorMessage = "Hãy viết điều bạn muốn.")]
    [StringLength(2000, ErrorMessage = "Nội dung dài nhất 2.000 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? Wish { get; init; }
}
