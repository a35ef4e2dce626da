using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Catalog.Search;

/// <summary>The lexicon of this process, read again every few minutes and after the words were refreshed.</summary>
public sealed class Lexicons(Db db) : IDisposable
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim gate = new(1, 1);
    private volatile Lexicon? present;
    private long readAt;

    public async ValueTask<Lexicon> PresentAsync(CancellationToken ct)
    {
        if (present is { } known && Environment.TickCount64 - Interlocked.Read(ref readAt) < Age.TotalMilliseconds)
            return known;
        await gate.WaitAsync(ct);
        try
        {
            if (present is null || Environment.TickCount64 - readAt >= Age.TotalMilliseconds)
            {
                present = await Lexicon.LoadAsync(db, ct);
                Interlocked.Exchange(ref readAt, Environment.TickCount64);
            }
            return present;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The next search reads it anew.</summary>
    public void Forget() => present = null;

    public void Dispose() => gate.Dispose();
}
