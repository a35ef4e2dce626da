using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin;

/// <param name="Name">For whom it was made: "Bố", "Tổ 2".</param>
public sealed record DiaryLinkRow(long Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>Links by which people of the household read the diary of a lot without an account, until they end.</summary>
public sealed class DiaryLinks(RowKeys keys, Audit audit, TimeProvider clock)
{
    private const string Kind = "diary-link";
    private const int MostOfALot = 10;
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(180);

    public string Path(string lotCode, long id) => $"/lo/{lotCode}/nhat-ky?k={Uri.EscapeDataString(keys.Seal(Kind, id))}";

    /// <summary>False when the lot is not theirs, or has ten open links already.</summary>
    public async Task<bool> AddAsync(Tx tx, string lotCode, long memberId, string name, Actor actor)
    {
        const string insert = """
            insert into origin.diary_link (lot_id, name, created_by, created_at, expires_at)
            select l.id, @name, @memberId, @now, @ends from origin.lot l join producers.acting m on m.producer_id = l.producer_id and m.person_id = @memberId
            where l.code = @lotCode and (select count(*) from origin.diary_link k where k.lot_id = l.id and k.ended_at is null and k.expires_at > @now) < @MostOfALot
            """;
        var now = clock.GetUtcNow();
        if (await tx.ExecuteAsync(insert, new { lotCode, memberId, name, now, ends = now + Lifetime, MostOfALot }) == 0)
            return false;
        await audit.WriteAsync(tx, actor, "diary-link.add", $"lot:{lotCode}");
        return true;
    }

    /// <summary>False when there is no such open link of the lot.</summary>
    public async Task<bool> EndAsync(Tx tx, string lotCode, long memberId, string? key, Actor actor)
    {
        const string end = """
            update origin.diary_link k set ended_at = @now from origin.lot l join producers.acting m on m.producer_id = l.producer_id and m.person_id = @memberId
            where l.id = k.lot_id and l.code = @lotCode and k.id = @id and k.ended_at is null
            """;
        if (keys.Open(Kind, key) is not { } id || await tx.ExecuteAsync(end, new { lotCode, memberId, id, now = clock.GetUtcNow() }) == 0)
            return false;
        await audit.WriteAsync(tx, actor, "diary-link.end", $"lot:{lotCode}");
        return true;
    }

    public string Key(long id) => keys.Seal(Kind, id);

    /// <summary>The lot whose diary the link opens; null when it is not ours, has ended, or is of another lot.</summary>
    public async Task<long?> OpenAsync(Sql sql, string lotCode, string? key, CancellationToken ct)
    {
        const string open = "select l.id from origin.diary_link k join origin.lot l on l.id = k.lot_id where k.id = @id and l.code = @lotCode and k.ended_at is null and k.expires_at > @now";
        return keys.Open(Kind, key) is { } id ? await sql.FirstOrDefaultAsync<long?>(open, new { id, lotCode, now = clock.GetUtcNow() }, ct) : null;
    }
}
