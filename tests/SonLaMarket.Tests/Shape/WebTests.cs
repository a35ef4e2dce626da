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

    [GeneratedRegex("""\s(style|on[a-z]+)="|<script(?![^>]*\bsrc=)[^>]*>|(src|href)="https?://(?!www\.w3\.org)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Inline();
}
