using System.Globalization;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts;

/// <summary>What somebody may ask about their data, and within how many days the law wants it done (Nghị định 356/2025/NĐ-CP, Điều 5).</summary>
/// <param name="Word">As stored.</param>
/// <param name="Days">Calendar days.</param>
public sealed record DataRequestKind(string Word, string Label, int Days)
{
    public const string Erase = "erase";

    public static readonly DataRequestKind[] All =
    [
        new("see", "Xem dữ liệu", 10),
        new("correct", "Sửa dữ liệu", 10),
        new("copy", "Nhận bản sao", 10),
        new("withdraw", "Rút đồng ý", 15),
        new("restrict", "Hạn chế xử lý", 15),
        new("object", "Phản đối xử lý", 15),
        new(Erase, "Xóa dữ liệu", 20),
    ];

    /// <summary>The first answer: two working days. Public holidays count as working days here, so that we are early rather than late.</summary>
    private const int WorkingDaysToAnswer = 2;

    public static DataRequestKind? Find(string? word) => Array.Find(All, k => k.Word == word);

    public static string LabelOf(string word) => Find(word)?.Label ?? word;

    public static DateOnly AnswerBy(DateOnly opened)
    {
        var day = opened;
        for (var left = WorkingDaysToAnswer; left > 0;)
        {
            day = day.AddDays(1);
            if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
                left--;
        }
        return day;
    }

    public DateOnly DueOn(DateOnly opened) => opened.AddDays(Days);
}

/// <param name="PersonId">Null for a guest; then <paramref name="PurchaseCode"/> says which order, and <paramref name="Contact"/> where the answer goes.</param>
public sealed record DataRequest(
    long Id, string Code, long? PersonId, string? PurchaseCode, string Contact, string Kind, string Wish, DateTimeOffset OpenedAt, DateOnly AnswerBy, DateOnly DueOn,
    DateTimeOffset? AnsweredAt, DateTimeOffset? ClosedAt, string? Outcome, string Answer)
{
    public bool Open => ClosedAt is null;

    public bool AnswerOverdue(DateOnly today) => Open && AnsweredAt is null && AnswerBy < today;

    public bool Overdue(DateOnly today) => Open && DueOn < today;
}

/// <summary>Requests about personal data, each with the law's clocks from the day it came.</summary>
public sealed class DataRequests(Audit audit, TimeProvider clock)
{
    private const string Columns = "id, code, person_id, purchase_code, contact, kind, wish, opened_at, answer_by, due_on, answered_at, closed_at, outcome, answer";

    /// <summary>The request's code.</summary>
    public async Task<string> OpenAsync(Tx tx, DataSubject subject, DataRequestKind kind, string wish, Actor actor)
    {
        const string insert = """
            insert into accounts.data_request (code, person_id, purchase_code, contact, kind, wish, opened_at, answer_by, due_on)
            values (@code, @PersonId, @purchase, @contact, @Word, @wish, @now, @answerBy, @dueOn)
            """;
        var code = Codes.Random(8);
        var today = Vietnamese.Today(clock);
        await tx.ExecuteAsync(insert, new { code, subject.PersonId, purchase = subject.PersonId is null ? subject.Purchase : null, contact = subject.PersonId is null ? subject.Phone ?? "" : "", kind.Word, wish, now = clock.GetUtcNow(), answerBy = DataRequestKind.AnswerBy(today), dueOn = kind.DueOn(today) });
        await audit.WriteAsync(tx, actor, "data.ask", "data-request:" + code, detail: new { kind = kind.Word });
        return code;
    }

    public Task<DataRequest?> FindAsync(Sql sql, string code, CancellationToken ct = default) =>
        sql.FirstOrDefaultAsync<DataRequest>($"select {Columns} from accounts.data_request where code = @code", new { code }, ct);

    public Task<List<DataRequest>> OfPersonAsync(Sql sql, long personId, CancellationToken ct = default) =>
        sql.QueryAsync<DataRequest>($"select {Columns} from accounts.data_request where person_id = @personId order by id desc limit 50", new { personId }, ct);

    /// <summary>The newest first.</summary>
    public async Task<Page<DataRequest>> AllAsync(Sql sql, string? after, int take, CancellationToken ct)
    {
        var before = Cursor.Parse(after, 1) is [var id] && long.TryParse(id, out var key) ? key : (long?)null;
        var rows = await sql.QueryAsync<DataRequest>($"select {Columns} from accounts.data_request where @before::bigint is null or id < @before order by id desc limit @take", new { before, take = take + 1 }, ct);
        return Page<DataRequest>.Of(rows, take, r => Cursor.Of(r.Id.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>By the day they are due.</summary>
    public async Task<Page<DataRequest>> OpenAsync(Sql sql, string? after, int take, CancellationToken ct)
    {
        var place = Cursor.Parse(after, 2) is [var due, var id] && DateOnly.TryParseExact(due, "O", out var day) && long.TryParse(id, out var key) ? (Due: day, Id: key) : ((DateOnly Due, long Id)?)null;
        var rows = await sql.QueryAsync<DataRequest>($"""
            select {Columns} from accounts.data_request where closed_at is null and (@Due::date is null or (due_on, id) > (@Due, @Id)) order by due_on, id limit @take
            """, new { place?.Due, place?.Id, take = take + 1 }, ct);
        return Page<DataRequest>.Of(rows, take, r => Cursor.Of(r.DueOn.ToString("O", CultureInfo.InvariantCulture), r.Id.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>The first answer. False when it was given, or the request is closed.</summary>
    public async Task<bool> AnswerAsync(Tx tx, string code, string answer, Actor actor)
    {
        if (await tx.ExecuteAsync("update accounts.data_request set answered_at = @now, answer = @answer, handled_by = @PersonId where code = @code and answered_at is null and closed_at is null", new { code, answer, actor.PersonId, now = clock.GetUtcNow() }) == 0)
            return false;
        await audit.WriteAsync(tx, actor, "data.answer", "data-request:" + code);
        return true;
    }

    /// <summary>Done, or refused with its reason. False when it is closed already.</summary>
    public async Task<bool> CloseAsync(Tx tx, string code, string outcome, string answer, Actor actor)
    {
        const string close = """
            update accounts.data_request set closed_at = @now, outcome = @outcome, answered_at = coalesce(answered_at, @now), answer = case when @answer = '' then answer else @answer end, handled_by = @PersonId
            where code = @code and closed_at is null
            """;
        if (await tx.ExecuteAsync(close, new { code, outcome, answer, actor.PersonId, now = clock.GetUtcNow() }) == 0)
            return false;
        await audit.WriteAsync(tx, actor, "data.close", "data-request:" + code, detail: new { outcome });
        return true;
    }
}
