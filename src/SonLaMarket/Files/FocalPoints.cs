using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Files;

/// <summary>
/// Which of nine cells of a picture, row by row, stays in view where a frame cuts it; 4 is the middle. Every list of pictures asks for
/// each of them, so the few that are not the middle are held in memory, the same on every instance (LISTEN/NOTIFY).
/// </summary>
public sealed class FocalPoints
{
    public const int Cells = 9;
    public const int Middle = 4;
    private const string Channel = "focal_point";
    private readonly ConcurrentDictionary<Guid, int> moved = new();

    public int Of(Guid? picture) => picture is { } id && moved.TryGetValue(id, out var cell) ? cell : Middle;

    /// <summary>Moves the point of the owner's own pictures; others are left alone. Pages that show them are made anew.</summary>
    public async Task SetAsync(Db db, string owner, IReadOnlyDictionary<Guid, int> cells)
    {
        const string update = """
            update files.stored_file f set focus = c.cell from unnest(@ids, @points) as c (id, cell)
            where f.id = c.id and f.owner = @owner and f.kind = 'image' and f.focus <> c.cell returning f.id
            """;
        if (cells.Count == 0)
            return;
        await using var tx = await db.BeginAsync();
        var changed = await tx.QueryAsync<Guid>(update, new { ids = cells.Keys.ToArray(), points = cells.Values.Select(c => (short)c).ToArray(), owner });
        foreach (var id in changed)
            await tx.ExecuteAsync("select pg_notify('focal_point', @payload)", new { payload = string.Create(CultureInfo.InvariantCulture, $"{id} {cells[id]}") });
        if (changed.Count > 0)
            await PageCache.EvictAsync(tx, PageCache.Everything);
        await tx.CommitAsync();
        foreach (var id in changed)
            Take(id, cells[id]);
    }

    private void Take(Guid id, int cell)
    {
        if (cell == Middle)
            moved.TryRemove(id, out _);
        else
            moved[id] = cell;
    }

    /// <summary>Reads the points once at the start and after every loss of the connection, then hears of each change.</summary>
    public sealed class Listener(FocalPoints points, NpgsqlDataSource source, ILogger<Listener> logger) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    await using var connection = await source.OpenConnectionAsync(stoppingToken);
                    connection.Notification += (_, n) => Hear(n.Payload);
                    await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
                        await listen.ExecuteNonQueryAsync(stoppingToken);
                    await ReadAsync(connection, stoppingToken);
                    while (true)
                        await connection.WaitAsync(stoppingToken);
                }
                catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
                {
                    logger.LogWarning("Focal points lost their connection: {Reason}", e.Message);
                    await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }

        private async Task ReadAsync(NpgsqlConnection connection, CancellationToken ct)
        {
            await using var select = new NpgsqlCommand("select id, focus from files.stored_file where focus <> 4", connection);
            await using var rows = await select.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
                points.Take(rows.GetGuid(0), rows.GetInt16(1));
        }

        private void Hear(string payload)
        {
            if (payload.Split(' ') is [var id, var cell])
                points.Take(Guid.Parse(id), int.Parse(cell, CultureInfo.InvariantCulture));
        }
    }
}
