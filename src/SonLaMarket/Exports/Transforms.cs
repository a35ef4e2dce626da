using System.Globalization;

namespace SonLaMarket.Exports;

/// <summary>The closed vocabulary of transforms: "name" or "name(argument)". No scripting.</summary>
public static class Transforms
{
    /// <exception cref="ProfileException">Unknown transform, or an argument that it cannot read.</exception>
    public static string? Apply(string transform, string? value)
    {
        var open = transform.IndexOf('(', StringComparison.Ordinal);
        if (open >= 0 && transform[^1] != ')')
            throw new ProfileException($"Phép biến đổi “{transform}” thiếu dấu ngoặc.");
        var name = open < 0 ? transform : transform[..open];
        var arg = open < 0 ? "" : transform[(open + 1)..^1];
        return name switch
        {
            "collapse" => value is null ? null : string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
            "cut" => Cut(value, int.TryParse(arg, CultureInfo.InvariantCulture, out var max) && max > 0 ? max : throw new ProfileException("“cut” cần một số dương.")),
            "money" => string.IsNullOrEmpty(value) ? null : $"{value} {arg}",
            "suffix" => string.IsNullOrEmpty(value) ? null : value + arg,
            "const" => arg,
            "present" => arg.Split('|') is [var yes, var no] ? string.IsNullOrEmpty(value) ? no : yes : throw new ProfileException("“present” cần hai từ."),
            "map" => Map(arg, value),
            _ => throw new ProfileException($"Không có phép biến đổi “{name}”."),
        };
    }

    private static string? Map(string arg, string? value)
    {
        string? found = null;
        foreach (var pair in arg.Split('|'))
        {
            if (pair.Split('=') is not [var from, var to])
                throw new ProfileException($"“map” không hiểu “{pair}”.");
            if (from == value)
                found = to;
        }
        return found;
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
