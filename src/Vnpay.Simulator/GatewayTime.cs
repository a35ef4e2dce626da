using System.Globalization;

namespace Vnpay.Simulator;

/// <summary>The gateway's clock face: 14 digits, always seven hours ahead of UTC.</summary>
internal static class GatewayTime
{
    public static string Digits(DateTimeOffset instant) =>
        instant.UtcDateTime.AddHours(7).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    public static DateTimeOffset? Read(string? digits) =>
        DateTimeOffset.TryParseExact(digits + "+07:00", "yyyyMMddHHmmsszzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            ? instant
            : null;
}
