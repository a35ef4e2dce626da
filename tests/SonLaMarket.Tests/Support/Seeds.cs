using System.Globalization;
using Xunit;

namespace SonLaMarket.Tests.Support;

/// <summary>Random trials that can be had again: the seed is printed, and SONLAMARKET_SEED sets it.</summary>
public sealed class Seeds
{
    private Seeds(string what)
    {
        Seed = int.TryParse(Environment.GetEnvironmentVariable("SONLAMARKET_SEED"), CultureInfo.InvariantCulture, out var given) ? given : System.Random.Shared.Next();
        Random = new Random(Seed);
        Console.WriteLine($"{what}: SONLAMARKET_SEED={Seed}");
    }

    public int Seed { get; }

    public Random Random { get; }

    /// <summary>Many rounds instead of a few: SONLAMARKET_LONG=1.</summary>
    public static bool Long => Environment.GetEnvironmentVariable("SONLAMARKET_LONG") == "1";

    public static Seeds For(string what) => new(what);

    public static int Rounds(int few, int many) => Long ? many : few;

    public void Equal<T>(T expected, T actual, string at) => Assert.True(EqualityComparer<T>.Default.Equals(expected, actual), $"seed {Seed}, {at}: expected {expected}, is {actual}");
}
