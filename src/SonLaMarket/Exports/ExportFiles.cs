using System.Security.Cryptography;

namespace SonLaMarket.Exports;

/// <summary>Finished files in a folder of their own beside the uploads, named by their SHA-256; what neither a run nor the open data need any more goes.</summary>
public sealed class ExportFiles(Files.FileOptions options)
{
    /// <summary>Young files may belong to a run that is just being kept.</summary>
    private static readonly TimeSpan Young = TimeSpan.FromHours(1);

    private readonly string folder = Path.Combine(options.Folder, "exports");

    /// <summary>A file in the making.</summary>
    public ExportDraft Begin(string extension) => new(extension, Scratch(), PathOf);

    /// <summary>A name on the same disk that nobody has: a memory that is a file must not be one that is held in memory.</summary>
    public string Scratch()
    {
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, $"{Guid.NewGuid():N}.part");
    }

    public string? Find(string sha256) => PathOf(sha256) is var path && File.Exists(path) ? path : null;

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

    private string PathOf(string sha256) => Path.Combine(folder, sha256[..2], sha256);
}

/// <summary>A file in the making: written in one go under a temporary name, hashed on the way. Kept, it gets its own name in one step; else nothing is left of it.</summary>
public sealed class ExportDraft : IAsyncDisposable
{
    private readonly string partial;
    private readonly Func<string, string> pathOf;
    private readonly SHA256 hash = SHA256.Create();
    private readonly FileStream file;
    private readonly CryptoStream hashed;

    internal ExportDraft(string extension, string partial, Func<string, string> pathOf)
    {
        Extension = extension;
        this.partial = partial;
        this.pathOf = pathOf;
        file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        hashed = new CryptoStream(file, hash, CryptoStreamMode.Write);
    }

    public string Extension { get; }

    public Stream Content => hashed;

    /// <summary>How many there are, once it is finished.</summary>
    public long Bytes { get; private set; }

    /// <summary>Ends the writing.</summary>
    public async Task FinishAsync()
    {
        await hashed.FlushFinalBlockAsync();
        Bytes = file.Length;
        await hashed.DisposeAsync();
    }

    /// <summary>The SHA-256 under which the finished file is found from now on.</summary>
    public string Keep()
    {
        var sha256 = Convert.ToHexStringLower(hash.Hash!);
        var path = pathOf(sha256);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(partial, path, overwrite: true);
        return sha256;
    }

    public async ValueTask DisposeAsync()
    {
        await hashed.DisposeAsync();
        hash.Dispose();
        File.Delete(partial);
    }
}
