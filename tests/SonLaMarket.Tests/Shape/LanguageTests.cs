using System.Text;
using System.Text.RegularExpressions;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Shape;

/// <summary>
/// Whatever the program could ever say in Vietnamese has its English, however it comes to a screen: every Vietnamese text in a source file is a key of the
/// English texts. A sentence put together from pieces, or with values inside, is none; it is written with {0} and kept as text and values.
/// </summary>
public sealed partial class LanguageTests
{
    /// <summary>What speaks Vietnamese alone, and why.</summary>
    private static readonly Dictionary<string, string> VietnameseAlone = new(StringComparer.Ordinal)
    {
        ["Foundation/Text/"] = "numbers and days in Vietnamese words",
        ["Foundation/Web/TypedEcho.cs"] = "reads Vietnamese amounts back",
        ["Catalog/Search/"] = "letters and words of the search",
        ["Catalog/HandedOn.cs"] = "what platforms and programs are told, in Vietnamese like the listing itself",
        ["Catalog/UsualPack.cs"] = "Vietnamese titles of listings",
        ["Catalog/OfferReading.cs"] = "Vietnamese titles of listings",
        ["Home/Demonstration/"] = "what sample people wrote",
        ["Supervision/Components/"] = "what a sample seller wrote, in hard letters",
        ["Orders/Papers/"] = "papers that go with Vietnamese parcels",
        ["Origin/Labels/"] = "labels on Vietnamese goods",
        ["Payments/Books/StatementBook.cs"] = "a paper for Vietnamese accountants",
        ["Payments/Books/StatementPaper.cs"] = "a paper for Vietnamese accountants",
        ["Payments/StatementFile.cs"] = "reads the statements of Vietnamese banks",
        ["Exports/ExportFields.cs"] = "a value of Vietnamese marketplaces",
        ["Exports/Writers/"] = "the name of a file for Vietnamese marketplaces",
        ["Accounts/Manage/Device.cs"] = "the name of a browser",
    };

    /// <summary>What is written into rows as a name or a note of somebody, and stays as it is.</summary>
    private static readonly string[] Names = ["Sơn La", "Tiếng Việt", "Hộ ", "Nơi cơ sở khai báo", "(đã xóa theo yêu cầu)", "Chủ cơ sở đã xóa tài khoản."];

    [Fact]
    public void Every_vietnamese_text_of_the_program_has_its_english() => Nothing(
        from file in Sources("*.cs")
        from text in Literals(File.ReadAllText(file.Path))
        where IsVietnamese(text) && !Known(text)
        select $"{file.Name}: {text}");

    [Fact]
    public void Every_vietnamese_text_of_a_view_has_its_english() => Nothing(
        from file in Sources("*.cshtml")
        let source = Literal().Replace(Translated().Replace(Comment().Replace(File.ReadAllText(file.Path), ""), Rest), Rest)
        from line in source.Split('\n')
        where IsVietnamese(Names.Aggregate(line, (l, name) => l.Replace(name, "", StringComparison.Ordinal)))
        select $"{file.Name}: {line.Trim()}");

