using System.Globalization;

namespace Vnpay;

/// <summary>VNPAY's times: 14 digits <c>yyyyMMddHHmmss</c>, always GMT+7, whatever the machine's zone or culture ("Thanh toán PAY", vnp_CreateDate).</summary>
public static class VnpayDateTime
{
    private const string Pattern = "yyyyMMddHHmmss";

    /// <summary>Việt Nam has no daylight saving; a zone id is avoided because <c>Etc/GMT+7</c> means UTC-7.</summary>
    public static readonly TimeSpan Offset = TimeSpan.FromHours(7);

    /// <summary>The instant as VNPAY writes it; fractions of a second are cut.</summary>
    public static string Format(DateTimeOffset instant) =>
        instant.ToOffset(Offset).ToString(Pattern, CultureInfo.InvariantCulture);

    /// <summary>Reads 14 digits; false for anything else, also for a date that does not exist.</summary>
    public static bool TryParse(string? digits, out DateTimeOffset instant)
    {
        instant = default;
        if (!DateTime.TryParseExact(digits, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)) return false;
        if (local.Ticks < Offset.Ticks) return false;
        instant = new DateTimeOffset(local, Offset);
        return true;
    }
}
