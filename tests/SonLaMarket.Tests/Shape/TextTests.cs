using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Orders;
using SonLaMarket.Origin;
using SonLaMarket.Producers;
using SonLaMarket.Supervision;
using SonLaMarket.Supervision.Review;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Shape;

/// <summary>Vietnamese is the source; a missing English text, or one that nobody says, fails here.</summary>
public sealed partial class TextTests
{
    [Fact]
    public void Every_word_on_a_screen_has_its_english() =>
        Assert.Empty(Said().Where(s => !Texts.English.ContainsKey(s.Text)).Select(s => $"{s.File}: {s.Text}").Order());

    [Fact]
    public void No_english_text_is_left_over()
    {
        var sources = string.Join('\n', Files().Select(File.ReadAllText));
        Assert.Empty(Texts.English.Keys.Where(k => !sources.Contains('"' + k.Replace("\"", "\\\"", StringComparison.Ordinal) + '"', StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void One_vietnamese_text_has_one_english() => Assert.Empty(House.Assembly.GetManifestResourceNames().Where(n => n.EndsWith("Texts.en.json", StringComparison.Ordinal))
        .SelectMany(n => JsonSerializer.Deserialize<Dictionary<string, string>>(House.Assembly.GetManifestResourceStream(n)!)!)
        .GroupBy(t => t.Key, t => t.Value, StringComparer.Ordinal).Where(g => g.Distinct(StringComparer.Ordinal).Count() > 1).Select(g => $"{g.Key}: {string.Join(" | ", g)}"));

    [Fact]
    public void Both_languages_have_the_same_places_for_values() =>
        Assert.Empty(Texts.English.Where(t => !Places(t.Key).SetEquals(Places(t.Value))).Select(t => $"{t.Key} | {t.Value}"));

    [Fact]
    public void Every_action_in_the_audit_log_has_words_for_officers() =>
        Assert.Empty(Files().SelectMany(f => Audited().Matches(File.ReadAllText(f)).Select(m => m.Groups["code"].Value)).Where(c => !AuditWords.Actions.ContainsKey(c)).Distinct().Order());

    [Fact]
    public void No_page_calls_goods_genuine_or_safe()
    {
        string[] never = ["hàng thật", "chính hãng", "đạt chuẩn", "genuine", "authentic product"];
        Assert.DoesNotContain(Texts.English.SelectMany(t => new[] { t.Key, t.Value }), t => never.Any(n => t.Contains(n, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Whatever people are told goes the one way: a notice in both languages, by every way to them, once for each key.</summary>
    [Fact]
    public void Nothing_is_sent_past_the_notices()
    {
        Assert.InRange(Notices().Count(), 25, int.MaxValue);
        Assert.Empty(Files().Where(f => !f.Contains("/Accounts/", StringComparison.Ordinal) && SentPast().IsMatch(File.ReadAllText(f))).Select(Path.GetFileName));
    }

    /// <summary>Every one there is, wherever it stands.</summary>
    private static IEnumerable<Notice> Notices() => House.Types.SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Where(f => f.FieldType == typeof(Notice)).Select(f => (Notice)f.GetValue(null)!);

    private static IEnumerable<(string File, string Text)> Said()
    {
        foreach (var file in Files())
        {
            var source = File.ReadAllText(file);
            foreach (Match m in Indexed().Matches(source))
                yield return (Path.GetFileName(file), m.Groups["text"].Value.Replace("\\\"", "\"", StringComparison.Ordinal));
        }
        foreach (var (_, label) in ProducerKind.All)
            yield return ("ProducerKind", label);
        foreach (var (_, label, may) in MemberRole.All)
        {
            yield return ("MemberRole", label);
            yield return ("MemberRole", may);
        }
        foreach (var words in Notices().SelectMany(n => n.Words))
            yield return ("Notice", words);
        foreach (var typed in new[] { "", "31/02/2026" })
            yield return ("NoDate", Vietnamese.NoDate(typed));
        foreach (var state in ComplaintState.Ways.SelectMany(w => new[] { w.From, w.To }).Distinct())
            yield return ("ComplaintState", ComplaintState.Label(state));
        foreach (var state in new[] { null, InvoiceState.Requested, InvoiceState.Issued, InvoiceState.Adjusted, InvoiceState.Replaced })
            yield return ("InvoiceState", InvoiceState.Label(state));
        foreach (var (_, label) in ComplaintMatter.All)
            yield return ("ComplaintMatter", label);
        foreach (var invariant in Invariants.All)
            yield return ("Invariants", invariant.Says);
        yield return ("HelperConsent", HelperConsent.Words);
        foreach (var purpose in ConsentPurpose.All)
        {
            yield return ("ConsentPurpose", purpose.Label);
            yield return ("ConsentPurpose", purpose.Words);
        }
        foreach (var kind in DataRequestKind.All)
            yield return ("DataRequestKind", kind.Label);
        foreach (var status in new[] { "draft", "submitted", "returned", "approved", "suspended", "closed", "verified", "rejected", "revoked" })
            yield return ("ReviewState", ReviewState.Label(status));
        foreach (var label in PassportLabels().Matches(File.ReadAllText(Path.Combine(Repository.Root, "src", "SonLaMarket", "Origin", "Passport.cs"))).Select(m => m.Groups["text"].Value))
            yield return ("Passport", label);
        foreach (var format in SonLaMarket.Origin.Labels.LabelFormat.All)
            yield return ("LabelFormat", format.Label);
        foreach (var kind in LotStepKind.All)
            yield return ("LotStepKind", kind.Label);
        foreach (var (_, label, _) in DiaryKinds.All.Concat(DiaryColumns.All.Select(c => (c.Word, c.Label, ""))))
            yield return ("DiaryKinds", label);
        foreach (var (_, label) in SonLaMarket.Catalog.SaleUnit.All)
            yield return ("SaleUnit", label);
        foreach (var pack in SonLaMarket.Catalog.SaleUnit.Packs)
            yield return ("SaleUnit", pack);
        foreach (var step in SonLaMarket.Catalog.Offering.OfferSteps.Pages.Append(SonLaMarket.Catalog.Offering.OfferSteps.More))
            yield return ("OfferSteps", step.Title);
        foreach (var matter in ProblemKinds.Matters.Select(m => m.Word).Append(ProblemKinds.Unknown))
            yield return ("ProblemKinds", ProblemKinds.MatterLabel(matter));
        foreach (var part in SonLaMarket.Catalog.ListingPart.All)
        {
            yield return ("ListingPart", part.Label);
            yield return ("ListingPart", part.Fix);
        }
        foreach (var part in ProducerPart.All)
        {
            yield return ("ProducerPart", part.Label);
            yield return ("ProducerPart", part.Fix);
        }
        foreach (var part in new SonLaMarket.Home.Seller.Dossier(new(null, "", "", null, "", "", [], 0, false, 0, 0, 0, null, 0, 0, null, null, false, null, false)).Parts)
        {
            yield return ("Dossier", part.Label);
            if (part.Hint.Length > 0)
                yield return ("Dossier", part.Hint);
        }
        foreach (var pause in new[] { SonLaMarket.Catalog.Pause.Break, SonLaMarket.Catalog.Pause.Season })
            yield return ("Pause", SonLaMarket.Catalog.Pause.Label(pause));
        foreach (var status in new[] { null, "pending" })
        {
            foreach (var method in Payable.Methods)
                yield return ("Due", new SonLaMarket.Payments.Due("", 0, method, status).Words);
        }
        foreach (var heading in MenuGroup.All)
            yield return ("MenuGroup", heading);
        foreach (var account in SonLaMarket.Payments.LedgerAccount.All)
        {
            yield return ("LedgerAccount", account.Label);
            yield return ("LedgerAccount", account.Says);
        }
        foreach (var kind in SonLaMarket.Payments.PostingKind.All)
            yield return ("PostingKind", SonLaMarket.Payments.PostingKind.Label(kind));
        foreach (var (_, label) in SonLaMarket.Catalog.SeasonRest.All)
            yield return ("SeasonRest", label);
        foreach (var (_, label, _) in SonLaMarket.Catalog.WriteOff.Reasons)
            yield return ("WriteOff", label);
        foreach (var word in SonLaMarket.Catalog.StockMovement.Words)
            yield return ("StockMovement", word);
        foreach (var status in SonLaMarket.Orders.OrderState.All)
            yield return ("OrderState", SonLaMarket.Orders.OrderState.Label(status));
        foreach (var (_, label, one) in QueuePage.Kinds)
        {
            yield return ("QueuePage", label);
            yield return ("QueuePage", one);
        }
        foreach (var rule in SonLaMarket.Catalog.Search.Ranking.Rules)
            yield return ("Ranking", rule.Words);
        foreach (var kind in new[] { "speciality", "category", "commune", "producer" })
            yield return ("Suggestion", SonLaMarket.Catalog.Search.Suggestion.Label(kind));
        foreach (var label in AuditWords.Kinds.Values.Concat(AuditWords.Actions.Values))
            yield return ("AuditWords", label);
        foreach (var room in House.Types.Where(t => typeof(IRoom).IsAssignableFrom(t) && !t.IsInterface))
        {
            foreach (var item in ((IRoom)Activator.CreateInstance(room)!).Menu)
                yield return (room.Name, item.Label);
        }
    }

    private static HashSet<string> Places(string text) => [.. Placeholder().Matches(text).Select(m => m.Value)];

    private static IEnumerable<string> Files() => Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "SonLaMarket"), "*.*", SearchOption.AllDirectories)
        .Where(f => (f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".cshtml", StringComparison.Ordinal)) && !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    [GeneratedRegex("""(\b[Tt]\[|ErrorMessage = |new Said\()"(?<text>([^"\\]|\\.)*)"(?=[\],\)])""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Indexed();

    [GeneratedRegex("""audit\.WriteAsync\([^;]*?"(?<code>[a-z-]+\.[a-z-]+)"[^"]""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Audited();

    [GeneratedRegex("""new\("[A-Za-z]+", "(?<text>[^"]+)", (true|false)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PassportLabels();

    [GeneratedRegex(@"\b[mM]essages\.SendAsync\(", RegexOptions.None, 1000)]
    private static partial Regex SentPast();

    [GeneratedRegex(@"\{\d\}", RegexOptions.None, 1000)]
    private static partial Regex Placeholder();
}
