using System.Globalization;
using System.Security.Cryptography;
using CsvHelper;

namespace SonLaMarket.Foundation.Data;

/// <summary>The folder db/seed as it lies beside the program (or, in a checkout, in the repository).</summary>
public sealed class SeedFolder(string path)
{
    public string Path => path;

    public static SeedFolder Find()
    {
        var beside = System.IO.Path.Combine(AppContext.BaseDirectory, "seed");
        return Directory.Exists(beside) ? new(beside) : throw new DirectoryNotFoundException("The folder 'seed' is missing beside the program.");
    }

    /// <summary>The rows of a CSV file as dictionaries from column to text.</summary>
    public List<Dictionary<string, string>> Csv(string name)
    {
        using var reader = new StreamReader(System.IO.Path.Combine(path, name));
        using var csv = new CsvReader(reader, CultureInfo.InvariantCulture);
        csv.Read();
        csv.ReadHeader();
        var rows = new List<Dictionary<string, string>>();
        while (csv.Read())
            rows.Add(csv.HeaderRecord!.ToDictionary(h => h, h => csv.GetField(h)!.Trim(), StringComparer.Ordinal));
        return rows;
    }

    public string Text(string name) => File.ReadAllText(System.IO.Path.Combine(path, name));

    /// <summary>True when the files differ from those loaded last; remembers them. Run the load in the same transaction.</summary>
    public async Task<bool> ChangedAsync(Tx tx, string key, params string[] names)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in names)
            hash.AppendData(await File.ReadAllBytesAsync(System.IO.Path.Combine(path, name)));
        var sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        return await tx.ExecuteAsync("""
            insert into foundation.reference_file (name, sha256) values (@key, @sha256)
            on conflict (name) do update set sha256 = excluded.sha256, loaded_at = now()
              where foundation.reference_file.sha256 <> excluded.sha256
            """, new { key, sha256 }) == 1;
    }
}
