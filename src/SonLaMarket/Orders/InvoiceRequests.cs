using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Orders;

/// <summary>States of an invoice (Nghị định 254/2026/NĐ-CP): the seller's duty, done in the seller's own invoice program. No row: not requested.</summary>
public static class InvoiceState
{
    public const string Requested = "requested";
    public const string Issued = "issued";
    public const string Adjusted = "adjusted";
    public const string Replaced = "replaced";

    public static string Label(string? status) => status switch
    {
        Requested => "Đã yêu cầu hóa đơn",
        Issued => "Đã xuất hóa đơn",
        Adjusted => "Hóa đơn đã điều chỉnh",
        Replaced => "Hóa đơn đã thay thế",
        _ => "Chưa yêu cầu hóa đơn",
    };

    /// <summary>What may be said of an invoice that is in this state.</summary>
    public static string[] After(string status) => status == Requested ? [Issued] : [Adjusted, Replaced];
}

/// <summary>Whom an invoice is for.</summary>
public sealed record InvoiceBuyer(string Name, string TaxCode, string Address, string Email, string PersonalId);

/// <summary>An invoice as its program names it.</summary>
public sealed record InvoiceMark(string Symbol, string Number, string LookupCode);

public sealed record InvoiceRequest(
    string PartCode, string Name, string TaxCode, string Address, string Email, string PersonalId, string Status, string Symbol, string Number, string LookupCode, DateTimeOffset RequestedAt)
{
    /// <summary>Those that the present one adjusts or replaces, the newest first: they stay to be looked up.</summary>
    public IReadOnlyList<InvoiceMark> Earlier { get; init; } = [];
}

/// <param name="Quantity">What is charged: of what was weighed what it weighs, at most what was ordered.</param>
public sealed record InvoiceLine(string Title, string Unit, decimal Quantity, long UnitPriceVnd, long TotalVnd);

/// <summary>Everything that an invoice needs: lines and delivery without the discount are the total.</summary>
/// <param name="DiscountVnd">Agreed to after a complaint, before the cash was collected.</param>
public sealed record InvoiceData(
    string Order, DateTimeOffset PlacedAt, string SellerName, string? SellerTaxCode, InvoiceBuyer Buyer, IReadOnlyList<InvoiceLine> Lines, long DeliveryVnd, long? DiscountVnd, long TotalVnd);

/// <summary>The way to an invoice program. The one that is always there hands over a file; adapters of providers stand beside it.</summary>
public interface IInvoiceProvider
{
    string ContentType { get; }

    string Extension { get; }

    byte[] Hand(IReadOnlyList<InvoiceData> invoices);
}

/// <summary>A file that invoice programs import, or a person reads: amounts in đồng, as they were paid. Which tax is in them is the seller's to say.</summary>
public sealed class InvoiceFile : IInvoiceProvider
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public string ContentType => "application/json";

    public string Extension => "json";

    public byte[] Hand(IReadOnlyList<InvoiceData> invoices) => JsonSerializer.SerializeToUtf8Bytes(new { invoices }, Options);
}

public sealed class InvoiceRequests(Audit audit, TimeProvider clock)
{
    /// <summary>States of a part in which there is something to invoice.</summary>
    public static readonly string[] Invoiced = [OrderState.Confirmed, OrderState.Packed, OrderState.Shipped, OrderState.Delivered];

    /// <summary>Asks, or asks with other words until the invoice is there. False when it is, or there is nothing to invoice. Whoever asks has shown the order's secret.</summary>
    public async Task<bool> AskAsync(Tx tx, string partCode, InvoiceBuyer buyer)
    {
        const string upsert = """
            insert into orders.invoice_request as r (sub_order_id, name, tax_code, address, email, personal_id, status, requested_at, changed_at)
            select s.id, @Name, @TaxCode, @Address, @Email, @PersonalId, 'requested', @now, @now from orders.sub_order s where s.code = @partCode and s.status = any(@Invoiced)
            on conflict on constraint invoice_request_once do update set name = excluded.name, tax_code = excluded.tax_code, address = excluded.address, email = excluded.email, personal_id = excluded.personal_id, changed_at = excluded.changed_at
              where r.status = 'requested'
            """;
        if (await tx.ExecuteAsync(upsert, new { partCode, buyer.Name, buyer.TaxCode, buyer.Address, buyer.Email, buyer.PersonalId, Invoiced, now = clock.GetUtcNow() }) == 0)
            return false;
        await audit.WriteAsync(tx, new Actor(null, OrderMover.Buyer), "invoice.request", "sub-order:" + partCode);
        return true;
    }

