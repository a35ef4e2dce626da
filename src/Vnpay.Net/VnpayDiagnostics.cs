using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Vnpay;

/// <summary>
/// What a process tells of its talks with VNPAY: an <see cref="ActivitySource"/> and a <see cref="Meter"/> of one name. Like the log they name command
/// and terminal, an activity the reference too; never secrets, hashes or what was said.
/// </summary>
public static class VnpayDiagnostics
{
    /// <summary>Of both, for whoever listens.</summary>
    public const string Name = "Vnpay.Net";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Requests = Meter.CreateCounter<long>("vnpay.requests", "{request}", "Requests to VNPAY, by command and result: answered, failed, unknown (VNPAY may have it).");
    private static readonly Counter<long> Retries = Meter.CreateCounter<long>("vnpay.retries", "{request}", "Requests sent once more.");
    private static readonly Counter<long> Callbacks = Meter.CreateCounter<long>("vnpay.callbacks", "{callback}", "Queries of notifications and returns, by result: verified, refused.");

    internal static Activity? Start(Exchange exchange)
    {
        var activity = Source.StartActivity("vnpay " + exchange.Command, ActivityKind.Client);
        activity?.SetTag("vnpay.tmn_code", exchange.TmnCode).SetTag("vnpay.txn_ref", exchange.TxnRef);
        return activity;
    }

    internal static void Answered(Activity? activity, Exchange exchange, int retries) => Ended(activity, exchange, "answered", retries);

    internal static void Failed(Activity? activity, Exchange exchange, bool mayHaveReachedVnpay, int retries)
    {
        activity?.SetStatus(ActivityStatusCode.Error);
        Ended(activity, exchange, mayHaveReachedVnpay ? "unknown" : "failed", retries);
    }

    internal static void Heard(bool verified) => Callbacks.Add(1, new KeyValuePair<string, object?>("result", verified ? "verified" : "refused"));

    private static void Ended(Activity? activity, Exchange exchange, string result, int retries)
    {
        activity?.SetTag("vnpay.result", result).SetTag("vnpay.retries", retries);
        Requests.Add(1, new KeyValuePair<string, object?>("command", exchange.Command), new KeyValuePair<string, object?>("result", result));
        if (retries > 0)
            Retries.Add(retries, new KeyValuePair<string, object?>("command", exchange.Command));
    }
}
