using System.Xml.Linq;
using SonLaMarket.Foundation;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Shape;

/// <summary>R1, R2 and R4 of docs/architecture.md: who may know whom.</summary>
public sealed class RoomsTests
{
    [Fact]
    public void R1_a_room_uses_only_rooms_of_the_table() => Assert.Empty(House.Types.SelectMany(type => Uses(type)
        .Where(u => u.Place.Room != u.Own.Room && !House.MayUse[u.Own.Room].Contains(u.Place.Room))
        .Select(u => $"{type.FullName} uses {u.Used.FullName}; {u.Own.Room} may use {string.Join(", ", House.MayUse[u.Own.Room])}")));

    [Fact]
    public void R2_a_feature_is_private_to_its_room() => Assert.Empty(House.Types.SelectMany(type => Uses(type)
        .Where(u => u.Place.Room != u.Own.Room && u.Place.Room != "Foundation" && u.Place.Feature.Length > 0)
        .Select(u => $"{type.FullName} uses {u.Used.FullName}")));

    /// <summary>The law asks of the whole marketplace what it holds of a person: no room with tables may stay silent.</summary>
    [Fact]
    public void Every_room_says_what_it_holds_of_a_person() => Assert.Empty(House.Types.Where(t => typeof(IRoom).IsAssignableFrom(t) && !t.IsInterface)
        .Where(t => House.PlaceOf(t)!.Value.Room != "Jobs" && !typeof(IPersonalData).IsAssignableFrom(((IRoom)Activator.CreateInstance(t)!).PersonalData)).Select(t => t.Name));

    /// <summary>Of packages a library has only the framework's abstractions for its log and its registration; the simulator draws codes.</summary>
    [Theory]
    [InlineData("Vnpay.Net", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Logging.Abstractions")]
    [InlineData("Gs1")]
    [InlineData("Vnpay.Simulator", "QRCoder")]
    public void R4_a_protocol_library_knows_nothing_of_us(string project, params string[] packages)
    {
        var file = XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"));
        Assert.Empty(file.Descendants("ProjectReference"));
        Assert.Equal(packages, file.Descendants("PackageReference").Select(p => p.Attribute("Include")!.Value));
    }

    /// <summary>Who judges the program knows nothing of it: one mistake is not made twice.</summary>
    [Fact]
    public void The_judge_of_faults_knows_nothing_of_the_program()
    {
        var file = XDocument.Load(Path.Combine(Repository.Root, "tests", "SonLaMarket.Checker", "SonLaMarket.Checker.csproj"));
        Assert.Empty(file.Descendants("ProjectReference"));
        Assert.Equal("Npgsql", Assert.Single(file.Descendants("PackageReference")).Attribute("Include")!.Value);
    }

    [Fact]
    public void The_web_project_has_at_most_25_direct_packages() =>
        Assert.InRange(XDocument.Load(Path.Combine(Repository.Root, "src", "SonLaMarket", "SonLaMarket.csproj")).Descendants("PackageReference").Count(), 1, 25);

    /// <summary>The reader of the assembly is itself tried: it must see what a lambda inside an async method does.</summary>
    [Fact]
    public void The_reader_sees_into_lambdas_and_async_methods()
    {
        var bodies = typeof(Sample).GetNestedTypes(System.Reflection.BindingFlags.NonPublic).SelectMany(House.UsedBy);
        Assert.Contains(typeof(System.Text.StringBuilder), bodies);
    }

    private static IEnumerable<(Type Used, (string Room, string Feature) Own, (string Room, string Feature) Place)> Uses(Type type)
    {
        var own = House.PlaceOf(type)!.Value;
        return House.UsedBy(type).Select(used => (used, House.PlaceOf(used))).Where(u => u.Item2 is not null).Select(u => (u.used, own, u.Item2!.Value));
    }

    private sealed class Sample
    {
        public static async Task<int> RunAsync()
        {
            await Task.Yield();
            Func<int> length = () => new System.Text.StringBuilder("x").Length;
            return length();
        }
    }
}
