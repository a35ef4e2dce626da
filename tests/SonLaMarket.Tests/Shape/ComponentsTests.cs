using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Razor.TagHelpers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Shape;

/// <summary>One set of components: views write their names, never their insides; each stands on the component page; no look is left over.</summary>
public sealed partial class ComponentsTests
{
    /// <summary>What only a component's tag helper writes.</summary>
    private static readonly string[] Written =
        ["badge", "notice", "band", "banner", "empty", "progress", "timeline", "steps", "task-list", "pager", "error-summary", "field", "price", "chips", "chip", "counts", "chart", "table-wrap", "data", "flash", "facts", "totals", "crumbs", "months", "share", "check", "search", "thumbs", "where", "rows", "row"];

    /// <summary>… and that has no class of its own. A script makes the dialog (js/dialog.js).</summary>
    private static readonly string[] Unclassed = ["<dialog", "role=\"search\"", "T[\"Bước {0} trong {1}\"", "T[\"Giáp: {0}.\""];

    /// <summary>The two pages that stand alone, with a style of their own inside.</summary>
    private static readonly string[] Alone = ["Trace.cshtml", "Offline.cshtml"];

    /// <summary>Components that are a part of a page with a model, and what they alone write.</summary>
    private static readonly Dictionary<string, string> Parts = new(StringComparer.Ordinal) { ["Catalog/_Tiles.cshtml"] = "tile", ["Files/_Pictures.cshtml"] = "focal", ["Catalog/_Gallery.cshtml"] = "gallery" };

    /// <summary>Tag helpers that add to an element of HTML instead of being a word of their own.</summary>
    private static readonly string[] Elements = ["form", "button", "script", "link", "a", "img"];

    /// <summary>Parts of components that scripts hang up, or with which a view says what grows in a row and what stands at its end.</summary>
    private static readonly string[] Hooks = ["chip__off", "row__main", "row__do"];

    [Fact]
    public void No_view_writes_a_component_by_hand() => Nothing(
        from view in Views().Where(v => !Alone.Contains(Path.GetFileName(v.File)))
        from name in Classes(view.Text)
        where Written.Any(w => name == w || name.StartsWith(w + "--", StringComparison.Ordinal) || name.StartsWith(w + "__", StringComparison.Ordinal)) && !Hooks.Contains(name)
            || Parts.Any(p => name.StartsWith(p.Value, StringComparison.Ordinal) && !view.File.EndsWith(p.Key, StringComparison.Ordinal))
        select $"{view.File}: class “{name}” is written by its tag helper");

    [Fact]
    public void No_view_says_what_a_component_says() => Nothing(
        from view in Views()
        from word in Unclassed
        where view.Text.Contains(word, StringComparison.Ordinal)
        select $"{view.File}: “{word}” is written by its tag helper");

