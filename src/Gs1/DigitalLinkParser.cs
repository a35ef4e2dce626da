using System.Buffers;

namespace Gs1;

/// <summary>Splits a Digital Link into its parts and checks every rule of GS1 Digital Link: URI Syntax, sections 4 and 5.</summary>
internal static class DigitalLinkParser
{
    private static readonly SearchValues<char> UriCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%");
    private static readonly SearchValues<char> NotInHost = SearchValues.Create("_~?#@!$&'()*+,;=%");

    public static (DigitalLink? Link, DigitalLinkError? Error) Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return Refuse(DigitalLinkFault.Empty);
        if (text.Length > DigitalLink.MaxLength)
            return Refuse(DigitalLinkFault.TooLong);
        if (text.AsSpan().ContainsAnyExcept(UriCharacters))
            return Refuse(DigitalLinkFault.IllegalCharacter);

        var rest = text.AsSpan();
        if (rest[0] != '/')
        {
            if (AfterScheme(rest) is not { } start)
                return Refuse(DigitalLinkFault.BadScheme);
            rest = rest[start..];
            var slash = rest.IndexOf('/');
            if (slash < 1 || rest[..slash].ContainsAny(NotInHost))
                return Refuse(DigitalLinkFault.BadHost);
            rest = rest[slash..];
        }
        rest = Before(rest, '#', out _);
        var path = Before(rest, '?', out var query);
        return ParsePath(path, query);
    }

    private static int? AfterScheme(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("https://") || text.StartsWith("HTTPS://"))
            return "https://".Length;
        return text.StartsWith("http://") || text.StartsWith("HTTP://") ? "http://".Length : null;
    }

    private static ReadOnlySpan<char> Before(ReadOnlySpan<char> text, char separator, out ReadOnlySpan<char> after)
    {
        var at = text.IndexOf(separator);
        after = at < 0 ? [] : text[(at + 1)..];
        return at < 0 ? text : text[..at];
    }

    private static (DigitalLink?, DigitalLinkError?) ParsePath(ReadOnlySpan<char> path, ReadOnlySpan<char> query)
    {
        if (path[^1] == '/')
            path = path[..^1];
        var segments = path.ToString().Split('/');
        if (FindKey(segments) is not { } keyAt)
            return Refuse(DigitalLinkFault.NoPrimaryKey);

        var key = ApplicationIdentifiers.Find(segments[keyAt])!;
        var qualifierAis = new List<string>();
        for (var i = keyAt + 2; i < segments.Length; i += 2)
            qualifierAis.Add(segments[i]);
        if (!Fits(key, qualifierAis))
            return Refuse(DigitalLinkFault.BadQualifiers, key.Ai);

        var elements = new List<AiValue>();
        for (var i = keyAt; i < segments.Length; i += 2)
        {
            if (Element(segments[i], segments[i + 1], fromQuery: false, elements) is { } error)
                return (null, error);
        }
        return ParseQuery(key, elements, qualifierAis, query);
    }

    // The rightmost identifier/value pair whose identifier is a primary key; what stands before it is the stem.
    private static int? FindKey(string[] segments)
    {
        for (var i = segments.Length - 2; i >= 1; i -= 2)
        {
            if (ApplicationIdentifiers.Find(segments[i]) is not { } entry)
                return null;
            if (entry.IsPrimaryKey)
                return i;
        }
        return null;
    }

    private static bool Fits(AiEntry key, List<string> qualifiers) =>
        qualifiers.Count == 0 || key.QualifierSequences!.Any(sequence => IsSubsequence(qualifiers, sequence));

    private static bool IsSubsequence(List<string> qualifiers, IReadOnlyList<string> sequence)
    {
        var next = 0;
        foreach (var ai in sequence)
            if (next < qualifiers.Count && qualifiers[next] == ai)
                next++;
        return next == qualifiers.Count;
    }

    private static DigitalLinkError? Element(string ai, ReadOnlySpan<char> encoded, bool fromQuery, List<AiValue> elements)
    {
        if (encoded.IsEmpty)
            return new(DigitalLinkFault.EmptyValue, ai);
        if (!PercentEncoding.TryDecode(encoded, plusIsSpace: fromQuery, out var value))
            return new(DigitalLinkFault.BadPercentEncoding, ai);
        // As an attribute a GTIN may come without its leading zeros; as the key it has 14 digits.
        if (fromQuery && ai == "01" && Gtin.TryParse(value, out var gtin))
            value = gtin.Value;
        if (ValueRules.Check(ApplicationIdentifiers.Find(ai)!, value) is { } fault)
            return new(fault, ai);
        elements.Add(new AiValue(ai, value));
        return null;
    }

    private static (DigitalLink?, DigitalLinkError?) ParseQuery(AiEntry key, List<AiValue> elements, List<string> qualifierAis, ReadOnlySpan<char> query)
    {
        var inPath = elements.Count;
        var ignored = new List<string>();
        var seen = elements.Select(element => element.Ai).ToHashSet(StringComparer.Ordinal);
        foreach (var range in query.Split('&'))
        {
            var part = query[range];
            if (part.IsEmpty)
                continue;
            var name = Before(part, '=', out var value);
            if (name.Length == part.Length || name.IsEmpty || name.ContainsAnyExceptInRange('0', '9'))
            {
                ignored.Add(part.ToString());
                continue;
            }
            if (ApplicationIdentifiers.Find(name) is not { } entry)
                return Refuse(DigitalLinkFault.UnknownQueryKey);
            if (!seen.Add(entry.Ai))
                return Refuse(DigitalLinkFault.Repeated, entry.Ai);
            if (!entry.IsAttribute || BelongsInPath(key, qualifierAis, entry.Ai))
                return Refuse(DigitalLinkFault.NotAnAttribute, entry.Ai);
            if (Element(entry.Ai, value, fromQuery: true, elements) is { } error)
                return (null, error);
        }
        if (FindConflict(elements, seen) is { } conflict)
            return (null, conflict);
        return (new DigitalLink(elements[0], elements[1..inPath], elements[inPath..], ignored), null);
    }

    private static bool BelongsInPath(AiEntry key, List<string> qualifierAis, string ai) =>
        key.QualifierSequences!.Any(sequence => sequence.Contains(ai) && qualifierAis.TrueForAll(sequence.Contains));

    private static DigitalLinkError? FindConflict(List<AiValue> elements, HashSet<string> present)
    {
        foreach (var (ai, _) in elements)
        {
            var entry = ApplicationIdentifiers.Find(ai)!;
            if (entry.Excludes.Any(pattern => present.Any(other => other != ai && Matches(pattern, other))))
                return new(DigitalLinkFault.Exclusive, ai);
            if (!entry.Requires.All(options => options.Any(option => Holds(option, present))))
                return new(DigitalLinkFault.Incomplete, ai);
        }
        return null;
    }

    private static bool Holds(string option, HashSet<string> present) =>
        option.Split('+').All(pattern => present.Any(ai => Matches(pattern, ai)));

    private static bool Matches(string pattern, string ai)
    {
        var stem = pattern.AsSpan().TrimEnd('n');
        return pattern.Length == ai.Length && ai.AsSpan().StartsWith(stem);
    }

    private static (DigitalLink?, DigitalLinkError?) Refuse(DigitalLinkFault fault, string? ai = null) =>
        (null, new DigitalLinkError(fault, ai));
}
