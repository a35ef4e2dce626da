using System.Text.RegularExpressions;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Shape;

/// <summary>What "dotnet format style" says of the order of usings, in half a second instead of half a minute; the rest of what it checks is warnings of the build.</summary>
public sealed partial class UsingsTests
{
    [Fact]
    public void Usings_are_sorted_with_System_first() => Assert.Equal("", string.Join('\n', Sources().Where(f => !Sorted(File.ReadLines(f))).Select(f => Path.GetRelativePath(Repository.Root, f))));

    /// <summary>The rule itself is tried on a file that breaks it.</summary>
    [Fact]
    public void The_rule_can_fail()
    {
        Assert.False(Sorted(["using Npgsql;", "using System.Text;"]));
        Assert.False(Sorted(["using System.Text.Json;", "using System.Text;"]));
        Assert.True(Sorted(["using System.Text;", "using System.Text.Json;", "using AngleSharp;", "", "namespace A;", "using System;"]));
    }

    private static bool Sorted(IEnumerable<string> lines)
    {
        var names = lines.TakeWhile(l => l.Length == 0 || l.StartsWith("//", StringComparison.Ordinal) || l.StartsWith("using ", StringComparison.Ordinal) || l.StartsWith("global ", StringComparison.Ordinal))
            .Select(l => Using().Match(l)).Where(m => m.Success).Select(m => m.Groups["name"].Value).ToList();
        return names.SequenceEqual(names.OrderBy(n => n == "System" || n.StartsWith("System.", StringComparison.Ordinal) ? 0 : 1).ThenBy(n => n.Replace('.', '\0'), StringComparer.OrdinalIgnoreCase), StringComparer.Ordinal);
    }

    private static IEnumerable<string> Sources() => new[] { "src", "tests" }.SelectMany(f => Directory.EnumerateFiles(Path.Combine(Repository.Root, f), "*.cs", SearchOption.AllDirectories))
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/node_modules/", StringComparison.Ordinal));

    [GeneratedRegex(@"^using (?<name>[\w.]+);$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Using();
}
