using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gs1.Tests;

/// <summary>
/// The readers of addresses and codes under inputs that are bred from each other: one that gets an answer unlike all before becomes a parent of others.
/// SONLAMARKET_FUZZ_SECONDS says how long (a part of a second by itself), SONLAMARKET_FUZZ_SEEDS a file for what was found: the shortest input for each answer.
/// On 27 November 2026 it ran for ten minutes: what that found stands in fuzz-seeds.txt, and BadInputTests sends it to the page where codes are typed.
/// </summary>
public sealed partial class FuzzTests
{
    private static readonly string[] Tokens =
    [
        "/", "//", "?", "&", "=", "#", "%", "%2", "%2F", "%2f", "%00", "%25", "%C3%B4", "+", ":", "@", "https://", "HTTP://", "id.example", ":8443", "/01/", "/10/", "/21/", "/22/", "/235/", "/00/", "/414/", "/254/", "/7040/", "/415/", "/8020/",
        "/8006/", "/8013/", "/8017/", "/8018/", "/8019/", "/253/", "/8003/", "/8004/", "17=270630", "11=260600", "7007=260601260615", "3103=001250", "422=704", "427=05", "37=5", "02=08938507770015", "8005=001250", "7003=2606012430", "linkType=all",
        "08938507770015", "8938507770008", "089385077700000015", "089385077700150102", "SL26-1", "0", "9", "A", "a", "z", "-", ".", "_", "ô", "\0", "\ud800", "\udc00", "\u202e", "\uff11", "٣", " ", "\t", "7K3Q-9M2X-H4CD-5T", "ILOU",
    ];

