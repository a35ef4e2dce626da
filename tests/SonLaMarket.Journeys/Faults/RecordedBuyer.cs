using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using SonLaMarket.Checker;
using SonLaMarket.Journeys.Support;

namespace SonLaMarket.Journeys.Faults;

/// <param name="TxnRef">Empty for cash.</param>
internal sealed record PlacedOrder(string TxnRef, long AmountVnd, Uri? Payment);

/// <summary>A guest whose order is written down as the guest saw it.</summary>
internal static class RecordedBuyer
{
    /// <summary>What came of it; null when it was refused or nothing is known.</summary>
    /// <param name="ready">Told when everything is filled in; what it answers is waited for before the form is sent.</param>
    /// <param name="sends">The form is sent so often at the same time, as an impatient finger does.</param>
    public static async Task<PlacedOrder?> PlaceAsync(History history, string url, string client, string listing, string method, int quantity = 1, int sends = 1, Func<Task>? ready = null)
    {
        using var guest = new Guest(url);
        try
        {
            await guest.PrepareAsync(listing, method, quantity);
        }
        catch (Exception e) when (e is Xunit.Sdk.XunitException or HttpRequestException or TaskCanceledException or IOException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
        if (ready is not null)
            await ready();
        var args = new Dictionary<string, string>(StringComparer.Ordinal) { ["form"] = guest.Form, ["listing"] = listing, ["method"] = method, ["quantity"] = quantity.ToString(CultureInfo.InvariantCulture) };
        var calls = await Task.WhenAll(Enumerable.Range(0, sends).Select(_ => SendAsync(history, guest, client, args)));
        return calls.FirstOrDefault(c => c.Outcome == Outcome.Ok) is { } call ? Of(call) : null;
    }

    /// <summary>The same form once more, as a buyer does who saw no answer.</summary>
    public static Task<Call> SendAsync(History history, Guest guest, string client, IReadOnlyDictionary<string, string> args) => history.RecordAsync(client, "place", args, async () => await guest.PlaceAsync() is { } location ? Seen(location) : null);

    private static PlacedOrder Of(Call call) => new(call.Saw("txnRef"), long.TryParse(call.Saw("amount"), CultureInfo.InvariantCulture, out var hundredths) ? hundredths / 100 : 0, call.Saw("url").Length > 0 ? new Uri(call.Saw("url")) : null);

    private static Dictionary<string, string> Seen(Uri location)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!location.IsAbsoluteUri || !location.Query.Contains("vnp_TxnRef", StringComparison.Ordinal))
            return seen;
        var fields = QueryHelpers.ParseQuery(location.Query);
        foreach (var (name, field) in new[] { ("txnRef", "vnp_TxnRef"), ("amount", "vnp_Amount"), ("tmnCode", "vnp_TmnCode"), ("createDate", "vnp_CreateDate"), ("expireDate", "vnp_ExpireDate") })
            seen[name] = fields[field].ToString();
        seen["url"] = location.AbsoluteUri;
        return seen;
    }
}
