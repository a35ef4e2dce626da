using Npgsql;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Payments;

/// <summary>Of several processes on one database one starts the simulator; the others read here where it is.</summary>
public static class SimulatorAddress
{
    public static Task PublishAsync(Db db, string url) =>
        db.ExecuteAsync("insert into payments.simulator (id, url) values (1, @url) on conflict (id) do update set url = excluded.url", new { url });

    internal static string? Read(NpgsqlDataSource source)
    {
        using var command = source.CreateCommand("select url from payments.simulator");
        return command.ExecuteScalar() as string;
    }
}