    /// <summary>A script says <c>english ? "…" : "…"</c>, or has two objects of texts with the same names.</summary>
    [Fact]
    public void Every_vietnamese_text_of_a_script_stands_beside_its_english() => Nothing(
        from path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "wwwroot"), "*.js", SearchOption.AllDirectories)
        let source = ScriptComment().Replace(File.ReadAllText(path), "").Replace("replaceAll(\"đ\", \"d\")", "", StringComparison.Ordinal)
        from fault in (from line in InBoth().Replace(source, "").Split('\n') where IsVietnamese(line) select line.Trim())
            .Concat(from pair in InBoth().Matches(source)
                    where !Keys(pair.Groups["english"].Value).SetEquals(Keys(pair.Groups["vietnamese"].Value)) || IsVietnamese(pair.Groups["english"].Value)
                    select pair.Value)
        select $"{Path.GetFileName(path)}: {fault}");

    private static string Rest(Match m) => Known(m.Groups["text"].Value.Replace("\\\"", "\"", StringComparison.Ordinal)) ? "" : m.Value;

    private static bool Known(string text) => Texts.English.ContainsKey(text) || Names.Contains(text);

    private static HashSet<string> Keys(string objects) => [.. objects.StartsWith('{') ? Key().Matches(objects).Select(m => m.Groups["key"].Value) : []];

    private static bool IsVietnamese(string text) => text.Normalize(NormalizationForm.FormD).Any(c => c is 'đ' or 'Đ' || (char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.NonSpacingMark));

    private static IEnumerable<(string Path, string Name)> Sources(string pattern)
    {
        var root = Path.Combine(Repository.Root, "src", "SonLaMarket");
        return from path in Directory.EnumerateFiles(root, pattern, SearchOption.AllDirectories)
               let name = Path.GetRelativePath(root, path).Replace('\\', '/')
               where !name.StartsWith("obj/", StringComparison.Ordinal) && !name.StartsWith("bin/", StringComparison.Ordinal) && !VietnameseAlone.Keys.Any(a => name.StartsWith(a, StringComparison.Ordinal))
               select (path, name);
    }

    /// <summary>The texts of a C# file: of one with values inside, the whole without its values, and the texts inside these. Raw texts are SQL and patterns.</summary>
    private static IEnumerable<string> Literals(string source)
    {
        var at = 0;
        return Code(source, ref at, nested: false);
    }

    private static List<string> Code(string s, ref int at, bool nested)
    {
        var found = new List<string>();
        for (var depth = 0; at < s.Length; at++)
        {
            var rest = s.AsSpan(at);
            if (rest.StartsWith("//"))
                at = Find(s, "\n", at);
            else if (rest.StartsWith("/*"))
                at = Find(s, "*/", at) + 1;
            else if (rest.StartsWith("\"\"\""))
                at = Find(s, "\"\"\"", at + 3) + 2;
            else if (rest.StartsWith("$@\"") || rest.StartsWith("@\""))
                at = Find(s, "\"", Find(s, "\"", at) + 1);
            else if (s[at] == '\'')
                at = s.IndexOf('\'', at + (s[at + 1] == '\\' ? 3 : 2));
            else if (rest.StartsWith("$\"") && !rest.StartsWith("$\"\"\""))
                found.AddRange(Text(s, ref at, withValues: true));
            else if (s[at] == '"')
                found.AddRange(Text(s, ref at, withValues: false));
            else if (nested && s[at] is '{' or '(' or '[')
                depth++;
            else if (nested && s[at] is ')' or ']' or '}' && depth-- == 0)
                return found;
        }
        return found;
    }

    private static List<string> Text(string s, ref int at, bool withValues)
    {
        var (text, found) = (new StringBuilder(), new List<string>());
        for (at += withValues ? 2 : 1; s[at] != '"'; at++)
        {
            if (s[at] == '\\')
                text.Append(s[++at] == '"' ? "\"" : "\\" + s[at]);
            else if (withValues && s[at] == '{' && s[at + 1] == '{')
                text.Append(s[at++]);
            else if (withValues && s[at] == '{')
            {
                at++;
                found.AddRange(Code(s, ref at, nested: true));
            }
            else
                text.Append(s[at]);
        }
        found.Add(text.ToString());
        return found;
    }

    private static int Find(string s, string what, int from) => s.IndexOf(what, from, StringComparison.Ordinal) is var i and >= 0 ? i : s.Length;

    private static void Nothing(IEnumerable<string> faults) => Assert.True(!faults.Any(), string.Join('\n', faults.Distinct()));

    [GeneratedRegex("""\bT\["(?<text>([^"\\]|\\.)*)"(?=[\],])""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Translated();

    [GeneratedRegex("\"(?<text>([^\"\\\\\\n]|\\\\.)*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Literal();

    [GeneratedRegex(@"@\*.*?\*@", RegexOptions.Singleline, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?<=^|\s)//[^\n]*|/\*.*?\*/", RegexOptions.Singleline, 1000)]
    private static partial Regex ScriptComment();

    [GeneratedRegex("""(\benglish|documentElement\.lang === "en")\s*\?\s*(?<english>"[^"]*"|`[^`]*`|\{[^{}]*(\{[^{}]*\}[^{}]*)*\})\s*:\s*(?<vietnamese>"[^"]*"|`[^`]*`|\{[^{}]*(\{[^{}]*\}[^{}]*)*\})""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InBoth();

    [GeneratedRegex(@"(?<=[{,]\s*)(?<key>\w+)\s*:", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();
}
