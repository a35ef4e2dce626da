using System.Text.Json;
using System.Text.Json.Serialization;

namespace SonLaMarket.Exports;

/// <summary>A profile says something that we do not understand.</summary>
public sealed class ProfileException(string message) : Exception(message);

/// <param name="From">Names of <see cref="ExportFields"/>, by commas; none where a transform gives the value.</param>
/// <param name="Transforms">Words of <see cref="Exports.Transforms"/>, applied in order.</param>
/// <param name="RequiredWhen">A <see cref="Condition"/> under which the column may not be empty.</param>
/// <param name="MaxLength">Vietnamese composed (NFC).</param>
/// <param name="LengthIn">What the length counts: "units" of UTF-16 (default) or "characters" (code points).</param>
/// <param name="Min">Least value of a number; for a price with its currency the number before the blank.</param>
/// <param name="Max">Greatest value, likewise.</param>
/// <param name="Many">How many values of a list are given; the others are left out.</param>
/// <param name="Kind">"text" (default), "number", or "boolean" ("true" or "false"): how a spreadsheet and JSON hold the value.</param>
/// <param name="Check">"url", "gtin", "title", "date" (of today or later) or "price" (the one on the listing's page): a further check of the finished value.</param>
/// <param name="MaxDays">With the check "date": the days from today within which it lies.</param>
/// <param name="Allowed">The only values that the platform takes.</param>
/// <param name="Probe">What the platform asks of the pictures whose addresses stand here.</param>
public sealed record Column(
    string Name, string? From = null, string[]? Transforms = null, bool Required = false, string? RequiredWhen = null, int? MaxLength = null, string LengthIn = "units", decimal? Min = null, decimal? Max = null,
    bool Unique = false, int Many = 1, string Kind = "text", string? Check = null, string[]? Allowed = null, int? MaxDays = null, Probe? Probe = null)
{
    /// <summary>Between several values in one cell.</summary>
    public const char Separator = ',';
}

/// <param name="MinWidth">In pixels, like <paramref name="MinHeight"/>.</param>
public sealed record Probe(int MinWidth = 1, int MinHeight = 1, long? MaxBytes = null);

/// <param name="MaxRows">Rows that the platform takes in one file; further listings are set aside.</param>
/// <param name="MaxBytes">Bytes of the largest file that it takes; likewise.</param>
public sealed record ProfileLimits(int? MaxRows = null, long? MaxBytes = null);

/// <summary>A platform as data: which columns, from what, with which limits. Its JSON Schema lies beside the shipped files (db/seed/profile.schema.json).</summary>
/// <param name="Status">"draft" until a real platform took a file of it, "legacy" for one that no longer takes any. A file never says that it is proved.</param>
/// <param name="Author">Who wrote this version.</param>
/// <param name="Note">What this version changes, and why.</param>
/// <param name="Formats">Extensions of the files made: xml, tsv, csv, xlsx, json.</param>
/// <param name="Formula">What becomes of text that a spreadsheet may take for a formula: in CSV and TSV an "apostrophe" before it, or "refuse" the row. XLSX, XML and JSON say what is text.</param>
/// <param name="BannedWords">Words that the platform does not want in a title.</param>
/// <param name="Filter">A <see cref="Condition"/> that listings fulfil; the others are not in the file.</param>
/// <param name="Lookups">Tables for the transform "lookup": our word, then the platform's.</param>
/// <param name="Categories">Categories of the platform that are known: what its files say, then the path from the top down. Suggestions come from them.</param>
public sealed record Profile(
    string Code, string Name, string Source, string Author, string Note, string[] Formats, Column[] Columns, string Status = "draft", string Formula = "apostrophe", string[]? BannedWords = null, string? Filter = null,
    ProfileLimits? Limits = null, Dictionary<string, Dictionary<string, string>>? Lookups = null, Dictionary<string, string>? Categories = null)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, NumberHandling = JsonNumberHandling.Strict };

    /// <summary>Where editors find the schema.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <exception cref="ProfileException">Not a profile, or it says a word that is not in our vocabulary.</exception>
    public static Profile Read(string json)
    {
        Profile profile;
        try
        {
            profile = JsonSerializer.Deserialize<Profile>(json, Options) ?? throw new ProfileException("Hồ sơ trống.");
        }
        catch (JsonException e)
        {
            throw new ProfileException("Hồ sơ không đúng dạng: " + e.Message);
        }
        if (profile is not { Code.Length: > 0, Name.Length: > 0, Author.Length: > 0, Note.Length: > 0, Formats.Length: > 0, Columns.Length: > 0 } || Array.Exists(profile.Columns, c => string.IsNullOrWhiteSpace(c?.Name) || c.Many < 1))
            throw new ProfileException("Hồ sơ thiếu mã, tên, tác giả, ghi chú, dạng tệp hoặc cột.");
        if (profile.Columns.GroupBy(c => c.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ProfileException($"Hồ sơ có hai cột “{twice.Key}”.");
        Known("trạng thái", [profile.Status], Statuses);
        Known("dạng tệp", profile.Formats, FormatWords);
        Known("cách xử lý công thức", [profile.Formula], FormulaWords);
        Known("kiểu", profile.Columns.Select(c => c.Kind), Kinds);
        Known("cách đếm độ dài", profile.Columns.Select(c => c.LengthIn), Lengths);
        Known("phép kiểm tra", profile.Columns.Select(c => c.Check).OfType<string>(), Checks);
        foreach (var column in profile.Columns)
            _ = new Recipe(column, profile);
        if (profile.Formats.Contains("json"))
            Writers.Payload.Check(profile.Columns);
        if (profile.Filter is not null)
            Condition.Parse(profile.Filter);
        return profile;
    }

    public static readonly string[] Statuses = ["draft", "legacy"];
    public static readonly string[] FormatWords = ["xml", "tsv", "csv", "xlsx", "json"];
    public static readonly string[] FormulaWords = ["apostrophe", "refuse"];
    public static readonly string[] Kinds = ["text", "number", "boolean"];
    public static readonly string[] Lengths = ["units", "characters"];
    public static readonly string[] Checks = ["url", "gtin", "title", "date", "price"];

    private static void Known(string what, IEnumerable<string> words, string[] known)
    {
        if (words.FirstOrDefault(w => !known.Contains(w, StringComparer.Ordinal)) is { } unknown)
            throw new ProfileException($"Không có {what} “{unknown}”.");
    }
}
