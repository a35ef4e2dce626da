using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;

namespace SonLaMarket.Supervision.Monitor;

/// <summary>Leads from labels: scans that break a rule, codes that nobody was given, and the rules themselves.</summary>
[Authorize(Policy = Roles.Officer)]
[Route("/so-cong-thuong/ma-la")]
public sealed class ScansController(ScanRules rules, ItemSeries series, RowKeys keys, Db db, Texts t) : PageController(t)
{
    private const int Take = 50;
    private const string Kind = "scan-alert";

    [HttpGet("")]
    public async Task<IActionResult> Index(string? sau, CancellationToken ct) => View("Scans", await PageAsync(sau, ct));

    [HttpPost("da-xem")]
    public async Task<IActionResult> Handle(string? alert)
    {
        if (keys.Open(Kind, alert) is not { } id)
            return NotFound();
        await using var tx = await db.BeginAsync();
        if (!await rules.HandleAsync(tx, id, User.As(Roles.Officer)))
            return Conflict();
        await tx.CommitAsync();
        return SeeOther("/so-cong-thuong/ma-la", T["Đã đánh dấu."]);
    }

    /// <summary>Takes the code of one package back.</summary>
    [HttpPost("huy")]
    public async Task<IActionResult> Void(VoidedCode form, CancellationToken ct)
    {
        var read = Gs1.ItemSerial.TryRead(form.Code, out var code);
        if (!read || await ItemSeries.FindItemAsync(db, code!, ct) is null)
            ModelState.AddModelError(nameof(form.Code), T["Sàn chưa cấp mã gói này. Mã gói có 14 ký tự."]);
        if (!ModelState.IsValid)
            return Invalid("Scans", await PageAsync(null, ct));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (await series.VoidAsync(tx, [code!], form.Reason!, User.As(Roles.Officer)) == 0)
            return NotNow("Scans", await PageAsync(null, ct), T["Mã này đã bị hủy trước đó."]);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/so-cong-thuong/ma-la", T["Đã hủy mã gói {0}. Ai quét sẽ thấy lý do.", Gs1.ItemSerial.Grouped(code!)]);
    }

    [HttpPost("luat")]
    public async Task<IActionResult> Update(IFormCollection form, CancellationToken ct)
    {
        var typed = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var rule in ScanRule.All)
        {
            var text = form[rule.Name].ToString();
            ModelState.SetModelValue(rule.Name, text, text);
            if (Vietnamese.ParseQuantity(text) is { } number && number == decimal.Truncate(number) && number <= rule.Most)
            {
                typed[rule.Name] = (int)number;
                ModelState.MarkFieldValid(rule.Name);
            }
            else
                ModelState.AddModelError(rule.Name, T["Số nguyên từ 0 đến {0}; 0 là tắt.", Vietnamese.Number(rule.Most)]);
        }
        if (!ModelState.IsValid)
            return Invalid("Scans", await PageAsync(null, ct));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var stored = await ScanRules.LockAllAsync(tx);
        if (Request.IsOutdated(stored))
            return ChangedMeanwhile("Scans", await PageAsync(null, ct), typed.Where(r => stored.GetValueOrDefault(r.Key) != r.Value).Select(r => (r.Key, Vietnamese.Number(stored.GetValueOrDefault(r.Key)))));
        foreach (var (name, value) in typed)
            await rules.SetAsync(tx, name, value, User.As(Roles.Officer));
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/so-cong-thuong/ma-la", T["Đã lưu."]);
    }

    private async Task<ScansPage> PageAsync(string? sau, CancellationToken ct)
    {
        const string select = """
            select a.id, a.rule, a.figure, a.found_at, i.code as item_code, i.scans, l.code as lot_code, r.name as producer_name, r.slug as producer_slug
            from origin.scan_alert a join origin.item i on i.id = a.item_id join origin.lot l on l.id = a.lot_id join producers.producer r on r.id = a.producer_id
            where a.handled_at is null order by a.id desc limit @Take;
            select u.code, u.gtin, r.name as producer_name, u.scans, u.first_at, u.last_at from origin.unknown_scan u left join producers.producer r on r.id = u.producer_id
            where @at::timestamptz is null or (u.last_at, u.code) < (@at, @code collate "C") order by u.last_at desc, u.code desc limit @take;
            """;
        var after = Cursor.Parse(sau, 2) is [var when, var code] && long.TryParse(when, out var ticks) && ticks is > 0 and < 3_000_000_000_000_000 ? ((DateTimeOffset? At, string? Code))(DateTimeOffset.UnixEpoch.AddMicroseconds(ticks), code) : (null, null);
        var (alerts, unknown) = await db.MultipleAsync(select, new { Take, after.At, after.Code, take = Take + 1 }, async g => ((await g.ReadAsync<AlertRow>()).AsList(), (await g.ReadAsync<UnknownRow>()).AsList()), ct);
        return new(alerts, Page<UnknownRow>.Of(unknown, Take, u => Cursor.Of(((long)(u.LastAt - DateTimeOffset.UnixEpoch).TotalMicroseconds).ToString(System.Globalization.CultureInfo.InvariantCulture), u.Code)), await ScanRules.AllAsync(db, ct), a => keys.Seal(Kind, a.Id));
    }
}

public sealed record VoidedCode
{
    public string? Code { get; init; }

    [Required(ErrorMessage = "Hãy ghi vì sao hủy, từ 5 đến 500 ký tự; ai quét cũng đọc được.")]
    [Characters(500, MinimumLength = 5, ErrorMessage = "Hãy ghi vì sao hủy, từ 5 đến 500 ký tự; ai quét cũng đọc được.")]
    [DataType(DataType.MultilineText)]
    public string? Reason { get; init; }
}

public sealed record AlertRow(long Id, string Rule, int Figure, DateTimeOffset FoundAt, string ItemCode, long Scans, string LotCode, string ProducerName, string ProducerSlug);

public sealed record UnknownRow(string Code, string? Gtin, string? ProducerName, long Scans, DateTimeOffset FirstAt, DateTimeOffset LastAt);

public sealed record ScansPage(List<AlertRow> Alerts, Page<UnknownRow> Unknown, Dictionary<string, int> Rules, Func<AlertRow, string> Key);
