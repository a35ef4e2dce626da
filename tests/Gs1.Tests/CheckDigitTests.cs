using CsCheck;

namespace Gs1.Tests;

public sealed class CheckDigitTests
{
    [Theory]
    [InlineData("12345670")]
    [InlineData("036000291452")]
    [InlineData("4006381333931")]
    [InlineData("8938507770015")]
    [InlineData("09521234543213")]
    [InlineData("8938507770008")]
    [InlineData("089385077700000015")]
    public void Published_keys_have_a_right_check_digit(string key)
    {
        Assert.True(CheckDigit.IsValid(key));
        Assert.Equal(key[^1] - '0', CheckDigit.Compute(key.AsSpan(..^1)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0893850777001٥")]
    [InlineData("089385077700-5")]
    [InlineData("08938507770016")]
    public void What_is_not_a_key_is_refused(string key) => Assert.False(CheckDigit.IsValid(key));

    [Fact]
    public void Computing_over_letters_or_nothing_is_an_error()
    {
        Assert.Throws<ArgumentException>(() => CheckDigit.Compute("12A"));
        Assert.Throws<ArgumentException>(() => CheckDigit.Compute(""));
    }

    [Fact]
    public void Changing_any_single_digit_breaks_the_check_digit() =>
        (from digits in Gen.Char['0', '9'].Array[7, 17]
         from place in Gen.Int[0, digits.Length]
         from step in Gen.Int[1, 9]
         select (digits, place, step))
        .Sample((digits, place, step) =>
        {
            var key = new string(digits) + CheckDigit.Compute(digits);
            var changed = key.ToCharArray();
            changed[place] = (char)('0' + ((changed[place] - '0' + step) % 10));
            return CheckDigit.IsValid(key) && !CheckDigit.IsValid(changed);
        });
}
