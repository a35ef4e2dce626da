using System.Security.Cryptography;

namespace SonLaMarket.Files;

public sealed record FileOptions
{
    /// <summary>Where bytes lie; shared by all instances of one database.</summary>
    public string Folder { get; set; } = "";

    /// <summary>"none" shows uploads at once; "clamav" keeps them pending until the scanner has seen them.</summary>
    public string Scanner { get; set; } = "none";
}

/// <summary>A folder addressed by content: the name of a file is the SHA-256 of its bytes.</summary>
public sealed class FileStore(FileOptions options)
{
    private string PathOf(string sha256) => Path.Combine(options.Folder, sha256[..2], sha256);

    /// <summary>Writes the bytes unless they are there; atomic by rename.</summary>
    public async Task<string> PutAsync(byte[] bytes)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var path = PathOf(sha256);
        if (File.Exists(path))
            return sha256;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var partial = $"{path}.{Guid.NewGuid():N}";
        await File.WriteAllBytesAsync(partial, bytes);
        File.Move(partial, path, overwrite: true);
        return sha256;
    }

    /// <summary>The path of stored bytes, or null when they are missing.</summary>
    public string? Find(string sha256) => File.Exists(PathOf(sha256)) ? PathOf(sha256) : null;

    public async Task<byte[]?> ReadAsync(string sha256, CancellationToken ct) => Find(sha256) is { } path ? await File.ReadAllBytesAsync(path, ct) : null;
}
