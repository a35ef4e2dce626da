using System.Buffers;
using System.Globalization;
using System.Text;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports;

/// <summary>How the cells of one column are made; read once for a whole file.</summary>
public sealed class Recipe
{
    /// <summary>So much a cell holds at most, however its profile makes it.</summary>
    public const int MostCharacters = 2_000_000;

    private const int MostTransforms = 20;
    private const int MostValues = 100;

    private readonly ExportField[] sources;
    private readonly Transform[] transforms;
    private readonly Condition? requiredWhen;
    private readonly bool hasLookup;

    /// <exception cref="ProfileException">The column says a word that is not in our vocabulary.</exception>
    public Recipe(Column column, Profile profile)
    {
        Column = column;
        sources = SourcesOf(column);
        transforms = TransformsOf(column, profile);
        requiredWhen = column.RequiredWhen is null ? null : Condition.Parse(column.RequiredWhen);
        hasLookup = column.Transforms?.Any(t => t.StartsWith("lookup", StringComparison.Ordinal) || t.StartsWith("map", StringComparison.Ordinal)) == true;
    }

    public Column Column { get; }

    internal static string[] NamesOf(Column column) => (column.From ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <exception cref="ProfileException">It names what is no field.</exception>
    internal static ExportField[] SourcesOf(Column column) => [.. NamesOf(column).Select(ExportFields.Get)];

    /// <exception cref="ProfileException">A transform is not in the vocabulary, or there are too many.</exception>
    internal static Transform[] TransformsOf(Column column, Profile profile) => column.Transforms is { Length: > MostTransforms }
        ? throw new ProfileException(new Said("Một cột có nhiều nhất {0} phép biến đổi.", MostTransforms.ToString(CultureInfo.InvariantCulture)))
        : [.. (column.Transforms ?? []).Select(t => Transforms.Parse(t ?? "", profile.Lookups ?? []))];

    /// <summary>As many values as the column takes; none where the listing has none.</summary>
    public IReadOnlyList<string> Make(ExportListing listing, SiteOptions site)
    {
        var values = Source(listing, site);
        foreach (var transform in transforms)
        {
            values = transform(values, listing, site);
            // Texts that are split and put together again and again would grow without end: the cell is refused as it is then.
            if (IsTooMuch(values))
                return values;
        }
        return values.Count > Column.Many || values.Contains("") ? [.. values.Where(v => v.Length > 0).Take(Column.Many)] : values;
    }

    /// <summary>True of what no cell may hold.</summary>
    internal static bool IsTooMuch(IReadOnlyList<string> values)
    {
        var characters = 0L;
        for (var i = 0; i < values.Count; i++)
            characters += values[i].Length;
        return values.Count > MostValues || characters > MostCharacters;
    }

    public bool Requires(ExportListing listing, SiteOptions site) => Column.Required || requiredWhen?.Holds(listing, site) == true;

    /// <summary>The listing's value that a table of the column may not know; null where it has none, or no table is asked.</summary>
    public string? LookedUp(ExportListing listing, SiteOptions site) => hasLookup && Source(listing, site) is { Count: > 0 } values ? string.Join(Column.Separator, values) : null;

    private IReadOnlyList<string> Source(ExportListing listing, SiteOptions site) => sources switch
    {
        [] => [],
        [var one] => Clean(one.Values(listing, site)),
        _ => Clean([.. sources.SelectMany(s => s.Values(listing, site))]),
    };

    /// <summary>Control characters that neither XML nor a sheet can hold, and halves of characters, become blanks, as tabs and line ends do. What is blank is no value.</summary>
    private static IReadOnlyList<string> Clean(IReadOnlyList<string> values) => values.Count switch
    {
        0 => values,
        1 => Cleaned(values[0]) is { Length: > 0 } one ? [one] : [],
        _ => [.. values.Select(Cleaned).Where(v => v.Length > 0)],
    };

    private static string Cleaned(string value) => Printable(value).Normalize(NormalizationForm.FormC).Trim();

    private static string Printable(string value)
    {
        if (IsPlain(value))
            return value;
        var printable = new StringBuilder(value.Length);
        for (var rest = value.AsSpan(); !rest.IsEmpty;)
        {
            var whole = Rune.DecodeFromUtf16(rest, out var rune, out var used) == OperationStatus.Done;
            if (whole && !Rune.IsControl(rune) && rune.Value is not (0xFFFE or 0xFFFF))
                printable.Append(rest[..used]);
            else
                printable.Append(' ');
            rest = rest[used..];
        }
        return printable.ToString();
    }

    /// <summary>Nearly all texts: without anything that <see cref="Printable"/> has to look at twice.</summary>
    private static bool IsPlain(string value)
    {
        foreach (var c in value)
        {
            if (char.IsControl(c) || char.IsSurrogate(c) || c >= '\uFFFE')
                return false;
        }
        return true;
    }
}
