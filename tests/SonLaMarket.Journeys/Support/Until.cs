using System.Diagnostics;

namespace SonLaMarket.Journeys.Support;

/// <summary>Waits for what comes about by itself.</summary>
internal static class Until
{
    public static Task TrueAsync(Func<Task<bool>> condition, string otherwise, int seconds = 60) => TrueAsync(condition, () => Task.FromResult(otherwise), seconds);

    /// <param name="otherwise">What is said when it has not come about in time.</param>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<Task<string>> otherwise, int seconds = 60)
    {
        for (var began = Stopwatch.GetTimestamp(); !await condition();)
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(seconds))
                Assert.Fail(await otherwise());
            await Task.Delay(50);
        }
    }
}
