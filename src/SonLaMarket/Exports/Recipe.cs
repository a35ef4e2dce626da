using System.Buffers;
using System.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports;

/// <summary>How the cells of one column are made; read once for a whole file.</summary>
public sealed class Recipe
{
    private readonly ExportField[] sources;
    private readonly Transform[] transforms;
    private readonly Condition? requiredWhen;
    private readonly bool hasLookup;

    /// <exception cref="ProfileException">The column says a word that is not in our vocabulary.</exception>
    public Recipe(Column column, Profile profile)
    {
        Column = column;
        sources = [.. (column.From ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ExportFields.Get)];
        transforms = [.. (column.Transforms ?? []).Select(t => Transforms.Parse(t, profile.Lookups ?? []))];
        requiredWhen = column.RequiredWhen is null ? null : Condition.Parse(column.RequiredWhen);
        hasLookup = column.Transforms?.Any(t => t.StartsWith("lookup", StringComparison.Ordinal) || t.StartsWith("map", StringComparison.Ordinal)) == true;
    }

    public Column Column { get; }

    /// <summary>As many values as the column takes; none where the listing has none.</summary>
    public IReadOnlyList<string> Make(ExportListing listing, SiteOptions site)
    {
        var values = Source(listing, site);
        foreach (var transform in transforms)
            values = transform(values, listing, site);
        return values.Count > Column.Many || values.Contains("") ? [.. values.Where(v => v.Length > 0).Take(Column.Many)] : values;
    }

    public bool Requires(ExportListing listing, SiteOptions site) => Column.Required || requiredWhen?.Holds(listing, site) == true;

    /// <summary>True when the listing has a value that a table of the column may not know.</summary>
    public bool LooksUp(ExportListing listing, SiteOptions site) => hasLookup && Source(listing, site).Count > 0;

    private IReadOnlyList<string> Source(ExportListing listing, SiteOptions site) => sources switch
    {
        [] => [],
        [var one] => Clean(one.Values(listing, site)),
        _ => Clean([.. sources.SelectMany(s => s.Values(listing, site))]),
    };

    /// <summary>Control characters that neither XML nor a sheet can hold, and halves of characters, become blanks, as tabs and line ends do. What is blank is no value.</summary>
    private static IReadOnlyList<string> Clean(IReadOnlyList<string> values) => values.Count == 0 ? values
        : [.. values.Select(v => Printable(v).Normalize(NormalizationForm.FormC).Trim()).Where(v => v.Length > 0)];

    private static string Printable(string value)
    {
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
}
