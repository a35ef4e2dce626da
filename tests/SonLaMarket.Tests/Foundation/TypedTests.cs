using SonLaMarket.Foundation.Text;
using Xunit;

namespace SonLaMarket.Tests.Foundation;

/// <summary>What people type for money, weights and days, and how numbers are read aloud.</summary>
public sealed class TypedTests
{
    private static readonly DateOnly Today = new(2026, 7, 20);
    private readonly Random random = new(20260720);

    [Theory]
    [InlineData("35000", 35_000)]
    [InlineData("35.000", 35_000)]
    [InlineData("35,000", 35_000)]
    [InlineData(" 35 000 đ", 35_000)]
    [InlineData("35.000đ", 35_000)]
    [InlineData("35.000 đồng", 35_000)]
    [InlineData("35.000 VND", 35_000)]
    [InlineData("35.000 ₫", 35_000)]
    [InlineData("35k", 35_000)]
    [InlineData("35K", 35_000)]
    [InlineData("35 nghìn", 35_000)]
    [InlineData("35 ngàn đồng", 35_000)]
    [InlineData("35 nghin", 35_000)]
    [InlineData("12,5k", 12_500)]
    [InlineData("1.500k", 1_500_000)]
    [InlineData("1tr2", 1_200_000)]
    [InlineData("1tr25", 1_250_000)]
    [InlineData("1tr050", 1_050_000)]
    [InlineData("1,5 triệu", 1_500_000)]
    [InlineData("1.5 trieu", 1_500_000)]
    [InlineData("1 triệu 2", 1_200_000)]
    [InlineData("2 triệu rưỡi", 2_500_000)]
    [InlineData("1,2 tỷ", 1_200_000_000)]
    [InlineData("2 tỉ", 2_000_000_000)]
    [InlineData("0", 0)]
    [InlineData("999.999.999.999", 999_999_999_999)]
    public void Money_is_understood(string typed, long vnd) => Assert.Equal(vnd, Vietnamese.ParseMoney(typed));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("ba mươi lăm nghìn")]
    [InlineData("-35000")]
    [InlineData("35.00")]
    [InlineData("35.0000")]
    [InlineData("0.035")]
    [InlineData("3,5,0")]
    [InlineData("1,5tr2")]
    [InlineData("35kk")]
    [InlineData("0,0001k")]
    [InlineData("1.000.000.000.000")]
    [InlineData("1e6")]
    [InlineData("NaN")]
    [InlineData("٣٥٠٠٠")]
    [InlineData("３５０００")]
    [InlineData("35;000")]
    [InlineData("=35000")]
    [InlineData("🥭")]
    public void What_is_no_amount_is_not_guessed(string typed) => Assert.Null(Vietnamese.ParseMoney(typed));

    [Fact]
    public void Every_amount_comes_back_from_every_way_of_writing_it()
    {
        for (var i = 0; i < 5000; i++)
        {
            var vnd = (long)Math.Pow(10, random.NextDouble() * 11.99);
            Assert.Equal(vnd, Vietnamese.ParseMoney(Vietnamese.Number(vnd)));
            Assert.Equal(vnd, Vietnamese.ParseMoney(Vietnamese.Money(vnd)));
            Assert.Equal(vnd, Vietnamese.ParseMoney($"{vnd}"));
            Assert.Equal(vnd, Vietnamese.ParseMoney(Vietnamese.Number(vnd).Replace('.', ',')));
            var thousands = random.Next(1, 999_999);
            Assert.Equal(thousands * 1000L, Vietnamese.ParseMoney($"{thousands}k"));
            Assert.Equal(thousands * 1000L, Vietnamese.ParseMoney($"{Vietnamese.Number(thousands)} nghìn"));
            var (millions, tail) = (random.Next(1, 999), random.Next(1, 9));
            Assert.Equal(millions * 1_000_000L + tail * 100_000L, Vietnamese.ParseMoney($"{millions}tr{tail}"));
            Assert.Equal(millions * 1_000_000L + tail * 100_000L, Vietnamese.ParseMoney($"{millions},{tail} triệu"));
        }
    }

    [Theory]
    [InlineData(0, "không")]
    [InlineData(10, "mười")]
    [InlineData(11, "mười một")]
    [InlineData(14, "mười bốn")]
    [InlineData(15, "mười lăm")]
    [InlineData(20, "hai mươi")]
    [InlineData(21, "hai mươi mốt")]
    [InlineData(24, "hai mươi tư")]
    [InlineData(25, "hai mươi lăm")]
    [InlineData(100, "một trăm")]
    [InlineData(101, "một trăm linh một")]
    [InlineData(105, "một trăm linh năm")]
    [InlineData(111, "một trăm mười một")]
    [InlineData(1_000, "một nghìn")]
    [InlineData(1_005, "một nghìn không trăm linh năm")]
    [InlineData(35_000, "ba mươi lăm nghìn")]
    [InlineData(105_000, "một trăm linh năm nghìn")]
    [InlineData(1_000_005, "một triệu không trăm linh năm")]
    [InlineData(1_234_567, "một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy")]
    [InlineData(2_000_000_000, "hai tỷ")]
    [InlineData(2_050_000_000, "hai tỷ không trăm năm mươi triệu")]
    [InlineData(1_000_000_000_000, "một nghìn tỷ")]
    public void Numbers_are_read_as_in_school(long number, string said) => Assert.Equal(said, Spoken.Number(number));

    [Fact]
    public void What_is_read_aloud_means_the_number_again()
    {
        for (var i = 0L; i < 3000; i++)
            Assert.Equal(i, Heard(Spoken.Number(i)));
        for (var i = 0; i < 5000; i++)
        {
            var number = (long)Math.Pow(10, random.NextDouble() * 14.9);
            Assert.Equal(number, Heard(Spoken.Number(number)));
            Assert.DoesNotContain("  ", Spoken.Number(number), StringComparison.Ordinal);
        }
    }

    /// <summary>A reader of its own: digits make hundreds, scales end groups, "tỷ" ends everything before it.</summary>
    private static long Heard(string said)
    {
        string[] digits = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];
        var (billions, total, group, digit) = (0L, 0L, 0L, 0L);
        foreach (var word in said.Split(' '))
        {
            switch (word)
            {
                case "trăm": group += digit * 100; digit = 0; break;
                case "mươi": group += digit * 10; digit = 0; break;
                case "mười": group += 10; break;
                case "linh": break;
                case "mốt": digit = 1; break;
                case "tư": digit = 4; break;
                case "lăm": digit = 5; break;
                case "nghìn": total += (group + digit) * 1_000; (group, digit) = (0, 0); break;
                case "triệu": total += (group + digit) * 1_000_000; (group, digit) = (0, 0); break;
                case "tỷ": billions += total + group + digit; (total, group, digit) = (0, 0, 0); break;
                default: digit = Array.IndexOf(digits, word) is var at and >= 0 ? at : throw new FormatException(word); break;
            }
        }
        return billions * 1_000_000_000 + total + group + digit;
    }

    [Theory]
    [InlineData("12,5", 12.5)]
    [InlineData("12.5", 12.5)]
    [InlineData("1.200", 1200)]
    [InlineData("1.200,5", 1200.5)]
    [InlineData("1,2", 1.2)]
    [InlineData("0,125", 0.125)]
    [InlineData("0.125", 0.125)]
    [InlineData("1200", 1200)]
    [InlineData(" 1 200 ", 1200)]
    public void Quantities_have_a_decimal_comma_and_grouping_points(string typed, double value) => Assert.Equal((decimal)value, Vietnamese.ParseQuantity(typed));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1.2.3")]
    [InlineData("1,2,3")]
    [InlineData("hai")]
    [InlineData("1e3")]
    [InlineData("١٢")]
    public void What_is_no_quantity_is_not_guessed(string typed) => Assert.Null(Vietnamese.ParseQuantity(typed));

    [Theory]
    [InlineData("12,5", 12.5, false)]
    [InlineData("12,5 kg", 12.5, true)]
    [InlineData("12,5 ký", 12.5, true)]
    [InlineData("800 g", 0.8, true)]
    [InlineData("800gam", 0.8, true)]
    [InlineData("3 lạng", 0.3, true)]
    [InlineData("2 yến", 20, true)]
    [InlineData("1,5 tạ", 150, true)]
    [InlineData("2 tạ rưỡi", 250, true)]
    [InlineData("2 TẠ", 200, true)]
    [InlineData("1 tấn 2", 1200, true)]
    [InlineData("1.250 kg", 1250, true)]
    [InlineData("1,25 tấn", 1250, true)]
    public void Weights_are_understood_in_the_units_of_the_market(string typed, double kilograms, bool unit) => Assert.Equal(((decimal)kilograms, unit), Vietnamese.ParseWeight(typed));

    [Theory]
    [InlineData("tạ")]
    [InlineData("2 thúng")]
    [InlineData("-2 tạ")]
    [InlineData("1,5 tạ 2")]
    public void What_is_no_weight_is_not_guessed(string typed) => Assert.Null(Vietnamese.ParseWeight(typed));

    [Theory]
    [InlineData("500", 500L)]
    [InlineData("500 g", 500L)]
    [InlineData("1,2 kg", 1_200L)]
    [InlineData("1.200", 1_200L)]
    [InlineData("2 lạng rưỡi", 250L)]
    [InlineData("0,5", null)]
    [InlineData("nặng", null)]
    [InlineData("99999999999999 tấn", null)]
    public void Grams_are_grams_unless_another_unit_is_said(string typed, long? grams) => Assert.Equal(grams, Vietnamese.ParseGrams(typed));

    [Theory]
    [InlineData("05/07/2026")]
    [InlineData("5/7/2026")]
    [InlineData("5-7-2026")]
    [InlineData("05-07-26")]
    [InlineData("5.7.2026")]
    [InlineData("5 7 2026")]
    [InlineData("05072026")]
    [InlineData("050726")]
    [InlineData("2026-07-05")]
    [InlineData("5/7")]
    [InlineData("ngày 5 tháng 7 năm 2026")]
    [InlineData("5 tháng 7, 2026")]
    [InlineData("Chủ Nhật, ngày 5 tháng 7 năm 2026")]
    [InlineData("05/07/2026 00:00")]
    [InlineData("05/07/2026 00:00:00")]
    [InlineData("2026-07-05T00:00:00")]
    [InlineData(" 05 / 07 / 2026 ")]
    public void Days_are_understood_day_before_month(string typed) => Assert.Equal(new DateOnly(2026, 7, 5), Vietnamese.ParseDate(typed, Today));

    [Theory]
    [InlineData("hôm nay", 0)]
    [InlineData("Hôm qua", -1)]
    [InlineData("hom kia", -2)]
    [InlineData("ngày mai", 1)]
    public void Days_may_be_said(string typed, int days) => Assert.Equal(Today.AddDays(days), Vietnamese.ParseDate(typed, Today));

    [Theory]
    [InlineData("")]
    [InlineData("31/2/2026")]
    [InlineData("13/13/2026")]
    [InlineData("7/25/2026")]
    [InlineData("0/7/2026")]
    [InlineData("5/7/1026")]
    [InlineData("5/7/20266")]
    [InlineData("46208")]
    [InlineData("hôm nào")]
    [InlineData("٥/٧/٢٠٢٦")]
    [InlineData("05/07/2026; drop table")]
    public void What_is_no_day_is_not_guessed(string typed) => Assert.Null(Vietnamese.ParseDate(typed, Today));

    [Fact]
    public void Every_day_comes_back_from_every_way_of_writing_it()
    {
        for (var day = new DateOnly(2000, 1, 1); day < new DateOnly(2060, 1, 1); day = day.AddDays(1))
        {
            Assert.Equal(day, Vietnamese.ParseDate(Vietnamese.Date(day), Today));
            Assert.Equal(day, Vietnamese.ParseDate(Vietnamese.LongDate(day), Today));
            Assert.Equal(day, Vietnamese.ParseDate($"{day.Day}-{day.Month}-{day.Year % 100:00}", Today));
            Assert.Equal(day, Vietnamese.ParseDate($"{day:yyyy-MM-dd}", Today));
        }
    }

    [Theory]
    [InlineData("5/1", "2027-01-05", "2026-12-20")]
    [InlineData("28/12", "2025-12-28", "2026-01-10")]
    [InlineData("20/7", "2026-07-20", "2026-07-20")]
    public void A_day_without_a_year_is_the_nearest_one(string typed, string day, string today) => Assert.Equal(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), Vietnamese.ParseDate(typed, DateOnly.Parse(today, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Long_hostile_texts_are_answered_fast()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        foreach (var text in new[] { new string('1', 100_000), new string('.', 100_000), new string(' ', 100_000), string.Concat(Enumerable.Repeat("1.000.", 20_000)), string.Concat(Enumerable.Repeat("👨‍👩‍👧", 20_000)) })
        {
            Assert.Null(Vietnamese.ParseMoney(text));
            Assert.Null(Vietnamese.ParseQuantity(text));
            Assert.Null(Vietnamese.ParseWeight(text));
            Assert.Null(Vietnamese.ParseDate(text, Today));
            Vietnamese.Clean(text);
            Vietnamese.CleanLines(text);
        }
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("Mận", "Mận")]
    [InlineData("\u202EMận\u202C hậu", "Mận hậu")]
    [InlineData("Mận\u200B\u00AD hậu\uFEFF", "Mận hậu")]
    [InlineData("Mận\thậu\r\nMộc Châu\0", "Mận hậu Mộc Châu")]
    [InlineData("👨‍👩‍👧 H'Mông", "👨‍👩‍👧 H'Mông")]
    [InlineData("  ", "")]
    public void One_line_is_composed_and_holds_nothing_that_nobody_sees(string typed, string clean) => Assert.Equal(clean, Vietnamese.Clean(typed));

    [Fact]
    public void Half_a_character_is_dropped() => Assert.Equal("ab", Vietnamese.Clean("a" + (char)0xD800 + "b"));

    [Fact]
    public void Several_lines_keep_their_breaks() => Assert.Equal("Mận hậu\nMộc Châu\n\nCột A Cột B", Vietnamese.CleanLines(" Mận hậu\r\nMộc Châu\u2028\u0085Cột A\tCột B\u0007\u202E\n"));
}
