using System.Security.Cryptography;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Files;

public sealed record FileOptions
{
    /// <summary>Where bytes lie; shared by all instances of one database.</summary>
    public string Folder { get; set; } = "";

    /// <summary>"none" shows uploads at once; "clamav" keeps them pending until the scanner has seen them.</summary>
    public string Scanner { get; set; } = "none";

    /// <summary>Backups keep the bytes here too, from the moment they are stored; empty for none.</summary>
    public string Copy { get; set; } = "";

    public static FileOptions Of(IConfiguration configuration)
    {
        var options = configuration.GetSection("Files").Get<FileOptions>() ?? new FileOptions();
        if (options.Folder.Length == 0)
            options.Folder = DataFolders.Of(configuration, "files");
        if (configuration["Backup:Folder"] is { Length: > 0 } backups)
            options.Copy = new BackupFolder(Path.GetFullPath(backups)).Files;
        return options;
    }
}

/// <summary>A folder addressed by content: the name of a file is the SHA-256 of its bytes.</summary>
public sealed class FileStore(FileOptions options, ILogger<FileStore> logger)
{
    private string PathOf(string sha256) => PathOf(options.Folder, sha256);

    private static string PathOf(string folder, string sha256) => Path.Combine(folder, sha256[..2], sha256);

    public static string NameOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Writes the bytes unless they are there; atomic by rename.</summary>
    public async Task<string> PutAsync(byte[] bytes)
    {
        var sha256 = NameOf(bytes);
        await WriteAsync(PathOf(sha256), bytes);
        if (options.Copy.Length > 0)
            await WriteCopyAsync(sha256, bytes);
        return sha256;
    }

    /// <summary>A full or missing disk of backups stops no upload: the next backup brings what is missing.</summary>
    private async Task WriteCopyAsync(string sha256, byte[] bytes)
    {
        try
        {
            await WriteAsync(PathOf(options.Copy, sha256), bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LogError("A file could not be copied to the backups: {Reason}", e.Message);
        }
    }

    private static async Task WriteAsync(string path, byte[] bytes)
    {
        if (File.Exists(path))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var partial = $"{path}.{Guid.NewGuid():N}";
        await File.WriteAllBytesAsync(partial, bytes);
        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Brings what one folder of files has and another lacks into the other; how many there were. Bytes that are not what their name says are left out.</summary>
    public static async Task<int> CopyMissingAsync(string from, string to)
    {
        var copied = 0;
        if (!Directory.Exists(from))
            return copied;
        // Files of exports lie beside the uploads and are made anew each hour.
        foreach (var file in Directory.EnumerateDirectories(from, "??").SelectMany(Directory.EnumerateFiles))
        {
            var name = Path.GetFileName(file);
            if (name.Length != 64 || File.Exists(PathOf(to, name)))
                continue;
            var bytes = await File.ReadAllBytesAsync(file);
            if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != name)
                continue;
            await WriteAsync(PathOf(to, name), bytes);
            copied++;
        }
        return copied;
    }

    /// <summary>One line for each stored file of the database whose bytes a folder lacks or holds damaged.</summary>
    public static async Task<List<string>> DamageAsync(Sql sql, string folder, CancellationToken ct = default)
    {
        const string select = "select sha256 from files.stored_file union select sha256 from files.rendition";
        var damage = new List<string>();
        foreach (var sha256 in await sql.QueryAsync<string>(select, ct: ct))
        {
            if (!File.Exists(PathOf(folder, sha256)))
            {
                damage.Add($"file {sha256} is missing");
                continue;
            }
            await using var bytes = File.OpenRead(PathOf(folder, sha256));
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes, ct)) != sha256)
                damage.Add($"file {sha256} was changed");
        }
        return damage;
    }

    /// <summary>Takes bytes away; the folder of backups keeps them.</summary>
    internal void Remove(string sha256) => File.Delete(PathOf(sha256));

    /// <summary>The path of stored bytes, or null when they are missing.</summary>
    public string? Find(string sha256) => File.Exists(PathOf(sha256)) ? PathOf(sha256) : null;

    public async Task<byte[]?> ReadAsync(string sha256, CancellationToken ct) => Find(sha256) is { } path ? await File.ReadAllBytesAsync(path, ct) : null;
}
