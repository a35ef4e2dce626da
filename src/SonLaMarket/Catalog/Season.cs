namespace SonLaMarket.Catalog;

/// <summary>The months in which a listing has goods; none, or all twelve, is all the year.</summary>
public static class Season
{
    /// <summary>The month (1 to 12) in which the next season begins; null within the season, and for what is there all the year.</summary>
    public static int? Returns(int[] months, int now) =>
        months.Length is 0 or 12 || months.Contains(now) ? null : Enumerable.Range(1, 11).Select(i => (now - 1 + i) % 12 + 1).FirstOrDefault(m => months.Contains(m));

    /// <summary>The first day of the next season; null within the season, and for what is there all the year.</summary>
    public static DateOnly? From(int[] months, DateOnly today) => Returns(months, today.Month) is { } month ? new DateOnly(today.Year + (month < today.Month ? 1 : 0), month, 1) : null;

    /// <summary>The last day of the season that is now; null out of season, and for what is there all the year.</summary>
    public static DateOnly? Until(int[] months, DateOnly today)
    {
        if (months.Length is 0 or 12 || !months.Contains(today.Month))
            return null;
        var next = new DateOnly(today.Year, today.Month, 1);
        while (months.Contains(next.Month))
            next = next.AddMonths(1);
        return next.AddDays(-1);
    }
}
