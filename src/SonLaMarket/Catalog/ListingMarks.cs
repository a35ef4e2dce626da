using SonLaMarket.Foundation.Data;
using SonLaMarket.Jobs;

namespace SonLaMarket.Catalog;

/// <summary>
/// Numbers the changes of listings for programs that follow them. A number is given after the change has been committed, and one at a time: what has no number
/// yet gets a higher one than any that can be read. By time or by transaction a change that commits late would stand behind what was read already.
/// </summary>
public sealed class ListingMarks(Db db) : IHandle<ListingChanged>
{
    public async Task HandleAsync(ListingChanged message, CancellationToken ct)
    {
        const string number = """
            insert into catalog.listing_change (listing_id, no) select @ListingId, coalesce(max(no), 0) + 1 from catalog.listing_change
            on conflict (listing_id) do update set no = excluded.no
            """;
        await using var tx = await db.BeginAsync(ct);
        await tx.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('catalog.listing_change', 0))");
        await tx.ExecuteAsync(number, new { message.ListingId });
        await tx.CommitAsync(ct);
    }
}
