using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders;

/// <summary>What buyer and seller are told of an order; <c>{0}</c> is its code.</summary>
public static class OrderNotice
{
    private const string Look = "Xem đơn: {1}";

    public static readonly Notice Placed = new("purchase-placed", "Đã nhận đơn {0}", "SonLaMarket: đã nhận đơn {0}, tổng {1}. Theo dõi đơn tại {2}", "Ai có liên kết này thì xem được đơn: xin giữ cho riêng bạn.");
    public static readonly Notice Paid = new("sub-order-paid", "Đã nhận thanh toán cho đơn {0}", "SonLaMarket: đã nhận thanh toán cho đơn {0}. Người bán đang chuẩn bị hàng.", Look);
    public static readonly Notice Shipped = new("sub-order-shipped", "Đơn {0} đã được gửi đi", "SonLaMarket: đơn {0} đã được gửi đi. {2}", Look);
    public static readonly Notice Ready = new("sub-order-ready", "Đơn {0} đã sẵn sàng", "SonLaMarket: đơn {0} đã đóng gói, mời bạn đến lấy tại {2}.", Look);
    public static readonly Notice Failed = new("sub-order-failed", "Chưa giao được đơn {0}", "SonLaMarket: đơn {0} chưa giao được: {2}. Người bán sẽ liên hệ với bạn.", Look);
    public static readonly Notice Delivered = new("sub-order-delivered", "Đã giao đơn {0}", "SonLaMarket: đơn {0} đã giao. Hàng không như mô tả? Mở trang đơn để báo.", Look);
    public static readonly Notice Cancelled = new("sub-order-cancelled", "Đơn {0} đã bị người bán hủy", "SonLaMarket: đơn {0} đã bị người bán hủy: {2}", Look);
    public static readonly Notice Refunding = new("sub-order-refunding", "Đang hoàn tiền cho đơn {0}", "SonLaMarket: {2} của đơn {0} đang được VNPAY hoàn về nơi bạn đã trả.", Look);
    public static readonly Notice Refunded = new("sub-order-refunded", "Hoàn tiền cho đơn {0}", "SonLaMarket: người bán đã hoàn {2} cho đơn {0}.", Look);

    private const string Lighter = "sub-order-weight";
    public static readonly Notice LighterPaid = new(Lighter, "Đơn {0} cân thực tế nhẹ hơn", "SonLaMarket: đơn {0} cân thực tế nhẹ hơn {2}, người bán hoàn lại {3}.", Look);
    public static readonly Notice LighterCash = new(Lighter, "Đơn {0} cân thực tế nhẹ hơn", "SonLaMarket: đơn {0} cân thực tế nhẹ hơn {2}, bạn trả ít hơn {3} khi nhận.", Look);

    private const string Recalled = "sub-order-recalled";
    public static readonly Notice RecalledSent = new(Recalled, "Lô hàng trong đơn {0} bị thu hồi", "SonLaMarket: lô {2} trong đơn {0} bị thu hồi: {3} Xin đừng dùng. Việc nên làm: {5}. Người bán: {4}.", Look);
    public static readonly Notice RecalledHeld = new(Recalled, "Đơn {0} tạm dừng vì lô hàng bị thu hồi", "SonLaMarket: đơn {0} tạm dừng vì lô {2} bị thu hồi: {3} Tiền bạn đã trả thì người bán phải hoàn. Xem {5}. Người bán: {4}.", Look);

    public static readonly Notice New = new("seller-new-order", "Đơn mới {0}", "SonLaMarket: có đơn mới {0}, {2}. Mở trang Đơn hàng để chuẩn bị.", "Đơn hàng: {1}");
    public static readonly Notice CancelledByBuyer = new("sub-order-cancelled-by-buyer", "Người mua đã hủy đơn {0}", "SonLaMarket: người mua đã hủy đơn {0}. {2}", "Đơn hàng: {1}");

