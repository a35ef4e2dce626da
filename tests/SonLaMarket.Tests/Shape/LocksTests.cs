using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Shape;

/// <summary>Packages come from wherever the machine that fetches them looks: no file of ours sends it to one registry.</summary>
public sealed class LocksTests
{
    private static readonly string[] Locks = ["packages.lock.json", "package-lock.json"];

    private static readonly string[] Hosts = ["\"resolved\": \"http", "registry.", "nuget.org", "npmjs.org"];

    [Fact]
    public void No_lock_and_no_setting_of_a_package_manager_names_the_host_of_a_registry()
    {
        var locks = Repository.Below(Repository.Root).Where(f => Locks.Contains(Path.GetFileName(f))).ToList();
        // Links to sponsors stand in locks; a setting has no address to name but a registry's.
        var settings = Repository.Below(Repository.Root).Where(f => Path.GetFileName(f) == ".npmrc" || string.Equals(Path.GetFileName(f), "nuget.config", StringComparison.OrdinalIgnoreCase)).ToList();
        Assert.All(Locks, name => Assert.Contains(locks, f => Path.GetFileName(f) == name));
        Assert.NotEmpty(settings);
        Assert.Empty(locks.SelectMany(f => Named(f, Hosts)).Concat(settings.SelectMany(f => Named(f, [.. Hosts, "://"]))));
    }

    private static IEnumerable<string> Named(string file, string[] hosts)
    {
        var text = File.ReadAllText(file);
        return hosts.Where(h => text.Contains(h, StringComparison.Ordinal)).Select(h => $"{Path.GetRelativePath(Repository.Root, file)}: {h}");
    }
}
