using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;
using SonLaMarket.Origin;

namespace SonLaMarket.Catalog;

/// <summary>
/// A lower price for some days. When it begins the listing's price itself changes, and back when it ends: page, cart, order, file and history read one price, and the one before it stands beside it. The instants stand in its row, where <see cref="PromotionClock"/> finds them.
/// </summary>
public sealed class Promotions(Listings listings, Shelf shelf, Audit audit, TimeProvider clock)
{
    /// <summary>The days that one year may have of promotions by price (Nghị định 81/2018/NĐ-CP, Điều 10): no single one is longer.</summary>
    public const int MostDays = 120;

    /// <summary>What cannot be, each with its field: "Price", "From" or "Until".</summary>
    /// <param name="from">Today where nothing is said.</param>
    /// <param name="last">The last day.</param>
    public static IEnumerable<(string Field, string Message)> Faults(long? saleVnd, DateOnly? from, DateOnly? last, long usualVnd, DateOnly today, Texts t)
    {
        if (saleVnd < 1000)
            yield return ("Price", t["Giá từ 1.000 đến 999.999.999 đồng."]);
        else if (saleVnd >= usualVnd)
            yield return ("Price", t["Giá khuyến mại phải thấp hơn giá thường, {0}.", Vietnamese.Money(usualVnd)]);
        if (from < today)
            yield return ("From", t["Ngày bắt đầu đã qua. Bắt đầu ngay thì để trống."]);
        if (last < (from ?? today))
            yield return ("Until", t["Ngày cuối không thể trước ngày bắt đầu."]);
        else if (last is { } day && day.DayNumber - (from ?? today).DayNumber >= MostDays)
            yield return ("Until", t["Một khuyến mại giảm giá dài nhất {0} ngày.", MostDays]);
    }

    /// <summary>What to ask once; null where the price falls by half at most.</summary>
    public static string? Question(long usualVnd, long saleVnd, Texts t) => saleVnd * 2 >= usualVnd ? null
        : t["Giá giảm hơn một nửa: từ {0} xuống {1}. Với hàng không phải thực phẩm tươi sống, luật cho giảm nhiều nhất 50 %. Đúng giá này chứ?", Vietnamese.Money(usualVnd), Vietnamese.Money(saleVnd)];

    /// <summary>What to know before another usual price is typed; null where no promotion runs or is planned.</summary>
    public static string? Warning(Listing listing, Texts t) => listing switch
    {
        { SaleVnd: null } => null,
        { OnSale: true } => t["Tin đang khuyến mại {0}. Đổi giá thường thì khuyến mại kết thúc ngay.", Vietnamese.Money(listing.SaleVnd.Value)],
        _ => t["Tin sắp có khuyến mại {0}. Giá thường mới không cao hơn giá này thì khuyến mại bị bỏ.", Vietnamese.Money(listing.SaleVnd.Value)],
    };

    /// <summary>Whether a usual price, set now, ends the promotion that runs or drops the one that is planned.</summary>
    public static bool EndedBy(long priceVnd, long usualVnd, long? saleVnd, bool onSale) => onSale ? priceVnd != usualVnd : saleVnd >= priceVnd;

    /// <summary>The last day of one that ends just before the instant.</summary>
    public static DateOnly LastDay(DateTimeOffset until) => Vietnamese.Day(until.AddTicks(-1));

