namespace Gs1.Tests;

public sealed class ItemSerialTests
{
    [Fact]
    public void Serials_are_thirteen_random_characters_with_a_check_character_and_all_different()
    {
        var serials = Enumerable.Range(0, 10_000).Select(_ => ItemSerial.New()).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(10_000, serials.Count);
        Assert.All(serials, s => Assert.Matches("^[0-9A-HJKMNP-TV-Z]{14}$", s));
        Assert.All(serials, s => Assert.True(ItemSerial.IsValid(s)));
    }

    [Fact]
    public void It_is_read_as_people_type_it_and_one_wrong_character_is_noticed()
    {
        var serial = ItemSerial.New();
        Assert.Matches("^.{4}-.{4}-.{4}-.{2}$", ItemSerial.Grouped(serial));
        foreach (var typed in new[] { serial, ItemSerial.Grouped(serial), ItemSerial.Grouped(serial).ToLowerInvariant().Replace('0', 'o').Replace('1', 'l'), $" {serial[..5]} {serial[5..]} " })
        {
            Assert.True(ItemSerial.TryRead(typed, out var read), typed);
            Assert.Equal(serial, read);
        }
        for (var i = 0; i < serial.Length; i++)
            Assert.False(ItemSerial.TryRead(serial[..i] + (serial[i] == '7' ? '8' : '7') + serial[(i + 1)..], out _));
        foreach (var other in new[] { null, "", "7K3Q-9M2X-H4CD", serial + serial, new string('0', 65_536) })
            Assert.False(ItemSerial.TryRead(other, out _));
    }
}
