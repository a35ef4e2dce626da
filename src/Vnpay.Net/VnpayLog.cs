using Microsoft.Extensions.Logging;

namespace Vnpay;

/// <summary>
/// All that is ever logged: command, terminal, reference, code, time. Never a secret, a hash, a request or an answer, which may name
/// people and cards.
/// </summary>
internal static partial class VnpayLog
{
    [LoggerMessage(1, LogLevel.Debug, "VNPAY {Command} of {TmnCode} for {TxnRef} was answered after {Milliseconds} ms, {Retries} retries")]
    public static partial void Answered(this ILogger logger, string command, string tmnCode, string? txnRef, long milliseconds, int retries);

    [LoggerMessage(2, LogLevel.Warning, "VNPAY {Command} of {TmnCode} for {TxnRef} failed at try {Attempt}: {Reason} Trying again: {Again}")]
    public static partial void Failed(this ILogger logger, string command, string tmnCode, string? txnRef, string reason, int attempt, bool again);

    [LoggerMessage(3, LogLevel.Information, "VNPAY refused {Command} of {TmnCode} for {TxnRef} with code {Code}")]
    public static partial void Refused(this ILogger logger, string command, string tmnCode, string? txnRef, string code);

    [LoggerMessage(4, LogLevel.Warning, "The answer to VNPAY {Command} of {TmnCode} for {TxnRef} cannot be believed: {Reason}")]
    public static partial void Unbelievable(this ILogger logger, string command, string tmnCode, string? txnRef, string reason);
}
