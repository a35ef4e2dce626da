using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Orders.Api;

/// <summary>The orders of the producer that the key belongs to. Of the buyer only the province is told.</summary>
[Authorize(Policy = ApiScope.Orders)]
[Route(Root + "/orders")]
[Tags("orders")]
public sealed partial class OrdersController(Db db, SiteOptions site, Texts t) : ApiController(site, t)
{
    private const string Select = """
        select s.id, s.code, s.status, s.method, s.goods_vnd, s.shipping_vnd, s.less_vnd, s.total_vnd, s.deliver_by, s.pickup_place is not null as pickup, u.placed_at, s.changed_at, p.code as province_code, p.name as province_name,
          (select jsonb_agg(jsonb_build_object('Listing', l.listing_slug, 'Title', l.title, 'SaleUnit', l.sale_unit, 'BaseUnit', l.base_unit, 'BasePerUnit', l.base_per_unit, 'Quantity', l.quantity, 'UnitPriceVnd', l.unit_price_vnd,
             'TotalVnd', l.total_vnd, 'PackedBase', l.packed_base, 'ChargedVnd', l.charged_vnd,
             'Lots', (select coalesce(jsonb_agg(o.code order by o.code), '[]') from orders.line_lot x join origin.lot o on o.id = x.lot_id where x.line_id = l.id)) order by l.id)
           from orders.line l where l.sub_order_id = s.id)::text as lines
        from orders.sub_order s join orders.purchase u on u.id = s.purchase_id join foundation.province p on p.code = u.province_code
        where s.producer_id = @producer
        """;

    /// <summary>Own orders by their last change.</summary>
    [HttpGet]
    [EndpointName("listOrders")]
    [EndpointSummary("Own orders")]
    [EndpointDescription("Orders of the producer that the key belongs to, those that have not changed for longest first. To follow them, ask with changedSince = the last changedAt that you know; an order that changes meanwhile comes again, at the end.")]
    [ProducesResponseType<ApiPage<ApiOrder>>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Index(
        [FromQuery, AllowedValues(null, OrderState.AwaitingPayment, OrderState.Confirmed, OrderState.Packed, OrderState.Shipped, OrderState.Failed, OrderState.Delivered, OrderState.OnHold, OrderState.Cancelled, OrderState.Expired, ErrorMessage = "Không có trạng thái này."), Description("Only orders in this state.")] string? status,
        [FromQuery, Description("Only orders changed at this time or later (RFC 3339, with offset).")] DateTimeOffset? changedSince,
        [FromQuery, Description("Where the page begins: taken from the next address of the page before.")] string? after, [FromQuery, Range(1, 100, ErrorMessage = "Ghi số từ 1 đến 100."), Description("Orders on a page.")] int limit = 50, CancellationToken ct = default)
    {
        const string select = $"""
            {Select} and (@status::text is null or s.status = @status) and (@changedSince::timestamptz is null or s.changed_at >= @changedSince) and (@at::timestamptz is null or (s.changed_at, s.id) > (@at, @id))
            order by s.changed_at, s.id limit @take
            """;
        // Without an offset it would be the time of whoever reads it.
        if (changedSince is not null && !Offset().IsMatch(Request.Query["changedSince"].ToString()))
            return Wrong("changedSince", T["Ghi thời điểm theo RFC 3339, có múi giờ, ví dụ 2026-01-31T08:00:00+07:00."]);
        DateTimeOffset? at = null;
        long id = 0;
        if (after is not null)
        {
            if (Cursor.Parse(after, 2) is not [var time, var number] || !DateTimeOffset.TryParseExact(time, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from) || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out id))
                return Wrong("after", T["Giá trị này không đúng dạng."]);
            at = from;
        }
        var rows = await db.QueryAsync<Row>(select, new { producer = Producer, status, changedSince, at, id, take = limit + 1 }, ct);
        return Ok(Page(Page<Row>.Of(rows, limit, r => Cursor.Of(r.ChangedAt.ToString("O", CultureInfo.InvariantCulture), r.Id.ToString(CultureInfo.InvariantCulture))), Of));
    }

