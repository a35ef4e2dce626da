using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Routing;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Shape;

/// <summary>What every action and every view owes: a decision who may come in, no way around the token, nothing inline.</summary>
public sealed partial class WebTests
{
    /// <summary>Unsafe actions that carry neither token nor same-site check, each with its reason.</summary>
    private static readonly Dictionary<string, string> Exempt = new(StringComparer.Ordinal)
    {
        ["ErrorsController.Show"] = "shows a page after a failure and changes nothing",
        ["DigitalLinkController.Resolve"] = "GET, HEAD and OPTIONS only",
        ["ExportRunsController.Start"] = "opened by a key that no browser sends by itself",
    };

    private static IEnumerable<MethodInfo> Actions => House.Types.Where(t => typeof(ControllerBase).IsAssignableFrom(t) && !t.IsAbstract)
        .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)).Where(m => !m.IsSpecialName);

    [Fact]
    public void Every_action_says_who_may_come_in() => Assert.Empty(Actions
        .Where(a => !Attributes(a).Any(x => x is IAllowAnonymous or IAuthorizeData) && a.Name != "Delete")
        .Select(a => $"{a.DeclaringType!.Name}.{a.Name}"));

    [Fact]
    public void No_unsafe_action_goes_without_token_or_same_site_check() => Assert.Empty(Actions
        .Where(a => Attributes(a).OfType<IgnoreAntiforgeryTokenAttribute>().Any() && !Exempt.ContainsKey($"{a.DeclaringType!.Name}.{a.Name}"))
        .Select(a => $"{a.DeclaringType!.Name}.{a.Name}"));

    /// <summary>A limit of time is for a hostile text; a tenth of a second passes on a busy machine while a thread waits for its turn, and a page becomes a 500.</summary>
    [Fact]
    public void No_pattern_gives_up_before_a_second() => Assert.Empty(House.Assembly.GetTypes()
        .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(m => m.GetCustomAttribute<GeneratedRegexAttribute>() is { MatchTimeoutMilliseconds: > 0 and < 1000 }).Select(m => $"{m.DeclaringType}.{m.Name}"));

    [Fact]
    public void Routes_are_literal_and_every_action_has_one() => Assert.Empty(Actions
        .Where(a => !Attributes(a).OfType<IRouteTemplateProvider>().Any()).Select(a => $"{a.DeclaringType!.Name}.{a.Name}"));

    [Fact]
    public void Actions_take_forms_never_the_nouns_of_a_room() => Assert.Empty(Actions.SelectMany(a => a.GetParameters()
        .Where(p => House.PlaceOf(p.ParameterType) is { Feature.Length: 0 } place && place.Room != "Foundation" && !Attributes(p).Any())
        .Select(p => $"{a.DeclaringType!.Name}.{a.Name}({p.ParameterType.Name})")));

    [Fact]
    public void Views_hold_no_inline_style_or_handler_and_no_foreign_origin() => Assert.Empty(Views().SelectMany(v => Inline().Matches(v.Text).Select(m => $"{v.File}: {m.Value}")));

    [Fact]
    public void Raw_html_stands_only_where_it_is_our_own() => Assert.Empty(Views()
        .Where(v => v.Text.Contains("Html.Raw", StringComparison.Ordinal) || v.Text.Contains("HtmlString", StringComparison.Ordinal))
        .Select(v => v.File).Except(["Trace.cshtml", "Offline.cshtml", "_Authenticator.cshtml", "_Layout.cshtml"]));

    /// <summary>Forms of a change in which the last one may win, each with its reason.</summary>
    private static readonly Dictionary<string, string> LastWins = new(StringComparer.Ordinal)
    {
        ["TerminalController"] = "what is stored is never shown: a new secret replaces the old one knowingly",
        ["PasswordController"] = "a password is typed anew, and nothing stored is shown",
        ["DetailsController"] = "one buyer's own cart in one browser, shown once more before it is ordered",
        ["AccountController"] = "one's own name, the only field",
        ["EditorController"] = "carries the number of the version that it was filled in over, and is refused over another",
    };

    /// <summary>Whoever shows what is stored in a form compares it, with the row locked, before it is replaced (<see cref="SonLaMarket.Foundation.Web.Seen"/>).</summary>
    [Fact]
    public void Of_two_open_pages_of_a_change_the_last_one_does_not_win_unnoticed()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "SonLaMarket"), "*Controller.cs", SearchOption.AllDirectories).ToDictionary(f => Path.GetFileNameWithoutExtension(f) + Path.GetFileName(Path.GetDirectoryName(f)), File.ReadAllText, StringComparer.Ordinal);
        var changing = Actions.GroupBy(a => a.DeclaringType!)
            .Where(c => c.Any(a => a.Name.StartsWith("Edit", StringComparison.Ordinal)) && c.Any(a => (a.Name.StartsWith("Update", StringComparison.Ordinal) || a.Name.StartsWith("Save", StringComparison.Ordinal)) && Attributes(a).OfType<HttpPostAttribute>().Any()))
            .Select(c => c.Key).ToList();
        Assert.Equal([], changing.Where(c => !LastWins.ContainsKey(c.Name) && !sources[c.Name + c.Namespace!.Split('.')[^1]].Contains("IsOutdated(", StringComparison.Ordinal)).Select(c => c.FullName));
        Assert.Equal([], LastWins.Keys.Except(changing.Select(c => c.Name), StringComparer.Ordinal));
    }

    /// <summary>The server says that a file is one (Content-Disposition): browsers inside other apps ignore a link that asks for a download.</summary>
    [Fact]
    public void No_link_is_marked_as_a_download() => Assert.Empty(Views().Select(v => (v.File, v.Text)).Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "wwwroot", "js")).Select(f => (File: Path.GetFileName(f), Text: File.ReadAllText(f))))
        .SelectMany(v => Downloads().Matches(v.Text).Select(m => $"{v.File}: {m.Value}")));

    /// <summary>What only a mouse or a program does.</summary>
    [Fact]
    public void Keyboard_journeys_use_the_keyboard() => Assert.DoesNotMatch(
        @"(page|Locator\([^)]*\)[^;\n]*)\.(SelectOption|Click|DblClick|Tap|Fill|Check|Uncheck|SetChecked|Hover|Dispatch\w*)Async\(", File.ReadAllText(Path.Combine(Repository.Root, "tests", "SonLaMarket.Journeys", "KeyboardTests.cs")));

    [Fact]
    public void No_source_file_grows_past_400_lines() => Assert.Empty(Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs*", SearchOption.AllDirectories)
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal) && File.ReadLines(f).Count() > 400).Select(Path.GetFileName));

    private static IEnumerable<object> Attributes(MethodInfo action) => action.GetCustomAttributes(true).Concat(action.DeclaringType!.GetCustomAttributes(true));

    private static IEnumerable<object> Attributes(ParameterInfo parameter) => parameter.GetCustomAttributes(typeof(FromServicesAttribute), true);

    private static IEnumerable<(string File, string Text)> Views() => Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "SonLaMarket"), "*.cshtml", SearchOption.AllDirectories)
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal)).Select(f => (Path.GetFileName(f), File.ReadAllText(f)));

    [GeneratedRegex("""<a\s[^\n]*?\sdownload(?=[\s>=])|\.download\s*=""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Downloads();

    [GeneratedRegex("""\s(style|on[a-z]+)="|<script(?![^>]*\bsrc=)[^>]*>|(src|href)="https?://(?!www\.w3\.org)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Inline();
}
