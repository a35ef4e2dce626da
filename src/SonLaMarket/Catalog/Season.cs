namespace SonLaMarket.Catalog;

/// <summary>The months in which a listing has goods; none, or all twelve, is all the year.</summary>
public static class Season
{
    /// <summary>The month (1 to 12) in which the next season begins; null within the season, and for what is there all the year.</summary>
    public static int? Returns(int[] months, int now) =>
        months.Length is 0 or 12 || months.Contains(now) ? null : Enumerable.Range(1, 11).Select(i => (now - 1 + i) % 12 + 1).FirstOrDefault(m => months.Contains(m));
}
