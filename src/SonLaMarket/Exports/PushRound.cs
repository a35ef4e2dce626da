using System.Globalization;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Exports;

/// <summary>
/// Tells a platform's program one listing after the other, withdrawals first. Each listing is there once whatever happens between us: one that has no id of the platform yet is looked for by its SKU
/// before it is made, and made only where the platform says that it has none. What got no answer is tried again later and later; a platform that wants to be left alone, or that fails three times
/// in a row, is. Cut off anywhere, it goes on where it stopped.
/// </summary>
public sealed class PushRound(PushSettings settings, Queue queue, Audit audit, Db db, TimeProvider clock) : IHandle<PushListings>, IRecurring
{
    /// <summary>Then the next job goes on: a lease lasts five minutes.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private const int MostFailures = 3;

    private sealed record Due(long ListingId, string Sku, string State, string Payload, byte[] Print, string PlatformId, int Attempts);

    public async Task HandleAsync(PushListings message, CancellationToken ct)
    {
        if (await ProfileVersions.NewestAsync(db, message.Profile, ct) is not { } newest || settings.For(newest.Profile) is not { } address || await PausedUntilAsync(message.Profile, ct) is not null)
            return;
        var program = new PartnerProgram(newest.Profile.Push!, address, settings.Timeout, clock);
        var (until, failures, told) = (clock.GetUtcNow() + Longest, 0, new SortedDictionary<string, int>(StringComparer.Ordinal));
        try
        {
            while (failures < MostFailures && clock.GetUtcNow() < until && await TakeAsync(newest.Profile, ct) is { } due)
            {
                var (answer, id) = await TellAsync(program, due, ct);
                var state = await KeepAsync(message.Profile, due, answer, id);
                told[state] = told.GetValueOrDefault(state) + 1;
                failures = answer.Outcome == PartnerOutcome.Unknown ? failures + 1 : 0;
                if (answer.Outcome == PartnerOutcome.Later || failures == MostFailures)
                {
                    await PauseAsync(message.Profile, answer);
                    return;
                }
            }
        }
        finally
        {
            await EndAsync(message.Profile, told);
        }
    }