    public static readonly Notice ComplaintOpened = new("complaint-opened", "Khiếu nại về đơn {0}", "SonLaMarket: người mua khiếu nại về đơn {0}. Hãy trả lời trước {2}.", "Khiếu nại: {1}");
    public static readonly Notice ComplaintAccepted = new("complaint-accepted", "Trả lời khiếu nại về đơn {0}", "SonLaMarket: người bán đồng ý với khiếu nại về đơn {0}: {2}", Look);
    public static readonly Notice ComplaintRefused = new("complaint-refused", "Trả lời khiếu nại về đơn {0}", "SonLaMarket: người bán từ chối khiếu nại về đơn {0}: {2} Bạn có thể đưa lên Sở Công Thương ở trang đơn.", Look);
    public static readonly Notice ComplaintWithdrawn = new("complaint-withdrawn", "Khiếu nại về đơn {0} đã rút", "SonLaMarket: người mua đã rút khiếu nại {2} về đơn {0}.", "Khiếu nại: {1}");
    public static readonly Notice ComplaintEscalated = new("complaint-escalated", "Khiếu nại về đơn {0} đã chuyển đến Sở", "SonLaMarket: người bán chưa trả lời khiếu nại {2} về đơn {0}, nên khiếu nại được chuyển đến Sở Công Thương.", Look);
    public static readonly Notice ComplaintEscalatedSeller = new("complaint-escalated-seller", "Khiếu nại về đơn {0} đã chuyển đến Sở", "SonLaMarket: quá hạn trả lời, khiếu nại {2} về đơn {0} đã chuyển đến Sở Công Thương.", "Khiếu nại: {1}");
    public static readonly Notice ComplaintAppealed = new("complaint-appealed", "Khiếu nại về đơn {0} đã chuyển đến Sở", "SonLaMarket: người mua không đồng ý với câu trả lời của bạn và đưa khiếu nại {2} về đơn {0} lên Sở Công Thương.", "Khiếu nại: {1}");
    public static readonly Notice ComplaintSettled = new("complaint-settled", "Kết luận khiếu nại về đơn {0}", "SonLaMarket: Sở Công Thương kết luận khiếu nại về đơn {0}: {2}", Look);
    public static readonly Notice ComplaintSettledSeller = new("complaint-settled-seller", "Kết luận khiếu nại về đơn {0}", "SonLaMarket: Sở Công Thương kết luận khiếu nại về đơn {0}: {2}", "Khiếu nại: {1}");
}

/// <summary>What the buyer of a part is told.</summary>
/// <param name="Code">Of the part.</param>
/// <param name="Happening">Tells one happening from another of the same kind.</param>
/// <param name="Values">What follows code and page in the notice.</param>
public sealed record BuyerTold(string Code, Notice Notice, string Happening, object[] Values);

/// <summary>
/// Tells buyers and sellers of an order's part: the phone that the order names, and the proven e-mail of the account that placed it. Each happening
/// is told once. The values of a notice are the part's code, the page to look at, then what the caller gives.
/// </summary>
public sealed class OrderNotices(Messages messages, OrderLinks links, SiteOptions site)
{
    /// <summary>Who is told of the part @code.</summary>
    internal const string PeopleSql = $"{People} where s.code = @code";

    private const string PeopleOfAllSql = $"{People} where s.code = any(@codes) order by s.id";

    private const string People = """
        select s.code, s.method, u.code as purchase, u.language, u.buyer_phone, (select p.email from accounts.person p where p.id = u.person_id and p.email_proven_at is not null and p.disabled_at is null) as buyer_email, r.phone as seller_phone, r.email as seller_email
        from orders.sub_order s join orders.purchase u on u.id = s.purchase_id join producers.producer r on r.id = s.producer_id
        """;

    /// <param name="happening">Tells one happening from another of the same kind; empty where there is only one.</param>
    public async Task TellBuyerAsync(Tx tx, string code, Notice notice, string happening = "", params object[] values) =>
        await TellBuyerAsync(tx, await PeopleAsync(tx, code), notice, happening, values);

    internal Task TellBuyerAsync(Tx tx, OrderPeople people, Notice notice, string happening = "", params object[] values) =>
        messages.TellEachAsync(tx, [OfBuyer(people, notice, happening, values)]);

