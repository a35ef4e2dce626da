using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders.Fulfilment;

/// <summary>A seller's orders: what to pack, what is on its way, what was paid.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/don-hang")]
public sealed class FulfilmentController(SubOrders subOrders, Charges charges, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private const int Take = 30;

    [HttpGet("")]
    public async Task<IActionResult> Index([FromQuery(Name = "trang-thai")] string? status, string? sau, CancellationToken ct)
    {
        const string select = $"""
            select s.status, count(*)::int as count from orders.sub_order s join producers.acting m on m.producer_id = s.producer_id and m.person_id = @me group by s.status;

            select s.id, s.code, s.status, s.total_vnd - s.less_vnd as total_vnd, s.method, s.deliver_by, u.placed_at, u.buyer_name, c.full_name || ', ' || p.name as place,
              s.status in ('awaiting_payment', 'confirmed', 'packed', 'failed') and {LineLots.Blocked} as blocked,
              (select string_agg(l.quantity || ' × ' || l.title, '; ' order by l.id) from orders.line l where l.sub_order_id = s.id) as goods
            from orders.sub_order s join producers.acting m on m.producer_id = s.producer_id and m.person_id = @me
              join orders.purchase u on u.id = s.purchase_id join foundation.commune c on c.code = u.commune_code join foundation.province p on p.code = u.province_code
            where (@status::text is null or s.status = @status) and (@before::bigint is null or s.id < @before) order by s.id desc limit @limit;
            """;
        status = OrderState.All.Contains(status) ? status : null;
        long? before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        var page = await db.MultipleAsync(select, new { me = User.Id(), status, before, limit = Take + 1 }, async grid => new OrderList(
            status,
            (await grid.ReadAsync<StatusCount>()).ToDictionary(c => c.Status, c => c.Count, StringComparer.Ordinal),
            Page<OrderRow>.Of((await grid.ReadAsync<OrderRow>()).ToList(), Take, o => Cursor.Of(o.Id.ToString(CultureInfo.InvariantCulture)))), ct);
        return View("Index", page);
    }

    [HttpGet("{code}")]
    public async Task<IActionResult> Show(string code, CancellationToken ct) =>
        await LoadAsync(code, ct) is { } page ? View("Show", page) : NotFound();

    [HttpPost("{code}/dong-goi")]
    public async Task<IActionResult> Pack(string code, PackForm form, CancellationToken ct)
    {
        if (await LoadAsync(code, ct) is not { } page)
            return NotFound();
        var weighed = form.Packed is { Count: > 0 } ? await Weighing.LinesAsync(db, code, ct) : [];
        for (var i = 0; i < weighed.Count && ModelState.IsValid; i++)
        {
            if (form.Packed!.ElementAtOrDefault(i) is not { } weight)
                ModelState.AddModelError($"Packed[{i}]", T["Hãy nhập khối lượng đã cân."]);
            else if (!weighed[i].Takes(weight.Grams))
                ModelState.AddModelError($"Packed[{i}]", T["Đặt {0}, cân từ một nửa đến gấp rưỡi. Thiếu nhiều hơn thì gọi người mua rồi hủy đơn.", Vietnamese.Weight(weighed[i].OrderedG)]);
            else if (weight.Grams - weighed[i].OrderedG > weighed[i].SpareG)
                ModelState.AddModelError($"Packed[{i}]", T["Lô của dòng này chỉ còn dư {0}. Bớt lại, hoặc sửa lượng bán của lô trước.", Vietnamese.Weight(weighed[i].SpareG)]);
        }
        return ModelState.IsValid
            ? await ChangeAsync(code, tx => subOrders.PackAsync(tx, code, User.As(Roles.Seller), weighed.Count == 0 ? null : form.Packed!.ConvertAll(w => w!.Value.Grams)), T["Đã đóng gói."])
            : Invalid("Show", page);
    }

    /// <summary>Other lots in place of blocked ones.</summary>
    [HttpPost("{code}/doi-lo")]
    public Task<IActionResult> Exchange(string code) =>
        ChangeAsync(code, tx => subOrders.ExchangeAsync(tx, code, User.As(Roles.Seller)), T["Đã đổi sang lô khác. Xem lô mới ở bảng sản phẩm, rồi đóng gói."], T["Không còn đủ hàng ở lô khác để đổi. Mở thêm lô rồi đổi lại, hoặc hủy đơn và hoàn tiền."]);

    [HttpPost("{code}/gui-hang")]
    public Task<IActionResult> Ship(string code, string? carrier, string? tracking) =>
        CheckedAsync(code, "carrier", carrier, 0, 60, T["Tên đơn vị vận chuyển dài nhất 60 ký tự."],
            by => CheckedAsync(code, "tracking", tracking, 0, 60, T["Mã vận đơn dài nhất 60 ký tự."],
                number => ChangeAsync(code, tx => subOrders.ShipAsync(tx, code, new Shipment(by, number), User.As(Roles.Seller)), T["Đã gửi hàng."])));

    [HttpPost("{code}/da-giao")]
    public Task<IActionResult> Deliver(string code) =>
        ChangeAsync(code, tx => subOrders.DeliverAsync(tx, code, User.As(Roles.Seller)), T["Đã giao hàng."]);

    /// <summary>Nobody took the goods.</summary>
    [HttpPost("{code}/chua-giao-duoc")]
    public Task<IActionResult> Fail(string code, string? failure) =>
        CheckedAsync(code, "failure", failure, 5, 300, T["Hãy ghi lý do, từ 5 đến 300 ký tự; người mua sẽ đọc lý do này."],
            text => ChangeAsync(code, tx => subOrders.FailAsync(tx, code, text, User.As(Roles.Seller)), T["Đã ghi nhận chưa giao được."]));

    /// <param name="lost">True when goods that were sent out cannot be sold again.</param>
    [HttpPost("{code}/huy")]
    public Task<IActionResult> Cancel(string code, string? reason, bool lost) =>
        CheckedAsync(code, "reason", reason, 5, 300, T["Hãy ghi lý do, từ 5 đến 300 ký tự; người mua sẽ đọc lý do này."],
            text => ChangeAsync(code, tx => subOrders.CancelAsync(tx, code, text, User.As(Roles.Seller), toShelf: !lost), T["Đã hủy đơn."]));

    private async Task<IActionResult> ChangeAsync(string code, Func<Tx, Task<bool>> change, string done, string? refused = null)
    {
        if (!await SubOrders.OwnsAsync(db, code, User.Id()))
            return NotFound();
        await using (var tx = await db.BeginAsync())
        {
            if (await change(tx))
            {
                await tx.CommitAsync();
                return SeeOther("/quan-ly/don-hang/" + code, done);
            }
        }
        if (await LoadAsync(code, CancellationToken.None) is not { Stopped: true } page)
            return Conflict();
        Response.StatusCode = StatusCodes.Status409Conflict;
        return View("Show", page with { Refused = refused ?? T["Chưa ghi gì: đơn này có lô đang bị chặn bán."] });
    }

    private async Task<IActionResult> CheckedAsync(string code, string field, string? typed, int least, int most, string message, Func<string, Task<IActionResult>> go)
    {
        var text = Vietnamese.Clean(typed);
        if (text.Length >= least && text.Length <= most)
            return await go(text);
        if (await LoadAsync(code, CancellationToken.None) is not { } page)
            return NotFound();
        ModelState.AddModelError(field, message);
        return Invalid("Show", page);
    }

    private async Task<OrderDetail?> LoadAsync(string code, CancellationToken ct)
    {
        const string select = $"""
            select s.id, s.code, s.status, s.goods_vnd, s.shipping_vnd, s.total_vnd, s.less_vnd, s.method, s.deliver_by, s.carrier, s.tracking, u.placed_at, u.buyer_name, u.buyer_phone, u.address_line,
              c.full_name as commune, p.full_name as province, u.note, y.status as payment_status,
              exists (select 1 from payments.refund_case f where f.payment_id = y.id and f.status = 'open') as refund_open, s.pickup_place, s.pickup_from, s.pickup_until
            from orders.sub_order s join producers.acting m on m.producer_id = s.producer_id and m.person_id = @me
              join orders.purchase u on u.id = s.purchase_id join foundation.commune c on c.code = u.commune_code join foundation.province p on p.code = u.province_code
              left join payments.payment y on y.payable = 'sub-order:' || s.code
            where s.code = @code;

            select l.title, l.sale_unit, l.base_unit, l.quantity, l.unit_price_vnd, l.total_vnd, l.packed_base, l.charged_vnd, l.quantity * l.base_per_unit as ordered_base,
              {LineLots.Of} as lots
            from orders.line l join orders.sub_order s on s.id = l.sub_order_id where s.code = @code order by l.id;

            select o.code, {BlockNote.OfLot} as blocked from origin.lot o
            where exists (select 1 from origin.lot_block b where b.lot_id = o.id and b.lifted_at is null) and o.id in (select x.lot_id from orders.line_lot x join orders.line l on l.id = x.line_id join orders.sub_order s on s.id = l.sub_order_id where s.code = @code)
            order by o.id;

            select h.to_status, h.at, h.note, h.note_args, h.by_role, n.name as person from orders.status_change h join orders.sub_order s on s.id = h.sub_order_id left join accounts.person n on n.id = h.person_id
            where s.code = @code order by h.id;

            {SellerShare.Sql}
            """;
        var detail = await db.MultipleAsync(select, new { code, me = User.Id(), payable = SubOrderName.Of(code), today = Vietnamese.Today(clock) }, async grid =>
        {
            var order = await grid.ReadFirstOrDefaultAsync<OrderFacts>();
            return order is null ? null : new OrderDetail(order, (await grid.ReadAsync<OrderLine>()).ToList(), (await grid.ReadAsync<BlockedLot>()).ToList(), (await grid.ReadAsync<OrderChange>()).ToList(), await SellerShare.ReadAsync(grid));
        }, ct);
        return detail is { Share: { } share } ? detail with { Share = await charges.ForeseeAsync(db, share, ct) } : detail;
    }

    private sealed record StatusCount(string Status, int Count);
}

