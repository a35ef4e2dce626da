using SonLaMarket.Foundation.Data;
using SonLaMarket.Jobs;

namespace SonLaMarket.Payments;

/// <summary>
/// Asks VNPAY about silent tries (1, 5 and 15 minutes after their start and at the end of the hold) and ends what was
/// not paid. While VNPAY does not answer, the goods stay kept.
/// </summary>
public sealed class Sweeper(Db db, VnpayGateway gateway, Terminals terminals, Settlement settlement, Notifications notifications, TimeProvider clock) : IRecurring
{
    /// <summary>What is asked about in one round; the next comes in seconds, and other work waits meanwhile.</summary>
    private const int Batch = 50;

    /// <summary>A process that died while asking leaves the try to the others after this time.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    public async Task RunAsync(CancellationToken ct)
    {
        if (!gateway.IsUnreachable)
            await Task.WhenAll((await ClaimAsync(ct)).Select(s => AskAsync(s, ct)));
        await ExpireAsync(ct);
    }

    /// <summary>Asks at once about every open or doubtful try of one payment, whatever its schedule, and about those given up or told to have failed: their money may have come after all. False when VNPAY is out of reach and was not asked.</summary>
    public async Task<bool> AskAboutAsync(long paymentId, CancellationToken ct)
    {
        const string select = """
            select a.id, a.terminal_id, a.txn_ref, a.amount_vnd, a.create_date, a.started_at, p.hold_until, a.status in ('expired', 'failed') as given_up
            from payments.attempt a join payments.payment p on p.id = a.payment_id
            where p.id = @paymentId and a.method = 'vnpay' and a.status in ('initiated', 'review', 'expired', 'failed') order by a.id
            """;
        var asked = !gateway.IsUnreachable;
        foreach (var attempt in asked ? await db.QueryAsync<Silent>(select, new { paymentId }, ct) : [])
            await AskAsync(attempt, ct);
        await ExpireAsync(ct);
        return asked;
    }

    private Task<List<Silent>> ClaimAsync(CancellationToken ct)
    {
        const string claim = """
            update payments.attempt a set next_query_at = @lease, queries = queries + 1
            from payments.payment p
            where p.id = a.payment_id and a.id in (
              select id from payments.attempt where status = 'initiated' and next_query_at <= @now order by next_query_at limit @Batch for update skip locked)
            returning a.id, a.terminal_id, a.txn_ref, a.amount_vnd, a.create_date, a.started_at, p.hold_until, false as given_up
            """;
        var now = clock.GetUtcNow();
        return db.QueryAsync<Silent>(claim, new { now, lease = now + Lease, Batch }, ct);
    }

    /// <summary>The question is asked outside any transaction; its answer is recorded in a short one that checks again.</summary>
    private async Task AskAsync(Silent attempt, CancellationToken ct)
    {
        var terminal = await terminals.GetAsync(db, attempt.TerminalId, ct);
        var answer = await gateway.AskAsync(terminal, attempt.TxnRef, attempt.CreateDate, attempt.AmountVnd, ct);
        await notifications.KeepAsync("querydr", answer.Verdict, null, attempt.TerminalId, attempt.TxnRef, answer.Payload, null);
        if (attempt.GivenUp && answer.Outcome is not { Verdict: GatewayVerdict.Paid })
            return;
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var now = clock.GetUtcNow();
        var next = PaymentWindow.NextQuery(attempt.StartedAt, attempt.HoldUntil, now);
        if (answer.Outcome is null && next is null)
            await settlement.SuspendAsync(tx, attempt.Id);
        else if (answer.Outcome is { Verdict: GatewayVerdict.Open } nothing && now >= attempt.HoldUntil)
            await settlement.GiveUpAsync(tx, attempt.Id, nothing);
        else if (answer.Outcome is null or { Verdict: GatewayVerdict.Open })
            await tx.ExecuteAsync("update payments.attempt set next_query_at = @next where id = @Id and status = 'initiated'", new { next, attempt.Id });
        else
            await settlement.RecordAsync(tx, attempt.Id, answer.Outcome);
        await tx.CommitAsync(CancellationToken.None);
    }

    private async Task ExpireAsync(CancellationToken ct)
    {
        const string due = """
            select id from payments.payment p
            where status = 'pending' and hold_until <= @now
              and not exists (select 1 from payments.attempt a where a.payment_id = p.id and a.status in ('initiated', 'review'))
            order by id limit 200
            """;
        foreach (var id in await db.QueryAsync<long>(due, new { now = clock.GetUtcNow() }, ct))
        {
            await using var tx = await db.BeginAsync(CancellationToken.None);
            if (await settlement.ExpireAsync(tx, id))
                await tx.CommitAsync(CancellationToken.None);
        }
    }

    private sealed record Silent(long Id, long TerminalId, string TxnRef, long AmountVnd, string CreateDate, DateTimeOffset StartedAt, DateTimeOffset HoldUntil, bool GivenUp);
}
