using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Localization;

namespace SonLaMarket.Foundation.Text;

/// <summary>
/// Words on screens. Vietnamese is the source and stands in the view: <c>@T["Thêm vào giỏ"]</c>; English stands beside it
/// in the room's Texts.en.json. A missing English text fails the tests, also that of a page asked for there; at run time the Vietnamese is shown.
/// Where English counts, the text has two forms, "{0} order|{0} orders" or "box|boxes": the first is for a first value of 1, and where nothing is counted.
/// </summary>
public sealed class Texts(IHttpContextAccessor request, IHostEnvironment host)
{
    public const string Vi = "vi";
    public const string En = "en";

    /// <summary>All English texts by their Vietnamese source.</summary>
    public static IReadOnlyDictionary<string, string> English { get; } = ReadEnglish();

    /// <summary>"vi" or "en", as the address says.</summary>
    public string Lang => request.HttpContext is { } context && context.Items.ContainsKey(Language.Key) ? En : Vi;

    public bool IsEnglish => Lang == En;

    public string this[string vietnamese] => IsEnglish ? Counted(InEnglish(vietnamese), 1) : vietnamese;

    public string this[string vietnamese, params object?[] args] => string.Format(Vietnamese.Culture, IsEnglish ? Counted(InEnglish(vietnamese), args.FirstOrDefault()) : vietnamese, args);

    public string this[Said said] => said.Args.Length == 0 ? this[said.Text] : this[said.Text, said.Args];

    /// <summary>The address of a page in the language being read: "/gio-hang" is "/en/gio-hang" for an English reader.</summary>
    public string To(string path) => IsEnglish ? Language.Prefix + path : path;

    /// <summary>One of two texts that data brings along, such as a name and its English name. An empty English falls back.</summary>
    public string Of(string vietnamese, string? english) => IsEnglish && !string.IsNullOrEmpty(english) ? english : vietnamese;

    public static string In(string lang, string vietnamese) =>
        lang == En && English.TryGetValue(vietnamese, out var english) ? english : vietnamese;

    private static string Counted(string text, object? first) =>
        text.IndexOf('|', StringComparison.Ordinal) is var bar and >= 0 ? Convert.ToString(first, CultureInfo.InvariantCulture) == "1" ? text[..bar] : text[(bar + 1)..] : text;

    private string InEnglish(string vietnamese) => host.IsEnvironment("Test") && vietnamese.Length > 0 && !English.ContainsKey(vietnamese)
        ? throw new InvalidOperationException($"“{vietnamese}” has no English text.")
        : In(En, vietnamese);

    private static Dictionary<string, string> ReadEnglish()
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.EndsWith("Texts.en.json", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            // Strict: a text that a file says twice is an error.
            foreach (var (vietnamese, english) in JsonSerializer.Deserialize<Dictionary<string, string>>(stream, JsonSerializerOptions.Strict)!)
                all[vietnamese] = english;
        }
        return all;
    }
}

/// <summary>English pages stand under /en with the same rest: the prefix is taken off before routing and remembered.</summary>
public static class Language
{
    public const string Prefix = "/en";
    internal static readonly object Key = new();

    public static IApplicationBuilder UseLanguagePrefix(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Path.StartsWithSegments(Prefix, StringComparison.Ordinal, out var rest))
        {
            context.Request.Path = rest.HasValue ? rest : "/";
            context.Items[Key] = true;
        }
        CultureInfo.CurrentCulture = Vietnamese.Culture;
        CultureInfo.CurrentUICulture = Vietnamese.Culture;
        return next(context);
    });
}

/// <summary>Lets the messages of validation attributes go through <see cref="Texts"/>.</summary>
public sealed class TextsLocalizer(Texts texts) : IStringLocalizer
{
    public LocalizedString this[string name] => new(name, texts[name]);

    public LocalizedString this[string name, params object[] arguments] => new(name, texts[name, arguments]);

    public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) =>
        Texts.English.Select(t => new LocalizedString(t.Key, t.Value));
}

public sealed class TextsLocalizerFactory(Texts texts) : IStringLocalizerFactory
{
    private readonly TextsLocalizer localizer = new(texts);

    public IStringLocalizer Create(Type resourceSource) => localizer;

    public IStringLocalizer Create(string baseName, string location) => localizer;
}
