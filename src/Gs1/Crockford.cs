namespace Gs1;

/// <summary>Crockford's base 32 (crockford.com/base32): no I, L, O or U, which are misread or misheard.</summary>
internal static class Crockford
{
    public const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private const int CheckModulus = 37;

    /// <summary>The check character; null where it would be one of the signs for 32 to 36, which our codes do not allow.</summary>
    public static char? Check(ReadOnlySpan<char> symbols)
    {
        var remainder = 0;
        foreach (var symbol in symbols)
            remainder = ((remainder * Alphabet.Length) + Alphabet.IndexOf(symbol, StringComparison.Ordinal)) % CheckModulus;
        return remainder < Alphabet.Length ? Alphabet[remainder] : null;
    }

    /// <summary>As a person typed it: upper case, without blanks and hyphens, I and L for 1 and O for 0.</summary>
    public static string Typed(string typed) =>
        string.Concat(typed.Where(c => !char.IsWhiteSpace(c) && c != '-')).ToUpperInvariant().Replace('I', '1').Replace('L', '1').Replace('O', '0');
}
