using CsCheck;

namespace Gs1.Tests;

public sealed class LotCodeTests
{
    [Theory]
    [InlineData("SL26-MAN-0001", true)]
    [InlineData("A", true)]
    [InlineData("ABCDEFGHIJKLMNOPQRST", true)]
    [InlineData("ABCDEFGHIJKLMNOPQRSTU", false)]
    [InlineData("sl26", false)]
    [InlineData("L 1", false)]
    [InlineData("LÔ1", false)]
    [InlineData("A/1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Format_is_capitals_digits_and_hyphen_up_to_twenty(string? code, bool valid) => Assert.Equal(valid, LotCode.IsValid(code));

    [Fact]
    public void New_codes_are_valid_checked_and_all_different()
    {
        var codes = Enumerable.Range(0, 10_000).Select(_ => LotCode.New()).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(10_000, codes.Count);
        Assert.All(codes, code =>
        {
            Assert.Matches("^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$", code);
            Assert.True(LotCode.IsValid(code));
            Assert.True(LotCode.HasCheckCharacter(code));
        });
    }

    [Fact]
    public void One_wrong_character_or_two_swapped_neighbours_are_noticed()
    {
        const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        Gen.Select(Gen.Int[0, 11], Gen.Char[Alphabet]).Sample((place, other) =>
        {
            var code = LotCode.New();
            var symbols = code.Replace("-", "", StringComparison.Ordinal).ToCharArray();
            var before = symbols[place];
            symbols[place] = other;
            var changed = Grouped(symbols);
            symbols[place] = before;
            var next = place == 11 ? 10 : place + 1;
            (symbols[place], symbols[next]) = (symbols[next], symbols[place]);
            var swapped = Grouped(symbols);
            return (changed == code || !LotCode.HasCheckCharacter(changed)) && (swapped == code || !LotCode.HasCheckCharacter(swapped));
        });
    }

    [Fact]
    public void Typed_code_is_read_in_any_case_without_hyphens_and_with_look_alikes() =>
        Gen.Int.Sample(seed =>
        {
            var code = LotCode.New();
            var random = new Random(seed);
            var typed = string.Concat(code.Replace("-", " ", StringComparison.Ordinal)
                .Select(c => c switch { '1' => random.Next(3) switch { 0 => 'I', 1 => 'l', _ => '1' }, '0' => 'o', _ => char.ToLowerInvariant(c) }));
            return LotCode.TryRead(typed, out var read) && read == code;
        });

    [Theory]
    [InlineData(" sl26-man-0001 ", "SL26-MAN-0001")]
    [InlineData("lot1", "LOT1")]
    public void Producers_own_code_keeps_its_letters(string typed, string expected)
    {
        Assert.True(LotCode.TryRead(typed, out var code));
        Assert.Equal(expected, code);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("   ")]
    [InlineData("mận hậu")]
    [InlineData("https://id.example/lo/A")]
    public void What_is_no_code_is_refused(string? typed) => Assert.False(LotCode.TryRead(typed, out _));

    private static string Grouped(ReadOnlySpan<char> symbols) => $"{symbols[..4]}-{symbols[4..8]}-{symbols[8..]}";
}
