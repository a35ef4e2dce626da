using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Gs1;

/// <summary>
/// Codes of lots: at most 20 of A-Z, 0-9 and hyphen, a subset of GS1's character set 82, so that the same code fits AI 10 and can be
/// read out on the telephone.
/// </summary>
public static class LotCode
{
    /// <summary>Most characters a lot code has (AI 10, GS1 General Specifications 3.4.1).</summary>
    public const int MaxLength = 20;

    private const int SymbolCount = 12;
    private const int GroupLength = 4;

    private static readonly SearchValues<char> Symbols = SearchValues.Create(Crockford.Alphabet);
    private static readonly SearchValues<char> Allowed = SearchValues.Create("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Says whether a text may be a lot code; one of our own making or one the producer chose.</summary>
    public static bool IsValid([NotNullWhen(true)] string? code) =>
        code is { Length: >= 1 and <= MaxLength } && !code.AsSpan().ContainsAnyExcept(Allowed);

    /// <summary>
    /// Makes a code such as 7K3Q-9M2X-H4CD: 11 random characters (55 bits, so that codes cannot be guessed in turn) and a check
    /// character, in groups of four.
    /// </summary>
    public static string New()
    {
        Span<char> symbols = stackalloc char[SymbolCount];
        while (true)
        {
            RandomNumberGenerator.GetItems(Crockford.Alphabet, symbols[..^1]);
            if (Crockford.Check(symbols[..^1]) is not { } check)
                continue;
            symbols[^1] = check;
            return Group(symbols);
        }
    }

    /// <summary>Says whether the code is of the form of <see cref="New"/> and its check character fits: one wrong character or two swapped neighbours do not.</summary>
    public static bool HasCheckCharacter([NotNullWhen(true)] string? code)
    {
        if (code is null)
            return false;
        var symbols = code.Replace("-", "", StringComparison.Ordinal);
        return symbols.Length == SymbolCount
            && !symbols.AsSpan().ContainsAnyExcept(Symbols)
            && Group(symbols) == code
            && Crockford.Check(symbols.AsSpan(..^1)) == symbols[^1];
    }

    /// <summary>
    /// Reads a code that a person typed: any case, spaces ignored. Where it turns out to be one of <see cref="New"/>, also without
    /// hyphens and with I, L and O for 1, 1 and 0.
    /// </summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="code">The lot code, when the answer is true.</param>
    /// <returns>False when no lot code can be made of it; whether the lot exists is another question.</returns>
    public static bool TryRead(string? typed, [NotNullWhen(true)] out string? code)
    {
        code = null;
        if (typed is null || typed.Length > 4 * MaxLength)
            return false;
        var written = string.Concat(typed.Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant();
        var symbols = Crockford.Typed(written);
        var candidate = symbols.Length == SymbolCount ? Group(symbols) : null;
        code = HasCheckCharacter(candidate) ? candidate : written;
        return IsValid(code);
    }

    private static string Group(ReadOnlySpan<char> symbols) =>
        $"{symbols[..GroupLength]}-{symbols[GroupLength..(2 * GroupLength)]}-{symbols[(2 * GroupLength)..]}";
}
