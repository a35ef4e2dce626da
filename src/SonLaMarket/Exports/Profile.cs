using System.Text.Json;
using System.Text.Json.Serialization;

namespace SonLaMarket.Exports;

/// <summary>A profile says something that we do not understand.</summary>
public sealed class ProfileException(string message) : Exception(message);

/// <param name="From">A name of <see cref="ExportFields"/>; none where a transform gives the value.</param>
/// <param name="MaxLength">In UTF-16 units, Vietnamese composed (NFC).</param>
/// <param name="Min">Least value of a number; for a price with its currency the number before the blank.</param>
/// <param name="Many">How many values of a list are given; the others are left out.</param>
/// <param name="Kind">"text" (default) or "number": how a spreadsheet holds the cell.</param>
/// <param name="Check">"url", "gtin" or "title": a further check of the finished value.</param>
public sealed record Column(
    string Name, string? From, string[]? Transforms, bool Required = false, int? MaxLength = null, long? Min = null, bool Unique = false, int Many = 1, string Kind = "text", string? Check = null);

/// <summary>A platform as data: which columns, from what, with which limits.</summary>
/// <param name="Formats">Extensions of the files made: xml, tsv, csv, xlsx.</param>
/// <param name="Formula">What becomes of text that a spreadsheet may take for a formula: in CSV and TSV an "apostrophe" before it, or "refuse" the row. XLSX and XML say what is text.</param>
/// <param name="BannedWords">Words that the platform does not want in a title.</param>
public sealed record Profile(string Code, string Name, string Source, string[] Formats, Column[] Columns, string Formula = "apostrophe", string[]? BannedWords = null)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

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
        if (profile is not { Code.Length: > 0, Formats.Length: > 0, Columns.Length: > 0 })
            throw new ProfileException("Hồ sơ thiếu mã, dạng tệp hoặc cột.");
        Known("dạng tệp", profile.Formats, ["xml", "tsv", "csv", "xlsx"]);
        Known("cách xử lý công thức", [profile.Formula], ["apostrophe", "refuse"]);
        Known("trường", profile.Columns.Select(c => c.From).OfType<string>(), [.. ExportFields.All.Keys]);
        Known("kiểu", profile.Columns.Select(c => c.Kind), ["text", "number"]);
        Known("phép kiểm tra", profile.Columns.Select(c => c.Check).OfType<string>(), ["url", "gtin", "title"]);
        foreach (var transform in profile.Columns.SelectMany(c => c.Transforms ?? []))
            Transforms.Apply(transform, "");
        return profile;
    }

    private static void Known(string what, IEnumerable<string> words, string[] known)
    {
        if (words.FirstOrDefault(w => !known.Contains(w, StringComparer.Ordinal)) is { } unknown)
            throw new ProfileException($"Không có {what} “{unknown}”.");
    }
}