    /// <summary>The buyers of many parts, each of their own.</summary>
    public async Task TellBuyersAsync(Tx tx, IReadOnlyCollection<BuyerTold> all)
    {
        var people = (await tx.QueryAsync<OrderPeople>(PeopleOfAllSql, new { codes = all.Select(b => b.Code).ToArray() })).ToDictionary(p => p.Code, StringComparer.Ordinal);
        await messages.TellEachAsync(tx, [.. all.Select(b => OfBuyer(people[b.Code], b.Notice, b.Happening, b.Values))]);
    }

    private Telling OfBuyer(OrderPeople people, Notice notice, string happening, object[] values)
    {
        var path = links.GrantedPath(people.Purchase);
        return new(Contacts(people.BuyerPhone, people.BuyerEmail), people.Language, notice, Happening(people.Code, happening), [people.Code, site.Absolute(people.Language == Texts.En ? Language.Prefix + path : path), .. values]);
    }

    /// <summary>Each seller is told of its new part, which is paid when the goods are handed over.</summary>
    public async Task TellNewAsync(Tx tx, string[] codes)
    {
        if (codes.Length == 0)
            return;
        foreach (var people in await tx.QueryAsync<OrderPeople>(PeopleOfAllSql, new { codes }))
            await TellSellerAsync(tx, people, OrderNotice.New, "", PaymentWords.Label(people.Method));
    }

    public async Task TellSellerAsync(Tx tx, string code, Notice notice, string happening = "", params object[] values) =>
        await TellSellerAsync(tx, await PeopleAsync(tx, code), notice, happening, values);

    internal Task TellSellerAsync(Tx tx, OrderPeople people, Notice notice, string happening = "", params object[] values) =>
        TellSellerAsync(tx, people, notice, happening, "/quan-ly/don-hang/" + people.Code, values);

    /// <summary>The same with the page of a complaint to look at.</summary>
    public async Task TellSellerOfComplaintAsync(Tx tx, string code, Notice notice, string complaint, params object[] values) =>
        await TellSellerAsync(tx, await PeopleAsync(tx, code), notice, complaint, "/quan-ly/khieu-nai/" + complaint, values);

    private Task TellSellerAsync(Tx tx, OrderPeople people, Notice notice, string happening, string path, object[] values) =>
        messages.TellAsync(tx, Contacts(people.SellerPhone, people.SellerEmail), Texts.Vi, notice, Happening(people.Code, happening), [people.Code, site.Absolute(path), .. values]);

    private static Task<OrderPeople> PeopleAsync(Tx tx, string code) => tx.SingleAsync<OrderPeople>(PeopleSql, new { code });

    /// <summary>The whole purchase, before it has parts to speak of; its secret is known only now.</summary>
    public async Task TellPlacedAsync(Tx tx, string language, string phone, long? personId, string code, string token, long totalVnd)
    {
        var path = OrderLinks.Path(code, token);
        var link = site.Absolute(language == Texts.En ? Language.Prefix + path : path);
        var email = personId is null ? null : await tx.FirstOrDefaultAsync<string>("select email from accounts.person where id = @personId and email_proven_at is not null and disabled_at is null", new { personId });
        await messages.TellAsync(tx, Contacts(phone, email), language, OrderNotice.Placed, code, code, Vietnamese.Money(totalVnd), link);
    }

    private static string Happening(string code, string happening) => happening.Length == 0 ? code : $"{code}:{happening}";

    private static IEnumerable<Contact> Contacts(string? phone, string? email) => new[] { phone, email }.Where(c => !string.IsNullOrEmpty(c)).Select(c => new Contact(c!));
}

/// <summary>Who is told of an order's part.</summary>
/// <param name="Purchase">The code of the whole.</param>
/// <param name="Language">Of the buyer.</param>
internal sealed record OrderPeople(string Code, string Method, string Purchase, string Language, string BuyerPhone, string? BuyerEmail, string SellerPhone, string SellerEmail);

/// <summary>Tells the buyer when money went back.</summary>
public sealed class RefundNotices(OrderNotices notices, Db db) : IHandle<MoneyReturned>
{
    public async Task HandleAsync(MoneyReturned message, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(ct);
        await notices.TellBuyerAsync(tx, SubOrderName.CodeOf(message.Payable), OrderNotice.Refunded, message.Key, Vietnamese.Money(message.AmountVnd));
        await tx.CommitAsync(CancellationToken.None);
    }
}
