using SonLaMarket.Files;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Home.Demonstration;

/// <summary>Hands the drawn pictures of db/seed/pictures to sample producers. Each drawing is rendered once.</summary>
public sealed class SamplePictures(Uploads uploads, SeedFolder seed)
{
    private static readonly string[] Scenes = ["scene-farm", "scene-market", "scene-terraces", "packing"];
    private readonly Dictionary<string, List<Rendered>> rendered = Render(Path.Combine(seed.Path, "pictures"));

    /// <summary>The speciality, then where it grows; plums also in their boxes. Every seventh seller has sent no photo yet.</summary>
    public async Task<Guid[]> ProductAsync(Tx tx, long producerId, string speciality, int i, Actor actor)
    {
        if (i % 7 == 6)
            return [];
        var ids = new List<Guid>();
        foreach (var name in (string[])[speciality, .. speciality is "man-hau" or "man-ruby" ? ["packing"] : Array.Empty<string>(), i % 2 == 0 ? "scene-farm" : "scene-terraces"])
        {
            if (await AddAsync(tx, producerId, name, actor) is { } id)
                ids.Add(id);
        }
        return [.. ids];
    }

    public Task<Guid?> SceneAsync(Tx tx, long producerId, int i, Actor actor) => AddAsync(tx, producerId, Scenes[i % Scenes.Length], actor);

    private async Task<Guid?> AddAsync(Tx tx, long producerId, string name, Actor actor)
    {
        return rendered.TryGetValue(name, out var renditions) ? await uploads.AddRenderedAsync(tx, $"producer:{producerId}", name + ".webp", renditions, actor) : null;
    }

    /// <summary>All at once and side by side: this is most of the loading time.</summary>
    private static Dictionary<string, List<Rendered>> Render(string folder) => Directory.GetFiles(folder, "*.webp").AsParallel()
        .Select(f => (Name: Path.GetFileNameWithoutExtension(f), Renditions: Images.RenderDrawing(File.ReadAllBytes(f))))
        .ToDictionary(r => r.Name, r => r.Renditions, StringComparer.Ordinal);
}