    /// <summary>The seller says what became of it. False when it is not theirs, that cannot follow, or there is nothing to invoice any more.</summary>
    public async Task<bool> MarkAsync(Tx tx, string partCode, string status, InvoiceMark mark, Actor seller)
    {
        const string update = """
            with marked as (
            update orders.invoice_request r set status = @status, symbol = @Symbol, number = @Number, lookup_code = @LookupCode, changed_at = @now
            from orders.sub_order s where s.id = r.sub_order_id and s.code = @partCode and r.status = any(@from) and (r.status <> 'requested' or s.status = any(@Invoiced))
              and exists (select 1 from producers.acting m where m.producer_id = s.producer_id and m.person_id = @PersonId)
            returning r.id)
            insert into orders.invoice_mark (invoice_request_id, status, symbol, number, lookup_code, marked_at) select id, @status, @Symbol, @Number, @LookupCode, @now from marked
            """;
        var from = new[] { InvoiceState.Requested, InvoiceState.Issued, InvoiceState.Adjusted, InvoiceState.Replaced }.Where(s => InvoiceState.After(s).Contains(status)).ToArray();
        if (await tx.ExecuteAsync(update, new { partCode, status, mark.Symbol, mark.Number, mark.LookupCode, from, Invoiced, seller.PersonId, now = clock.GetUtcNow() }) == 0)
            return false;
        await audit.WriteAsync(tx, seller, "invoice." + status, "sub-order:" + partCode, detail: new { mark.Symbol, mark.Number });
        return true;
    }

    public static Task<InvoiceRequest?> FindAsync(Sql sql, string partCode, CancellationToken ct) => sql.MultipleAsync($"""
        select s.code as part_code, r.name, r.tax_code, r.address, r.email, r.personal_id, r.status, r.symbol, r.number, r.lookup_code, r.requested_at
        from orders.invoice_request r join orders.sub_order s on s.id = r.sub_order_id where s.code = @partCode;
        select k.symbol, k.number, k.lookup_code from orders.invoice_request r join orders.sub_order s on s.id = r.sub_order_id join orders.invoice_mark k on k.invoice_request_id = r.id
        where s.code = @partCode and {Before} order by k.id desc
        """, new { partCode }, async grid => await grid.ReadFirstOrDefaultAsync<InvoiceRequest>() is { } request ? request with { Earlier = (await grid.ReadAsync<InvoiceMark>()).AsList() } : null, ct);

    /// <summary>Mark <c>k</c> is of an invoice before the newest of request <c>r</c>.</summary>
    internal const string Before = "k.id < (select max(n.id) from orders.invoice_mark n where n.invoice_request_id = r.id)";

    /// <summary>What the member's invoices need: those that wait, or one part's.</summary>
    public static Task<List<InvoiceData>> DataAsync(Sql sql, long memberId, string? partCode, CancellationToken ct)
    {
        const string select = """
            select s.id, s.code, u.placed_at, coalesce(w.name, p.name) as seller_name, p.tax_code as seller_tax_code, r.name, r.tax_code, r.address, r.email, r.personal_id, s.shipping_vnd, s.total_vnd - s.less_vnd as total_vnd
            from orders.invoice_request r join orders.sub_order s on s.id = r.sub_order_id join orders.purchase u on u.id = s.purchase_id join producers.producer p on p.id = s.producer_id
              join producers.acting m on m.producer_id = s.producer_id and m.person_id = @memberId left join producers.producer_version w on w.producer_id = p.id and w.version = p.public_version
            where (r.status <> 'requested' or s.status = any(@Invoiced)) and case when @partCode::text is null then r.status = 'requested' else s.code = @partCode end order by s.id limit 500;
            select l.sub_order_id, l.title, l.sale_unit as unit,
              trim_scale(case when l.sale_unit = 'kg' then least(l.packed_base, l.quantity * l.base_per_unit)::numeric / l.base_per_unit else l.quantity end) as quantity,
              l.unit_price_vnd, coalesce(l.charged_vnd, l.total_vnd) as total_vnd
            from orders.line l join orders.invoice_request r on r.sub_order_id = l.sub_order_id join orders.sub_order s on s.id = l.sub_order_id
              join producers.acting m on m.producer_id = s.producer_id and m.person_id = @memberId order by l.id
            """;
        return sql.MultipleAsync(select, new { memberId, partCode, Invoiced }, async g =>
        {
            var rows = (await g.ReadAsync<Row>()).ToList();
            var lines = (await g.ReadAsync<LineOf>()).ToLookup(l => l.SubOrderId);
            return rows.ConvertAll(r => Data(r, [.. lines[r.Id].Select(l => new InvoiceLine(l.Title, l.Unit, l.Quantity, l.UnitPriceVnd, l.TotalVnd))]));
        }, ct);
    }

    private static InvoiceData Data(Row r, List<InvoiceLine> lines)
    {
        var discount = lines.Sum(l => l.TotalVnd) + r.ShippingVnd - r.TotalVnd;
        return new(r.Code, r.PlacedAt, r.SellerName, r.SellerTaxCode, new(r.Name, r.TaxCode, r.Address, r.Email, r.PersonalId), lines, r.ShippingVnd, discount == 0 ? null : discount, r.TotalVnd);
    }

    private sealed record Row(long Id, string Code, DateTimeOffset PlacedAt, string SellerName, string? SellerTaxCode, string Name, string TaxCode, string Address, string Email, string PersonalId, long ShippingVnd, long TotalVnd);

    private sealed record LineOf(long SubOrderId, string Title, string Unit, decimal Quantity, long UnitPriceVnd, long TotalVnd);
}
