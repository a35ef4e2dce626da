using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace SonLaMarket.Foundation.Data;

/// <summary>The folder of a private cluster: its data, its passwords, the lock of the process that uses it, and who owns which path.</summary>
internal sealed class ClusterFolder : IAsyncDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyFolder = OwnerOnly | UnixFileMode.UserExecute;
    private const string Marker = "sonlamarket.key";
    private readonly FileStream? held;

    private ClusterFolder(string path, FileStream? held)
    {
        Path = path;
        this.held = held;
        SocketFolder = Sockets(path);
    }

    public string Path { get; }

    public string Data => System.IO.Path.Combine(Path, "data");

    public string SocketFolder { get; }

    /// <summary>Whom the server runs as, null for ourselves: PostgreSQL refuses root; "postgres" comes with the package, "nobody" is everywhere.</summary>
    public string? User { get; } = !Environment.IsPrivilegedProcess ? null
        : File.ReadLines("/etc/passwd").Any(l => l.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    /// <summary>Major version of the data, null when there are none yet.</summary>
    public int? Major => File.Exists(System.IO.Path.Combine(Data, "PG_VERSION"))
        ? int.Parse(File.ReadAllText(System.IO.Path.Combine(Data, "PG_VERSION")).Trim(), CultureInfo.InvariantCulture)
        : null;

    /// <summary>Takes the folder for the life of the process.</summary>
    /// <exception cref="EmbeddedPostgresException">It holds something else, or another process uses it.</exception>
    public static ClusterFolder Take(string? given)
    {
        var path = PathOf(given);
        Directory.CreateDirectory(path);
        var marker = System.IO.Path.Combine(path, Marker);
        if (!File.Exists(marker) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new EmbeddedPostgresException($"The folder {path} holds something else; give an empty one by Database__Folder.");
        try
        {
            return new(path, new FileStream(marker, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = OwnerOnly }));
        }
        catch (IOException e)
        {
            throw new EmbeddedPostgresException($"Another process already uses the database in {path}: stop it, or set Database__Folder to another folder.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new EmbeddedPostgresException($"The folder {path} belongs to another user; set Database__Folder to another folder.", e);
        }
    }

    /// <summary>The folder for somebody who only talks to its server: another process may be using it.</summary>
    /// <exception cref="EmbeddedPostgresException">There is no database in it.</exception>
    public static ClusterFolder Look(string? given)
    {
        var folder = new ClusterFolder(PathOf(given), null);
        return folder.Major is null ? throw new EmbeddedPostgresException($"There is no database in {folder.Path}; give its folder by Database__Folder.") : folder;
    }

    private static string PathOf(string? given) => System.IO.Path.GetFullPath(given is { Length: > 0 } ? given : Default());

    /// <summary>Not the home folder for root: that one is closed to the server's user.</summary>
    private static string Default() => Environment.IsPrivilegedProcess
        ? "/var/lib/sonlamarket/postgres"
        : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "sonlamarket", "postgres");

    /// <summary>Beside the data; for a path too long for a socket (104 bytes on macOS) in the system's folder for such things.</summary>
    private static string Sockets(string path)
    {
        var beside = System.IO.Path.Combine(path, "s");
        if (Encoding.UTF8.GetByteCount(beside) <= 85)
            return beside;
        var shared = Environment.IsPrivilegedProcess && Directory.Exists("/run") ? "/run"
            : Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } own ? own : System.IO.Path.GetTempPath();
        return System.IO.Path.Combine(shared, "sonlamarket-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..12]);
    }

    public string PasswordFile => System.IO.Path.Combine(Path, "passwords");

    /// <summary>The password of the owner and that of the application's role; made at the first start.</summary>
    public (string Owner, string App) Passwords()
    {
        var file = PasswordFile;
        if (!File.Exists(file))
        {
            if (Major is not null)
                throw new EmbeddedPostgresException($"The passwords of the database in {Path} are gone; start over with --fresh, or set Database__Folder to another folder.");
            using (var stream = new FileStream(file + ".new", new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
                stream.Write(Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(40) + "\n" + RandomNumberGenerator.GetHexString(40) + "\n"));
            File.Move(file + ".new", file);
        }
        var lines = File.ReadAllLines(file);
        return (lines[0], lines[1]);
    }

    /// <summary>Makes the folder of the socket and lets the server's user pass through ours.</summary>
    public void Open()
    {
        if (!Directory.Exists(SocketFolder))
            Give(Directory.CreateDirectory(SocketFolder, OwnerOnlyFolder).FullName);
        if (User is not null)
            File.SetUnixFileMode(Path, OwnerOnlyFolder | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    /// <summary>Hands a path that we have just made to the server's user; never recursive, so that no mistake can reach the machine.</summary>
    public void Give(string path)
    {
        if (User is null)
            return;
        var entry = File.ReadLines("/etc/passwd").First(l => l.StartsWith(User + ":", StringComparison.Ordinal)).Split(':');
        if (Chown(path, int.Parse(entry[2], CultureInfo.InvariantCulture), int.Parse(entry[3], CultureInfo.InvariantCulture)) != 0)
            throw new EmbeddedPostgresException($"{path} could not be given to the user {User}.");
    }

    [DllImport("libc", EntryPoint = "chown", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Chown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int owner, int group);

    /// <summary>Forgets the cluster; only after <see cref="Take"/>, which has made sure that the folder is ours.</summary>
    public void Delete()
    {
        var gone = Data + ".old";
        if (Directory.Exists(gone))
            Directory.Delete(gone, recursive: true);
        if (Directory.Exists(Data))
        {
            Directory.Move(Data, gone);
            File.Delete(PasswordFile);
            Directory.Delete(gone, recursive: true);
        }
    }

    public ValueTask DisposeAsync() => held?.DisposeAsync() ?? ValueTask.CompletedTask;
}
