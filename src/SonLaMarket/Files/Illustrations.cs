using System.Collections.Concurrent;
using System.Collections.Frozen;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Files;

/// <summary>The drawings of db/seed/pictures, by name: shown where a seller has no photo of a speciality. A seller's own photo always wins.</summary>
public static class Illustrations
{
    private static readonly string Folder = Path.Combine(SeedFolder.Find().Path, "pictures");
    private static readonly FrozenSet<string> Names = Directory.Exists(Folder) ? Directory.GetFiles(Folder, "*.webp").Select(f => Path.GetFileNameWithoutExtension(f)).ToFrozenSet(StringComparer.Ordinal) : [];
    private static readonly ConcurrentDictionary<(string, string), Lazy<Rendered?>> Made = new();

    public static bool Has(string? name) => name is not null && Names.Contains(name);

    /// <summary>A rendition such as "w320.webp", drawn once and kept; null when there is no such drawing or size.</summary>
    public static Rendered? Find(string name, string rendition) =>
        Has(name) && Images.Sizes.Contains(rendition) ? Made.GetOrAdd((name, rendition), key => new(() => Images.RenderOne(File.ReadAllBytes(Path.Combine(Folder, key.Item1 + ".webp")), key.Item2))).Value : null;
}
