using System.Globalization;
using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Orders;
using SonLaMarket.Origin;
using SonLaMarket.Payments;

namespace SonLaMarket.Home.Seller;

/// <summary>The seller's day on one screen: what to pack, what waits for them, what to do next.</summary>
[Authorize(Policy = Roles.Diary)]
public sealed class TodayController(Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private const string Mine = "(select m.producer_id from producers.acting m where m.person_id = @me)";

    private const string Select = Dossier.Select + $"""
        select l.title, l.sale_unit, l.base_unit, sum(l.quantity)::bigint as units, sum(l.quantity * l.base_per_unit)::bigint as quantity_base, count(distinct s.id) as orders, min(s.deliver_by) as deliver_by
        from orders.sub_order s join orders.line l on l.sub_order_id = s.id where s.producer_id = {Mine} and s.status = 'confirmed' and not {LineLots.Blocked}
        group by l.listing_id, l.title, l.sale_unit, l.base_unit order by min(s.deliver_by) nulls last, l.title collate "vi-x-icu" limit 40;
        select case when s.status in ('confirmed', 'packed') and {LineLots.Blocked} then 'blocked' else s.status end, count(*) as orders from orders.sub_order s
        where s.producer_id = {Mine} and s.status in ('awaiting_payment', 'confirmed', 'packed', 'on_hold') group by 1;
        select l.slug, l.title, l.status_reason, l.returned_parts from catalog.listing l where l.producer_id = {Mine} and l.status = 'returned' order by l.changed_at desc limit 5;
        select k.name, k.name_en, c.number, c.valid_until from producers.certificate c join producers.certificate_kind k on k.code = c.kind_code
        where c.producer_id = {Mine} and c.status = 'verified' and c.valid_until between @today - 30 and @today + 90
          and not exists (select 1 from producers.certificate n where n.producer_id = c.producer_id and n.kind_code = c.kind_code and n.status in ('submitted', 'verified') and n.valid_until > c.valid_until)
        order by c.valid_until limit 10;
        select o.code, p.name as product, {BlockNote.OfLot} as blocked
        from origin.lot o join producers.product p on p.id = o.product_id
        where o.producer_id = {Mine} and o.taken_back_at is null and exists (select 1 from origin.lot_block b where b.lot_id = o.id and b.lifted_at is null) order by o.id desc limit 5;
        select x.slug, x.title, x.sale_unit, x.units from (
          select l.slug, l.title, l.sale_unit, coalesce(sum(s.available), 0)::bigint / l.base_per_unit as units, coalesce(sum(s.supplied), 0)::bigint / l.base_per_unit as supplied
          from catalog.listing l left join catalog.lot_stock s on s.product_id = l.product_id
          where l.producer_id = {Mine} and l.public_version is not null and l.paused_at is null group by l.id) x
        where x.units <= greatest(5, x.supplied / 10) order by x.units, x.title collate "vi-x-icu" limit 8;
        select c.code, c.matter, s.code as part_code, c.answer_by from orders.complaint c join orders.sub_order s on s.id = c.sub_order_id where s.producer_id = {Mine} and c.status = 'open' order by c.answer_by, c.id limit 5;
        select (select count(*) from payments.payment p where p.producer_id = {Mine} and p.status = 'review') as doubtful,
          (select count(*) from payments.refund_case r join payments.payment p on p.id = r.payment_id where p.producer_id = {Mine} and r.status = 'open') as refunds,
          (select coalesce(sum(r.amount_vnd), 0)::bigint from payments.refund_case r join payments.payment p on p.id = r.payment_id where p.producer_id = {Mine} and r.status = 'open') as refund_vnd,
          (select coalesce(-sum(l.amount_vnd), 0)::bigint from payments.ledger_line l where l.producer_id = {Mine} and l.account = 'buyer-paid' and l.amount_vnd < 0 and l.posted_at >= @midnight) as paid_today_vnd
        """;

    [HttpGet("/quan-ly")]
    public async Task<IActionResult> Show(CancellationToken ct)
    {
        if (!User.IsInRole(Roles.Seller))
            return SeeOther("/quan-ly/lo");
        var today = Vietnamese.Today(clock);
        var midnight = new DateTimeOffset(today.ToDateTime(TimeOnly.MinValue), Vietnamese.Offset).ToUniversalTime();
        var page = await db.MultipleAsync(Select, new { me = User.Id(), today, midnight }, async g => new TodayPage(
            today, new Dossier(await g.ReadSingleAsync<DossierFacts>()), (await g.ReadAsync<PackRow>()).AsList(), (await g.ReadAsync<(string Status, long Orders)>()).ToDictionary(r => r.Status, r => r.Orders, StringComparer.Ordinal),
            (await g.ReadAsync<ReturnedRow>()).AsList(), (await g.ReadAsync<EndingRow>()).AsList(), (await g.ReadAsync<BlockedRow>()).AsList(), (await g.ReadAsync<ShortRow>()).AsList(), (await g.ReadAsync<ComplaintRow>()).AsList(), await g.ReadSingleAsync<MoneyRow>()), ct);
        return page.Dossier.Begun ? View("Today", page) : SeeOther("/quan-ly/ho-so");
    }
}

