using System.Text.Json;
using System.Text.Json.Serialization;

namespace SonLaMarket.Exports;

/// <summary>A profile says something that we do not understand.</summary>
public sealed class ProfileException(string message) : Exception(message);

/// <param name="Kind">"text" (default) or "number": how a spreadsheet holds the cell.</param>
/// <param name="Check">"url", "gtin" or "title": a further check of the finished value.</param>
public sealed record Column(string Name, string? From, string[]? Transforms, bool Required = false, int? MaxLength = null, bool Unique = false, string Kind = "text", string? Check = null);

/// <summary>A platform as data: which columns, from what, with which limits.</summary>
public sealed record Profile(string Code, string Name, string Source, string[] Formats, Column[] Columns)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <exception cref="ProfileException">Not a profile, or a transform that does not exist.</exception>
    public static Profile Read(string json)
    {
        try
        {
            var profile = JsonSerializer.Deserialize<Profile>(json, Options) ?? throw new ProfileException("Hồ sơ trống.");
            foreach (var transform in profile.Columns.SelectMany(c => c.Transforms ?? []))
                Transforms.Apply(transform, "");
            return profile;
        }
        catch (JsonException e)
        {
            throw new ProfileException("Hồ sơ không đúng dạng: " + e.Message);
        }
    }
}

/// <summary>The closed vocabulary of transforms: "name" or "name(argument)". No scripting.</summary>
public static class Transforms
{
    /// <exception cref="ProfileException">Unknown transform.</exception>
    public static string? Apply(string transform, string? value)
    {
        var open = transform.IndexOf('(', StringComparison.Ordinal);
        var name = open < 0 ? transform : transform[..open];
        var arg = open < 0 ? "" : transform[(open + 1)..^1];
        return name switch
        {
            "collapse" => value is null ? null : string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
            "cut" => Cut(value, int.Parse(arg, System.Globalization.CultureInfo.InvariantCulture)),
            "money" => value is null ? null : $"{value} {arg}",
            "suffix" => value is null ? null : value + arg,
            "const" => arg,
            "default" => string.IsNullOrEmpty(value) ? arg : value,
            "present" => arg.Split('|')[string.IsNullOrEmpty(value) ? 1 : 0],
            "map" => arg.Split('|').Select(p => p.Split('=')).FirstOrDefault(p => p[0] == value)?[1],
            _ => throw new ProfileException($"Không có phép biến đổi “{name}”."),
        };
    }

    /// <summary>At most so many UTF-16 units, at the end of a word where one is near, never inside a surrogate pair.</summary>
    private static string? Cut(string? value, int max)
    {
        if (value is null || value.Length <= max)
            return value;
        var cut = value[..(char.IsHighSurrogate(value[max - 1]) ? max - 1 : max)];
        var word = cut.LastIndexOf(' ');
        return word > max * 2 / 3 ? cut[..word] : cut;
    }
}
