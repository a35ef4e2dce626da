using System.Diagnostics;
using System.Globalization;
using SonLaMarket.Checker;
using SonLaMarket.Journeys.Support;

namespace SonLaMarket.Journeys.Faults;

/// <param name="TxnRef">Empty for cash.</param>
internal sealed record PlacedOrder(string TxnRef, long AmountVnd, Uri? Payment);

/// <summary>A guest whose order is written down as the guest saw it.</summary>
internal static class RecordedBuyer
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(30);

    /// <summary>What came of it; null when it was refused or nothing is known.</summary>
    /// <param name="ready">Told when everything is filled in, for which half a minute is taken; what it answers is waited for before the form is sent.</param>
    /// <param name="sends">The form is sent so often at the same time, as an impatient finger does.</param>
    /// <param name="patience">How long the same form is sent again while no answer came.</param>
    public static async Task<PlacedOrder?> PlaceAsync(History history, string url, string client, string listing, string method, int quantity = 1, int sends = 1, Func<Task>? ready = null, TimeSpan patience = default)
    {
        var began = Stopwatch.GetTimestamp();
        using var guest = new Guest(url);
        while (!await PreparedAsync(guest, listing, method, quantity))
        {
            if (ready is null || Stopwatch.GetElapsedTime(began) > Gathering)
                return null;
            await Task.Delay(Pause);
        }
        if (ready is not null)
            await ready();
        var args = new Dictionary<string, string>(StringComparer.Ordinal) { ["form"] = guest.Form, ["listing"] = listing, ["method"] = method, ["quantity"] = quantity.ToString(CultureInfo.InvariantCulture) };
        Task<Call> SendAsync() => history.RecordAsync(client, "place", args, async () => await guest.PlaceAsync() is { } location ? Tests.Support.Vnpay.Seen(location.OriginalString) : null);
        began = Stopwatch.GetTimestamp();
        var calls = await Task.WhenAll(Enumerable.Range(0, sends).Select(_ => SendAsync()));
        while (Array.TrueForAll(calls, c => c.Outcome == Outcome.Unknown) && Stopwatch.GetElapsedTime(began) < patience)
        {
            await Task.Delay(Pause);
            calls = [await SendAsync()];
        }
        return Array.Find(calls, c => c.Outcome == Outcome.Ok) is { } call ? Of(call) : null;
    }

    private static async Task<bool> PreparedAsync(Guest guest, string listing, string method, int quantity)
    {
        try
        {
            await guest.PrepareAsync(listing, method, quantity);
            return true;
        }
        catch (Exception e) when (e is Xunit.Sdk.XunitException or HttpRequestException or TaskCanceledException or IOException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>So many guests with the same goods in their carts send their forms at one moment, or after half a minute if some never got that far; what came of each.</summary>
    /// <param name="url">Where each of them is.</param>
    /// <param name="pause">What each of them still waits for after that moment.</param>
    public static async Task<PlacedOrder?[]> RaceAsync(History history, Func<int, string> url, int buyers, string listing, Func<int, Task>? pause = null)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = 0;
        using var enough = new CancellationTokenSource(Gathering);
        await using var late = enough.Token.Register(() => start.TrySetResult());
        return await Task.WhenAll(Enumerable.Range(0, buyers).Select(i => PlaceAsync(history, url(i), $"racer {i}", listing, "cod", ready: async () =>
        {
            if (Interlocked.Increment(ref waiting) == buyers)
                start.TrySetResult();
            await start.Task;
            if (pause is not null)
                await pause(i);
        })));
    }

    private static PlacedOrder Of(Call call) => new(call.Saw("txnRef"), long.TryParse(call.Saw("amount"), CultureInfo.InvariantCulture, out var hundredths) ? hundredths / 100 : 0, call.Saw("url").Length > 0 ? new Uri(call.Saw("url")) : null);
}
