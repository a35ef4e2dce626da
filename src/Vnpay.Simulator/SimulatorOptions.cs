namespace Vnpay.Simulator;

/// <summary>Settings of one simulator.</summary>
public sealed class SimulatorOptions
{
    /// <summary>Where to listen: http, host <c>localhost</c> (both 127.0.0.1 and ::1) or a loopback address; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://localhost:5081";

    /// <summary>Secret of a terminal by its code, null when there is no such terminal. Asked at every request.</summary>
    public required Func<string, ValueTask<string?>> Terminals { get; init; }

    /// <summary>The merchant's notification address; can also be set later on <see cref="SimulatorHost.IpnUrl"/>. Null: no calls, and the log says so.</summary>
    public string? IpnUrl { get; init; }

    /// <summary>Pause between two calls of the notification address. VNPAY: 5 minutes.</summary>
    public TimeSpan IpnRetryInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Most calls for one payment. VNPAY: 10.</summary>
    public int IpnMaxCalls { get; init; } = 10;

    /// <summary>How long one call may take. VNPAY does not say.</summary>
    public TimeSpan IpnTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a refund stays at VNPAY (05), and then at the bank (06). Really it takes days.</summary>
    public TimeSpan RefundStep { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Append-only file of JSON lines that keeps the payments when the process is killed; notifications not yet acknowledged go on
    /// at the next start. Null: payments live in memory.
    /// </summary>
    public string? StateFile { get; init; }

    /// <summary>The clock of countdown, pay dates and retries.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
