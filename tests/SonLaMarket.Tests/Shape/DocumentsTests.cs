using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Shape;

/// <summary>The documents speak of what is there: files and types by their names, and every address that a stranger can ask for.</summary>
public sealed partial class DocumentsTests
{
    private static readonly Lazy<HashSet<string>> Files = new(() => [.. Repository.Below(Repository.Root).Select(f => Path.GetFileName(f)!)]);

    private static readonly Lazy<HashSet<string>> Types = new(() => [.. House.Types.Select(t => t.Name.Split('`')[0]), .. AppDomain.CurrentDomain.GetAssemblies().Append(typeof(Gs1.DigitalLink).Assembly)
        .Where(a => a.GetName().Name is "Vnpay.Net" or "Gs1" or "Vnpay.Simulator").SelectMany(a => a.GetTypes()).Select(t => t.Name.Split('`')[0])]);

    [Fact]
    public void Every_file_that_the_architecture_names_exists() =>
        Assert.Equal("", string.Join(" ", FileName().Matches(Architecture).Select(m => m.Value).Distinct(StringComparer.Ordinal).Where(f => !Files.Value.Contains(f))));

    [Fact]
    public void Every_verb_that_the_architecture_names_exists() => Assert.Empty(Verb().Matches(Architecture)
        .Where(m => !House.Types.Any(t => t.Name == m.Groups["type"].Value && t.GetMember(m.Groups["verb"].Value, (BindingFlags)60).Length > 0)
            && !(Types.Value.Contains(m.Groups["type"].Value) && !House.Types.Any(t => t.Name == m.Groups["type"].Value)))
        .Select(m => m.Value));

    [Fact]
    public void Every_script_and_style_sheet_stands_in_the_architecture() =>
        Assert.Equal("", string.Join(" ", Repository.Below(Path.Combine(Repository.Root, "wwwroot")).Select(f => Path.GetFileName(f)!).Where(f => f.EndsWith(".js", StringComparison.Ordinal) || f.EndsWith(".css", StringComparison.Ordinal))
            .Where(f => !Regex.IsMatch(Architecture, $@"[{{,/ ]{Regex.Escape(Path.GetFileNameWithoutExtension(f))}[,}}.]", RegexOptions.None, TimeSpan.FromSeconds(1)))));

    [Fact]
    public void Every_address_that_a_stranger_can_ask_for_stands_in_the_contract()
    {
        var contract = File.ReadAllText(Path.Combine(Repository.Root, "docs", "contract.md"));
        var missing = House.Types.Where(t => typeof(ControllerBase).IsAssignableFrom(t) && !t.IsAbstract)
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).SelectMany(m => Templates(t, m)))
            .Select(r => "/" + r.Trim('/').Split('{')[0].TrimEnd('/')).Distinct(StringComparer.Ordinal)
            .Where(r => !Areas().IsMatch(r) && r.Length > 1 && !contract.Contains(r, StringComparison.Ordinal));
        Assert.Equal("", string.Join(" ", missing.Order(StringComparer.Ordinal)));
    }

    private static string Architecture { get; } = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));

    private static IEnumerable<string> Templates(Type controller, MethodInfo action)
    {
        var prefix = controller.GetCustomAttribute<RouteAttribute>()?.Template ?? "";
        foreach (var route in action.GetCustomAttributes().OfType<HttpGetAttribute>().Select(r => r.Template).OfType<string>())
            yield return route.StartsWith('/') ? route : prefix + "/" + route;
    }

    [GeneratedRegex(@"(?<![{*\w,.-])\w[\w.-]*\.(cs|cshtml|js|css|sql|json|csv|props|md|sln)(?![\w}])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FileName();

    [GeneratedRegex(@"\b(?<type>[A-Z]\w+)\.(?<verb>[A-Z]\w+Async|Create|Update|Show|Place|ConstructEvent)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Verb();

    [GeneratedRegex("^/(quan-ly|tai-khoan|so-cong-thuong|quan-tri)(/|$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Areas();
}