    /// <summary>Plans a promotion of a public listing that has none; one whose time has come begins at once. False when it is not the member's, not public, has one, would not cost less, or the last day is over.</summary>
    /// <param name="first">Of today it is from now on: nobody paid less this morning.</param>
    /// <param name="last">It ends with this day.</param>
    public async Task<bool> PlanAsync(Tx tx, string slug, long saleVnd, DateOnly? first, DateOnly last, long memberId, Actor actor)
    {
        var now = clock.GetUtcNow();
        var from = first > Vietnamese.Day(now) ? OriginEvents.Midnight(first.Value).ToUniversalTime() : now;
        var until = OriginEvents.Midnight(last.AddDays(1)).ToUniversalTime();
        const string plan = $"""
            update catalog.listing l set sale_vnd = @saleVnd, sale_from = @from, sale_until = @until, changed_at = @now
            where l.slug = @slug and l.public_version is not null and l.sale_vnd is null and @saleVnd < l.price_vnd and @until > @from and {Listings.Own} returning l.id
            """;
        if (await tx.FirstOrDefaultAsync<long?>(plan, new { slug, saleVnd, from, until, memberId, now }) is not { } id)
            return false;
        await audit.WriteAsync(tx, actor, "listing.promotion", $"listing:{slug}", detail: new { price = saleVnd, from, until });
        if (!await TurnAsync(tx, id, actor))
            await shelf.RefreshAsync(tx, id);
        return true;
    }

    /// <summary>The promotion is over, or never comes. False when there is none, or the listing is not the member's.</summary>
    public async Task<bool> EndAsync(Tx tx, string slug, long memberId, Actor actor)
    {
        const string lockRow = $"select l.id, l.usual_vnd is not null as running from catalog.listing l where l.slug = @slug and l.sale_vnd is not null and {Listings.Own} for update";
        if (await tx.FirstOrDefaultAsync<(long Id, bool Running)?>(lockRow, new { slug, memberId }) is not var (id, running))
            return false;
        await EndAsync(tx, id, slug, running, actor);
        return true;
    }

    /// <summary>Does what the clock says, however late or often it is asked. True where something changed.</summary>
    internal async Task<bool> TurnAsync(Tx tx, long id, Actor actor)
    {
        const string begin = "update catalog.listing set usual_vnd = price_vnd, price_vnd = sale_vnd, changed_at = @now where id = @id";
        var now = clock.GetUtcNow();
        if (await tx.FirstOrDefaultAsync<Planned>("select l.slug, l.usual_vnd is not null as running, l.sale_from, l.sale_until from catalog.listing l where l.id = @id and l.sale_vnd is not null for update", new { id }) is not { } sale)
            return false;
        if (sale.SaleUntil <= now)
        {
            await EndAsync(tx, id, sale.Slug, sale.Running, actor);
            return true;
        }
        if (sale.Running || sale.SaleFrom > now)
            return false;
        await tx.ExecuteAsync(begin, new { id, now });
        await listings.NotePriceAsync(tx, sale.Slug, actor);
        await audit.WriteAsync(tx, actor, "listing.promotion-begin", $"listing:{sale.Slug}");
        await shelf.RefreshAsync(tx, id);
        return true;
    }

    private async Task EndAsync(Tx tx, long id, string slug, bool running, Actor actor)
    {
        await tx.ExecuteAsync($"update catalog.listing l set {Listings.PromotionOver}, changed_at = @now where l.id = @id", new { id, now = clock.GetUtcNow() });
        if (running)
            await listings.NotePriceAsync(tx, slug, actor);
        await audit.WriteAsync(tx, actor, "listing.promotion-end", $"listing:{slug}");
        await shelf.RefreshAsync(tx, id);
    }

    private sealed record Planned(string Slug, bool Running, DateTimeOffset SaleFrom, DateTimeOffset SaleUntil);
}

/// <summary>Begins and ends promotions when their time has come.</summary>
public sealed class PromotionClock(Promotions promotions, Db db, TimeProvider clock) : IRecurring
{
    public async Task RunAsync(CancellationToken ct)
    {
        const string due = "select id from catalog.listing where sale_vnd is not null and (sale_until <= @now or usual_vnd is null and sale_from <= @now) order by id";
        foreach (var id in await db.QueryAsync<long>(due, new { now = clock.GetUtcNow() }, ct))
        {
            await using var tx = await db.BeginAsync(CancellationToken.None);
            await promotions.TurnAsync(tx, id, Actor.System);
            await tx.CommitAsync(CancellationToken.None);
        }
    }
}