    /// <summary>What waited for its time, or for somebody who set the sending up.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var code in settings.Codes)
            await EndAsync(code, []);
    }

    private Task<DateTimeOffset?> PausedUntilAsync(string profile, CancellationToken ct) =>
        db.FirstOrDefaultAsync<DateTimeOffset?>("select until from exports.push_pause where profile_code = @profile and until > @now", new { profile, now = clock.GetUtcNow() }, ct);

    /// <summary>Claimed until its next try: whoever dies with it leaves it to the others then.</summary>
    private Task<Due?> TakeAsync(Profile profile, CancellationToken ct)
    {
        const string take = """
            update exports.push p set attempts = p.attempts + 1, next_at = @now::timestamptz + make_interval(secs => least(@first * 2 ^ least(p.attempts, 10), greatest(@first, @longest)))
            where p.profile_code = @Code and p.listing_id = (
              select listing_id from exports.push where profile_code = @Code and next_at <= @now order by (state = 'withdrawing') desc, next_at, listing_id limit 1 for update skip locked)
            returning p.listing_id, p.sku, p.state, p.payload, p.print, p.platform_id, p.attempts
            """;
        return db.FirstOrDefaultAsync<Due>(take, new { profile.Code, first = settings.LongestOf(profile.Push!).TotalSeconds, longest = LongestPause.TotalSeconds, now = clock.GetUtcNow() }, ct);
    }

    /// <returns>The answer, and what the platform calls the listing: "" where it has none.</returns>
    private static async Task<(PartnerAnswer Answer, string Id)> TellAsync(PartnerProgram program, Due due, CancellationToken ct)
    {
        var id = due.PlatformId;
        if (id.Length == 0)
        {
            var found = await program.FindAsync(due.Sku, ct);
            if (found.Outcome == PartnerOutcome.Absent && due.State == "withdrawing")
                return (new(PartnerOutcome.Done), "");
            if (found.Outcome is not (PartnerOutcome.Done or PartnerOutcome.Absent))
                return (found with { Outcome = found.Outcome == PartnerOutcome.Refused ? PartnerOutcome.Unknown : found.Outcome }, "");
            id = found.Id;
        }
        var answer = due.State == "withdrawing" ? await program.WithdrawAsync(id, ct) : await program.SendAsync(due.Payload, id, ct);
        return answer.Outcome switch
        {
            PartnerOutcome.Absent => (answer with { Outcome = due.State == "withdrawing" ? PartnerOutcome.Done : PartnerOutcome.Unknown }, ""),
            // It was made, and what it is called there is found by its SKU.
            PartnerOutcome.Done when answer.Id.Length == 0 && id.Length == 0 => (answer with { Outcome = PartnerOutcome.Unknown }, ""),
            PartnerOutcome.Done when due.State != "withdrawing" && answer.Id.Length > 0 => (answer, answer.Id),
            _ => (answer, id),
        };
    }

    /// <summary>Keeps what the platform said, beside the listing too, where people look for it. A row that changed meanwhile waits on.</summary>
    private async Task<string> KeepAsync(string profile, Due due, PartnerAnswer answer, string id)
    {
        const string keep = """
            update exports.push p set platform_id = @id, error = @error, answered_at = case when @answered then @now else p.answered_at end,
              state = case when n.same then @becomes else p.state end, attempts = case when @later then greatest(p.attempts - 1, 0) else p.attempts end,
              next_at = case when not n.same then p.next_at when @later then @now when @becomes in ('waiting', 'withdrawing') then p.next_at end
            from (select print = @Print and state = @was as same from exports.push where profile_code = @profile and listing_id = @ListingId for update) n
            where p.profile_code = @profile and p.listing_id = @ListingId
            """;
        const string result = """
            insert into exports.partner_result (profile_code, listing_id, status, reason, platform_id, url, reported_at)
            select @profile, @ListingId, @status, @error, @id, '', @now where @status <> 'removed' or exists (select 1 from exports.partner_result where profile_code = @profile and listing_id = @ListingId)
            on conflict (profile_code, listing_id) do update set reported_at = excluded.reported_at, platform_id = coalesce(nullif(excluded.platform_id, ''), partner_result.platform_id), reason = excluded.reason,
              status = case when excluded.status = 'waiting' and partner_result.status = 'accepted' then 'accepted' else excluded.status end
            """;
        var withdrawing = due.State == "withdrawing";
        var (becomes, status) = (answer.Outcome, withdrawing) switch
        {
            (PartnerOutcome.Done, true) => ("withdrawn", "removed"),
            (PartnerOutcome.Done, false) => ("sent", "waiting"),
            (PartnerOutcome.Refused, false) => ("refused", "refused"),
            _ => (due.State, null),
        };
        var error = answer.Outcome == PartnerOutcome.Done ? "" : answer.Words;
        var args = new
        {
            profile,
            due.ListingId,
            due.Print,
            was = due.State,
            becomes,
            id,
            error,
            status,
            now = clock.GetUtcNow(),
            answered = answer.Outcome is PartnerOutcome.Done or PartnerOutcome.Refused,
            later = answer.Outcome == PartnerOutcome.Later,
        };
        await using var tx = await db.BeginAsync(CancellationToken.None);
        await tx.ExecuteAsync(keep, args);
        if (status is not null)
            await tx.ExecuteAsync(result, args);
        await tx.CommitAsync(CancellationToken.None);
        return becomes;
    }

    private Task PauseAsync(string profile, PartnerAnswer answer)
    {
        const string pause = """
            insert into exports.push_pause (profile_code, until, reason) values (@profile, @until, @Words) on conflict (profile_code) do update set until = excluded.until, reason = excluded.reason
            """;
        var wait = answer.Wait ?? TimeSpan.FromMinutes(1);
        return db.ExecuteAsync(pause, new { profile, answer.Words, until = clock.GetUtcNow() + (wait < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : wait > LongestPause ? LongestPause : wait) }, CancellationToken.None);
    }

    /// <summary>Says what was told, and has the rest told when its time has come.</summary>
    private async Task EndAsync(string profile, SortedDictionary<string, int> told)
    {
        const string next = """
            select greatest(min(p.next_at), @now, (select s.until from exports.push_pause s where s.profile_code = @profile)) from exports.push p where p.profile_code = @profile having min(p.next_at) is not null
            """;
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (told.Count > 0)
            await audit.WriteAsync(tx, Actor.System, "export.push", "feed:" + profile, detail: told);
        if (await tx.FirstOrDefaultAsync<DateTimeOffset?>(next, new { profile, now = clock.GetUtcNow() }) is { } at)
            await queue.AnnounceAsync(tx, new PushListings(profile), at, string.Create(CultureInfo.InvariantCulture, $"{profile}:{at.UtcTicks}"));
        await tx.CommitAsync(CancellationToken.None);
    }
}