    /// <summary>One of the own orders.</summary>
    [HttpGet("{code}")]
    [EndpointName("getOrder")]
    [EndpointSummary("One of the own orders")]
    [ProducesResponseType<ApiOrder>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Show(string code, CancellationToken ct) =>
        await db.FirstOrDefaultAsync<Row>($"{Select} and s.code = @code", new { producer = Producer, code }, ct) is { } row ? Ok(Of(row)) : None();

    private long Producer => long.Parse(User.FindFirst(Current.ProducerClaim)!.Value, CultureInfo.InvariantCulture);

    private ApiOrder Of(Row r) => new(
        r.Code, r.Status, r.Method, Vietnamese.Local(r.PlacedAt), Vietnamese.Local(r.ChangedAt), r.DeliverBy, r.Pickup, new(r.ProvinceCode, r.ProvinceName), r.GoodsVnd, r.ShippingVnd, r.LessVnd, r.TotalVnd - r.LessVnd,
        [.. JsonSerializer.Deserialize<List<LineRow>>(r.Lines)!.Select(l => new ApiOrderLine(
            l.Listing, l.Title, l.SaleUnit, new(l.BasePerUnit, l.BaseUnit), l.Quantity, l.UnitPriceVnd, l.TotalVnd, l.PackedBase is { } packed ? new(packed, l.BaseUnit) : null, l.ChargedVnd ?? l.TotalVnd, l.Lots))]);

    [GeneratedRegex(@"(?:Z|[+-]\d\d:\d\d)$", RegexOptions.None, 1000)]
    private static partial Regex Offset();

    private sealed record Row(
        long Id, string Code, string Status, string Method, long GoodsVnd, long ShippingVnd, long LessVnd, long TotalVnd, DateOnly? DeliverBy, bool Pickup, DateTimeOffset PlacedAt, DateTimeOffset ChangedAt, string ProvinceCode, string ProvinceName, string Lines);

    private sealed record LineRow(string Listing, string Title, string SaleUnit, string BaseUnit, long BasePerUnit, int Quantity, long UnitPriceVnd, long TotalVnd, long? PackedBase, long? ChargedVnd, string[] Lots);
}

/// <summary>An order of the API: one seller's part of a purchase.</summary>
public sealed record ApiOrder(
    string Code, [property: Description("awaiting_payment, confirmed, packed, shipped, failed, delivered, on_hold, cancelled or expired.")] string Status, [property: Description("vnpay, transfer or cod.")] string PaymentMethod, DateTimeOffset PlacedAt, DateTimeOffset ChangedAt, DateOnly? DeliverBy,
    [property: Description("The buyer comes for it; nothing is sent.")] bool Pickup, [property: Description("Where it goes: nothing finer is told.")] ApiPlace Province, [property: Description("Goods as ordered, in VND.")] long GoodsVnd, [property: Description("Delivery, in VND.")] long ShippingVnd,
    [property: Description("Taken off after weighing, in VND.")] long LessVnd, [property: Description("What the buyer pays in all, in VND.")] long TotalVnd, IReadOnlyList<ApiOrderLine> Lines);

/// <summary>A line of an order.</summary>
public sealed record ApiOrderLine(
    [property: Description("Slug of the listing.")] string Listing, [property: Description("As it was bought.")] string Title, [property: Description("kg, bunch, box or piece.")] string SaleUnit, ApiQuantity UnitContent, [property: Description("Sale units ordered.")] int Quantity,
    [property: Description("Of one sale unit, in VND.")] long UnitPriceVnd, [property: Description("As ordered, in VND.")] long TotalVnd, [property: Description("What was weighed when packing; null before, and where nothing is weighed.")] ApiQuantity? Packed, [property: Description("What is charged, in VND.")] long ChargedVnd,
    [property: Description("Codes of the lots that it is filled from.")] IReadOnlyList<string> Lots);
