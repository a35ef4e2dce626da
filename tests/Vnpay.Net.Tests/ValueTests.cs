using System.Text;
using CsCheck;

namespace Vnpay.Tests;

public sealed class ValueTests
{
    [Theory]
    [InlineData("Thanh toán đơn hàng: mận hậu, 5 kg", "Thanh toan don hang: man hau, 5 kg")]
    [InlineData("ĐƯỜNG Lê Lợi – số 5", "DUONG Le Loi so 5")]
    [InlineData("  a|b!(c)*'~  ", "a b c")]
    [InlineData("🍑 đào 🍑", "dao")]
    [InlineData("a\ud800b", "a b")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Order_text_loses_marks_and_special_characters(string? text, string expected) =>
        Assert.Equal(expected, OrderInfoNormalizer.Normalize(text));

    [Fact]
    public void Both_unicode_forms_of_a_text_become_the_same() =>
        Gen.OneOfConst("Xoài tròn Yên Châu", "Mận hậu Mộc Châu", "Chuối, đỗ đen", "ữ ậ ợ ẫ").Sample(text =>
            OrderInfoNormalizer.Normalize(text.Normalize(NormalizationForm.FormD)) == OrderInfoNormalizer.Normalize(text.Normalize(NormalizationForm.FormC)));

    [Fact]
    public void Normalised_text_stays_as_it_is_and_fits() =>
        Gen.String[0, 400].Sample(text =>
        {
            var once = OrderInfoNormalizer.Normalize(text);
            return once.Length <= 255 && OrderInfoNormalizer.Normalize(once) == once
                && once.All(c => char.IsAsciiLetterOrDigit(c) || " .,:_-".Contains(c, StringComparison.Ordinal));
        });

    [Fact]
    public void Fourteen_digits_are_gmt_plus_7_both_ways() =>
        Gen.DateTime[new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(2099, 1, 1, 0, 0, 0, DateTimeKind.Utc)].Sample(utc =>
        {
            var digits = VnpayDateTime.Format(new DateTimeOffset(utc, TimeSpan.Zero));
            return digits.Length == 14 && VnpayDateTime.TryParse(digits, out var read) && VnpayDateTime.Format(read) == digits
                && utc - read.UtcDateTime < TimeSpan.FromSeconds(1) && utc >= read.UtcDateTime;
        });

    [Theory]
    [InlineData("20260229000000")]
    [InlineData("2026112409000")]
    [InlineData("20261124 90000")]
    [InlineData("٢٠٢٦١١٢٤٠٩٠٠٠٠")]
    [InlineData(null)]
    public void What_is_no_date_is_not_read(string? digits) => Assert.False(VnpayDateTime.TryParse(digits, out _));

    [Fact]
    public void Unknown_codes_are_kept_and_explained()
    {
        var code = new VnpayResponseCode("5Z");
        Assert.Equal((false, "5Z", "Unknown code (5Z)"), (code.IsKnown, code.ToString(), code.TextEn));
        Assert.Equal("", default(VnpayTransactionStatus).ToString());
        Assert.True(VnpayResponseCode.CancelledByCustomer is { IsKnown: true, TextVi: "Khách hàng hủy giao dịch" });
        Assert.True(VnpayTransactionStatus.Reversed.IsKnown && VnpayApiCode.TransactionNotFound.IsKnown);
    }
}
