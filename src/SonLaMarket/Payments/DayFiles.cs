using System.Globalization;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Payments;

/// <param name="Compared">Null when there is no file to be had, or it is not what it should be.</param>
/// <param name="Why">What is wrong with the file; null when there is none.</param>
public sealed record Fetched(Compared? Compared, Said? Why);

/// <summary>
/// Fetches the files of past days, where VNPAY (or the simulator) lays them down for us: setting Vnpay:DayFileUrl. A day whose file was not
/// there, or could not be read, is asked for again for a week, and shown to the operator.
/// </summary>
public sealed class DayFiles(Db db, Reconciliation reconciliation, VnpaySettings settings, TimeProvider clock, ILogger<DayFiles> logger) : IRecurring
{
    /// <summary>A day's file is there the next morning; from then on the day is missing.</summary>
    private static readonly TimeSpan Due = TimeSpan.FromHours(7);

    private const int Days = 7;
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = TimeSpan.FromSeconds(30), MaxResponseContentBufferSize = ProviderFile.MaxBytes };

    public async Task RunAsync(CancellationToken ct)
    {
        if (!settings.DailyFile)
            return;
        foreach (var day in await UnreadAsync(Vietnamese.Today(clock), ct))
            await FetchAsync(day, Actor.System, ct);
    }

    /// <summary>Days of the last week whose file should have come and did not. None where files are handed in by hand.</summary>
    public async Task<List<DateOnly>> MissingAsync(CancellationToken ct) =>
        settings.DailyFile ? await UnreadAsync(Vietnamese.Day(clock.GetUtcNow() - Due), ct) : [];

    public async Task<Fetched> FetchAsync(DateOnly day, Actor actor, CancellationToken ct)
    {
        try
        {
            var file = await Http.GetByteArrayAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"{settings.DayFileUrl}/{day:yyyyMMdd}.csv")), ct);
            var (lines, why) = ProviderFile.Read(file, day, null);
            if (why is not null)
            {
                logger.LogError("The file of {Day:yyyy-MM-dd} was fetched and is not what it should be: {Reason}", day, why);
                return new(null, why);
            }
            await using var tx = await db.BeginAsync(CancellationToken.None);
            var compared = await reconciliation.CompareAsync(tx, day, null, lines!, file, actor);
            await tx.CommitAsync(CancellationToken.None);
            return new(compared, null);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            logger.LogWarning("The file of {Day:yyyy-MM-dd} could not be fetched: {Reason}", day, e.Message);
            return new(null, null);
        }
    }

    /// <summary>Of the week before <paramref name="today"/>, and since somebody first went to VNPAY's page: the days of which no file of all terminals was read.</summary>
    private Task<List<DateOnly>> UnreadAsync(DateOnly today, CancellationToken ct)
    {
        const string select = """
            select d::date from generate_series(@first::date, @last::date, interval '1 day') as d
            where d::date >= (select min(a.started_at at time zone 'Asia/Ho_Chi_Minh')::date from payments.attempt a where a.terminal_id is not null)
              and not exists (select 1 from payments.provider_file f where f.day = d::date and f.tmn_code is null) order by 1
            """;
        return db.QueryAsync<DateOnly>(select, new { first = today.AddDays(-Days), last = today.AddDays(-1) }, ct);
    }
}
