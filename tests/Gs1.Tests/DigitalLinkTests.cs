using System.Diagnostics;
using CsCheck;

namespace Gs1.Tests;

public sealed class DigitalLinkTests
{
    private const string Set82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    private const string Item = "https://id.example/01/08938507770015";

    private static readonly Gen<string> Value20 = Gen.Char[Set82].Array[1, 20].Select(characters => new string(characters));

    private static readonly Gen<Gtin> Gtins =
        Gen.Char['0', '9'].Array[13].Select(digits => Gtin.Parse(new string(digits) + CheckDigit.Compute(digits)))
            .Where(gtin => !gtin.IsRestrictedCirculation);

    [Theory]
    [InlineData("/01/08938507770015/10/L1", true)]
    [InlineData("/stem/01/08938507770015/10/L1?17=270630#part", true)]
    [InlineData("HTTPS://id.example/01/08938507770015", true)]
    [InlineData("https://id.example:8443/a/b/01/08938507770015", true)]
    [InlineData("https://id.example/01/x/01/08938507770015", true)]
    [InlineData("https://id.example/01/08938507770015?&&", true)]
    [InlineData("https://id.example/01/08938507770015?linkType=all&x", true)]
    [InlineData("https://id.example/01/08938507770015/10/a%2Fb%2F", true)]
    [InlineData("https://id.example/01/08938507770015/10/a+b", true)]
    [InlineData("https://id.example/414/8938507770008/254/LINE-1", true)]
    [InlineData("https://id.example/414/8938507770008/7040/1ABC", true)]
    [InlineData("https://id.example/415/8938507770008/8020/REF-1", true)]
    [InlineData("https://id.example/8017/089385077700000015/8019/1", true)]
    [InlineData("https://id.example/8013/1987654Ad4X4bL5ttr2310c2K", true)]
    [InlineData("https://id.example/01/08938507770015?7007=260601260615", true)]
    [InlineData("https://id.example/01/08938507770015?422=704&427=05", true)]
    [InlineData("https://id.example/01/08938507770015?15=270600", true)]
    [InlineData("https://id.example/01/08938507770015?17=280229", true)]
    [InlineData("https://id.example/01/08938507770015?8005=001250&3103=001250", true)]
    [InlineData("https://id.example/8004/8938507770-BIN-17?01=8938507770015", true)]
    [InlineData("https://id.example/00/089385077700000015?02=08938507770015&37=25&10=L1", true)]
    [InlineData("https://id.example/01/8938507770015", false)]
    [InlineData("HtTp://id.example/01/08938507770015", false)]
    [InlineData("https:///01/08938507770015", false)]
    [InlineData("https://01/08938507770015", false)]
    [InlineData("https://id_example/01/08938507770015", false)]
    [InlineData("https://id.example/gtin/08938507770015", false)]
    [InlineData("https://id.example/410/8938507770008", false)]
    [InlineData("https://id.example/415/8938507770008", false)]
    [InlineData("https://id.example/414/8938507770008/254/A/7040/1ABC", false)]
    [InlineData("https://id.example/01/08938507770015/10/", false)]
    [InlineData("https://id.example/01/08938507770015/10//21/S", false)]
    [InlineData("https://id.example/01/08938507770015/10/L1/10/L2", false)]
    [InlineData("https://id.example/01/08938507770015/10/L1/235/X", false)]
    [InlineData("https://id.example/01/08938507770015/10/L%00", false)]
    [InlineData("https://id.example/01/08938507770015/10/L%201", false)]
    [InlineData("https://id.example/01/08938507770015/10/Lô1", false)]
    [InlineData("https://id.example/01/08938507770015/10/L%4G", false)]
    [InlineData("https://id.example/01/08938507770015?21=S1", false)]
    [InlineData("https://id.example/01/08938507770015?17=2706", false)]
    [InlineData("https://id.example/01/08938507770015?17=270631&", false)]
    [InlineData("https://id.example/01/08938507770015?17=", false)]
    [InlineData("https://id.example/01/08938507770015?17=270229", false)]
    [InlineData("https://id.example/01/08938507770015?7007=260600", false)]
    [InlineData("https://id.example/01/08938507770015?7003=2606012430", false)]
    [InlineData("https://id.example/01/08938507770015?17=270630&17=270630", false)]
    [InlineData("https://id.example/01/08938507770015?422=999", false)]
    [InlineData("https://id.example/01/08938507770015?427=05", false)]
    [InlineData("https://id.example/01/08938507770015?3103=1250", false)]
    [InlineData("https://id.example/01/08938507770015?3102=001250&3103=001250", false)]
    [InlineData("https://id.example/01/08938507770015?410=8938507770009", false)]
    [InlineData("https://id.example/8013/1987654Ad4X4bL5ttr2310cXK", false)]
    [InlineData("https://id.example/8004/ABCD-1", false)]
    [InlineData("https://id.example/", false)]
    [InlineData("/", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Syntax_rule_decides(string? text, bool accepted)
    {
        Assert.Equal(accepted, DigitalLink.TryParse(text, out var link, out var error));
        Assert.Equal(accepted, link is not null);
        Assert.Equal(!accepted, error is not null);
    }

    [Theory]
    [InlineData("/01/08938507770016", DigitalLinkFault.BadCheckDigit, "01")]
    [InlineData("/01/08938507770015/21/S/10/L", DigitalLinkFault.BadQualifiers, "01")]
    [InlineData("/01/08938507770015?9999=1", DigitalLinkFault.UnknownQueryKey, null)]
    [InlineData("/01/08938507770015?17=271301", DigitalLinkFault.BadDate, "17")]
    [InlineData("/lo/ABC", DigitalLinkFault.NoPrimaryKey, null)]
    [InlineData("/8006/089385077700150102?37=5", DigitalLinkFault.Exclusive, "8006")]
    public void Refusal_says_what_and_where(string text, DigitalLinkFault fault, string? ai)
    {
        Assert.False(DigitalLink.TryParse(text, out _, out var error));
        Assert.Equal(new DigitalLinkError(fault, ai), error);
        Assert.StartsWith(fault.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Helpers_name_item_lot_and_serial()
    {
        Assert.True(DigitalLink.TryParse(Item + "/10/L%2F1/21/S1", out var link, out _));
        Assert.Equal("08938507770015", link.Gtin!.Value.Value);
        Assert.Equal("L/1", link.Lot);
        Assert.Equal("S1", link.Serial);

        Assert.True(DigitalLink.TryParse("/8006/089385077700150102", out var piece, out _));
        Assert.Equal("08938507770015", piece.Gtin!.Value.Value);
        Assert.Null(piece.Lot);

        Assert.True(DigitalLink.TryParse("/414/8938507770008", out var place, out _));
        Assert.Null(place.Gtin);
    }

    [Fact]
    public void Canonical_form_puts_attributes_of_fixed_length_first_and_drops_the_rest()
    {
        Assert.True(DigitalLink.TryParse(Item + "?37x=1&7007=260601&17=270630&utm=a%20b", out var link, out _));
        Assert.Equal("https://id.gs1.org/01/08938507770015?17=270630&7007=260601", link.Canonical);
        Assert.Equal(["37x=1", "utm=a%20b"], link.IgnoredQuery);
    }

    [Theory]
    [InlineData("id.example", "https://id.example/01/08938507770015/10/SL26-1")]
    [InlineData("http://localhost:5080/", "http://localhost:5080/01/08938507770015/10/SL26-1")]
    [InlineData("https://id.example/stem", "https://id.example/stem/01/08938507770015/10/SL26-1")]
    public void Lot_link_stands_on_the_given_host(string host, string expected) =>
        Assert.Equal(expected, DigitalLink.ForLot(host, Gtin.Parse("08938507770015"), "SL26-1"));

    [Theory]
    [InlineData("id.example", "")]
    [InlineData("id.example", "lô 1")]
    [InlineData("id.example", "AAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("ftp://id.example", "L1")]
    [InlineData("id example", "L1")]
    public void Link_that_could_not_be_read_again_is_not_built(string host, string lot) =>
        Assert.Throws<ArgumentException>(() => DigitalLink.ForLot(host, Gtin.Parse("08938507770015"), lot));

    [Fact]
    public void What_was_built_is_read_back_and_its_canonical_form_is_stable() =>
        Gen.Select(Gtins, Value20, Value20).Sample((gtin, lot, serial) =>
        {
            var uri = DigitalLink.ForItem("id.example", gtin, lot, serial);
            return DigitalLink.TryParse(uri, out var link, out _)
                && link.Gtin == gtin && link.Lot == lot && link.Serial == serial
                && link.Canonical == "https://id.gs1.org" + uri["https://id.example".Length..]
                && DigitalLink.TryParse(link.Canonical, out var again, out _)
                && again.Canonical == link.Canonical;
        });

    [Fact]
    public void Parser_answers_every_string_and_never_throws()
    {
        var pieces = Gen.OneOfConst("/", "01", "10", "21", "17", "8013", "4309", "7258", "8007", "?", "&", "=", "%", "%2", "%2F", "#", "08938507770015", "https://", "a", "Lô", "9", "\0", "\ud800");
        var soup = pieces.Array[0, 40].Select(string.Concat);
        Gen.OneOf(Gen.String, soup, soup.Select(text => "/01/08938507770015" + text), soup.Select(text => "/01/08938507770015?" + text))
            .Sample(text => DigitalLink.TryParse(text, out var link, out var error) ? link is not null && error is null : error is not null, iter: 20_000);
    }

    [Fact]
    public void Every_identifier_is_checked_and_what_is_accepted_stays_accepted_in_canonical_form() =>
        Gen.Select(Gen.Int[0, 9999], Gen.OneOf(Value20, Gen.Char['0', '9'].Array[1, 20].Select(digits => new string(digits))))
            .Sample((number, value) =>
                IsStable($"{Item}?{number:00}={Uri.EscapeDataString(value)}") && IsStable($"/{number:00}/{Uri.EscapeDataString(value)}"), iter: 50_000);

    [Theory]
    [InlineData("/10/1")]
    [InlineData("/01/08938507770015")]
    [InlineData("%2F")]
    [InlineData("?17=270630&")]
    [InlineData("////")]
    public void Hostile_length_costs_no_time(string unit)
    {
        string[] texts = [Repeat(unit, 100_000), Repeat(unit, DigitalLink.MaxLength), Item + "?" + Repeat(unit, DigitalLink.MaxLength - Item.Length - 1)];
        foreach (var text in texts)
        {
            var watch = Stopwatch.StartNew();
            Assert.False(DigitalLink.TryParse(text, out _, out var error) && error is not null);
            Assert.True(watch.ElapsedMilliseconds < 200, $"{watch.ElapsedMilliseconds} ms for {unit}");
        }
    }

    private static bool IsStable(string text) =>
        !DigitalLink.TryParse(text, out var link, out _)
        || (DigitalLink.TryParse(link.Canonical, out var again, out _) && again.Canonical == link.Canonical);

    private static string Repeat(string unit, int length) => string.Concat(Enumerable.Repeat(unit, (length / unit.Length) + 1))[..length];
}
