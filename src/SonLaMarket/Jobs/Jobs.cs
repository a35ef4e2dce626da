using System.Text.Json;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Jobs;

/// <summary>Handles announcements of type <typeparamref name="T"/>. Called at least once for each: the effect must bear repetition.</summary>
public interface IHandle<in T>
{
    Task HandleAsync(T message, CancellationToken ct);
}

/// <summary>Work done again and again by one process at a time.</summary>
public interface IRecurring
{
    Task RunAsync(CancellationToken ct);
}

public sealed record HandlerRegistration(string Kind, Type Message, Type Handler);

public sealed record RecurringRegistration(string Name, string Cron, Type Work);

public static class JobServices
{
    /// <summary><typeparamref name="THandler"/> is told of every announced <typeparamref name="TMessage"/>.</summary>
    public static IServiceCollection AddHandler<TMessage, THandler>(this IServiceCollection services) where THandler : class, IHandle<TMessage>
    {
        services.AddScoped<THandler>();
        return services.AddSingleton(new HandlerRegistration($"{typeof(TMessage).Name}>{typeof(THandler).Name}", typeof(TMessage), typeof(THandler)));
    }

    /// <summary>Runs <typeparamref name="TWork"/> by a cron line of six fields, seconds first, Vietnam time.</summary>
    public static IServiceCollection AddRecurring<TWork>(this IServiceCollection services, string name, string cron) where TWork : class, IRecurring
    {
        services.AddScoped<TWork>();
        return services.AddSingleton(new RecurringRegistration(name, cron, typeof(TWork)));
    }
}

/// <summary>The queue's verbs. A job is written in the transaction of the change that causes it.</summary>
public sealed class Queue(IEnumerable<HandlerRegistration> handlers, TimeProvider clock)
{
    private readonly ILookup<Type, HandlerRegistration> handlers = handlers.ToLookup(h => h.Message);

    /// <summary>One job for each handler of the message. A <paramref name="key"/> makes a second announcement with it nothing.</summary>
    public async Task AnnounceAsync<T>(Tx tx, T message, DateTimeOffset? runAt = null, string? key = null) where T : notnull
    {
        const string insert = """
            insert into jobs.job (kind, payload, key, run_at, created_at)
            values (@Kind, @payload::jsonb, @key, @runAt, @now)
            on conflict (key) do nothing
            """;
        var now = clock.GetUtcNow();
        foreach (var handler in handlers[typeof(T)])
            await tx.ExecuteAsync(insert, new
            {
                handler.Kind,
                payload = JsonSerializer.Serialize(message),
                key = key is null ? null : $"{handler.Kind}:{key}",
                runAt = runAt ?? now,
                now,
            });
        await tx.ExecuteAsync("select pg_notify('jobs', '')");
    }

    /// <summary>Announces each of these.</summary>
    public async Task AnnounceEachAsync<T>(Tx tx, IReadOnlyCollection<T> messages) where T : notnull
    {
        const string insert = "insert into jobs.job (kind, payload, run_at, created_at) select @Kind, p::jsonb, @now, @now from unnest(@payloads) with ordinality as m (p, place) order by m.place";
        if (messages.Count == 0)
            return;
        var payloads = messages.Select(m => JsonSerializer.Serialize(m)).ToArray();
        foreach (var handler in handlers[typeof(T)])
            await tx.ExecuteAsync(insert, new { handler.Kind, payloads, now = clock.GetUtcNow() });
        await tx.ExecuteAsync("select pg_notify('jobs', '')");
    }

    /// <summary>Gives a dead job all its attempts again. False when it is not dead.</summary>
    public async Task<bool> RunAgainAsync(Tx tx, long id)
    {
        if (await tx.ExecuteAsync("update jobs.job set dead_at = null, attempts = 0, run_at = @now where id = @id and dead_at is not null", new { id, now = clock.GetUtcNow() }) == 0)
            return false;
        await tx.ExecuteAsync("select pg_notify('jobs', '')");
        return true;
    }
}
