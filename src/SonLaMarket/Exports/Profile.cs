using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Exports;

/// <summary>A profile says something that we do not understand.</summary>
public sealed class ProfileException(Said why) : Exception(string.Format(CultureInfo.InvariantCulture, why.Text, [.. why.Args]))
{
    public Said Why => why;
}

/// <param name="Column">Its place among the columns, from 0; null of what the whole profile says.</param>
/// <param name="Field">The property that says it; "" where several together do.</param>
public sealed record ProfileFault(int? Column, string Field, Said Why);

/// <param name="From">Names of <see cref="ExportFields"/>, by commas; none where a transform gives the value.</param>
/// <param name="Transforms">Words of <see cref="Exports.Transforms"/>, applied in order.</param>
/// <param name="RequiredWhen">A <see cref="Condition"/> under which the column may not be empty.</param>
/// <param name="MaxLength">Vietnamese composed (NFC).</param>
/// <param name="LengthIn">What the length counts: "units" of UTF-16 (default) or "characters" (code points).</param>
/// <param name="Min">Least value of a number; for a price with its currency the number before the blank.</param>
/// <param name="Max">Greatest value, likewise.</param>
/// <param name="Many">How many values of a list are given; the others are left out.</param>
/// <param name="Kind">"text" (default), "number", or "boolean" ("true" or "false"): how a spreadsheet and JSON hold the value.</param>
/// <param name="Check">"url", "gtin", "title", "date" (of today or later) or "price" (the one on the listing's page, or its promotion's): a further check of the finished value.</param>
/// <param name="MaxDays">With the check "date": the days from today within which it lies.</param>
/// <param name="Allowed">The only values that the platform takes.</param>
/// <param name="Probe">What the platform asks of the pictures whose addresses stand here.</param>
/// <param name="OnMissing">What becomes of a listing whose word a lookup does not know: "warn" keeps it in the file and says so, "refuse" sets it aside; null says nothing unless the column is required.</param>
/// <param name="Parts">Elements of XML that the parts of each value go into, in their order; flat files have the value as it is, with colons between its parts.</param>
/// <param name="Aliases">What else the platform's own workbook calls the column: a heading in Vietnamese, an older key.</param>
public sealed record Column(
    string Name, string? From = null, string[]? Transforms = null, bool Required = false, string? RequiredWhen = null, int? MaxLength = null, string LengthIn = "units", decimal? Min = null, decimal? Max = null,
    bool Unique = false, int Many = 1, string Kind = "text", string? Check = null, string[]? Allowed = null, int? MaxDays = null, Probe? Probe = null, string[]? Aliases = null, string? OnMissing = null, string[]? Parts = null)
{
    /// <summary>Several parts as one value: colons between them, in quotation marks what holds a colon, a comma or such a mark (support.google.com/merchants/answer/9218260).</summary>
    internal static string JoinParts(IEnumerable<string> parts) => string.Join(':', parts.Select(p => p.IndexOfAny([':', ',', '"']) < 0 ? p : $"\"{p.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));

    /// <summary>The parts of such a value; the last one takes what is left over.</summary>
    internal static List<string> SplitParts(string value, int most)
    {
        var parts = new List<string>();
        for (var at = 0; at <= value.Length && parts.Count < most;)
        {
            var end = value.Length;
            if (at < value.Length && value[at] == '"')
            {
                for (end = at + 1; end < value.Length && (value[end] != '"' || (end + 1 < value.Length && value[end + 1] == '"')); end++)
                    end += value[end] == '"' ? 1 : 0;
                parts.Add(value[(at + 1)..Math.Min(end, value.Length)].Replace("\"\"", "\"", StringComparison.Ordinal));
                at = end + 2;
                continue;
            }
            if (parts.Count < most - 1 && value.IndexOf(':', at) is >= 0 and var colon)
                end = colon;
            parts.Add(value[at..end]);
            at = end + 1;
        }
        return parts;
    }

    /// <summary>Between several values in one cell.</summary>
    public const char Separator = ',';
}

/// <param name="MinWidth">In pixels, like <paramref name="MinHeight"/>.</param>
public sealed record Probe(int MinWidth = 1, int MinHeight = 1, long? MaxBytes = null);

/// <param name="MaxRows">Rows that the platform takes in one file; further listings are set aside.</param>
/// <param name="MaxBytes">Bytes of the largest file that it takes; likewise.</param>
public sealed record ProfileLimits(int? MaxRows = null, long? MaxBytes = null);

/// <summary>Where the listings stand in the platform's own workbook. What is not said is found by the headings.</summary>
/// <param name="HeaderRow">With the names of the columns; rows are counted from 1.</param>
/// <param name="FirstDataRow">The rows between are the platform's notes.</param>
public sealed record TemplatePlace(string? Sheet = null, int? HeaderRow = null, int? FirstDataRow = null);

/// <summary>A platform as data: which columns, from what, with which limits. Its JSON Schema lies beside the shipped files (db/seed/profile.schema.json).</summary>
/// <param name="Status">"draft" until a real platform took a file of it, "legacy" for one that no longer takes any. A file never says that it is proved.</param>
/// <param name="Author">Who wrote this version.</param>
/// <param name="Note">What this version changes, and why.</param>
/// <param name="Formats">Extensions of the files made: xml, tsv, csv, xlsx, json. None of a platform that takes only its own workbook, filled in.</param>
/// <param name="Formula">What becomes of text that a spreadsheet may take for a formula: in CSV and TSV an "apostrophe" before it, or "refuse" the row. XLSX, XML and JSON say what is text.</param>
/// <param name="BannedWords">Words that the platform does not want in a title.</param>
/// <param name="Filter">A <see cref="Condition"/> that listings fulfil; the others are not in the file.</param>
/// <param name="Lookups">Tables for the transform "lookup": our word, then the platform's.</param>
/// <param name="Categories">Categories of the platform that are known: what its files say, then the path from the top down. Suggestions come from them.</param>
/// <param name="Template">Of the platform's own workbook, where its rows do not simply follow the headings.</param>
/// <param name="Push">Of a platform whose own program takes listings one by one, as JSON.</param>
public sealed record Profile(
    string Code, string Name, string Source, string Author, string Note, string[] Formats, Column[] Columns, string Status = "draft", string Formula = "apostrophe", string[]? BannedWords = null, string? Filter = null,
    ProfileLimits? Limits = null, Dictionary<string, Dictionary<string, string>>? Lookups = null, Dictionary<string, string>? Categories = null, TemplatePlace? Template = null, PushPlace? Push = null)
{
    /// <summary>The code of the profile that is of no platform: there is nothing to prove it with.</summary>
    public const string Open = "open";

    /// <summary>More is no file that somebody reads, and a page of them is too long to edit.</summary>
    public const int MostColumns = 200;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Where editors find the schema.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <exception cref="ProfileException">Not a profile, or it says a word that is not in our vocabulary.</exception>
    public static Profile Read(string json)
    {
        var profile = Parse(json);
        return profile.Faults().FirstOrDefault() is { } fault ? throw new ProfileException(fault.Why) : profile;
    }

    /// <summary>What is written there, whatever it says: <see cref="Faults"/>.</summary>
    /// <exception cref="ProfileException">It is not written as a profile is.</exception>
    public static Profile Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Profile>(json, Options) ?? throw new ProfileException(new Said("Hồ sơ trống."));
        }
        catch (JsonException e)
        {
            throw new ProfileException(new Said("Hồ sơ không đúng dạng: {0}", e.Message));
        }
    }

    /// <summary>Whether a profile may go by this name in addresses: small letters, digits and hyphens, and no word that stands for another page.</summary>
    public static bool IsCode(string code) => code.Length is > 0 and <= 40 && code[0] != '-' && code[^1] != '-' && code.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && code is not ("dien-mau" or "san-lien-ket" or "lien-ket" or "ma" or "du-lieu-mo");

    /// <summary>As its row keeps it.</summary>
    public string Write() => JsonSerializer.Serialize(this, Options);

    /// <summary>Everything in it that is not in our vocabulary, or that no file can be made of.</summary>
    public IEnumerable<ProfileFault> Faults()
    {
        if (this is not { Code.Length: > 0, Name.Length: > 0, Author.Length: > 0, Note.Length: > 0, Formats: not null, Columns.Length: > 0 } || (Formats.Length == 0 && Template is null) || Array.Exists(Columns, c => c?.Name is null))
            return [new(null, "", new Said("Hồ sơ thiếu mã, tên, tác giả, ghi chú, dạng tệp hoặc cột."))];
        if (Columns.Length > MostColumns)
            return [new(null, "", new Said("Hồ sơ có nhiều hơn {0} cột.", Number(MostColumns)))];
        return new[]
        {
            Unknown(nameof(Status), [Status], Statuses, u => new("Không có trạng thái “{0}”.", u)),
            Unknown(nameof(Formats), Formats, FormatWords, u => new("Không có dạng tệp “{0}”.", u)),
            Unknown(nameof(Formula), [Formula], FormulaWords, u => new("Không có cách xử lý công thức “{0}”.", u)),
            Limits is { MaxRows: < 1 } ? new(null, nameof(ProfileLimits.MaxRows), new Said("Số này ít nhất là {0}.", "1")) : null,
            Limits is { MaxBytes: < 1 } ? new(null, nameof(ProfileLimits.MaxBytes), new Said("Số này ít nhất là {0}.", "1")) : null,
            Template is { HeaderRow: < 1 } ? new(null, nameof(TemplatePlace.HeaderRow), new Said("Số này ít nhất là {0}.", "1")) : null,
            Template is { FirstDataRow: < 1 } || Template?.FirstDataRow <= Template?.HeaderRow ? new(null, nameof(TemplatePlace.FirstDataRow), new Said("Dòng dữ liệu đầu tiên phải ở dưới dòng tiêu đề.")) : null,
            Filter is null ? null : Refusal(null, nameof(Filter), () => Condition.Parse(Filter)),
            Push?.Fault(Columns, Formats) is { } push ? new(null, nameof(Push), push) : null,
        }.OfType<ProfileFault>().Concat(Columns.SelectMany(FaultsOf));
    }

    private IEnumerable<ProfileFault> FaultsOf(Column column, int at)
    {
        ProfileFault? When(bool wrong, string field, Said why) => wrong ? new(at, field, why) : null;
        ProfileFault? Least(decimal? number, int least, string field) => When(number < least, field, new Said("Số này ít nhất là {0}.", Number(least)));
        var xml = Formats.Contains("xml") && !IsElement(column.Name);
        return new[]
        {
            When(column.Name.Trim().Length == 0, nameof(column.Name), new("Cột chưa có tên.")),
            When(Array.FindIndex(Columns, c => c.Name == column.Name) < at, nameof(column.Name), new("Hồ sơ có hai cột “{0}”.", column.Name)),
            When(xml && column.Name.Length > 0, nameof(column.Name), new("Tệp XML không viết được cột “{0}”.", column.Name)),
            When(Formats.Contains("json") && Writers.Payload.FirstUnwritable(Columns) == column, nameof(column.Name), new("Tệp JSON không viết được cột “{0}”.", column.Name)),
            Unknown(nameof(column.Kind), [column.Kind], Kinds, u => new("Không có kiểu “{0}”.", u), at),
            Unknown(nameof(column.LengthIn), [column.LengthIn], Lengths, u => new("Không có cách đếm độ dài “{0}”.", u), at),
            column.Check is null ? null : Unknown(nameof(column.Check), [column.Check], Checks, u => new("Không có phép kiểm tra “{0}”.", u), at),
            column.OnMissing is null ? null : Unknown(nameof(column.OnMissing), [column.OnMissing], OnMissingWords, u => new("Không có cách xử lý “{0}” khi thiếu.", u), at),
            Least(column.Many, 1, nameof(column.Many)),
            Least(column.MaxLength, 1, nameof(column.MaxLength)),
            Least(column.MaxDays, 0, nameof(column.MaxDays)),
            When(column.Max < column.Min, nameof(column.Max), new("Số lớn nhất nhỏ hơn số nhỏ nhất.")),
            When(column.Probe is { MinWidth: < 1 } or { MinHeight: < 1 } or { MaxBytes: < 1 }, nameof(column.Probe), new("Số này ít nhất là {0}.", "1")),
            When(column.Parts is { Length: 0 } || Array.Exists(column.Parts ?? [], p => !IsElement(p ?? "")), nameof(column.Parts), new("Tệp XML không viết được cột “{0}”.", string.Join(", ", column.Parts ?? []))),
            When(column.Allowed is { Length: 0 }, nameof(column.Allowed), new("Danh sách giá trị đang trống.")),
            SourceFault(column, at),
            Refusal(at, nameof(column.Transforms), () => Recipe.TransformsOf(column, this)),
            column.RequiredWhen is null ? null : Refusal(at, nameof(column.RequiredWhen), () => Condition.Parse(column.RequiredWhen)),
        }.OfType<ProfileFault>();
    }

    /// <summary>Columns are made of the listing alone, never of each other: none can wait for itself.</summary>
    private ProfileFault? SourceFault(Column column, int at) =>
        Recipe.NamesOf(column).FirstOrDefault(n => !ExportFields.All.ContainsKey(n) && Array.Exists(Columns, c => c.Name == n)) is { } other
            ? new(at, nameof(column.From), new Said("“{0}” là một cột. Cột chỉ lấy từ trường của tin đăng, không lấy từ cột khác, nên không có vòng lặp.", other))
            : Refusal(at, nameof(column.From), () => Recipe.SourcesOf(column));

    private static ProfileFault? Refusal(int? column, string field, Func<object> read)
    {
        try
        {
            read();
            return null;
        }
        catch (ProfileException refused)
        {
            return new(column, field, refused.Why);
        }
    }

    private static ProfileFault? Unknown(string field, string[] words, string[] known, Func<string, Said> say, int? column = null) =>
        words.Select(w => w ?? "").FirstOrDefault(w => !known.Contains(w, StringComparer.Ordinal)) is { } unknown ? new(column, field, say(unknown)) : null;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The name of an element, with a namespace before a colon or without.</summary>
    private static bool IsElement(string name) => name.Split(':') is { Length: <= 2 } parts && Array.TrueForAll(parts, p => p.Length > 0 && XmlConvert.IsStartNCNameChar(p[0]) && p.All(XmlConvert.IsNCNameChar));

    public static readonly string[] Statuses = ["draft", "legacy"];
    public static readonly string[] FormatWords = ["xml", "tsv", "csv", "xlsx", "json"];
    public static readonly string[] FormulaWords = ["apostrophe", "refuse"];
    public static readonly string[] Kinds = ["text", "number", "boolean"];
    public static readonly string[] Lengths = ["units", "characters"];
    public static readonly string[] OnMissingWords = ["warn", "refuse"];
    public static readonly string[] Checks = ["url", "gtin", "title", "date", "price"];
}
