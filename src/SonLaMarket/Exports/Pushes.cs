using SonLaMarket.Exports.Writers;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Jobs;

namespace SonLaMarket.Exports;

/// <summary>Asks for what a platform is to be told to be told.</summary>
public sealed record PushListings(string Profile);

/// <summary>How one listing stands with a platform's program.</summary>
/// <param name="State">"waiting", "sent", "refused", "withdrawing" or "withdrawn".</param>
/// <param name="Error">What the platform said, or why it was not reached.</param>
public sealed record PushState(string ProfileCode, string State, string PlatformId, string Error, DateTimeOffset? AnsweredAt)
{
    public static string LabelOf(string state) => state switch { "sent" => "Đã gửi sang sàn", "refused" => "Sàn từ chối", "withdrawing" => "Đang chờ gỡ trên sàn", "withdrawn" => "Đã gỡ trên sàn", _ => "Đang chờ gửi" };

    public string Badge => State switch { "sent" => "ok", "refused" => "bad", "withdrawn" => "quiet", _ => "info" };

    /// <summary>Of one listing, on each platform that is sent to.</summary>
    public static Task<List<PushState>> OfAsync(Sql sql, long listingId, CancellationToken ct) =>
        sql.QueryAsync<PushState>("select profile_code, state, platform_id, error, answered_at from exports.push where listing_id = @listingId order by profile_code", new { listingId }, ct);
}

/// <summary>What platforms' programs are to have: the rows of the last run, each as its own payload. Written with the run, told afterwards (<see cref="PushRound"/>).</summary>
public sealed class Pushes(PushSettings settings, Queue queue, TimeProvider clock)
{
    private const int AtOnce = 500;

    /// <summary>Of these rows those that are new or changed wait to be sent; what was sent and is not among them any more waits to be withdrawn. One that is being
    /// told at this moment waits until that is over. Nothing where nothing is set up.</summary>
    public async Task PlanAsync(Tx tx, Profile profile, IEnumerable<ExportRow> rows)
    {
        const string withdraw = """
            update exports.push set state = 'withdrawing', payload = '', print = '', attempts = 0, asked_at = @now,
              next_at = least(greatest(next_at, @now::timestamptz), @now::timestamptz + make_interval(secs => @pause))
            where profile_code = @Code and listing_id = any(@gone) and state not in ('withdrawing', 'withdrawn')
            """;
        if (settings.For(profile) is null)
            return;
        var (skuAt, now, pause) = (Array.FindIndex(profile.Columns, c => c.Name == profile.Push!.Sku), clock.GetUtcNow(), settings.LongestOf(profile.Push!).TotalSeconds);
        var known = (await tx.QueryAsync<(long Listing, byte[] Print)>("select listing_id, print from exports.push where profile_code = @Code", new { profile.Code })).ToDictionary(k => k.Listing, k => Convert.ToHexString(k.Print));
        var (changed, count) = (new List<(long Listing, string Sku, string Payload, byte[] Print)>(), 0);
        foreach (var row in rows)
        {
            var payload = Payload.One(profile, row.Cells);
            var print = Codes.Hash(payload);
            if (known.Remove(row.ListingId, out var before) && before == Convert.ToHexString(print))
                continue;
            changed.Add((row.ListingId, row.Cells[skuAt] is [var sku, ..] ? sku : "", payload, print));
            if (changed.Count == AtOnce)
                count += await SaveAsync(tx, profile.Code, changed, now, pause);
        }
        count += await SaveAsync(tx, profile.Code, changed, now, pause) + await tx.ExecuteAsync(withdraw, new { profile.Code, gone = known.Keys.ToArray(), now, pause });
        if (count > 0)
            await queue.AnnounceAsync(tx, new PushListings(profile.Code));
    }

    private static async Task<int> SaveAsync(Tx tx, string code, List<(long Listing, string Sku, string Payload, byte[] Print)> rows, DateTimeOffset now, double pause)
    {
        const string save = """
            insert into exports.push (profile_code, listing_id, sku, state, payload, print, platform_id, attempts, next_at, error, asked_at)
            select @code, n.listing_id, n.sku, 'waiting', n.payload, n.print, '', 0, @now, '', @now from unnest(@listings, @skus, @payloads, @prints) as n (listing_id, sku, payload, print)
            on conflict (profile_code, listing_id) do update set sku = excluded.sku, state = 'waiting', payload = excluded.payload, print = excluded.print, attempts = 0, error = '', asked_at = excluded.asked_at,
              next_at = least(greatest(push.next_at, excluded.next_at), excluded.next_at + make_interval(secs => @pause))
            """;
        if (rows.Count == 0)
            return 0;
        var saved = await tx.ExecuteAsync(save, new { code, now, pause, listings = rows.Select(r => r.Listing).ToArray(), skus = rows.Select(r => r.Sku).ToArray(), payloads = rows.Select(r => r.Payload).ToArray(), prints = rows.Select(r => r.Print).ToArray() });
        rows.Clear();
        return saved;
    }
}
