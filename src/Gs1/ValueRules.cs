using System.Buffers;

namespace Gs1;

/// <summary>Checks values of Application Identifiers against format and content rules (GS1 General Specifications, section 3).</summary>
internal static class ValueRules
{
    private const string Alphabet82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    private const string Alphabet32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    private static readonly SearchValues<char> Set82 = SearchValues.Create(Alphabet82);
    private static readonly SearchValues<char> Set39 = SearchValues.Create("#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    private static readonly SearchValues<char> Set64 = SearchValues.Create("-0123456789=ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> ImporterIndex = SearchValues.Create("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    public static bool IsSet82(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Set82);

    public static DigitalLinkFault? Check(AiEntry entry, ReadOnlySpan<char> value)
    {
        foreach (var component in entry.Components)
        {
            if (value.IsEmpty && component.Optional)
                break;
            if (value.Length < component.MinLength)
                return DigitalLinkFault.BadLength;
            var part = value[..Math.Min(value.Length, component.MaxLength)];
            if (part.ContainsAnyExcept(Alphabet(component.Kind)))
                return DigitalLinkFault.BadCharacter;
            foreach (var rule in component.Rules)
                if (Break(rule, part) is { } fault)
                    return fault;
            value = value[part.Length..];
        }
        return value.IsEmpty ? null : DigitalLinkFault.BadLength;
    }

    private static SearchValues<char> Alphabet(char kind) => kind switch
    {
        'N' => Digits,
        'Y' => Set39,
        'Z' => Set64,
        _ => Set82,
    };

    private static DigitalLinkFault? Break(string rule, ReadOnlySpan<char> part) => rule switch
    {
        "csum" => CheckDigit.IsValid(part) ? null : DigitalLinkFault.BadCheckDigit,
        "csumalpha" => HasCheckPair(part) ? null : DigitalLinkFault.BadCheckDigit,
        "yymmdd" => IsDay(part, dayOptional: false) ? null : DigitalLinkFault.BadDate,
        "yymmd0" => IsDay(part, dayOptional: true) ? null : DigitalLinkFault.BadDate,
        "yyyymmdd" => IsDay(part[2..], Number(part[..4]), dayOptional: false) ? null : DigitalLinkFault.BadDate,
        "hh" => Number(part) < 24 ? null : DigitalLinkFault.BadDate,
        "mi" or "ss" => Number(part) < 60 ? null : DigitalLinkFault.BadDate,
        "hhmi" => Number(part[..2]) < 24 && Number(part[2..]) < 60 ? null : DigitalLinkFault.BadDate,
        _ => IsContent(rule, part) ? null : DigitalLinkFault.BadContent,
    };

    private static bool IsContent(string rule, ReadOnlySpan<char> part) => rule switch
    {
        "gcppos1" => StartsWithCompanyPrefix(part),
        "gcppos2" => StartsWithCompanyPrefix(part[1..]),
        "iso3166" => IsoCodes.Countries.Contains(part.ToString()),
        "iso3166999" => part is "999" || IsoCodes.Countries.Contains(part.ToString()),
        "iso3166alpha2" => IsoCodes.CountryLetters.Contains(part.ToString()),
        "iso4217" => IsoCodes.Currencies.Contains(part.ToString()),
        "iso5218" => part is "0" or "1" or "2" or "9",
        "yesno" => part is "0" or "1",
        "zero" => part is "0",
        "hyphen" => part is "-",
        "winding" => part is "0" or "1" or "9",
        "nonzero" => part.ContainsAnyExcept('0'),
        "nozeroprefix" => part is "0" || part[0] != '0',
        "pieceoftotal" => IsPosition(Number(part[..2]), Number(part[2..])),
        "posinseqslash" => part[1] == '/' && char.IsAsciiDigit(part[0]) && char.IsAsciiDigit(part[2]) && IsPosition(part[0] - '0', part[2] - '0'),
        "importeridx" => !part.ContainsAnyExcept(ImporterIndex),
        "mediatype" => Number(part) is (>= 1 and <= 10) or >= 80,
        "latitude" => Number(part) <= 1_800_000_000,
        "longitude" => Number(part) <= 3_600_000_000,
        "iban" => IsIban(part),
        "pcenc" => PercentEncoding.IsWellFormed(part),
        _ => throw new InvalidOperationException($"The table of Application Identifiers names an unknown rule: {rule}."),
    };

    // The shortest company prefix has four digits; which prefixes are issued is not known here.
    private static bool StartsWithCompanyPrefix(ReadOnlySpan<char> part) =>
        part.Length >= 4 && !part[..4].ContainsAnyExcept(Digits);

    private static bool IsPosition(long position, long total) => position > 0 && position <= total;

    private static long Number(ReadOnlySpan<char> digits) => long.Parse(digits);

    // Two-digit years lie within 50 years of today (General Specifications 7.12), so every year divisible by 4 is a leap year.
    private static bool IsDay(ReadOnlySpan<char> yymmdd, bool dayOptional) =>
        IsDay(yymmdd, 2000 + Number(yymmdd[..2]), dayOptional);

    private static bool IsDay(ReadOnlySpan<char> yymmdd, long year, bool dayOptional)
    {
        var month = (int)Number(yymmdd[2..4]);
        var day = (int)Number(yymmdd[4..6]);
        return year > 0 && month is >= 1 and <= 12
            && (day >= 1 || dayOptional)
            && day <= DateTime.DaysInMonth((int)year, month);
    }

    // General Specifications 7.9.5: characters weighted by primes from the right, modulo 1021, written in base 32.
    private static bool HasCheckPair(ReadOnlySpan<char> part)
    {
        if (part.Length < 3)
            return false;
        var sum = 0;
        var prime = 1;
        for (var i = part.Length - 3; i >= 0; i--)
        {
            prime = NextPrime(prime);
            sum += Alphabet82.IndexOf(part[i], StringComparison.Ordinal) * prime;
        }
        sum %= 1021;
        return part[^2] == Alphabet32[sum >> 5] && part[^1] == Alphabet32[sum & 31];
    }

    private static int NextPrime(int number)
    {
        for (var candidate = number + 1; ; candidate++)
        {
            var divisor = 2;
            while (divisor * divisor <= candidate && candidate % divisor != 0)
                divisor++;
            if (divisor * divisor > candidate)
                return candidate;
        }
    }

    // ISO 13616: country and check digits moved to the end, letters as 10 to 35, the whole modulo 97 is 1.
    private static bool IsIban(ReadOnlySpan<char> part)
    {
        if (part.Length < 5 || !IsoCodes.CountryLetters.Contains(part[..2].ToString()))
            return false;
        var remainder = 0;
        for (var i = 0; i < part.Length; i++)
        {
            var c = part[(i + 4) % part.Length];
            if (char.IsAsciiDigit(c))
                remainder = ((remainder * 10) + c - '0') % 97;
            else if (char.IsAsciiLetterUpper(c))
                remainder = ((remainder * 100) + c - 'A' + 10) % 97;
            else
                return false;
        }
        return remainder == 1;
    }
}
