using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace SonLaMarket.Benchmarks.Support;

/// <summary>A try to pay as the buyer is sent to VNPAY with it.</summary>
public sealed record Attempt(string TmnCode, string TxnRef, string AmountTimes100);

/// <summary>Guests who fill a basket and say where they live, up to the button that places the order.</summary>
public sealed partial class Shoppers
{
    private const int Together = 4;

    /// <summary>So many browsers take turns: orders of one browser wait for each other, those of two shoppers do not.</summary>
    private const int Browsers = 200;

    private readonly Bench bench;
    private readonly Browser[] browsers;
    private int turn;

    private Shoppers(Bench bench, Browser[] browsers)
    {
        this.bench = bench;
        this.browsers = browsers;
    }

    /// <param name="Cookie">Of its forms.</param>
    private sealed record Browser(string Cookie, string Token)
    {
        public string TokenField => "__RequestVerificationToken=" + Uri.EscapeDataString(Token);

        public string Cookies(string cart) => $"Cookie: {cart}; {Cookie}";
    }

    public static async Task<Shoppers> ComeAsync(Bench bench)
    {
        using var connection = await HttpConnection.OpenAsync(bench.Product.Url);
        var cart = await AddAsync(bench, connection, bench.Market.Slugs[0]);
        var browsers = new List<Browser>();
        while (browsers.Count < Browsers)
        {
            var details = await SendAsync(connection, HttpConnection.Get(bench.Product.Url, "/thanh-toan", "Cookie: " + cart));
            browsers.Add(new(Cookie().Matches(details.Head!).Select(m => m.Groups["pair"].Value).First(p => p.StartsWith("sl_form=", StringComparison.Ordinal)), Token().Match(details.Body!).Groups["token"].Value));
        }
        return new(bench, [.. browsers]);
    }

    /// <summary>So many requests that place an order each, paid online.</summary>
    public async Task<ConcurrentQueue<byte[]>> ReadyAsync(int count, Func<Random, string> listing)
    {
        var ready = new ConcurrentQueue<byte[]>();
        await Task.WhenAll(Enumerable.Range(0, Together).Select(_ => Task.Run(async () =>
        {
            var random = new Random();
            using var connection = await HttpConnection.OpenAsync(bench.Product.Url);
            while (ready.Count < count)
            {
                var cart = await AddAsync(bench, connection, listing(random));
                var browser = browsers[(uint)Interlocked.Increment(ref turn) % Browsers];
                var form = "name=Ng%C6%B0%E1%BB%9Di+mua+m%E1%BA%ABu&tel=0001234567&address-level1=14&address-level2=03646&street-address=S%E1%BB%91+1&note=&payment=vnpay&" + browser.TokenField;
                var kept = await SendAsync(connection, HttpConnection.Post(bench.Product.Url, "/thanh-toan", form, browser.Cookies(cart)));
                if (kept.Status != 303)
                    throw new InvalidOperationException($"The details were refused: {kept.Status}");
                ready.Enqueue(HttpConnection.Post(bench.Product.Url, "/thanh-toan/xac-nhan", $"form_key={Guid.NewGuid():N}&{browser.TokenField}", browser.Cookies(cart)));
            }
        })));
        return ready;
    }

    /// <summary>Places orders and tells where each buyer was sent to pay.</summary>
    public async Task<ConcurrentQueue<Attempt>> PlacedAsync(int count)
    {
        var ready = await ReadyAsync(count, r => Bench.Any(r, bench.Market.Slugs));
        var placed = new ConcurrentQueue<Attempt>();
        await Task.WhenAll(Enumerable.Range(0, Together).Select(_ => Task.Run(async () =>
        {
            using var connection = await HttpConnection.OpenAsync(bench.Product.Url);
            while (ready.TryDequeue(out var request))
            {
                var reply = await SendAsync(connection, request);
                var fields = Field().Matches(reply.Head!).ToDictionary(m => m.Groups["name"].Value, m => m.Groups["value"].Value, StringComparer.Ordinal);
                placed.Enqueue(new Attempt(fields["TmnCode"], fields["TxnRef"], fields["Amount"]));
            }
        })));
        return placed;
    }

    private static async Task<string> AddAsync(Bench bench, HttpConnection connection, string listing)
    {
        var added = await SendAsync(connection, HttpConnection.Post(bench.Product.Url, "/gio-hang", $"listing={listing}&quantity=1", "Sec-Fetch-Site: same-origin"));
        return Cookie().Matches(added.Head!).Select(m => m.Groups["pair"].Value).FirstOrDefault(p => p.StartsWith("sl_cart=", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"{listing} could not be put into a basket: {added.Status}");
    }

    /// <summary>Who is told that the market is busy comes again.</summary>
    private static async Task<Reply> SendAsync(HttpConnection connection, byte[] request)
    {
        Reply reply;
        while ((reply = await connection.SendAsync(request, read: true)).Status == StatusCodes.Status503ServiceUnavailable)
            await Task.Delay(500);
        return reply;
    }

    [GeneratedRegex("\r\nSet-Cookie: (?<pair>[^;]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cookie();

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();

    [GeneratedRegex("vnp_(?<name>TmnCode|TxnRef|Amount)=(?<value>[^&\r]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Field();
}
