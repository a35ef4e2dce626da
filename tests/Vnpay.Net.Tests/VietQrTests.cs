using System.Globalization;
using CsCheck;
using static Vnpay.Tests.Vectors;

namespace Vnpay.Tests;

public sealed class VietQrTests
{
    public static TheoryData<string> Payloads => Ids("vietqr");

    [Theory, MemberData(nameof(Payloads))]
    public void Code_is_the_published_one_and_reads_back(string id)
    {
        var vector = Get(id);
        var input = Fields(vector.GetProperty("input"));
        long? amount = input.TryGetValue("amount", out var digits) ? long.Parse(digits, CultureInfo.InvariantCulture) : null;
        var purpose = input.GetValueOrDefault("purpose");
        var text = VietQr.Build(new VietQrOptions { BankBin = input["bankBin"], AccountNumber = input["bankNumber"], Amount = amount, Purpose = purpose });
        Assert.Equal(Text(vector.GetProperty("expected"), "payload"), text);
        Assert.True(VietQr.TryParse(text, out var read));
        Assert.Equal(new VietQrTransfer(input["bankBin"], input["bankNumber"], false, amount, purpose, amount is not null), read);
    }

    /// <summary>Each object of NAPAS' table written out, with lengths counted by hand.</summary>
    [Fact]
    public void Objects_stand_in_the_order_and_with_the_lengths_of_the_specification()
    {
        const string expected =
            "00" + "02" + "01"
            + "01" + "02" + "12"
            + "38" + "54" + ("00" + "10" + "A000000727" + "01" + "24" + ("00" + "06" + "970436" + "01" + "10" + "1234567890") + "02" + "08" + "QRIBFTTC")
            + "53" + "03" + "704"
            + "54" + "05" + "50000"
            + "58" + "02" + "VN"
            + "62" + "11" + ("08" + "07" + "Man hau")
            + "63" + "04";
        var text = VietQr.Build(new VietQrOptions { BankBin = "970436", AccountNumber = "1234567890", IsCard = true, Amount = 50_000, Purpose = "Mận hậu" });
        Assert.Equal(expected, text[..^4]);
    }

    [Fact]
    public void What_was_built_reads_back() =>
        (from bin in Gen.Char['0', '9'].Array[6].Select(c => new string(c))
         from account in Gen.Char["ABCXYZ0123456789"].Array[1, 19].Select(c => new string(c))
         from amount in Gen.Long[1, 9_999_999_999_999].Nullable()
         from purpose in Gen.Char["ABCXYZ0123456789"].Array[1, 25].Select(c => new string(c)).Null()
         from card in Gen.Bool
         select (bin, account, amount, purpose, card))
        .Sample(x =>
        {
            var text = VietQr.Build(new VietQrOptions { BankBin = x.bin, AccountNumber = x.account, Amount = x.amount, Purpose = x.purpose, IsCard = x.card });
            return VietQr.TryParse(text, out var read) && read == new VietQrTransfer(x.bin, x.account, x.card, x.amount, x.purpose, x.amount is not null);
        });

    [Fact]
    public void Code_with_any_character_changed_is_refused() =>
        Gen.Select(Gen.Int[0, 10_000], Gen.Char[' ', '~']).Sample((place, put) =>
        {
            var text = VietQr.Build(new VietQrOptions { BankBin = "970405", AccountNumber = "7900205123456", Amount = 2_450_000, Purpose = "SLM7Q2K9" });
            var at = place % text.Length;
            var changed = text[..at] + put + text[(at + 1)..];
            // The checksum itself may be written in either case.
            return changed.Equals(text, StringComparison.OrdinalIgnoreCase) || !VietQr.TryParse(changed, out _);
        });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("https://example.com")]
    [InlineData("6304FFFF")]
    public void Other_texts_are_no_transfer(string? text) => Assert.False(VietQr.TryParse(text, out _));

    [Theory]
    [InlineData("97043", "1234", 1L, "x", "BankBin")]
    [InlineData("97043A", "1234", 1L, "x", "BankBin")]
    [InlineData("970436", "", 1L, "x", "AccountNumber")]
    [InlineData("970436", "12345678901234567890", 1L, "x", "AccountNumber")]
    [InlineData("970436", "12 34", 1L, "x", "AccountNumber")]
    [InlineData("970436", "1234", 0L, "x", "Amount")]
    [InlineData("970436", "1234", 10_000_000_000_000L, "x", "Amount")]
    [InlineData("970436", "1234", 1L, "12345678901234567890123456", "Purpose")]
    public void What_does_not_fit_is_refused(string bin, string account, long amount, string purpose, string parameter) =>
        Assert.Equal(parameter, Assert.Throws<VnpayValidationException>(() => VietQr.Build(new VietQrOptions { BankBin = bin, AccountNumber = account, Amount = amount, Purpose = purpose })).Parameter);
}
