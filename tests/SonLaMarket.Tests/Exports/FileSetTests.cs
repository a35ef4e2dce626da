using SonLaMarket.Exports;
using SonLaMarket.Exports.Writers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Exports;

public sealed class FileSetTests
{
    [Theory]
    [InlineData(86, 20)]
    [InlineData(85, 19)]
    [InlineData(5, 0)]
    public async Task Rows_beyond_the_largest_file_that_the_platform_takes_are_set_aside_from_all_its_files(int most, int kept)
    {
        var profile = Profile.Read($$"""{"code":"x","name":"X","source":"","author":"A","note":"N","formats":["csv","tsv"],"limits":{"maxBytes":{{most}}},"columns":[{"name":"a","from":"product.name"}]}""");
        List<ExportRow> rows = [.. Enumerable.Range(1, 20).Select(n => new ExportRow(n, [["ab"]]))];
        var faults = new List<SetAside>();
        var files = await FileSet.MakeAsync(profile, "https://cho.example", rows, faults);

        Assert.Equal(["csv", "tsv"], files.Select(f => f.Extension));
        Assert.Equal(Enumerable.Range(1, kept), rows.Select(r => (int)r.ListingId));
        Assert.Equal(Enumerable.Range(kept + 1, 20 - kept), faults.Select(f => (int)f.ListingId).Order());
        Assert.All(faults, f => Assert.Equal(("E04", "maxBytes", $"maxBytes={most}"), (f.Code, f.Field, f.Rule)));
        Assert.All(files, f => Assert.Equal(1 + kept, f.Content.Count(b => b == '\n')));
        Assert.All(files, f => Assert.True(f.Content.Length <= most || kept == 0));
    }

    [Theory]
    [MemberData(nameof(ProfileFileTests.Shipped), MemberType = typeof(ProfileFileTests))]
    public async Task Files_of_a_shipped_profile_are_the_same_bytes_twice_and_all_there_without_a_row(string file)
    {
        var profile = Profile.Read(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "db", "seed", "profiles", file), TestContext.Current.CancellationToken));
        var row = new RowCheck(profile, RowCheckTests.Site, RowCheckTests.Today).Make(GoldenRowTests.Whole).Row!;
        var files = await FileSet.MakeAsync(profile, "https://cho.example", [new(1, row)], []);
        var again = await FileSet.MakeAsync(profile, "https://cho.example", [new(1, row)], []);
        Assert.Equal(files.Select(f => Convert.ToHexString(f.Content)), again.Select(f => Convert.ToHexString(f.Content)));
        Assert.Equal(profile.Formats, (await FileSet.MakeAsync(profile, "https://cho.example", [], [])).Select(f => f.Extension));
    }
}
