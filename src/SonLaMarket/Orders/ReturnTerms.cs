using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Orders;

/// <summary>As the operator set it. Every page of a listing says it, so it is read once a minute.</summary>
public sealed class ReturnTerms(Db db, TimeProvider clock) : IReturnTerms
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);
    private Known? known;

    public async ValueTask<int> DaysAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return (known is { } said && now - said.At < Kept ? said : known = new(await Deadline.DaysAsync(db, Deadline.ToOpen, ct), now)).Days;
    }

    private sealed record Known(int Days, DateTimeOffset At);
}
