namespace SonLaMarket.Foundation.Web;

public static class Addresses
{
    /// <summary>The query string with one value set and the cursor dropped: the address of the same list, elsewhere.</summary>
    public static string With(IQueryCollection query, string name, string value)
    {
        var pairs = query.Where(q => q.Key != name && q.Key != "sau").SelectMany(q => q.Value, (q, v) => new KeyValuePair<string, string?>(q.Key, v)).Append(new(name, value));
        return QueryString.Create(pairs).Value ?? "";
    }
}
