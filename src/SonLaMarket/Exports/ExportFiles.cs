using SonLaMarket.Files;

namespace SonLaMarket.Exports;

/// <summary>Finished files in a folder of their own beside the uploads, named by their SHA-256; what no run needs any more goes.</summary>
public sealed class ExportFiles(Files.FileOptions options, ILogger<FileStore> logger)
{
    /// <summary>Young files may belong to a run that is just being kept.</summary>
    private static readonly TimeSpan Young = TimeSpan.FromHours(1);

    private readonly string folder = Path.Combine(options.Folder, "exports");
    private readonly FileStore store = new(new Files.FileOptions { Folder = Path.Combine(options.Folder, "exports") }, logger);

    /// <summary>Writes to a temporary name, then renames; the SHA-256.</summary>
    public Task<string> PutAsync(byte[] bytes) => store.PutAsync(bytes);

    public string? Find(string sha256) => store.Find(sha256);

    public void Sweep(IReadOnlySet<string> needed, DateTimeOffset now)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            if (!needed.Contains(file.Name) && now.UtcDateTime - file.LastWriteTimeUtc > Young)
                file.Delete();
        }
    }
}
