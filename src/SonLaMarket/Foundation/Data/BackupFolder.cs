using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace SonLaMarket.Foundation.Data;

/// <summary>A backup, a restore or a verification cannot be done; the message is one line that says why.</summary>
public sealed class BackupException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What a copy is made of.</summary>
/// <param name="Kind">"cluster": data files of a server of our own; "dump": pg_dump of a given server.</param>
/// <param name="EndedAt">The copy alone gives the state of about this moment; the archive leads on from here.</param>
/// <param name="WalFrom">The first part of the write-ahead log that it needs.</param>
/// <param name="Sha256">By the path of each file below the copy.</param>
public sealed record BackupManifest(string Kind, DateTimeOffset StartedAt, DateTimeOffset EndedAt, string? WalFrom, SortedDictionary<string, string> Sha256);

public sealed record BackupCopy(string Path, BackupManifest Manifest)
{
    public string Name => System.IO.Path.GetFileName(Path);

    public string Data => System.IO.Path.Combine(Path, "data");

    public string Dump => System.IO.Path.Combine(Path, "database.dump");

    public string Passwords => System.IO.Path.Combine(Path, "passwords");

    public long Bytes => new DirectoryInfo(Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
}

/// <summary>
/// Where backups lie: <c>base/{time}</c> (one copy of the database each, with the list of its hashes), <c>files</c> (uploads, by content,
/// shared by all copies) and <c>wal</c> (the log that leads from a copy to any later moment).
/// </summary>
public sealed class BackupFolder(string path)
{
    private const string Unfinished = ".part";
    private const string ManifestName = "manifest.json";

    public string Files => Path.Combine(path, "files");

    public string Wal => Path.Combine(path, "wal");

    private string Base => Path.Combine(path, "base");

    /// <summary>The archive that the running site writes to; null where the setting Backup__Folder is not given.</summary>
    public static string? WalOf(IConfiguration configuration) => configuration["Backup:Folder"] is { Length: > 0 } folder ? new BackupFolder(Path.GetFullPath(folder)).Wal : null;

    public bool HasWal => Directory.Exists(Wal) && Directory.EnumerateFiles(Wal).Any();

    /// <summary>Finished copies, oldest first.</summary>
    public IReadOnlyList<BackupCopy> Copies() => !Directory.Exists(Base) ? [] :
        [.. Directory.GetDirectories(Base).Where(d => File.Exists(Path.Combine(d, ManifestName))).Order(StringComparer.Ordinal).Select(d => new BackupCopy(d, Read(d)))];

    /// <summary>The newest copy, or the newest that had ended by the moment.</summary>
    /// <exception cref="BackupException">There is none.</exception>
    public BackupCopy Newest(DateTimeOffset? at = null) => Copies().LastOrDefault(c => at is null || c.Manifest.EndedAt <= at)
        ?? throw new BackupException(at is null ? $"There is no finished backup in {path}." : $"No backup in {path} had ended by {at:O}.");

    /// <summary>Makes a copy; what was begun and not finished counts as nothing and goes.</summary>
    /// <param name="copy">Fills the folder it is given.</param>
    public async Task<BackupCopy> AddAsync(string kind, TimeProvider clock, Func<string, Task> copy)
    {
        // Others must pass to the archive, which belongs to the server's user; what lies here is closed by its own folders.
        Directory.CreateDirectory(path);
        Directory.CreateDirectory(Base, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var left in Directory.GetDirectories(Base, "*" + Unfinished))
            Directory.Delete(left, recursive: true);
        var started = clock.GetUtcNow();
        var final = Path.Combine(Base, started.ToString("yyyyMMdd'T'HHmmss'.'fff'Z'", CultureInfo.InvariantCulture));
        var half = Directory.CreateDirectory(final + Unfinished).FullName;
        await copy(half);
        var manifest = new BackupManifest(kind, started, clock.GetUtcNow(), FirstWal(half), Hashes(half));
        await File.WriteAllTextAsync(Path.Combine(half, ManifestName), JsonSerializer.Serialize(manifest));
        Directory.Move(half, final);
        return new(final, manifest);
    }

    /// <summary>Keeps the newest copies and the log from the oldest of them on.</summary>
    public void Prune(int keep)
    {
        var copies = Copies();
        foreach (var old in copies.Take(copies.Count - keep))
            Directory.Delete(old.Path, recursive: true);
        if (Copies() is not [{ Manifest.WalFrom: { } first }, ..] || !Directory.Exists(Wal))
            return;
        // Names begin with the timeline, which does not tell the age.
        foreach (var part in Directory.EnumerateFiles(Wal).Where(p => Path.GetFileName(p) is { Length: >= 24 } name && string.CompareOrdinal(name[8..24], first[8..]) < 0))
            File.Delete(part);
    }

    /// <summary>One line for each file that is missing, changed or not of the copy.</summary>
    public static IReadOnlyList<string> Damage(BackupCopy copy)
    {
        var now = Hashes(copy.Path);
        now.Remove(ManifestName);
        return [
            .. copy.Manifest.Sha256.Where(f => !now.ContainsKey(f.Key)).Select(f => $"{copy.Name}/{f.Key} is missing"),
            .. copy.Manifest.Sha256.Where(f => now.TryGetValue(f.Key, out var hash) && hash != f.Value).Select(f => $"{copy.Name}/{f.Key} was changed"),
            .. now.Keys.Where(f => !copy.Manifest.Sha256.ContainsKey(f)).Select(f => $"{copy.Name}/{f} does not belong to it"),
        ];
    }

    private static BackupManifest Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<BackupManifest>(File.ReadAllText(Path.Combine(folder, ManifestName)))!;
        }
        catch (JsonException e)
        {
            throw new BackupException($"{folder}/{ManifestName} cannot be read.", e);
        }
    }

    private static SortedDictionary<string, string> Hashes(string folder)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            using var bytes = File.OpenRead(file);
            hashes[Path.GetRelativePath(folder, file)] = Convert.ToHexStringLower(SHA256.HashData(bytes));
        }
        return hashes;
    }

    /// <summary>"START WAL LOCATION: 0/2000028 (file 000000010000000000000002)".</summary>
    private static string? FirstWal(string folder)
    {
        var label = Path.Combine(folder, "data", "backup_label");
        return File.Exists(label) && File.ReadLines(label).First() is var line && line.IndexOf("(file ", StringComparison.Ordinal) is > 0 and var at ? line[(at + 6)..(at + 30)] : null;
    }
}
