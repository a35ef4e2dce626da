using Microsoft.Playwright;

namespace SonLaMarket.Journeys.Support;

/// <summary>What a picture shows, as the browser decodes it.</summary>
public sealed record Picture(int Width, int Height, int Colours)
{
    /// <summary>A page that did not draw has a handful.</summary>
    public const int LeastColours = 300;

    public static async Task<Picture> ReadAsync(Chromium chromium, byte[] jpeg)
    {
        var blank = await chromium.OpenAsync("about:blank");
        var seen = await blank.EvaluateAsync<int[]>("""
            async base64 => {
              const image = new Image();
              image.src = "data:image/jpeg;base64," + base64;
              await image.decode();
              const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight).getContext("2d");
              canvas.drawImage(image, 0, 0);
              const colours = new Set(new Uint32Array(canvas.getImageData(0, 0, image.naturalWidth, image.naturalHeight).data.buffer));
              return [image.naturalWidth, image.naturalHeight, colours.size];
            }
            """, Convert.ToBase64String(jpeg));
        await blank.Context.CloseAsync();
        return new(seen[0], seen[1], seen[2]);
    }
}
