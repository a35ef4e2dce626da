using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Catalog.Search;

/// <summary>The lexicon of this process, read again every few minutes and after the words were refreshed.</summary>
public sealed class Lexicons(Db db)
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(5);
    private readonly Lock gate = new();
    private volatile Lexicon? present;
    private Task<Lexicon>? loading;
    private long readAt;

    /// <summary>Who asks while it is read waits for that reading, and fails with it: in a crowd everybody is told to come again at the same time, not one after the other.</summary>
    public ValueTask<Lexicon> PresentAsync(CancellationToken ct)
    {
        if (Fresh is { } known)
            return new(known);
        lock (gate)
        {
            if (Fresh is { } read)
                return new(read);
            if (loading is null or { IsCompleted: true })
                loading = LoadAsync();
            return new(loading.WaitAsync(ct));
        }
    }

    /// <summary>The next search reads it anew.</summary>
    public void Forget() => present = null;

    private Lexicon? Fresh => present is { } known && Environment.TickCount64 - Interlocked.Read(ref readAt) < Age.TotalMilliseconds ? known : null;

    private async Task<Lexicon> LoadAsync()
    {
        var read = await Lexicon.LoadAsync(db, CancellationToken.None);
        Interlocked.Exchange(ref readAt, Environment.TickCount64);
        present = read;
        return read;
    }
}
