using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports;

/// <param name="Label">In Vietnamese, like all words of a set; English stands beside it as on screens.</param>
/// <param name="Kind">"text", "integer", "boolean", "date" (yyyy-MM-dd) or "url".</param>
/// <param name="Required">Every row has a value.</param>
/// <param name="Allowed">The only values that there are.</param>
public sealed record OpenColumn(string Name, string Label, string Kind = "text", bool Required = false, string[]? Allowed = null);

/// <summary>A row of a set as its query gives it: the text of each column, null where there is none.</summary>
public sealed record OpenRow(string?[] Cells);

/// <summary>What a set is read from, and for which day in Vietnam.</summary>
public sealed record OpenReading(Db Db, SiteOptions Site, DateOnly Today);

/// <summary>A data set that anybody may take (docs/contract.md, section 5). It holds no personal data: of sellers only organisations, of prices no group that somebody could be picked out of.</summary>
/// <param name="Code">In addresses.</param>
/// <param name="Named">The first column is the id of something on the marketplace: what goes out of the set is told by it.</param>
/// <param name="Covers">The days that a build of the day tells about.</param>
/// <param name="Rows">All rows, in an order that does not change.</param>
public sealed record OpenSet(
    string Code, string Title, string Description, string[] Keywords, OpenColumn[] Columns, bool Named, Func<DateOnly, (DateOnly From, DateOnly Until)> Covers, Func<OpenReading, CancellationToken, IAsyncEnumerable<OpenRow>> Rows)
{
    /// <summary>For every use, with the source named; the Department has not said another (docs/open-questions.md).</summary>
    public const string Licence = "https://creativecommons.org/licenses/by/4.0/";

    public static readonly string[] Formats = ["csv", "json"];

    public static IReadOnlyList<OpenSet> All => OpenSets.All;

    /// <summary>The set of that code; null when there is none.</summary>
    public static OpenSet? Find(string code) => All.FirstOrDefault(s => s.Code == code);

    /// <summary>For the writers of files.</summary>
    internal Profile Shape { get; } = new(Code, Title, "", "", "", Formats, [.. Columns.Select(c => new Column(c.Name, Kind: c.Kind switch { "integer" => "number", "boolean" => "boolean", _ => "text" }))]);

    public string PathOf(string extension) => $"/open-data/{Code}.{extension}";
}

/// <summary>A row that was in a set and is no more.</summary>
public sealed record Erratum(string SetCode, string RowId, DateTimeOffset RemovedAt)
{
    /// <summary>In the catalogue: the row's id and the day.</summary>
    public const string Words = "Dòng {0} được bỏ ra khỏi bộ dữ liệu ngày {1}.";
}

/// <summary>A set as it was made last.</summary>
/// <param name="IssuedAt">When it was made first.</param>
public sealed record OpenBuild(string SetCode, DateTimeOffset BuiltAt, DateTimeOffset IssuedAt, DateOnly CoversFrom, DateOnly CoversUntil, int Rows, string CsvSha256, long CsvBytes, string JsonSha256, long JsonBytes)
{
    /// <summary>One for each of <see cref="OpenSet.Formats"/>.</summary>
    public IEnumerable<(string Extension, string Sha256, long Bytes)> Files => [("csv", CsvSha256, CsvBytes), ("json", JsonSha256, JsonBytes)];
}

/// <param name="Errata">Newest first.</param>
public sealed record PublishedSet(OpenSet Set, OpenBuild Build, IReadOnlyList<Erratum> Errata)
{
    /// <summary>More of a set are not listed.</summary>
    private const int MostErrata = 100;

    /// <summary>The sets that have been made, in the order of <see cref="OpenSet.All"/>.</summary>
    public static Task<List<PublishedSet>> AllAsync(Db db, CancellationToken ct)
    {
        const string select = """
            select set_code, built_at, issued_at, covers_from, covers_until, rows, csv_sha256, csv_bytes, json_sha256, json_bytes from exports.newest_open_build;
            select e.set_code, e.row_id, e.removed_at
            from exports.newest_open_build b cross join lateral (select r.set_code, r.row_id, r.removed_at from exports.open_row r where r.set_code = b.set_code and r.removed_at is not null order by r.removed_at desc, r.row_id limit @MostErrata) e
            order by e.removed_at desc, e.row_id
            """;
        return db.MultipleAsync(select, new { MostErrata }, async g =>
        {
            var builds = (await g.ReadAsync<OpenBuild>()).ToDictionary(b => b.SetCode, StringComparer.Ordinal);
            var errata = (await g.ReadAsync<Erratum>()).ToLookup(e => e.SetCode, StringComparer.Ordinal);
            return OpenSet.All.Where(s => builds.ContainsKey(s.Code)).Select(s => new PublishedSet(s, builds[s.Code], [.. errata[s.Code]])).ToList();
        }, ct);
    }
}