/// <param name="Packed">What each line that is sold by the kilogram weighs, in the order of the lines.</param>
public sealed record PackForm(List<Kilograms?>? Packed);

public sealed record OrderRow(long Id, string Code, string Status, long TotalVnd, string Method, DateOnly? DeliverBy, DateTimeOffset PlacedAt, string BuyerName, string Place, bool Blocked, string Goods);

public sealed record OrderList(string? Status, IReadOnlyDictionary<string, int> Counts, Page<OrderRow> Orders);

public sealed record OrderFacts(
    long Id, string Code, string Status, long GoodsVnd, long ShippingVnd, long TotalVnd, long LessVnd, string Method, DateOnly? DeliverBy, string Carrier, string Tracking, DateTimeOffset PlacedAt,
    string BuyerName, string BuyerPhone, string AddressLine, string Commune, string Province, string Note, string? PaymentStatus, bool RefundOpen,
    string? PickupPlace, DateTimeOffset? PickupFrom, DateTimeOffset? PickupUntil)
{
    /// <summary>Phone and street only for whom there is something to send or to settle.</summary>
    public bool ShowsAddress => Status is OrderState.Confirmed or OrderState.Packed or OrderState.Shipped or OrderState.Failed or OrderState.Delivered or OrderState.OnHold || RefundOpen;

    /// <summary>What the buyer pays in all, after weighing.</summary>
    public long DueVnd => TotalVnd - LessVnd;

    public bool HasPapers => Papers.Parcel.WithPapers.Contains(Status);

    public bool CanCancel => OrderLife.Allows(Status, OrderState.Cancelled, OrderMover.Seller);
}

