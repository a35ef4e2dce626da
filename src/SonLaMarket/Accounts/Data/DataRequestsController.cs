using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.Data;

/// <summary>Requests about personal data with the law's clocks, for operators; and who agrees to be written to.</summary>
[Authorize(Policy = Roles.Operator)]
[Route(Here)]
public sealed class DataRequestsController(DataRequests requests, DataRights rights, Consents consents, People people, Messages messages, Audit audit, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private const string Here = "/quan-tri/du-lieu-ca-nhan";
    private const int Take = 50;

    [HttpGet("")]
    public async Task<IActionResult> Index([FromQuery(Name = "tat-ca")] bool all, string? sau, CancellationToken ct)
    {
        const string counts = "select count(*)::int as open, count(*) filter (where due_on < @today or answered_at is null and answer_by < @today)::int as late from accounts.data_request where closed_at is null";
        var page = all ? await requests.AllAsync(db, sau, Take, ct) : await requests.OpenAsync(db, sau, Take, ct);
        var today = Vietnamese.Today(clock);
        return View("Requests", new DataRequestsPage(all, page, await db.SingleAsync<DataRequestCounts>(counts, new { today }, ct), await consents.CountAsync(db, ct), today));
    }

    [HttpGet("{code}")]
    public async Task<IActionResult> Show(string code, CancellationToken ct) =>
        await requests.FindAsync(db, code, ct) is { } request ? View("Request", await PageAsync(request, new AnswerForm(), ct)) : NotFound();

    [HttpPost("{code}/tra-loi")]
    public Task<IActionResult> Answer(string code, [Bind(Prefix = "Form")] AnswerForm form, CancellationToken ct) => DecideAsync(code, form, T["Đã ghi câu trả lời."], (tx, answer) => requests.AnswerAsync(tx, code, answer, User.As(Roles.Operator)), ct);

    [HttpPost("{code}/da-lam")]
    public Task<IActionResult> Done(string code, [Bind(Prefix = "Form")] AnswerForm form, CancellationToken ct) => DecideAsync(code, form, T["Đã đóng yêu cầu."], (tx, answer) => requests.CloseAsync(tx, code, "done", answer, User.As(Roles.Operator)), ct);

    [HttpPost("{code}/tu-choi")]
    public Task<IActionResult> Refuse(string code, [Bind(Prefix = "Form")] AnswerForm form, CancellationToken ct) => DecideAsync(code, form, T["Đã đóng yêu cầu."], (tx, answer) => requests.CloseAsync(tx, code, "refused", answer, User.As(Roles.Operator)), ct);

    /// <summary>Does what an erasure asks for, once nothing hinders it any more.</summary>
    [HttpPost("{code}/xoa")]
    public async Task<IActionResult> Erase(string code, CancellationToken ct)
    {
        if (await requests.FindAsync(db, code, ct) is not { } request)
            return NotFound();
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var subject = await SubjectAsync(tx, request, ct);
        if (request is not { Open: true, Kind: DataRequestKind.Erase } || (await rights.HindrancesAsync(tx, subject, ct)).Count > 0)
            return Conflict();
        await rights.EraseAsync(tx, subject, User.As(Roles.Operator));
        await requests.CloseAsync(tx, code, "done", "", User.As(Roles.Operator));
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther(Here, T["Đã xóa dữ liệu và đóng yêu cầu {0}.", code]);
    }

    /// <summary>Who agrees to a purpose now, for the operator's own sending.</summary>
    [HttpGet("dong-y.csv")]
    public async Task<IActionResult> Agreeing([FromQuery(Name = "muc")] string? purpose, CancellationToken ct)
    {
        if (ConsentPurpose.Find(purpose) is not { } about)
            return NotFound();
        var csv = new StringBuilder("\uFEFFname,phone,email,agreed_at,text_version\r\n");
        foreach (var c in await consents.AgreeingAsync(db, about.Word, ct))
            csv.Append(Cell(c.Name)).Append(',').Append(Cell(c.Phone is null ? "" : Vietnamese.ShowPhone(c.Phone).Replace('\u00a0', ' '))).Append(',').Append(Cell(c.Email ?? "")).Append(',').Append(c.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)).Append(',').Append(c.TextVersion).Append("\r\n");
        await using var tx = await db.BeginAsync(CancellationToken.None);
        await audit.WriteAsync(tx, User.As(Roles.Operator), "data.list", "consent:" + about.Word);
        await tx.CommitAsync(CancellationToken.None);
        return File(Encoding.UTF8.GetBytes(csv.ToString()), "text/csv; charset=utf-8", $"dong-y-{about.Word}.csv");
    }

    private async Task<IActionResult> DecideAsync(string code, AnswerForm form, string done, Func<Tx, string, Task<bool>> decide, CancellationToken ct)
    {
        if (await requests.FindAsync(db, code, ct) is not { } request)
            return NotFound();
        if (!request.Open)
            return Conflict();
        if (!ModelState.IsValid)
            return Invalid("Request", await PageAsync(request, form, ct));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await decide(tx, form.Answer!))
            return Conflict();
        await messages.TellAsync(tx, await ContactsAsync(tx, request, ct), "data-request", code, T["Trả lời yêu cầu {0} về dữ liệu cá nhân của bạn trên SonLaMarket: {1}", code, form.Answer]);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"{Here}/{code}", done);
    }

    private async Task<DataRequestPage> PageAsync(DataRequest request, AnswerForm form, CancellationToken ct)
    {
        var person = request.PersonId is { } id ? await people.FindAsync(db, id, ct) : null;
        var hindrances = request is { Open: true, Kind: DataRequestKind.Erase } ? await rights.HindrancesAsync(db, await SubjectAsync(db, request, ct), ct) : [];
        return new(request, person?.Name, string.Join(", ", (await ContactsAsync(db, request, ct)).Select(c => c.Show)), hindrances, form, Vietnamese.Today(clock));
    }

    private async Task<IEnumerable<Contact>> ContactsAsync(Sql sql, DataRequest request, CancellationToken ct) =>
        request.PersonId is { } id ? (await people.FindAsync(sql, id, ct))!.Contacts : request.Contact.Length > 0 ? [new Contact(request.Contact)] : [];

    private async Task<DataSubject> SubjectAsync(Sql sql, DataRequest request, CancellationToken ct) => request.PersonId is { } id
        ? DataRights.Of((await people.FindAsync(sql, id, ct))!)
        : new DataSubject(null, "", request.Contact.Length > 0 ? request.Contact : null, null, request.PurchaseCode);

    private static string Cell(string text) => $"\"{CsvText.Safe(text).Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

public sealed record DataRequestCounts(int Open, int Late);

public sealed record DataRequestsPage(bool All, Page<DataRequest> Page, DataRequestCounts Counts, IReadOnlyList<(ConsentPurpose Purpose, int People)> Agreeing, DateOnly Today);

/// <param name="Name">Of the account's owner; null for a guest.</param>
public sealed record DataRequestPage(DataRequest Request, string? Name, string Contacts, IReadOnlyList<string> Hindrances, AnswerForm Form, DateOnly Today);

public sealed record AnswerForm
{
    [Required(ErrorMessage = "Hãy viết câu trả lời cho người yêu cầu.")]
    [Characters(2000, MinimumLength = 10, ErrorMessage = "Câu trả lời cần từ 10 đến 2.000 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? Answer { get; init; }
}
