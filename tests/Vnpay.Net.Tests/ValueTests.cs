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

    /// <summary>Every value of VNPAY's tables, of older ones and of field reports has a text of its own in both languages; no text is said of two meanings by mistake.</summary>
    [Theory]
    [InlineData("response", "00 05 06 07 08 09 10 11 12 13 24 51 65 75 79 99")]
    [InlineData("status", "00 01 02 04 05 06 07 08 09 10 11 20")]
    [InlineData("type", "01 02 03")]
    [InlineData("api", "00 02 03 08 16 91 93 94 95 97 99")]
    [InlineData("locale", "vn en")]
    [InlineData("order", "100000 100001 100003 100004 110000 120000 130000 140000 150000 160000 170000 180000 190000 200000 210000 220000 230000 240000 250000 260000 270000 other")]
    public void Listed_values_have_texts_in_both_languages(string table, string values)
    {
        var texts = values.Split(' ').Select(v => Read(table, v)).ToList();
        Assert.All(texts, t => Assert.True(t.Known && t.Vi.Length > 1 && t.En.Length > 1 && t.Vi != t.En, t.ToString()));
        // The older codes say what newer ones say: 06 as 13, 08 as 75.
        Assert.InRange(texts.DistinctBy(t => t.En).Count(), texts.Count - 2, texts.Count);
        var other = Read(table, "5Z");
        Assert.False(other.Known);
        Assert.Contains("(5Z)", other.Vi, StringComparison.Ordinal);
        Assert.Contains("(5Z)", other.En, StringComparison.Ordinal);

        static (bool Known, string Vi, string En) Read(string table, string value) => table switch
        {
            "response" => new VnpayResponseCode(value) is var c ? (c.IsKnown, c.TextVi, c.TextEn) : default,
            "status" => new VnpayTransactionStatus(value) is var s ? (s.IsKnown, s.TextVi, s.TextEn) : default,
            "type" => new VnpayTransactionType(value) is var t ? (t.IsKnown, t.TextVi, t.TextEn) : default,
            "api" => new VnpayApiCode(value) is var a ? (a.IsKnown, a.TextVi, a.TextEn) : default,
            "locale" => new VnpayLocale(value) is var l ? (l.IsKnown, l.TextVi, l.TextEn) : default,
            _ => new OrderType(value) is var o ? (o.IsKnown, o.TextVi, o.TextEn) : default,
        };
    }
}
