using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Gs1;

/// <summary>
/// Serial numbers of single packages (AI 21): 13 random characters of Crockford's base 32 – 65 bits, so that nobody finds one by trying – and a check
/// character. In an address they stand without hyphens, for people in groups: 7K3Q-9M2X-H4CD-5T.
/// </summary>
public static class ItemSerial
{
    /// <summary>Characters of a serial.</summary>
    public const int Length = 14;

    private const int GroupLength = 4;

    private static readonly SearchValues<char> Symbols = SearchValues.Create(Crockford.Alphabet);

    /// <summary>Makes a serial.</summary>
    public static string New()
    {
        Span<char> symbols = stackalloc char[Length];
        while (true)
        {
            RandomNumberGenerator.GetItems(Crockford.Alphabet, symbols[..^1]);
            if (Crockford.Check(symbols[..^1]) is not { } check)
                continue;
            symbols[^1] = check;
            return new string(symbols);
        }
    }

    /// <summary>Says whether a text is of the form of <see cref="New"/> and its check character fits; whether it was ever given out is another question.</summary>
    public static bool IsValid([NotNullWhen(true)] string? serial) =>
        serial is { Length: Length } && !serial.AsSpan().ContainsAnyExcept(Symbols) && Crockford.Check(serial.AsSpan(..^1)) == serial[^1];

    /// <summary>Reads a serial that a person typed: any case, with or without hyphens and blanks, I, L and O for 1, 1 and 0.</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="serial">The serial, when the answer is true.</param>
    public static bool TryRead([NotNullWhen(true)] string? typed, [NotNullWhen(true)] out string? serial)
    {
        serial = typed is { Length: <= 4 * Length } ? Crockford.Typed(typed) : null;
        if (IsValid(serial))
            return true;
        serial = null;
        return false;
    }

    /// <summary>In groups, as it stands on a label.</summary>
    public static string Grouped(string serial) => string.Join('-', serial.Chunk(GroupLength).Select(group => new string(group)));
}
