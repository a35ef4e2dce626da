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

/// <param name="Lane">"" for what is done in a moment. What may take seconds has a lane with a loop of its own, and nothing else waits for it.</param>
public sealed record HandlerRegistration(string Kind, Type Message, Type Handler, string Lane = "");

public sealed record RecurringRegistration(string Name, string Cron, Type Work);

public static class JobServices
{
    /// <summary><typeparamref name="THandler"/> is told of every announced <typeparamref name="TMessage"/>.</summary>
    /// <param name="lane">Of work that may take seconds: a loop of its own runs it, and nothing else waits for it.</param>
    public static IServiceCollection AddHandler<TMessage, THandler>(this IServiceCollection services, string lane = "") where THandler : class, IHandle<TMessage>
    {
        services.AddScoped<THandler>();
        return services.AddSingleton(new HandlerRegistration($"{typeof(TMessage).Name}>{typeof(THandler).Name}", typeof(TMessage), typeof(THandler), lane));
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
    public Task AnnounceAsync<T>(Tx tx, T message, DateTimeOffset? runAt = null, string? key = null) where T : notnull
    {
        Add(tx, [message], runAt, key is null ? null : [key]);
        return Task.CompletedTask;
    }

    /// <summary>Announces each of these.</summary>
    /// <param name="keys">One for each, or none at all.</param>
    public Task AnnounceEachAsync<T>(Tx tx, IReadOnlyCollection<T> messages, string[]? keys = null) where T : notnull
    {
        if (messages.Count > 0)
            Add(tx, messages, null, keys);
        return Task.CompletedTask;
    }

    private void Add<T>(Tx tx, IReadOnlyCollection<T> messages, DateTimeOffset? runAt, string[]? keys) where T : notnull
    {
        const string insert = """
            insert into jobs.job (kind, payload, key, run_at, created_at)
            select k.kind, m.payload::jsonb, k.kind || ':' || m.key, @runAt, @now from unnest(@kinds) with ordinality as k (kind, place) cross join unnest(@payloads, @keys) with ordinality as m (payload, key, place)
            order by k.place, m.place
            on conflict (key) do nothing
            """;
        var now = clock.GetUtcNow();
        string?[] named = keys ?? new string?[messages.Count];
        if (handlers.Contains(typeof(T)))
            tx.Add(insert, new
            {
                kinds = handlers[typeof(T)].Select(h => h.Kind).ToArray(),
                payloads = messages.Select(m => JsonSerializer.Serialize(m)).ToArray(),
                keys = named,
                runAt = runAt ?? now,
                now,
            });
        tx.Add("select pg_notify('jobs', '')");
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
