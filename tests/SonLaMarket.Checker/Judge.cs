using System.Globalization;
using Npgsql;

namespace SonLaMarket.Checker;

/// <summary>Compares what clients were told with what the database holds and with the payment side's own list, by rules written here a second time.</summary>
public static class Judge
{
    /// <param name="gateway">References that the payment side calls paid, and only those; null when nobody was asked.</param>
    public static async Task<Verdict> JudgeAsync(History history, string connectionString, IReadOnlySet<string>? gateway = null)
    {
        var calls = history.Calls;
        var verdict = new Verdict { Calls = calls.Count, Ok = calls.Count(c => c.Outcome == Outcome.Ok), Fail = calls.Count(c => c.Outcome == Outcome.Fail), Unknown = calls.Count(c => c.Outcome == Outcome.Unknown) };
        await using var source = NpgsqlDataSource.Create(connectionString);
        var facts = await Facts.ReadAsync(source);
        JudgeOrders(calls, facts, verdict);
        JudgeMessages(calls, facts, verdict);
        JudgeGateway(calls, facts, gateway, verdict);
        JudgeEffects(calls, verdict);
        foreach (var (invariant, sql) in Rules.All)
        {
            await using var command = source.CreateCommand(sql);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                verdict.Add(invariant, reader.GetString(0));
        }
        return verdict;
    }

    /// <summary>A form places one order, of which every answer tells the same; an answer that was given is kept; amounts, payee and times are what the buyer agreed to.</summary>
    private static void JudgeOrders(IReadOnlyList<Call> calls, Facts facts, Verdict verdict)
    {
        var purchases = facts.Purchases.ToLookup(p => p.FormKey, StringComparer.Ordinal);
        foreach (var form in calls.Where(c => c.Op == "place").GroupBy(c => c.Arg("form"), StringComparer.Ordinal))
        {
            var placed = purchases[form.Key].ToList();
            var answered = form.Where(c => c.Outcome == Outcome.Ok).ToList();
            if (placed.Count > 1)
                verdict.Add("I4", $"form {form.Key} placed {placed.Count} orders");
            if (answered.Count > 0 && placed.Count == 0)
                verdict.Add("I4", $"form {form.Key} was answered and there is no order");
            if (answered.Count == 0 && form.All(c => c.Outcome == Outcome.Fail) && placed.Count > 0)
                verdict.Add("I4", $"form {form.Key} was refused and there is an order");
            foreach (var call in answered.Where(c => c.Saw("txnRef").Length > 0))
                JudgePayment(call, facts, verdict);
            if (answered.Where(c => c.Saw("txnRef").Length > 0).Select(c => facts.Attempts.GetValueOrDefault(c.Saw("txnRef"))?.Purchase).Distinct().Count() > 1)
                verdict.Add("I4", $"form {form.Key} led to payments of several orders");
        }
    }

    private static void JudgePayment(Call call, Facts facts, Verdict verdict)
    {
        var reference = call.Saw("txnRef");
        if (!facts.Attempts.TryGetValue(reference, out var attempt))
        {
            verdict.Add("I4", $"{reference}: the buyer was sent to pay and there is no such try");
            return;
        }
        if (call.Saw("amount") != attempt.Hundredths)
            verdict.Add("I2", $"{reference}: asked for {call.Saw("amount")} hundredths, the goods cost {attempt.GoodsVnd} and {attempt.DeliveryVnd} to deliver");
        if (call.Saw("tmnCode") != attempt.SellerTmnCode)
            verdict.Add("I2", $"{reference}: paid to {call.Saw("tmnCode")}, the seller's terminal is {attempt.SellerTmnCode}");
        if (call.Saw("createDate").Length == 14 && Minutes(call.Saw("createDate"), call.Saw("expireDate")) is var minutes && (minutes > 15.01 || (minutes < 14.9 && IsFirst(call, attempt))))
            verdict.Add("I7", $"{reference}: {minutes} minutes to pay instead of 15");
        if (Math.Round((attempt.HoldUntil - attempt.PlacedAt).TotalSeconds) != 1200)
            verdict.Add("I7", $"{reference}: held for {(attempt.HoldUntil - attempt.PlacedAt).TotalMinutes:0.##} minutes instead of 20");
    }

    /// <summary>The page was made with the order. Who sends the form again later is led to another one, in what is left of the same time.</summary>
    private static bool IsFirst(Call call, Attempt attempt) => Moment(call.Saw("createDate")).AddHours(-7) < attempt.PlacedAt.AddSeconds(5);

    private static double Minutes(string from, string to) => (Moment(to) - Moment(from)).TotalMinutes;