public sealed record PackRow(string Title, string SaleUnit, string BaseUnit, long Units, long QuantityBase, long Orders, DateOnly? DeliverBy);

public sealed record ReturnedRow(string Slug, string Title, string StatusReason, string[] ReturnedParts);

public sealed record EndingRow(string Name, string NameEn, string Number, DateOnly ValidUntil)
{
    public int DaysLeft(DateOnly today) => ValidUntil.DayNumber - today.DayNumber;
}

public sealed record BlockedRow(string Code, string Product, string? Blocked)
{
    public IReadOnlyList<BlockNote> Why => BlockNote.Read(Blocked);
}

public sealed record ShortRow(string Slug, string Title, string SaleUnit, long Units);

/// <summary>A complaint that waits for the seller's answer.</summary>
public sealed record ComplaintRow(string Code, string Matter, string PartCode, DateTimeOffset AnswerBy);

/// <param name="PaidTodayVnd">What the books of the day say that buyers paid.</param>
public sealed record MoneyRow(long Doubtful, long Refunds, long RefundVnd, long PaidTodayVnd);

public sealed record TodayPage(
    DateOnly Today, Dossier Dossier, List<PackRow> ToPack, Dictionary<string, long> Orders, List<ReturnedRow> Returned, List<EndingRow> Ending, List<BlockedRow> Blocked, List<ShortRow> Short, List<ComplaintRow> Complaints, MoneyRow Money)
{
    private const string Books = "/quan-ly/so-tien/tai-khoan/";

    /// <summary>The entries that <see cref="MoneyRow.PaidTodayVnd"/> is the sum of.</summary>
    public string PaidTodayPath => string.Create(CultureInfo.InvariantCulture, $"{Books}{LedgerAccount.BuyerPaid}?tu={Today:yyyy-MM-dd}&den={Today:yyyy-MM-dd}&ben=tang");

    /// <summary>The same of <see cref="MoneyRow.RefundVnd"/>.</summary>
    public string RefundsDuePath => string.Create(CultureInfo.InvariantCulture, $"{Books}{LedgerAccount.RefundDue}?den={Today:yyyy-MM-dd}");

    public long In(string status) => Orders.GetValueOrDefault(status);

    /// <summary>Things that only the seller can move.</summary>
    public int Waiting => Returned.Count + Ending.Count + Blocked.Count + Short.Count + Complaints.Count + (Money.Refunds > 0 ? 1 : 0) + (Money.Doubtful > 0 ? 1 : 0) + (In("on_hold") > 0 ? 1 : 0) + (In("blocked") > 0 ? 1 : 0)
        + (Dossier.Facts.DraftId is not null ? 1 : 0) + (Dossier.Facts.Status == "returned" ? 1 : 0) + (Dossier.Facts.Unsent ? 1 : 0);
}