    private static string[] Seeds => [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "fuzz-seeds.txt")).Select(line => Escaped().Replace(line, m => ((char)int.Parse(m.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()))];

    [Fact]
    public void What_was_found_before_is_answered()
    {
        foreach (var seed in Seeds)
            Check(seed);
    }

    [Fact]
    public void Inputs_bred_from_each_other_are_answered_at_once_and_what_is_accepted_says_the_same_when_read_again()
    {
        var timed = int.TryParse(Environment.GetEnvironmentVariable("SONLAMARKET_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out var seconds);
        var seed = timed ? Environment.TickCount : 1;
        var random = new Random(seed);
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        using (var vectors = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "gs1-digital-link-vectors.json"))))
        {
            foreach (var text in Strings(vectors.RootElement).Concat(Seeds))
                known.TryAdd(Check(text), text);
        }
        var before = known.Keys.ToHashSet(StringComparer.Ordinal);
        var parents = known.Values.ToList();
        var (inputs, clock) = (0L, Stopwatch.StartNew());
        for (; timed ? clock.Elapsed < TimeSpan.FromSeconds(seconds) : inputs < 5_000; inputs++)
        {
            var text = parents[random.Next(parents.Count)];
            for (var turns = random.Next(1, 5); turns > 0; turns--)
                text = Changed(text, parents[random.Next(parents.Count)], random);
            var answer = Check(text);
            if (!known.TryGetValue(answer, out var shortest))
                parents.Add(text);
            if (shortest is null || text.Length < shortest.Length)
                known[answer] = text;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {inputs:N0} inputs, {known.Count:N0} different answers, {known.Count - before.Count:N0} of them new");
        if (Environment.GetEnvironmentVariable("SONLAMARKET_FUZZ_SEEDS") is { Length: > 0 } file)
            File.WriteAllLines(file, known.Where(k => !before.Contains(k.Key) && k.Value.Length <= 300).OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => Line(k.Value)));
    }

    /// <summary>Throws where a reader contradicts itself, throws, or takes its time; else what kind of answer it was.</summary>
    private static string Check(string text)
    {
        var took = long.MaxValue;
        DigitalLink? link = null;
        DigitalLinkError? error = null;
        // A machine that does something else makes no parser slow: the best of a few counts.
        for (var tries = 0; tries < 4 && took > 50; tries++)
        {
            var watch = Stopwatch.StartNew();
            var accepted = DigitalLink.TryParse(text, out link, out error);
            took = watch.ElapsedMilliseconds;
            Held(accepted == (link is not null), text, "what is said and what is given differ");
        }
        Held(took <= 50, text, $"{took} ms");
        Held(link is null != error is null, text, "neither or both");
        if (link is not null)
        {
            Held(DigitalLink.TryParse(link.Canonical, out var again, out var fault), text, $"canonical form refused: {fault}");
            Held(again!.Canonical == link.Canonical && again.Key == link.Key && again.Qualifiers.SequenceEqual(link.Qualifiers) && again.Attributes.ToHashSet().SetEquals(link.Attributes), text, "canonical form says something else");
            Held(Escapes().Replace(text, m => m.Value.ToUpperInvariant()) is var upper && DigitalLink.TryParse(upper, out var other, out _) && other.Canonical == link.Canonical, text, "case of escapes matters");
            Held(link.Canonical.All(c => c is > ' ' and < '\x7f'), text, "canonical form is not an address");
        }
        if (LotCode.TryRead(text, out var lot))
            Held(LotCode.IsValid(lot) && LotCode.TryRead(lot, out var same) && same == lot, text, "lot code");
        if (ItemSerial.TryRead(text, out var serial))
            Held(ItemSerial.IsValid(serial) && ItemSerial.TryRead(ItemSerial.Grouped(serial), out var same) && same == serial, text, "serial");
        if (Gtin.TryParse(text, out var gtin))
            Held(gtin.Value.Length == 14 && Gtin.TryParse(gtin.Value, out var same) && same == gtin, text, "GTIN");
        return error is not null ? $"{error.Fault} {error.Ai}" : $"{link!.Key.Ai} {string.Join(',', link.Qualifiers.Select(q => q.Ai))} {string.Join(',', link.Attributes.Select(a => a.Ai).Order(StringComparer.Ordinal).Take(1))}";
    }

    private static void Held(bool holds, string text, string what)
    {
        if (!holds)
            Assert.Fail($"{what}: {Line(text)}");
    }

    /// <summary>As a line of a file, halves of surrogate pairs too.</summary>
    private static string Line(string text) => string.Concat(text.Select(c => c is > ' ' and < '\x7f' and not '\\' ? c.ToString() : $"\\u{(int)c:x4}"));

    private static string Changed(string text, string other, Random random)
    {
        var (at, to) = (random.Next(text.Length + 1), random.Next(text.Length + 1));
        var (from, until) = (Math.Min(at, to), Math.Min(Math.Max(at, to), Math.Min(at, to) + 24));
        var changed = random.Next(8) switch
        {
            0 => text.Remove(from, until - from),
            1 => text.Insert(at, text[from..until]),
            2 => text[..at] + other[Math.Min(random.Next(other.Length + 1), other.Length)..],
            3 when at < text.Length => string.Concat(text.AsSpan(0, at), ((char)random.Next(0x20, 0x7f)).ToString(), text.AsSpan(at + 1)),
            4 when at < text.Length => text[..at] + Uri.HexEscape((char)(text[at] & 0xff)) + text[(at + 1)..],
            5 => $"{text}{(text.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{random.Next(10_000):00}={random.NextInt64(1_000_000_000_000)}",
            6 => $"{text}/{random.Next(10_000):00}/{random.NextInt64(100_000_000_000_000):00000000000000}",
            _ => text.Insert(at, Tokens[random.Next(Tokens.Length)]),
        };
        return changed.Length > 400 && random.Next(100) > 0 ? changed[..400] : changed.Length > 2 * DigitalLink.MaxLength ? changed[..DigitalLink.MaxLength] : changed;
    }

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Strings(p.Value)),
        _ => [],
    };

    [GeneratedRegex("%[0-9A-Fa-f]{2}")]
    private static partial Regex Escapes();

    [GeneratedRegex(@"\\u([0-9a-f]{4})")]
    private static partial Regex Escaped();
}
