using System.Globalization;

namespace SonLaMarket.Journeys.Support;

/// <summary>How often a test with chance in it repeats, and from which seed; the seed is printed so that a failure can be run again.</summary>
public static class Rounds
{
    public static bool Long => Environment.GetEnvironmentVariable("SONLAMARKET_LONG") == "1";

    public static int Of(int usual, int many) => Long ? many : usual;

    public static Random Seeded(string what)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SONLAMARKET_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        Console.WriteLine($"{what}: SONLAMARKET_SEED={seed}");
        return new Random(seed);
    }
}
