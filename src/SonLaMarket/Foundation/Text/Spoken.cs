namespace SonLaMarket.Foundation.Text;

/// <summary>Whole numbers as they are read aloud in school Vietnamese, the way invoices write them.</summary>
public static class Spoken
{
    private static readonly string[] Digits = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];
    private static readonly string[] Scales = ["", " nghìn", " triệu"];

    /// <summary>1.234.567 is "một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy". Groups of zeros are not said.</summary>
    /// <param name="number">Not negative.</param>
    public static string Number(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        return number == 0 ? Digits[0] : Say(number, first: true);
    }

    /// <summary>"ba mươi lăm nghìn đồng"</summary>
    public static string Money(long vnd) => Number(vnd) + " đồng";

    private static string Say(long number, bool first)
    {
        var parts = new List<string>();
        if (number >= 1_000_000_000)
        {
            parts.Add(Say(number / 1_000_000_000, first) + " tỷ");
            first = false;
        }
        var rest = (int)(number % 1_000_000_000);
        for (var (scale, size) = (2, 1_000_000); scale >= 0; scale--, size /= 1000)
        {
            var group = rest / size % 1000;
            if (group == 0)
                continue;
            parts.Add(Group(group, whole: !first) + Scales[scale]);
            first = false;
        }
        return string.Join(' ', parts);
    }

    /// <param name="whole">The group follows another one: its hundreds are said although there are none.</param>
    private static string Group(int group, bool whole)
    {
        var (hundreds, tens, ones) = (group / 100, group / 10 % 10, group % 10);
        var said = new List<string>();
        if (hundreds > 0 || whole)
            said.Add(Digits[hundreds] + " trăm");
        if (tens == 0 && ones > 0 && said.Count > 0)
            said.Add("linh");
        else if (tens > 0)
            said.Add(tens == 1 ? "mười" : Digits[tens] + " mươi");
        if (ones > 0)
            said.Add((tens, ones) switch
            {
                ( > 1, 1) => "mốt",
                ( > 1, 4) => "tư",
                ( > 0, 5) => "lăm",
                _ => Digits[ones],
            });
        return string.Join(' ', said);
    }
}
