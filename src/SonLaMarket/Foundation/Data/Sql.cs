using System.Data.Common;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Dapper;
using Npgsql;

namespace SonLaMarket.Foundation.Data;

/// <summary>
/// Where SQL runs: <see cref="Db"/> (a connection of the pool for each call) or <see cref="Tx"/> (the caller's
/// transaction). A method that only reads takes <see cref="Sql"/>; a method that changes takes <see cref="Tx"/>.
/// </summary>
public abstract class Sql
{
    private protected abstract Task<T> RunAsync<T>(Func<DbConnection, DbTransaction?, Task<T>> work, CancellationToken ct);

    public Task<List<T>> QueryAsync<T>(string sql, object? args = null, CancellationToken ct = default) =>
        RunAsync(async (c, t) => (await c.QueryAsync<T>(new CommandDefinition(sql, args, t, cancellationToken: ct))).AsList(), ct);

    /// <summary>The first row, or null (default) when there is none.</summary>
    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? args = null, CancellationToken ct = default) =>
        RunAsync(async (c, t) => await c.QueryFirstOrDefaultAsync<T>(new CommandDefinition(sql, args, t, cancellationToken: ct)), ct)!;

    /// <summary>Exactly one row; anything else is a broken assumption and throws.</summary>
    public Task<T> SingleAsync<T>(string sql, object? args = null, CancellationToken ct = default) =>
        RunAsync((c, t) => c.QuerySingleAsync<T>(new CommandDefinition(sql, args, t, cancellationToken: ct)), ct);

    /// <summary>Rows changed.</summary>
    public Task<int> ExecuteAsync(string sql, object? args = null, CancellationToken ct = default) =>
        RunAsync((c, t) => c.ExecuteAsync(new CommandDefinition(sql, args, t, cancellationToken: ct)), ct);

    /// <summary>Several result sets in one round trip.</summary>
    public Task<T> MultipleAsync<T>(string sql, object? args, Func<SqlMapper.GridReader, Task<T>> read, CancellationToken ct = default) =>
        RunAsync(async (c, t) =>
        {
            await using var grid = await c.QueryMultipleAsync(new CommandDefinition(sql, args, t, cancellationToken: ct));
            return await read(grid);
        }, ct);

    /// <summary>The same of a page that is made thousands of times a minute.</summary>
    public Task<(List<TFirst> First, List<TSecond> Second, List<TThird> Third)> TogetherAsync<TFirst, TSecond, TThird>(Statement<TFirst> first, Statement<TSecond> second, Statement<TThird> third, object args, CancellationToken ct = default) =>
        RunAsync(async (c, t) =>
        {
            await using var batch = c.CreateBatch();
            batch.Transaction = t;
            first.AddTo(batch, args);
            second.AddTo(batch, args);
            third.AddTo(batch, args);
            await using var reader = await batch.ExecuteReaderAsync(ct);
            return (await first.ReadAsync(reader, ct), await second.ReadAsync(reader, ct), await third.ReadAsync(reader, ct));
        }, ct);
}

/// <summary>No connection came free in the time that the request may wait.</summary>
public sealed class DatabaseBusyException() : Exception("Every connection to the database is taken.")
{
    /// <summary>A crowd is why it failed: no connection came free, or a statement was given up because it waited too long for a lock or for its end, or because two waited for each other. Asked again a little later it may succeed.</summary>
    public static bool Means(Exception e) =>
        e is DatabaseBusyException or PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.DeadlockDetected } or NpgsqlException { InnerException: TimeoutException };
}

/// <summary>The database through its pool. One per process.</summary>
public sealed class Db(NpgsqlDataSource source) : Sql
{
    private static readonly AsyncLocal<StrongBox<TimeSpan?>?> Waiting = new();

    public NpgsqlDataSource Source => source;

    /// <summary>How long the present request waits for a connection before <see cref="DatabaseBusyException"/>; null waits as long as the pool does (15 s).</summary>
    public static TimeSpan? Patience
    {
        get => Waiting.Value?.Value;
        set => Waiting.Value = new(value);
    }

