using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.Manage;

/// <summary>Mail and text messages on their way. What they say is shown outside production only: it may carry codes and links.</summary>
[Authorize(Policy = Roles.Operator)]
public sealed class OutboxController(MailFolder mails, RowKeys keys, Db db, Texts t, IHostEnvironment environment) : PageController(t)
{
    private const int Take = 50;
    private const string Kind = "mail";

    [HttpGet("/quan-tri/hop-thu-di")]
    public async Task<IActionResult> Index([FromQuery(Name = "cho")] bool unsent, string? sau, CancellationToken ct)
    {
        const string select = """
            select id, key, channel, recipient, subject, case when @open then body end as body, created_at, sent_at, refused_at, attempts, last_error from accounts.message
            where (not @unsent or sent_at is null and refused_at is null) and (@before::bigint is null or id < @before) order by id desc limit @take;
            select count(*) from accounts.message where sent_at is null and refused_at is null
            """;
        var before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, out var key) ? key : (long?)null;
        var (rows, waiting) = await db.MultipleAsync(select, new { open = !environment.IsProduction(), unsent, before, take = Take + 1 }, async g =>
            (Dapper.SqlMapper.AsList(await g.ReadAsync<MessageRow>()), await g.ReadSingleAsync<long>()), ct);
        var page = Page<MessageRow>.Of(rows, Take, r => Cursor.Of(r.Id.ToString(CultureInfo.InvariantCulture)));
        return View("Outbox", new OutboxPage(unsent, waiting, page, r => r.Body is not null && mails.Find(r.Key) is not null ? "/quan-tri/hop-thu-di/thu?m=" + Uri.EscapeDataString(keys.Seal(Kind, r.Id)) : null));
    }

    /// <summary>A mail of the demonstration as the file that a mail reader opens.</summary>
    [HttpGet("/quan-tri/hop-thu-di/thu")]
    public async Task<IActionResult> Mail([FromQuery(Name = "m")] string? mail, CancellationToken ct)
    {
        if (environment.IsProduction() || keys.Open(Kind, mail) is not { } id || await db.FirstOrDefaultAsync<string>("select key from accounts.message where id = @id", new { id }, ct) is not { } key || mails.Find(key) is not { } path)
            return NotFound();
        return PhysicalFile(path, "message/rfc822", "thu.eml");
    }
}

/// <param name="Body">Null where it is not to be shown.</param>
public sealed record MessageRow(
    long Id, string Key, string Channel, string Recipient, string Subject, string? Body, DateTimeOffset CreatedAt, DateTimeOffset? SentAt, DateTimeOffset? RefusedAt, int Attempts, string LastError);

public sealed record OutboxPage(bool Unsent, long Waiting, Page<MessageRow> Page, Func<MessageRow, string?> Mail);