public sealed record OrderLine(string Title, string SaleUnit, string BaseUnit, int Quantity, long UnitPriceVnd, long TotalVnd, long? PackedBase, long? ChargedVnd, long OrderedBase, string? Lots);

public sealed record OrderChange(string ToStatus, DateTimeOffset At, string Note, string[]? NoteArgs, string ByRole, string? Person);

/// <param name="Note">Why it may not be sold now.</param>
public sealed record BlockedLot(string Code, string? Blocked)
{
    public IReadOnlyList<BlockNote> Why => BlockNote.Read(Blocked);
}

/// <param name="Share">What the seller gets of it; null before there is a payment.</param>
public sealed record OrderDetail(OrderFacts Order, IReadOnlyList<OrderLine> Lines, IReadOnlyList<BlockedLot> BlockedLots, IReadOnlyList<OrderChange> Changes, SellerShare? Share)
{
    /// <summary>What it costs less because less was packed.</summary>
    public long WeightLessVnd => Lines.Sum(l => l.TotalVnd - (l.ChargedVnd ?? l.TotalVnd));

    /// <summary>Why what was just asked for could not be done.</summary>
    public string? Refused { get; init; }

    /// <summary>It has not left, and a lot of it may not be sold.</summary>
    public bool Stopped => BlockedLots.Count > 0 && Order.Status is (OrderState.AwaitingPayment or OrderState.Confirmed or OrderState.Packed or OrderState.Failed);
}
