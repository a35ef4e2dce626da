namespace Gs1;

/// <summary>
/// Check digit of the numeric GS1 keys: GTIN-8, -12, -13, -14, GLN, SSCC, GSRN, GRAI, GDTI
/// (GS1 General Specifications, section 7.9.1: weights 3 and 1 from the right, modulo 10).
/// </summary>
public static class CheckDigit
{
    /// <summary>Computes the check digit that completes a key.</summary>
    /// <param name="digits">The key without its check digit: ASCII digits only, at least one.</param>
    /// <returns>0 to 9.</returns>
    /// <exception cref="ArgumentException">The text is empty or holds something other than ASCII digits.</exception>
    public static int Compute(ReadOnlySpan<char> digits)
    {
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
            throw new ArgumentException("A check digit is computed over ASCII digits only.", nameof(digits));
        var sum = 0;
        var weight = 3;
        for (var i = digits.Length - 1; i >= 0; i--, weight = 4 - weight)
            sum = (sum + ((digits[i] - '0') * weight)) % 10;
        return (10 - sum) % 10;
    }

    /// <summary>Says whether the last digit is the right check digit for the digits before it.</summary>
    /// <param name="key">The whole key, of any length from 2 digits; leading zeros do not change the answer.</param>
    /// <returns>False also for text that is not made of ASCII digits; never throws.</returns>
    public static bool IsValid(ReadOnlySpan<char> key) =>
        key.Length >= 2
        && !key.ContainsAnyExceptInRange('0', '9')
        && Compute(key[..^1]) == key[^1] - '0';
}
