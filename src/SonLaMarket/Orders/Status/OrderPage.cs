using SonLaMarket.Foundation.Data;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders.Status;

public sealed record PurchaseRow(
    long Id, string Code, string BuyerName, string BuyerPhone, string AddressLine, string Commune, string Province, string Note, long TotalVnd, DateTimeOffset PlacedAt);

public sealed record PartRow(
    long Id, string Code, string ProducerName, string ProducerSlug, string ProducerPhone, string Status, string Method, long GoodsVnd, long ShippingVnd, long TotalVnd, long LessVnd, DateOnly? DeliverBy, string Carrier, string Tracking,
    string? PaymentCode, string? PaymentStatus, DateTimeOffset? HoldUntil, string? LastAttempt, long RefundOpenVnd, long RefundDoneVnd, DateTimeOffset? RefundSince, string? RefundStatus, bool Complained,
    string? PickupPlace, DateTimeOffset? PickupFrom, DateTimeOffset? PickupUntil, string? InvoiceStatus, string? TransferTo, string? BankName, bool IsSample, string? Recalled, DateTimeOffset? RecallKnownAt);

/// <param name="Again">The same can be bought now.</param>
public sealed record LineRow(long SubOrderId, string ListingSlug, string Title, string TitleEn, string SaleUnit, string BaseUnit, int Quantity, long UnitPriceVnd, long TotalVnd, long? PackedBase, long? ChargedVnd, long OrderedBase, string? Lots, bool Again);

/// <summary>A part some lot of which was recalled, with its order.</summary>
public sealed record RecalledPart(OrderPage Order, PartRow Part);

public sealed record ChangeRow(long SubOrderId, string ToStatus, DateTimeOffset At, string Note, string[]? NoteArgs);

/// <summary>Everything the buyer sees of an order.</summary>
public sealed record OrderPage(PurchaseRow Purchase, IReadOnlyList<PartRow> Parts, ILookup<long, LineRow> Lines, ILookup<long, ChangeRow> Changes, string? Token, DateTimeOffset Now)
{
    /// <summary>Why what was just asked for could not be done.</summary>
    public string? Message { get; init; }

    /// <summary>What the order costs now: without what was called off, after weighing.</summary>
    public long DueVnd => Parts.Where(p => !IsOff(p)).Sum(p => p.TotalVnd - p.LessVnd);

    public long CalledOffVnd => Parts.Where(IsOff).Sum(p => p.TotalVnd);

    /// <summary>What the part costs less because less was packed.</summary>
    public long WeightLessVnd(PartRow part) => Lines[part.Id].Sum(l => l.TotalVnd - (l.ChargedVnd ?? l.TotalVnd));

    /// <summary>What it costs less because a complaint was agreed to before the cash was collected.</summary>
    public long AgreedLessVnd(PartRow part) => part.LessVnd - WeightLessVnd(part);

    /// <summary>What each seller gets of what the order still is.</summary>
    public IReadOnlyList<Due> Dues => [.. Parts.Where(p => !IsOff(p) && p.Status != OrderState.OnHold).Select(p => new Due(p.ProducerName, p.TotalVnd - p.LessVnd, p.Method, p.PaymentStatus ?? "pending"))];

    /// <summary>The part whose cancelling was refused.</summary>
    public string? Refused { get; init; }

    /// <summary>As <see cref="Foundation.Web.SiteOptions.ShowsSamples"/>.</summary>
    public bool ShowsSamples { get; init; }

    /// <summary>The address to keep, which opens the page in any browser for good; null when it was reached by another.</summary>
    public string? Url { get; init; }

    /// <summary>When the address that it was reached by ends.</summary>
    public DateTimeOffset? GrantedUntil { get; init; }

    /// <summary>There is still something to pay, and time enough for VNPAY's page.</summary>
    public bool CanPay(PartRow part) =>
        part.Method == PaymentMethod.Vnpay && part.Status == OrderState.AwaitingPayment && part.PaymentStatus == "pending"
        && part.HoldUntil - PaymentWindow.Margin - Now >= TimeSpan.FromMinutes(1);

    /// <summary>It expired not long ago: the goods may still be had.</summary>
    public bool CanPayAgain(PartRow part) =>
        part.Method == PaymentMethod.Vnpay && part.Status == OrderState.Expired && part.PaymentStatus == "expired" && Now - Purchase.PlacedAt < PayAgain.Within;

    /// <summary>The ways it is paid, each once, in the order of its parts.</summary>
    public IEnumerable<string> Methods => Parts.Select(p => p.Method).Distinct(StringComparer.Ordinal);

    public static bool IsOff(PartRow part) => part.Status is OrderState.Cancelled or OrderState.Expired;

    /// <summary>The buyer may still call it off without asking.</summary>
    public static bool CanCancel(PartRow part) => OrderLife.Allows(part.Status, OrderState.Cancelled, OrderMover.Buyer);

    public static bool IsPaid(PartRow part) => part.PaymentStatus is "paid" or "paid_late";

