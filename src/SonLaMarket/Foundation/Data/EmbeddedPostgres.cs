using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace SonLaMarket.Foundation.Data;

/// <summary>The private server cannot run; the message is one line that says what to do.</summary>
public sealed class EmbeddedPostgresException(string message, Exception? inner = null) : Exception(message, inner);

/// <param name="Folder">Holds the cluster, its passwords and its lock; null is the place of the system's user data.</param>
/// <param name="Binaries">A folder with initdb and pg_ctl; null searches.</param>
/// <param name="Fresh">Starts over: the folder's cluster is deleted first, if it is ours.</param>
/// <param name="Disposable">For tests: quick, and lost after a power failure.</param>
public sealed record EmbeddedPostgresOptions(string? Folder = null, string? Binaries = null, bool Fresh = false, bool Disposable = false);

/// <summary>
/// A PostgreSQL server of our own, run from whatever installation the machine has: private folder, unix socket only,
/// password sign-in. It outlives a killed process and is adopted by the next one.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private const string Database = "sonlamarket";
    private const string Owner = "sonlamarket_owner";
    public const string AppRole = "sonlamarket";
    private const string Marker = "sonlamarket.key";

    private readonly EmbeddedPostgresOptions options;
    private readonly PostgresBinaries binaries;
    private readonly string folder;
    private readonly string? user;
    private readonly FileStream held;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly string[] passwords;
    private Task watch = Task.CompletedTask;

    private EmbeddedPostgres(EmbeddedPostgresOptions options, PostgresBinaries binaries, string folder, string? user, FileStream held, string[] passwords, ILogger logger)
    {
        this.options = options;
        this.binaries = binaries;
        this.folder = folder;
        this.user = user;
        this.held = held;
        this.passwords = passwords;
        this.logger = logger;
    }

    private string Data => Path.Combine(folder, "data");

    /// <summary>Where the socket lies: beside the data, or in the temp folder when that path is too long for a socket (104 bytes on macOS).</summary>
    private string SocketFolder { get; set; } = "";

    public string OwnerConnectionString(string database = Database) => ConnectionString(database, Owner, passwords[0]);

    public string AppConnectionString(string database = Database) => ConnectionString(database, AppRole, passwords[1]);

    private string ConnectionString(string database, string role, string password) =>
        new NpgsqlConnectionStringBuilder { Host = SocketFolder, Username = role, Password = password, Database = database, Timeout = 15, ApplicationName = "sonlamarket" }.ConnectionString;

    /// <exception cref="EmbeddedPostgresException">No PostgreSQL, folder in use or not ours, or the server does not start.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, ILogger logger, CancellationToken ct = default)
    {
        if (OperatingSystem.IsWindows())
            throw new EmbeddedPostgresException("On Windows give a PostgreSQL server by the setting ConnectionStrings__SonLaMarket.");
        var folder = Path.GetFullPath(options.Folder is { Length: > 0 } ? options.Folder : DefaultFolder());
        Directory.CreateDirectory(folder);
        if (Directory.EnumerateFileSystemEntries(folder).Any() && !File.Exists(Path.Combine(folder, Marker)))
            throw new EmbeddedPostgresException($"The folder {folder} holds something else; give an empty one by Database__Folder.");
        var held = Hold(folder);
        try
        {
            var data = Path.Combine(folder, "data");
            if (options.Fresh)
                await DeleteClusterAsync(options, folder, data);
            var major = File.Exists(Path.Combine(data, "PG_VERSION")) ? int.Parse((await File.ReadAllTextAsync(Path.Combine(data, "PG_VERSION"), ct)).Trim(), CultureInfo.InvariantCulture) : (int?)null;
            var binaries = PostgresBinaries.Find(options.Binaries, major) ?? throw new EmbeddedPostgresException(major is null
                ? "PostgreSQL 15 or newer was not found: install it (Debian: apt-get install postgresql) or set Database__PostgresBin to its bin folder."
                : $"The data in {folder} belong to PostgreSQL {major}, which was not found: install that version, or move the data with pg_dump.");
            var user = ServerUser();
            var server = new EmbeddedPostgres(options, binaries, folder, user, held, Passwords(folder), logger);
            await server.StartAsync(ct);
            return server;
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    private static string DefaultFolder() => Environment.UserName == "root"
        ? "/var/lib/sonlamarket/postgres"
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "sonlamarket", "postgres");

    /// <summary>PostgreSQL refuses to run as root; "postgres" comes with the package, "nobody" is everywhere.</summary>
    private static string? ServerUser() => Environment.UserName != "root" ? null
        : File.ReadLines("/etc/passwd").Any(l => l.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    private static FileStream Hold(string folder)
    {
        try
        {
            var held = new FileStream(Path.Combine(folder, Marker), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.SetUnixFileMode(held.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return held;
        }
        catch (IOException e)
        {
            throw new EmbeddedPostgresException($"Another process already uses the database in {folder}: stop it, or set Database__Folder to another folder.", e);
        }
    }

    private static string[] Passwords(string folder)
    {
        var file = Path.Combine(folder, "passwords");
        if (!File.Exists(file))
        {
            using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            stream.Write(Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(40) + "\n" + RandomNumberGenerator.GetHexString(40) + "\n"));
        }
        return File.ReadAllLines(file);
    }

    private async Task StartAsync(CancellationToken ct)
    {
        SocketFolder = Path.Combine(folder, "s");
        if (Encoding.UTF8.GetByteCount(SocketFolder) > 85)
            SocketFolder = Path.Combine(Path.GetTempPath(), "slm-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..12]);
        Give(Directory.CreateDirectory(SocketFolder).FullName);
        if (user is not null)
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        if (!Directory.Exists(Data))
            await InitAsync();
        await EnsureRunningAsync(ct);
        await PrepareAsync(ct);
        watch = WatchAsync();
    }

    /// <summary>Into data.new first, then renamed: an interrupted first start leaves no half cluster.</summary>
    private async Task InitAsync()
    {
        var fresh = Data + ".new";
        if (Directory.Exists(fresh))
            Directory.Delete(fresh, recursive: true);
        Give(Directory.CreateDirectory(fresh).FullName);
        var key = Path.Combine(folder, "owner.pw");
        await File.WriteAllTextAsync(key, passwords[0]);
        Give(key);
        List<string> args = ["-D", fresh, "-U", Owner, "--pwfile", key, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums"];
        if (options.Disposable)
            args.Add("--no-sync");
        var (code, output) = await Commands.RunAsync(binaries.Program("initdb"), [.. args], user, capture: true);
        File.Delete(key);
        if (code != 0)
            throw new EmbeddedPostgresException("The database could not be created: " + output.Trim().ReplaceLineEndings(" "));
        Directory.Move(fresh, Data);
    }

    /// <summary>Running means that it answers: right after a kill the pid may still stand in the file.</summary>
    private async Task EnsureRunningAsync(CancellationToken ct)
    {
        var patience = DateTime.UtcNow.AddMinutes(2);
        while (!await AnswersAsync())
        {
            ct.ThrowIfCancellationRequested();
            List<string> settings = ["listen_addresses=", $"unix_socket_directories={SocketFolder}", "unix_socket_permissions=0700", "max_connections=200"];
            if (user is not null)
                settings[2] = "unix_socket_permissions=0777";
            if (options.Disposable)
                settings.AddRange(["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=256MB", "shared_buffers=64MB"]);
            string[] args = ["start", "-w", "-t", "60", "-D", Data, "-l", Path.Combine(Data, "server.log"), "-o", string.Join(' ', settings.Select(s => "-c " + s))];
            await Commands.RunAsync(binaries.Program("pg_ctl"), ["-s", .. args], user, capture: false);
            if (DateTime.UtcNow > patience)
                throw new EmbeddedPostgresException($"The database server does not start; its log is {Path.Combine(Data, "server.log")}.");
            if (!await AnswersAsync())
                await Task.Delay(300, ct);
        }
    }

    private async Task<bool> AnswersAsync()
    {
        if (!Directory.EnumerateFileSystemEntries(SocketFolder).Any())
            return false;
        try
        {
            await using var connection = new NpgsqlConnection(OwnerConnectionString("postgres") + ";Pooling=false;Timeout=3");
            await connection.OpenAsync();
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }

    private async Task PrepareAsync(CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(OwnerConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync(ct);
        await using (var role = new NpgsqlCommand($"""
            do $$ begin
              if not exists (select from pg_roles where rolname = '{AppRole}') then
                create role {AppRole} login password '{passwords[1]}' nosuperuser nocreatedb nocreaterole;
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

    /// <summary>A server that died is started again; the pool reconnects by itself.</summary>
    private async Task WatchAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested || await AnswersAsync())
                continue;
            try
            {
                logger.LogWarning("The database server does not answer; starting it again");
                await EnsureRunningAsync(stopping.Token);
            }
            catch (Exception e) when (e is EmbeddedPostgresException or OperationCanceledException or IOException)
            {
                logger.LogError("The database server could not be started: {Reason}", e.Message);
            }
        }
    }

    private static async Task DeleteClusterAsync(EmbeddedPostgresOptions options, string folder, string data)
    {
        if (!Directory.Exists(data))
            return;
        if (File.Exists(Path.Combine(data, "postmaster.pid")) && PostgresBinaries.Find(options.Binaries, null) is { } binaries)
            await Commands.RunAsync(binaries.Program("pg_ctl"), ["-s", "stop", "-m", "immediate", "-D", data], ServerUser(), capture: false);
        Directory.Delete(data, recursive: true);
        File.Delete(Path.Combine(folder, "passwords"));
    }

    /// <summary>Hands a path that we have just made to the server's user; never recursive.</summary>
    private void Give(string path)
    {
        if (user is null)
            return;
        var entry = File.ReadLines("/etc/passwd").First(l => l.StartsWith(user + ":", StringComparison.Ordinal)).Split(':');
        if (Chown(path, int.Parse(entry[2], CultureInfo.InvariantCulture), int.Parse(entry[3], CultureInfo.InvariantCulture)) != 0)
            throw new EmbeddedPostgresException($"{path} could not be given to the user {user}.");
    }

    [DllImport("libc", EntryPoint = "chown", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Chown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int owner, int group);

    /// <summary>Stops the server (fast mode: sessions end, data are written).</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Commands.RunAsync(binaries.Program("pg_ctl"), ["-s", "stop", "-w", "-m", "fast", "-D", Data], user, capture: false);
        await held.DisposeAsync();
        stopping.Dispose();
    }
}
