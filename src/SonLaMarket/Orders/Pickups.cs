using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Orders;

/// <summary>A place where a seller's goods are fetched.</summary>
/// <param name="Weekdays">1 Monday to 7 Sunday.</param>
/// <param name="ToHour">Exclusive, Vietnam time.</param>
public sealed record PickupPoint(string Code, long ProducerId, string Name, string Address, int[] Weekdays, int FromHour, int ToHour)
{
    private const int Ahead = 14;
    private const int MostSlots = 6;

    /// <summary>The next times there, not before the goods are ready.</summary>
    /// <param name="ready">The day on which what is ordered now is handed over.</param>
    public IEnumerable<PickupSlot> Slots(DateOnly ready) => Enumerable.Range(0, Ahead).Select(ready.AddDays)
        .Where(d => Weekdays.Contains(d.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)d.DayOfWeek)).Take(MostSlots).Select(d => new PickupSlot(this, d));
}

/// <summary>A time at a place. Its key travels through the form: "AB12CD34@2026-11-28".</summary>
public sealed record PickupSlot(PickupPoint Point, DateOnly Day)
{
    public string Key => $"{Point.Code}@{Day:yyyy-MM-dd}";

    public string Place => $"{Point.Name}, {Point.Address}";

    public DateTimeOffset From => At(Point.FromHour);

    public DateTimeOffset Until => At(Point.ToHour);

    private DateTimeOffset At(int hour) => new DateTimeOffset(Day.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(7)).AddHours(hour);

    public static string Words(DateTimeOffset from, DateTimeOffset until, Texts t) =>
        t["{0}, từ {1} đến {2} giờ", WeekDays.Date(DateOnly.FromDateTime(Vietnamese.Local(from).DateTime), t), Vietnamese.Local(from).Hour, Vietnamese.Local(until).Hour is 0 ? 24 : Vietnamese.Local(until).Hour];
}

public sealed class Pickups(Audit audit, TimeProvider clock)
{
    public const int Most = 10;

    /// <summary>In one round trip with the lines of a cart: the places of its sellers.</summary>
    internal const string OfCartSql = """
        select p.code, p.producer_id, p.name, p.address, p.weekdays, p.from_hour, p.to_hour from orders.pickup_point p
        where p.closed_at is null and p.producer_id in (select l.producer_id from orders.cart_line c join catalog.listing l on l.id = c.listing_id where c.token_hash = @token) order by p.producer_id, p.id
        """;

    public static Task<List<PickupPoint>> OfMemberAsync(Sql sql, long memberId, CancellationToken ct = default) => sql.QueryAsync<PickupPoint>("""
        select p.code, p.producer_id, p.name, p.address, p.weekdays, p.from_hour, p.to_hour from orders.pickup_point p join producers.acting m on m.producer_id = p.producer_id
        where m.person_id = @memberId and p.closed_at is null order by p.id
        """, new { memberId }, ct);

    /// <summary>False when the producer has enough of them.</summary>
    public async Task<bool> AddAsync(Tx tx, PickupPoint point, Actor seller)
    {
        const string insert = """
            insert into orders.pickup_point (code, producer_id, name, address, weekdays, from_hour, to_hour)
            select @Code, @ProducerId, @Name, @Address, @Weekdays, @FromHour, @ToHour where (select count(*) from orders.pickup_point where producer_id = @ProducerId and closed_at is null) < @Most
            """;
        if (await tx.ExecuteAsync(insert, new { point.Code, point.ProducerId, point.Name, point.Address, point.Weekdays, point.FromHour, point.ToHour, Most }) == 0)
            return false;
        await audit.WriteAsync(tx, seller, "pickup.add", "pickup:" + point.Code);
        return true;
    }

    /// <summary>Nobody new comes there; who has ordered still does. False when it is not the member's.</summary>
    public async Task<bool> CloseAsync(Tx tx, string code, long memberId, Actor seller)
    {
        const string close = """
            update orders.pickup_point p set closed_at = @now where p.code = @code and p.closed_at is null
              and exists (select 1 from producers.acting m where m.producer_id = p.producer_id and m.person_id = @memberId)
            """;
        if (await tx.ExecuteAsync(close, new { code, memberId, now = clock.GetUtcNow() }) == 0)
            return false;
        await audit.WriteAsync(tx, seller, "pickup.close", "pickup:" + code);
        return true;
    }
}