    /// <summary>By when the money that is to go back has to be there; null where nothing is awaited.</summary>
    public static DateTimeOffset? RefundBy(PartRow part) => part.RefundSince + ComplaintRegister.RefundWithin;

    /// <summary>The money should have been back by now: its buyer may complain, whatever became of the goods.</summary>
    public bool RefundLate(PartRow part) => ComplaintRegister.IsRefundLate(part.RefundSince, Now);

    public string ComplaintPath(PartRow part) => $"/don-hang/{Purchase.Code}/khieu-nai?phan={part.Code}{(Token is { } k ? "&k=" + Uri.EscapeDataString(k) : "")}";

    /// <summary>A try was made whose outcome VNPAY may know better than we.</summary>
    public bool CanAsk(PartRow part) => part.PaymentStatus is "pending" or "review" or "expired" && part.LastAttempt is "initiated" or "review" or "expired";

    /// <summary>Null when the order is unknown or the caller may not see it.</summary>
    public static async Task<OrderPage?> LoadAsync(Sql sql, string code, string? token, bool granted, long? personId, DateTimeOffset now, CancellationToken ct)
    {
        const string select = $"""
            select u.id, u.code, u.buyer_name, u.buyer_phone, u.address_line, c.full_name as commune, p.full_name as province, u.note, u.total_vnd, u.placed_at
            from orders.purchase u join foundation.commune c on c.code = u.commune_code join foundation.province p on p.code = u.province_code
            where u.code = @code and (u.token_hash = @hash or @granted or u.person_id = @personId);

            select s.id, s.code, coalesce(w.name, r.name) as producer_name, r.slug as producer_slug, coalesce(w.phone, r.phone) as producer_phone, s.status, s.method, s.goods_vnd, s.shipping_vnd, s.total_vnd, s.less_vnd, s.deliver_by, s.carrier, s.tracking,
              y.code as payment_code, y.status as payment_status, y.hold_until,
              (select a.status from payments.attempt a where a.payment_id = y.id order by a.id desc limit 1) as last_attempt,
              (select coalesce(sum(f.amount_vnd), 0)::bigint from payments.refund_case f where f.payment_id = y.id and f.status = 'open') as refund_open_vnd,
              (select coalesce(sum(f.amount_vnd), 0)::bigint from payments.refund_case f where f.payment_id = y.id and f.status = 'done') as refund_done_vnd,
              {ComplaintRegister.RefundSince} as refund_since,
              (select x.status from payments.refund x join payments.refund_case f on f.id = x.case_id where f.payment_id = y.id and f.status = 'open' order by x.id desc limit 1) as refund_status,
              exists (select 1 from orders.complaint k where k.sub_order_id = s.id) as complained, s.pickup_place, s.pickup_from, s.pickup_until, (select i.status from orders.invoice_request i where i.sub_order_id = s.id) as invoice_status,
              k.settings::text as transfer_to, b.short_name as bank_name, r.is_sample,
              (select string_agg(c.number, ', ' order by c.id) from orders.recall_notice n join origin.recall c on c.id = n.recall_id where n.sub_order_id = s.id) as recalled,
              (select max(n.acknowledged_at) from orders.recall_notice n where n.sub_order_id = s.id having bool_and(n.acknowledged_at is not null)) as recall_known_at
            from orders.purchase u join orders.sub_order s on s.purchase_id = u.id join producers.producer r on r.id = s.producer_id
            left join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version
            left join payments.payment y on y.payable = 'sub-order:' || s.code
            left join payments.payee_method k on k.producer_id = s.producer_id and k.method = y.method and y.method = 'transfer' left join foundation.bank b on b.bin = k.settings->>'BankBin'
            where u.code = @code order by s.id;

            select l.sub_order_id, l.listing_slug, l.title, l.title_en, l.sale_unit, l.base_unit, l.quantity, l.unit_price_vnd, l.total_vnd, l.packed_base, l.charged_vnd, l.quantity * l.base_per_unit as ordered_base,
              {LineLots.Of} as lots, {Carts.Again} as again
            from orders.purchase u join orders.sub_order s on s.purchase_id = u.id join orders.line l on l.sub_order_id = s.id where u.code = @code order by l.id;

            select h.sub_order_id, h.to_status, h.at, h.note, h.note_args
            from orders.purchase u join orders.sub_order s on s.purchase_id = u.id join orders.status_change h on h.sub_order_id = s.id where u.code = @code order by h.id;
            """;
        return await sql.MultipleAsync(select, new { code, hash = OrderLinks.Hash(token), granted, personId }, async grid =>
        {
            var purchase = await grid.ReadFirstOrDefaultAsync<PurchaseRow>();
            return purchase is null
                ? null
                : new OrderPage(purchase, (await grid.ReadAsync<PartRow>()).ToList(), (await grid.ReadAsync<LineRow>()).ToLookup(l => l.SubOrderId), (await grid.ReadAsync<ChangeRow>()).ToLookup(c => c.SubOrderId), token, now);
        }, ct);
    }
}
