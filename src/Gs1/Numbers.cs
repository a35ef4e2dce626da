using System.Globalization;
using System.Text.RegularExpressions;

namespace Gs1;

/// <summary>
/// Numbers as CBV 2.0, section 8.9 hashes them: no leading plus or zeros, no trailing zeros. Text that is a number counts as one,
/// because the XML form of an event does not tell them apart.
/// </summary>
internal static partial class Numbers
{
    public static string? Canonical(string text)
    {
        if (text.Length > 64)
            return null;
        if (Plain.Match(text) is { Success: true } plain)
        {
            var whole = plain.Groups["whole"].Value.TrimStart('0');
            var fraction = plain.Groups["fraction"].Value.TrimEnd('0');
            var digits = (whole.Length == 0 ? "0" : whole) + (fraction.Length == 0 ? "" : "." + fraction);
            return text[0] == '-' && digits != "0" ? "-" + digits : digits;
        }
        return Exponent.IsMatch(text) && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? Canonical(number.ToString(CultureInfo.InvariantCulture))
            : null;
    }

    [GeneratedRegex(@"^[+-]?(?<whole>[0-9]+)(\.(?<fraction>[0-9]+))?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Plain { get; }

    [GeneratedRegex(@"^[+-]?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]{1,2}$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Exponent { get; }
}
