namespace Gs1.Tests;

public sealed class GtinTests
{
    [Theory]
    [InlineData("12345670", "00000012345670")]
    [InlineData("036000291452", "00036000291452")]
    [InlineData("8938507770015", "08938507770015")]
    [InlineData("18938507770012", "18938507770012")]
    public void Every_length_is_kept_as_fourteen_digits(string text, string expected)
    {
        Assert.True(Gtin.TryParse(text, out var gtin));
        Assert.Equal(expected, gtin.Value);
        Assert.Equal(expected, gtin.ToString());
        Assert.Equal(gtin, Gtin.Parse(expected));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("8938507770016")]
    [InlineData("89385077700")]
    [InlineData(" 8938507770015")]
    [InlineData("８９３８５０７７７００１５")]
    [InlineData("018938507770015")]
    public void Wrong_length_character_or_check_digit_is_refused(string? text) => Assert.False(Gtin.TryParse(text, out _));

    [Theory]
    [InlineData("200123456789", true)]
    [InlineData("290000000000", true)]
    [InlineData("020000000000", true)]
    [InlineData("040000000000", true)]
    [InlineData("030000000000", false)]
    [InlineData("050000000000", false)]
    [InlineData("300000000000", false)]
    [InlineData("893850777001", false)]
    [InlineData("952123454321", false)]
    [InlineData("1200123456789", true)]
    [InlineData("2000001", true)]
    [InlineData("0000001", true)]
    [InlineData("1234567", false)]
    public void Restricted_circulation_is_seen_by_its_prefix(string withoutCheckDigit, bool restricted) =>
        Assert.Equal(restricted, Gtin.Parse(withoutCheckDigit + CheckDigit.Compute(withoutCheckDigit)).IsRestrictedCirculation);

    [Theory]
    [InlineData("09521234543213", true)]
    [InlineData("08938507770015", false)]
    public void Demonstration_prefix_is_known(string text, bool demonstration) =>
        Assert.Equal(demonstration, Gtin.Parse(text).IsDemonstration);
}
