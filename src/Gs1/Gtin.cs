using System.Diagnostics.CodeAnalysis;

namespace Gs1;

/// <summary>
/// A Global Trade Item Number with a right check digit, kept in its 14-digit form
/// (GS1 General Specifications, section 3.3.2: shorter ones are filled with zeros on the left).
/// </summary>
public readonly record struct Gtin
{
    private const string Zeros = "00000000000000";
    private readonly string? digits;

    private Gtin(string digits) => this.digits = digits;

    /// <summary>The 14 digits, check digit last.</summary>
    public string Value => digits ?? Zeros;

    /// <summary>
    /// True when the number means nothing outside one company or shop: GTIN-13 starting 02, 04 or 20 to 29, and GTIN-8
    /// starting 0 or 2 (GS1 General Specifications, section 1.4). Such a number must not be registered or printed as a global one.
    /// </summary>
    public bool IsRestrictedCirculation
    {
        get
        {
            var value = Value;
            if (value.StartsWith("000000", StringComparison.Ordinal))
                return value[6] is '0' or '2';
            return value[1] == '2' || (value[1] == '0' && value[2] is '2' or '4');
        }
    }

    /// <summary>True for GS1's demonstration prefix 952: for samples, never for goods that are sold.</summary>
    public bool IsDemonstration => Value.AsSpan(1, 3) is "952";

    /// <summary>Reads a GTIN-8, -12, -13 or -14 and fills it to 14 digits.</summary>
    /// <param name="text">8, 12, 13 or 14 ASCII digits, nothing else.</param>
    /// <param name="gtin">The number, when the answer is true.</param>
    /// <returns>False when the length, a character or the check digit is wrong; never throws.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out Gtin gtin)
    {
        gtin = default;
        if (text is not { Length: 8 or 12 or 13 or 14 } || !CheckDigit.IsValid(text))
            return false;
        gtin = new Gtin(text.PadLeft(14, '0'));
        return true;
    }

    /// <summary>Reads a GTIN like <see cref="TryParse"/>.</summary>
    /// <exception cref="FormatException">The text is not a GTIN.</exception>
    public static Gtin Parse(string text) =>
        TryParse(text, out var gtin) ? gtin : throw new FormatException("Not a GTIN: 8, 12, 13 or 14 digits with a right check digit are needed.");

    /// <summary>The 14 digits.</summary>
    public override string ToString() => Value;
}
