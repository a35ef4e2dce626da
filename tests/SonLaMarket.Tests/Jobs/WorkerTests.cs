using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using SonLaMarket.Jobs;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Jobs;

/// <summary>Work that is announced in a change's own transaction: done if the change is, until it succeeds, by one process at a time.</summary>
public sealed class WorkerTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestDatabase database = null!;
    private Site site = null!;
    private Site other = null!;

    public async ValueTask InitializeAsync()
    {
        database = await postgres.CloneAsync();
        site = new Site(database, Services);
        other = new Site(database, Services);
        await site.RunDueAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await site.DisposeAsync();
        await other.DisposeAsync();
        await database.DisposeAsync();
    }

    private static void Services(IServiceCollection services) => services.AddSingleton<Ledger>().AddHandler<Parcel, Carrier>();

    [Fact]
    public async Task What_is_rolled_back_was_never_announced()
    {
        await using (var tx = await site.Db.BeginAsync())
            await site.Get<Queue>().AnnounceAsync(tx, new Parcel("rolled-back"));
        await site.RunDueAsync();
        Assert.Empty(site.Get<Ledger>().Delivered);
    }

    [Fact]
    public async Task A_key_makes_the_second_announcement_nothing()
    {
        await AnnounceAsync(new Parcel("once"), "key");
        await AnnounceAsync(new Parcel("twice"), "key");
        await site.RunDueAsync();
        Assert.Equal(["once"], site.Get<Ledger>().Delivered);
    }

    [Fact]
    public async Task What_is_due_later_waits()
    {
        await using (var tx = await site.Db.BeginAsync())
        {
            await site.Get<Queue>().AnnounceAsync(tx, new Parcel("tomorrow"), runAt: site.Clock.GetUtcNow().AddHours(1));
            await tx.CommitAsync();
        }
        await site.RunDueAsync();
        Assert.Empty(site.Get<Ledger>().Delivered);
        site.Clock.Advance(TimeSpan.FromHours(1));
        await site.RunDueAsync();
        Assert.Equal(["tomorrow"], site.Get<Ledger>().Delivered);
    }

    [Fact]
    public async Task What_fails_is_tried_again_with_longer_pauses_and_stays_dead_at_last()
    {
        site.Get<Ledger>().Failures = int.MaxValue;
        await AnnounceAsync(new Parcel("broken"));
        var tries = new List<double>();
        var start = site.Clock.GetUtcNow();
        for (var i = 0; i < 40 && site.Get<Ledger>().Tries < Worker.MaxAttempts; i++)
        {
            var before = site.Get<Ledger>().Tries;
            await site.RunDueAsync();
            if (site.Get<Ledger>().Tries > before)
                tries.Add((site.Clock.GetUtcNow() - start).TotalSeconds);
            site.Clock.Advance(TimeSpan.FromSeconds(Math.Pow(3, tries.Count)));
        }
        Assert.Equal(Worker.MaxAttempts, tries.Count);
        var pauses = tries.Zip(tries.Skip(1), (a, b) => b - a).ToList();
        Assert.Equal(pauses.Order(), pauses);
        site.Get<Ledger>().Failures = 0;
        site.Clock.Advance(TimeSpan.FromDays(1));
        await site.RunDueAsync();
        Assert.Empty(site.Get<Ledger>().Delivered);
        var dead = await site.Db.SingleAsync<(DateTimeOffset? DeadAt, string Error)>("select dead_at, last_error from jobs.job where kind = 'Parcel>Carrier'");
        Assert.NotNull(dead.DeadAt);
        Assert.Contains("lost on the way", dead.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_of_one_try_is_made_up_for_by_the_next()
    {
        site.Get<Ledger>().Failures = 1;
        await AnnounceAsync(new Parcel("second try"));
        await site.RunDueAsync();
        Assert.Empty(site.Get<Ledger>().Delivered);
        site.Clock.Advance(TimeSpan.FromSeconds(3));
        await site.RunDueAsync();
        Assert.Equal(["second try"], site.Get<Ledger>().Delivered);
    }

    [Fact]
    public async Task Two_processes_share_the_work_and_do_nothing_twice()
    {
        for (var i = 0; i < 60; i++)
            await AnnounceAsync(new Parcel($"{i}"));
        await Task.WhenAll(site.RunDueAsync(), other.RunDueAsync(), site.RunDueAsync(), other.RunDueAsync());
        var delivered = site.Get<Ledger>().Delivered.Concat(other.Get<Ledger>().Delivered).ToList();
        Assert.Equal(60, delivered.Count);
        Assert.Equal(60, delivered.Distinct(StringComparer.Ordinal).Count());
    }

    /// <summary>A process that died holds its job no longer than the lease.</summary>
    [Fact]
    public async Task The_job_of_a_process_that_died_is_taken_over()
    {
        await AnnounceAsync(new Parcel("left lying"));
        await site.Db.ExecuteAsync("update jobs.job set leased_until = @until, attempts = 1 where done_at is null", new { until = site.Clock.GetUtcNow().AddMinutes(5) });
        await site.RunDueAsync();
        Assert.Empty(site.Get<Ledger>().Delivered);
        site.Clock.Advance(TimeSpan.FromMinutes(6));
        await site.RunDueAsync();
        Assert.Equal(["left lying"], site.Get<Ledger>().Delivered);
    }

    private async Task AnnounceAsync(Parcel parcel, string? key = null)
    {
        await using var tx = await site.Db.BeginAsync();
        await site.Get<Queue>().AnnounceAsync(tx, parcel, key: key);
        await tx.CommitAsync();
    }

    public sealed record Parcel(string Name);

    public sealed class Ledger
    {
        private int tries;

        public ConcurrentQueue<string> Delivered { get; } = [];

        public int Failures { get; set; }

        public int Tries => tries;

        public int Try() => Interlocked.Increment(ref tries);
    }

    public sealed class Carrier(Ledger ledger) : IHandle<Parcel>
    {
        public Task HandleAsync(Parcel message, CancellationToken ct)
        {
            if (ledger.Try() <= ledger.Failures)
                throw new InvalidOperationException("lost on the way");
            ledger.Delivered.Enqueue(message.Name);
            return Task.CompletedTask;
        }
    }
}