    [Fact]
    public void Every_component_stands_on_the_component_page()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "src", "SonLaMarket", "Supervision", "Components", "Show.cshtml"));
        Nothing(House.Types.Where(t => typeof(TagHelper).IsAssignableFrom(t) && !t.IsAbstract)
            .SelectMany(t => t.GetCustomAttributes(typeof(HtmlTargetElementAttribute), false).Cast<HtmlTargetElementAttribute>()).Select(a => a.Tag).Distinct()
            .Where(tag => !Elements.Contains(tag) && !Regex.IsMatch(page, $@"<{tag}[\s>]", RegexOptions.None, TimeSpan.FromSeconds(1))));
        Nothing(Parts.Keys.Where(p => !page.Contains($"name=\"/{p}\"", StringComparison.Ordinal)));
        Assert.Contains("<form method=\"post\"", page, StringComparison.Ordinal);
        Assert.Contains(" ask=\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_class_of_a_view_is_a_word_of_the_style_sheets() => Nothing(
        from view in Views().Where(v => !Alone.Contains(Path.GetFileName(v.File)))
        from name in Classes(view.Text)
        where !Looks.Value.Contains(name) && !name.EndsWith('-')
        select $"{view.File}: no style sheet knows “{name}”");

    [Fact]
    public void No_look_is_left_over()
    {
        var said = string.Join('\n', Views().Select(v => v.Text).Concat(Sources("src", "*.cs")).Concat(Sources("wwwroot", "*.js")));
        var words = Word().Matches(said).Select(m => m.Value).ToHashSet(StringComparer.Ordinal);
        Nothing(Looks.Value.Where(name => !words.Contains(name) && !words.Contains(name[..(name.LastIndexOf("--", StringComparison.Ordinal) is var at and > 0 ? at + 2 : name.Length)])
            && !(name.IndexOf("--", StringComparison.Ordinal) is var kind and > 0 && Written.Contains(name[..kind]))));
    }

    /// <summary>Whoever sends a form that is refused is told at the top what to mend. A form of a page that may be cached is answered on another page.</summary>
    [Fact]
    public void A_page_with_a_form_to_fill_in_has_a_place_for_its_messages()
    {
        var views = Views().ToList();
        Nothing(from view in views.Where(v => !Path.GetFileName(v.File).StartsWith('_') && !Alone.Contains(Path.GetFileName(v.File)))
                let whole = view.Text + string.Concat(views.Where(p => Path.GetFileName(p.File).StartsWith('_') && view.Text.Contains(p.File["src/SonLaMarket".Length..], StringComparison.Ordinal)).Select(p => p.Text))
                where Forms().Matches(whole).Any(f => f.Value.Contains("<field", StringComparison.Ordinal) && f.Value.Contains("method=\"post\"", StringComparison.Ordinal) && !f.Value.Contains("asp-antiforgery=\"false\"", StringComparison.Ordinal))
                    && !whole.Contains("<error-summary", StringComparison.Ordinal)
                select $"{view.File}: no <error-summary>");
    }

    private static void Nothing(IEnumerable<string?> faults) => Assert.True(!faults.Any(), string.Join('\n', faults));

    private static readonly Lazy<HashSet<string>> Looks = new(() => Sources("wwwroot", "*.css")
        .SelectMany(css => ClassName().Matches(NoName().Replace(css, "")).Select(m => m.Groups["name"].Value)).ToHashSet(StringComparer.Ordinal));

    private static IEnumerable<string> Sources(string folder, string pattern) => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), pattern, SearchOption.AllDirectories)
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal)).Select(File.ReadAllText);

    private static IEnumerable<(string File, string Text)> Views() => Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "SonLaMarket"), "*.cshtml", SearchOption.AllDirectories)
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal)).Select(f => (Path.GetRelativePath(Repository.Root, f), File.ReadAllText(f)));

    /// <summary>The words of every class attribute; what an expression in it makes is left out.</summary>
    private static IEnumerable<string> Classes(string view)
    {
        foreach (Match start in ClassAttribute().Matches(view))
        {
            var words = new StringBuilder();
            var depth = 0;
            for (var at = start.Index + start.Length; at < view.Length && (depth > 0 || view[at] != '"'); at++)
            {
                if (view[at] == '(')
                    depth++;
                if (depth == 0)
                    words.Append(view[at]);
                if (view[at] == ')')
                    depth--;
            }
            foreach (var name in words.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(n => !n.Contains('@', StringComparison.Ordinal)))
                yield return name;
        }
    }

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline, 1000)]
    private static partial Regex Forms();

    [GeneratedRegex("(?<=\\s)class=\"", RegexOptions.None, 1000)]
    private static partial Regex ClassAttribute();

    [GeneratedRegex(@"\.(?<name>[a-zA-Z][\w-]*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ClassName();

    /// <summary>Comments, texts and addresses of a style sheet: dots in them begin no class.</summary>
    [GeneratedRegex(@"/\*.*?\*/|url\([^)]*\)|""[^""]*""", RegexOptions.Singleline, 1000)]
    private static partial Regex NoName();

    [GeneratedRegex(@"[a-zA-Z][\w-]*", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
