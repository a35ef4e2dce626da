using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Imports;

/// <summary>A column of a file: its heading, what else people call it, and what goes in.</summary>
/// <param name="Aliases">Folded, without what stands in brackets.</param>
public sealed record ImportColumn(string Field, string Header, bool Required, string Example, string Note, params string[] Aliases)
{
    /// <summary>Text of several lines is kept as it is.</summary>
    public bool Lines { get; init; }
}

/// <param name="ProducerId">0 for an operator, whose files are of no producer.</param>
/// <param name="MemberId">Whose rights count.</param>
/// <param name="Actor">Whom the audit log names.</param>
public sealed record Importer(long ProducerId, long MemberId, Actor Actor)
{
    public const string Operators = "/quan-tri/nhap-co-so";

    /// <summary>Where the files are looked at.</summary>
    public string Home => ProducerId == 0 ? Operators : "/quan-ly/nhap-du-lieu";

    public string PathOf(Guid import) => $"{Home}/{import}";
}

/// <summary>Something that comes in by file, row by row: how its columns are called, and the room's own verbs and rules behind them.</summary>
public interface IImportKind
{
    string Word { get; }

    string Label { get; }

    /// <summary>Operators bring it in, not sellers.</summary>
    bool Office => false;

    IReadOnlyList<ImportColumn> Columns { get; }

    /// <summary>The first is what the row is called.</summary>
    IReadOnlyList<string> PreviewHeadings { get; }

    /// <summary>What people know the row by, also one with faults: as it stands in the file.</summary>
    string NameOf(IReadOnlyDictionary<string, string> cells) => cells.Of(Columns[0].Field);

    /// <summary>Where the person looks at what was made; each one stands below it by its key, but for what is <see cref="Office"/>.</summary>
    string ListPath { get; }

    /// <summary>What becomes of a row that is saved, told before and after; null where that is all.</summary>
    string? Afterwards => null;

    /// <summary>What people call what became of rows, by its keys; what is left out is called as its row is.</summary>
    Task<IReadOnlyDictionary<string, string>> NamesAsync(Sql sql, string[] made, CancellationToken ct) => Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>With everything that rows are compared with, as it stands now.</summary>
    /// <param name="import">The file, for what came beside it; null for a template.</param>
    Task<IImportSheet> OpenAsync(Sql sql, Importer importer, Guid? import, CancellationToken ct);
}

public interface IImportSheet
{
    /// <summary>What may be chosen in a column, as a file says it; empty where anything may be written.</summary>
    IReadOnlyList<string> Choices(string field);

    /// <summary>What a template holds already; null where it begins empty.</summary>
    IEnumerable<string[]>? Filled => null;

    /// <summary>The same rules as the form's.</summary>
    RowReading Read(IReadOnlyDictionary<string, string> cells);

    /// <summary>Makes what the row says, by the same verb as the form: its public key, and that of what came with it. Null when the database refused it.</summary>
    Task<(string Made, string? Beside)?> SaveAsync(Tx tx, IReadOnlyDictionary<string, string> cells);

    /// <summary>Takes back what a row became; why not, where something was built on it. Null when it is done. Nothing is half done.</summary>
    Task<Said?> TakeBackAsync(Tx tx, string made, string? beside, DateTimeOffset madeAt);
}

public static class ImportKinds
{
    public const int MaxRows = 10_000;

    public static string Of(this IReadOnlyDictionary<string, string> cells, string field) => cells.TryGetValue(field, out var text) ? text : "";

    /// <summary>What is chosen from a list, by its names as people write them: put together once for all rows of a file.</summary>
    internal static Dictionary<string, string> ByName(IEnumerable<(string Key, string Name, string Other)> among)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, name, other) in among)
        {
            named.TryAdd(Vietnamese.Fold(name), key);
            named.TryAdd(Vietnamese.Fold(other), key);
        }
        return named;
    }

    /// <summary>Listings by their addresses.</summary>
    internal static async Task<IReadOnlyDictionary<string, string>> TitlesAsync(Sql sql, string[] slugs, CancellationToken ct) =>
        (await sql.QueryAsync<(string Slug, string Title)>("select slug, title from catalog.listing where slug = any(@slugs)", new { slugs }, ct)).ToDictionary(l => l.Slug, l => l.Title, StringComparer.Ordinal);

    internal const string PlaceHint = "Vùng trồng đã khai báo. Để trống: nơi cơ sở khai báo, không thuộc vùng trồng nào.";

    /// <summary>Growing areas by their names, and what is none of them; nothing where the producer named none.</summary>
    internal static IReadOnlyList<string> Places(IEnumerable<string> areas) => areas.ToList() is { Count: > 0 } some ? [.. some, GrowingAreas.OwnPlaceName] : [];

    internal static bool IsOwnPlace(string typed) => Vietnamese.Fold(typed) == Vietnamese.Fold(GrowingAreas.OwnPlaceName);

    /// <summary>A row as it was understood, also beside the others of its file.</summary>
    public static RowReading Read(this IImportSheet sheet, ImportLine line, Texts t)
    {
        var reading = sheet.Read(line.Cells);
        if (line.Twin is { } twin)
            reading.Faults.Add(new("", t["Trùng với dòng {0} của tệp này.", Vietnamese.Number(twin)]));
        return reading;
    }
}
