using SonLaMarket.Files;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Home.Demonstration;

/// <summary>Hands the drawn pictures of db/seed/pictures to sample producers. Each drawing is rendered once.</summary>
public sealed class SamplePictures(Uploads uploads, SeedFolder seed)
{
    private static readonly string[] Scenes = ["scene-farm", "scene-market", "scene-terraces", "packing"];
    private readonly Dictionary<string, List<Rendered>?> rendered = new(StringComparer.Ordinal);

    public async Task<Guid[]> ProductAsync(Tx tx, long producerId, string speciality, Actor actor) =>
        await AddAsync(tx, producerId, speciality, actor) is { } id ? [id] : [];

    public Task<Guid?> SceneAsync(Tx tx, long producerId, int i, Actor actor) => AddAsync(tx, producerId, Scenes[i % Scenes.Length], actor);

    private async Task<Guid?> AddAsync(Tx tx, long producerId, string name, Actor actor)
    {
        if (!rendered.TryGetValue(name, out var renditions))
        {
            var path = Path.Combine(seed.Path, "pictures", name + ".webp");
            rendered[name] = renditions = File.Exists(path) ? Images.Render(await File.ReadAllBytesAsync(path)).Renditions : null;
        }
        return renditions is null ? null : await uploads.AddRenderedAsync(tx, $"producer:{producerId}", name + ".webp", renditions, actor);
    }
}