    private static DateTime Moment(string digits) => DateTime.ParseExact(digits, "yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    /// <summary>
    /// The answer codes of the contract, and that only what VNPAY said has an effect, once. Messages of one reference may have run side by side: then the answers
    /// are judged as a set.
    /// </summary>
    private static void JudgeMessages(IReadOnlyList<Call> calls, Facts facts, Verdict verdict)
    {
        foreach (var said in calls.Where(c => c.Op is "notify" or "answer" or "pay").GroupBy(c => c.Arg("txnRef"), StringComparer.Ordinal))
        {
            facts.Attempts.TryGetValue(said.Key, out var attempt);
            var status = attempt?.Status ?? "missing";
            var messages = said.Where(c => c.Op == "notify").ToList();
            var answers = said.Where(c => c.Op == "answer" && c.Arg("status") != "01").ToList();
            var taken = said.Any(c => c.Op == "pay" && c.Outcome != Outcome.Fail);
            foreach (var message in messages.Where(m => m.Outcome == Outcome.Ok))
            {
                if (IpnModel.Refusal(message.Arg("kind")) is { } expected && message.Saw("rspCode") != expected && message.Saw("rspCode") != "99")
                    verdict.Add("I6", $"{said.Key}: a {message.Arg("kind")} message was answered {message.Saw("rspCode")} instead of {expected}");
            }
            var genuine = messages.Where(m => IpnModel.Refusal(m.Arg("kind")) is null).ToList();
            if (genuine.Count == 0 && answers.Count == 0 && !taken && status is not ("initiated" or "expired" or "missing"))
                verdict.Add("I6", $"{said.Key} is {status} and VNPAY said nothing");
            var successes = genuine.Where(m => m.Arg("code") == "00" && m.Arg("status") is "" or "00").ToList();
            var recorded = successes.Count(m => m.Saw("rspCode") == "00");
            if (recorded > 1)
                verdict.Add("I8", $"{said.Key}: one success was recorded {recorded} times");
            if (successes.Any(m => m.Saw("rspCode") is "00" or "02") && status is not ("paid" or "paid_late"))
                verdict.Add("I4", $"{said.Key}: success was acknowledged and the try is {status}");
            var learnt = answers.Any(a => a.Arg("status") == "00" && a.Arg("amount") == attempt?.Hundredths);
            if (learnt && status is not ("paid" or "paid_late"))
                verdict.Add("I5", $"{said.Key}: VNPAY said paid when it was asked, the try is {status}");
            if (successes.Count == 0 && !learnt && !taken && status is "paid" or "paid_late")
                verdict.Add("I6", $"{said.Key} is {status} without a success");
            foreach (var message in genuine.Where(m => m.Outcome == Outcome.Ok && m.Saw("rspCode") is not ("00" or "02" or "99")))
                verdict.Add("I5", $"{said.Key}: a genuine message was answered {message.Saw("rspCode")}");
        }
    }

    private static void JudgeGateway(IReadOnlyList<Call> calls, Facts facts, IReadOnlySet<string>? gateway, Verdict verdict)
    {
        var taken = calls.Where(c => c.Op == "pay" && c.Outcome == Outcome.Ok).Select(c => c.Arg("txnRef")).ToHashSet(StringComparer.Ordinal);
        if (gateway is not null)
        {
            foreach (var reference in taken.Where(t => !gateway.Contains(t)))
                verdict.Add("I5", $"{reference}: the payment side said paid and does not any more");
            foreach (var attempt in facts.Attempts.Values.Where(a => a.Status is "paid" or "paid_late" && !gateway.Contains(a.TxnRef)))
                verdict.Add("I6", $"{attempt.TxnRef} is {attempt.Status}, the payment side knows nothing");
        }
        foreach (var reference in gateway ?? taken)
        {
            if (facts.Attempts.GetValueOrDefault(reference)?.Status is not ("paid" or "paid_late") and var status)
                verdict.Add("I5", $"{reference}: paid there, {status ?? "unknown"} here");
        }
    }

    /// <summary>What was wanted outside happened, under one id however often it was sent; nothing else did.</summary>
    private static void JudgeEffects(IReadOnlyList<Call> calls, Verdict verdict)
    {
        var effects = calls.Where(c => c.Op == "effect").ToLookup(c => c.Arg("key"), c => c.Arg("id"), StringComparer.Ordinal);
        var wanted = calls.Where(c => c.Op == "want").Select(c => c.Arg("key")).ToHashSet(StringComparer.Ordinal);
        foreach (var key in wanted.Where(w => !effects.Contains(w)))
            verdict.Add("I8", $"{key} was wanted and never happened");
        foreach (var of in effects)
        {
            var ids = of.Distinct(StringComparer.Ordinal).ToList();
            if (ids.Count > 1)
                verdict.Add("I8", $"{of.Key} happened {ids.Count} times: {string.Join(", ", ids)}");
            if (!wanted.Contains(of.Key))
                verdict.Add("I8", $"{of.Key} happened and nobody wanted it");
        }
        foreach (var id in effects.SelectMany(of => of.Distinct(StringComparer.Ordinal)).GroupBy(id => id, StringComparer.Ordinal).Where(g => g.Count() > 1))
            verdict.Add("I8", $"{id.Key} stands for {id.Count()} effects");
    }
}
