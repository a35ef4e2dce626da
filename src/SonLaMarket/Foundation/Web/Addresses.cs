namespace SonLaMarket.Foundation.Web;

public static class Addresses
{
    /// <summary>The query string with one value set and the cursor dropped: the address of the same list, elsewhere.</summary>
    public static string With(IQueryCollection query, string name, string value) => With(query, (name, value));

    /// <summary>The query string with some values set, those that are null left out, and the cursor dropped.</summary>
    public static string With(IQueryCollection query, params (string Name, string? Value)[] changes)
    {
        var pairs = query.Where(q => q.Key != "sau" && !Array.Exists(changes, c => c.Name == q.Key)).SelectMany(q => q.Value, (q, v) => new KeyValuePair<string, string?>(q.Key, v))
            .Concat(changes.Where(c => c.Value is not null).Select(c => new KeyValuePair<string, string?>(c.Name, c.Value)));
        return QueryString.Create(pairs.Where(p => !string.IsNullOrEmpty(p.Value))).Value ?? "";
    }
}