    /// <summary>Who has changed something is not sent away before the answer.</summary>
    internal static void SeeThrough()
    {
        if (Waiting.Value is { } waiting)
            waiting.Value = null;
    }

    /// <summary>Begins a transaction (read committed). Dispose without <see cref="Tx.CommitAsync"/> rolls back.</summary>
    public async Task<Tx> BeginAsync(CancellationToken ct = default)
    {
        var connection = await OpenAsync(ct);
        try
        {
            return new Tx(this, connection, await connection.BeginTransactionAsync(ct));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Rows as they arrive, for files that must not depend on memory.</summary>
    public async IAsyncEnumerable<T> StreamAsync<T>(string sql, object? args = null, [EnumeratorCancellation] CancellationToken ct = default)
    {
        await using var connection = await OpenAsync(ct);
        await foreach (var row in connection.QueryUnbufferedAsync<T>(sql, args).WithCancellation(ct))
            yield return row;
    }

    private protected override async Task<T> RunAsync<T>(Func<DbConnection, DbTransaction?, Task<T>> work, CancellationToken ct)
    {
        try
        {
            return await OnceAsync(work, ct);
        }
        catch (NpgsqlException e) when (SessionHadEnded(e))
        {
            return await OnceAsync(work, ct);
        }
    }

    private async Task<T> OnceAsync<T>(Func<DbConnection, DbTransaction?, Task<T>> work, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        return await work(connection, null);
    }

    /// <summary>The server had ended the session while it lay in the pool, or ended it in the middle: either way the statement, alone as it was, did nothing.</summary>
    private static bool SessionHadEnded(NpgsqlException e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown } || e.InnerException is IOException { InnerException: SocketException { SocketErrorCode: SocketError.Shutdown } };

    private async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken ct)
    {
        if (Patience is not { } patience)
            return await source.OpenConnectionAsync(ct);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        enough.CancelAfter(patience);
        try
        {
            return await source.OpenConnectionAsync(enough.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new DatabaseBusyException();
        }
    }
}

/// <summary>One transaction, handed from verb to verb; never ambient.</summary>
public sealed class Tx : Sql, IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;
    private readonly List<Func<Task>> afterwards = [];
    private NpgsqlBatch? waiting;

    internal Tx(Db db, NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        Db = db;
        this.connection = connection;
        this.transaction = transaction;
    }

    /// <summary>Where it was begun.</summary>
    public Db Db { get; }

    /// <summary>
    /// A change whose outcome nobody asks for. It goes to the database in its place in the order of commands, together with its neighbours:
    /// before the next one that is awaited, at the latest with the commit. There it fails, if it fails.
    /// </summary>
    public void Add(string sql, object? args = null)
    {
        waiting ??= connection.CreateBatch();
        var command = new NpgsqlBatchCommand(sql);
        Parameters.Fill(command.Parameters, args);
        waiting.BatchCommands.Add(command);
    }

    public async Task CommitAsync(CancellationToken ct = default)
    {
        if (waiting is null)
            await transaction.CommitAsync(ct);
        else
        {
            Add("commit");
            await SendAsync(ct);
        }
        Db.SeeThrough();
        foreach (var work in afterwards)
            await work();
    }

    /// <summary>Runs <paramref name="work"/> in this process when the transaction is committed, before <see cref="CommitAsync"/> returns. It must not throw: what must not be lost is a job.</summary>
    public void Afterwards(Func<Task> work) => afterwards.Add(work);

    public async ValueTask DisposeAsync()
    {
        if (waiting is not null)
            await waiting.DisposeAsync();
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private protected override async Task<T> RunAsync<T>(Func<DbConnection, DbTransaction?, Task<T>> work, CancellationToken ct)
    {
        await SendAsync(ct);
        return await work(connection, transaction);
    }

    private async Task SendAsync(CancellationToken ct)
    {
        if (waiting is not { } batch)
            return;
        waiting = null;
        await using (batch)
            await batch.ExecuteNonQueryAsync(ct);
    }
}
