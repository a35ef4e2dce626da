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
        JudgeNotifications(calls, facts, verdict);
        JudgeGateway(calls, facts, gateway, verdict);
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
        foreach (var form in calls.Where(c => c.Op == "place").GroupBy(c => c.Arg("form"), StringComparer.Ordinal))
        {
            var placed = facts.Purchases.Where(p => p.FormKey == form.Key).ToList();
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
        if (call.Saw("amount") != (attempt.GoodsVnd + attempt.DeliveryVnd) * 100 + "")
            verdict.Add("I2", $"{reference}: asked for {call.Saw("amount")} hundredths, the goods cost {attempt.GoodsVnd} and {attempt.DeliveryVnd} to deliver");
        if (call.Saw("tmnCode") != attempt.SellerTmnCode)
            verdict.Add("I2", $"{reference}: paid to {call.Saw("tmnCode")}, the seller's terminal is {attempt.SellerTmnCode}");
        if (call.Saw("createDate").Length == 14 && Minutes(call.Saw("createDate"), call.Saw("expireDate")) is < 14.9 or > 15.01)
            verdict.Add("I7", $"{reference}: {Minutes(call.Saw("createDate"), call.Saw("expireDate"))} minutes to pay instead of 15");
        if (Math.Round((attempt.HoldUntil - attempt.PlacedAt).TotalSeconds) != 1200)
            verdict.Add("I7", $"{reference}: held for {(attempt.HoldUntil - attempt.PlacedAt).TotalMinutes:0.##} minutes instead of 20");
    }

    private static double Minutes(string from, string to) =>
        (DateTime.ParseExact(to, "yyyyMMddHHmmss", CultureInfo.InvariantCulture) - DateTime.ParseExact(from, "yyyyMMddHHmmss", CultureInfo.InvariantCulture)).TotalMinutes;

    /// <summary>
    /// The answer codes of the contract, and that only genuine messages have an effect, once. Messages of one reference may have run side by side: then the answers
    /// are judged as a set.
    /// </summary>
    private static void JudgeNotifications(IReadOnlyList<Call> calls, Facts facts, Verdict verdict)
    {
        foreach (var messages in calls.Where(c => c.Op == "notify").GroupBy(c => c.Arg("txnRef"), StringComparer.Ordinal))
        {
            foreach (var message in messages.Where(m => m.Outcome == Outcome.Ok))
            {
                var expected = message.Arg("kind") switch { "forged" or "doubled" or "wrong-terminal" => "97", "unknown" => "01", "wrong-amount" => "04", _ => null };
                if (expected is not null && message.Saw("rspCode") != expected && message.Saw("rspCode") != "99")
                    verdict.Add("I6", $"{messages.Key}: a {message.Arg("kind")} message was answered {message.Saw("rspCode")} instead of {expected}");
            }
            var genuine = messages.Where(m => m.Arg("kind") == "genuine").ToList();
            facts.Attempts.TryGetValue(messages.Key, out var attempt);
            var status = attempt?.Status ?? "missing";
            if (genuine.Count == 0 && status is not ("initiated" or "expired" or "missing"))
                verdict.Add("I6", $"{messages.Key} is {status} and no genuine message said anything");
            var successes = genuine.Where(m => m.Arg("code") == "00").ToList();
            var recorded = successes.Count(m => m.Saw("rspCode") == "00");
            if (recorded > 1)
                verdict.Add("I8", $"{messages.Key}: one success was recorded {recorded} times");
            if (successes.Any(m => m.Saw("rspCode") is "00" or "02") && status is not ("paid" or "paid_late"))
                verdict.Add("I4", $"{messages.Key}: success was acknowledged and the try is {status}");
            if (successes.Count == 0 && status is "paid" or "paid_late" && !calls.Any(c => c.Op == "pay" && c.Arg("txnRef") == messages.Key))
                verdict.Add("I6", $"{messages.Key} is {status} without a success");
            foreach (var message in genuine.Where(m => m.Outcome == Outcome.Ok && m.Saw("rspCode") is not ("00" or "02" or "99")))
                verdict.Add("I5", $"{messages.Key}: a genuine message was answered {message.Saw("rspCode")}");
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
}
