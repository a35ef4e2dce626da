using System.Globalization;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Payments;

/// <summary>Fetches the file of yesterday each morning, where VNPAY (or the simulator) lays it down for us: setting Vnpay:DayFileUrl.</summary>
public sealed class DayFiles(Db db, Reconciliation reconciliation, VnpaySettings settings, TimeProvider clock, ILogger<DayFiles> logger) : IRecurring
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = TimeSpan.FromSeconds(30), MaxResponseContentBufferSize = ProviderFile.MaxBytes };

    public async Task RunAsync(CancellationToken ct)
    {
        if (settings.DailyFile)
            await FetchAsync(Vietnamese.Today(clock).AddDays(-1), Actor.System, ct);
    }

    /// <summary>Null when there is no file to be had, or it cannot be read.</summary>
    public async Task<Compared?> FetchAsync(DateOnly day, Actor actor, CancellationToken ct)
    {
        try
        {
            var file = await Http.GetByteArrayAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"{settings.DayFileUrl}/{day:yyyyMMdd}.csv")), ct);
            if (ProviderFile.Read(file).Lines is not { } lines)
                return null;
            await using var tx = await db.BeginAsync(CancellationToken.None);
            var compared = await reconciliation.CompareAsync(tx, day, null, lines, file, actor);
            await tx.CommitAsync(CancellationToken.None);
            return compared;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            logger.LogWarning("The file of {Day} could not be fetched: {Reason}", day, e.Message);
            return null;
        }
    }
}
