using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Gs1;
using Npgsql;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin;

/// <summary>What happened at a label, with nothing of who looked.</summary>
internal abstract record Seen(DateTimeOffset At)
{
    internal sealed record Lot(string Code, DateTimeOffset At) : Seen(At);

    internal sealed record Item(long ItemId, DateTimeOffset At) : Seen(At);

    /// <summary>A reader said in which province they are: it goes to the last scan of the package.</summary>
    internal sealed record Place(long ItemId, string Province, DateTimeOffset At) : Seen(At);

    internal sealed record Unknown(string Code, string? Gtin, DateTimeOffset At) : Seen(At);
}

/// <summary>
/// Counts openings of the pages behind labels: of a lot by the day, of a package one by one for 30 days, of codes that nobody was given by the code. They wait
/// in a channel and are written once a second; a full channel drops a count rather than slow a page.
/// </summary>
public sealed class Scans(ScanMonths months, Db db, TimeProvider clock, ILogger<Scans> logger) : BackgroundService
{
    /// <summary>How long details are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>The same reader opening the page again within this time has not scanned again.</summary>
    public static readonly TimeSpan Again = TimeSpan.FromMinutes(30);

    private const int MostReaders = 50_000;
    private readonly Channel<Seen> waiting = Channel.CreateBounded<Seen>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<(long Item, UInt128 Reader), DateTimeOffset> readers = new();
    private readonly byte[] salt = RandomNumberGenerator.GetBytes(32);
    private readonly SemaphoreSlim writing = new(1, 1);
    private DateOnly preparedUntil;

    public void Count(string lotCode) => waiting.Writer.TryWrite(new Seen.Lot(lotCode, clock.GetUtcNow()));

    /// <summary>Counts a scan of a package, unless this reader's last one is less than half an hour ago: then the answer is when that was.</summary>
    /// <param name="from">Where the reader is in the network, and with what: only in memory, as a digest with a key that ends with the process.</param>
    public DateTimeOffset? Count(long itemId, IPAddress? from, string agent)
    {
        var now = clock.GetUtcNow();
        var reader = BitConverter.ToUInt128(HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes($"{Source.Of(from)}\n{agent}")));
        if (readers.TryGetValue((itemId, reader), out var before) && now - before < Again)
            return before;
        if (readers.Count < MostReaders)
            readers[(itemId, reader)] = now;
        waiting.Writer.TryWrite(new Seen.Item(itemId, now));
        return null;
    }

    /// <summary>A reader says where they are.</summary>
    public void Say(long itemId, string province) => waiting.Writer.TryWrite(new Seen.Place(itemId, province, clock.GetUtcNow()));

    /// <summary>Somebody asked for a code that nobody was given. What cannot be the code of a label is left out: a word of letters alone, unless it is a serial.</summary>
    public void CountUnknown(string code, string? gtin)
    {
        var written = code.ToUpperInvariant();
        if (written.Length is >= 8 and <= 40 && written.All(c => c is '-' || char.IsAsciiLetterOrDigit(c)) && (written.Any(char.IsAsciiDigit) || ItemSerial.TryRead(written, out _)))
            waiting.Writer.TryWrite(new Seen.Unknown(written, gtin, clock.GetUtcNow()));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await waiting.Reader.WaitToReadAsync(stoppingToken);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
            catch (OperationCanceledException)
            {
                // The last second's counts are written on the way out.
            }
            try
            {
                await WriteAsync();
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                logger.LogWarning("Scan counts of a second were lost: {Reason}", e.Message);
            }
        }
    }

    /// <summary>Writes what has been counted since the last time. When it returns, all that was counted before it was called is written, by it or by another.</summary>
    public async Task WriteAsync()
    {
        await writing.WaitAsync();
        try
        {
            await WriteWaitingAsync();
        }
        finally
        {
            writing.Release();
        }
    }

    public override void Dispose()
    {
        writing.Dispose();
        base.Dispose();
    }

    private async Task WriteWaitingAsync()
    {
        var seen = new List<Seen>();
        while (waiting.Reader.TryRead(out var one))
            seen.Add(one);
        if (seen.Count == 0)
            return;
        var now = clock.GetUtcNow();
        foreach (var (key, at) in readers)
        {
            if (now - at >= Again)
                readers.TryRemove(key, out _);
        }
        var today = Vietnamese.Today(clock);
        if (today.AddDays(1) >= preparedUntil)
            preparedUntil = await months.PrepareAsync(today);
        await using var tx = await db.BeginAsync();
        // Two processes count the same packages: one after the other.
        await tx.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('origin.scans', 0))");
        await ScanRows.WriteAsync(tx, seen);
        await ScanRules.ApplyAsync(tx, [.. seen.OfType<Seen.Item>().Select(s => s.ItemId).Concat(seen.OfType<Seen.Place>().Select(s => s.ItemId)).Distinct()], now);
        await tx.CommitAsync();
    }
}

/// <summary>Marks the page of a lot, whose address carries the code.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CountedAttribute : Attribute;

/// <summary>Counts also what the output cache answers.</summary>
public static class ScanCounts
{
    public static IApplicationBuilder UseScanCounts(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context);
        if (context.GetEndpoint()?.Metadata.GetMetadata<CountedAttribute>() is not null && context.Response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status304NotModified
            && context.Request.RouteValues["code"] is string code)
            context.RequestServices.GetRequiredService<Scans>().Count(code.ToUpperInvariant());
    });
}
