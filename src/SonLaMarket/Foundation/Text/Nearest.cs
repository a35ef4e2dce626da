namespace SonLaMarket.Foundation.Text;

/// <summary>The nearest of what may be written, by the letters that differ.</summary>
public static class Nearest
{
    /// <param name="name">Folded.</param>
    /// <param name="most">So many letters may differ.</param>
    public static T? Of<T>(string name, IEnumerable<(string Name, T Value)> among, int most) where T : class
    {
        var (best, least) = (default(T), most + 1);
        foreach (var (other, value) in among)
        {
            if (Math.Abs(other.Length - name.Length) < least && Distance(name, other, least) is var distance && distance < least)
                (best, least) = (value, distance);
        }
        return best;
    }

    /// <summary>The choice that was meant: the only one that holds what was typed or is held by it, else the nearest by a third of its letters.</summary>
    public static string? Choice(string typed, IReadOnlyList<string> choices)
    {
        var name = Vietnamese.Fold(Vietnamese.Clean(typed));
        if (name.Length is 0 or > 80)
            return null;
        var folded = choices.Select(c => (Name: Vietnamese.Fold(c), Value: c)).ToList();
        if (Of(name, folded, Math.Max(1, name.Length / 3)) is { } near)
            return near;
        var holding = folded.Where(c => name.Length > 2 && (c.Name.Contains(name, StringComparison.Ordinal) || name.Contains(c.Name, StringComparison.Ordinal))).ToList();
        return holding.Count > 0 ? holding.MinBy(c => Math.Abs(c.Name.Length - name.Length)).Value : null;
    }

    /// <summary>Letters added, lost, changed or exchanged with their neighbour; <paramref name="most"/> where it is that many or more.</summary>
    private static int Distance(string a, string b, int most)
    {
        var (before, last, now) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
            last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            now[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                now[j] = Math.Min(Math.Min(now[j - 1], last[j]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    now[j] = Math.Min(now[j], before[j - 2] + 1);
                least = Math.Min(least, now[j]);
            }
            if (least >= most)
                return most;
            (before, last, now) = (last, now, before);
        }
        return last[b.Length];
    }
}
