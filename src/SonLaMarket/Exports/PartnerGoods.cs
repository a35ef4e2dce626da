using System.Globalization;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Exports;

/// <param name="Fields">By the names of <see cref="ExportFields"/>; only those that the row says something of.</param>
public sealed record PartnerRow(IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>What the row says of a field; "" where it says nothing.</summary>
    public string Of(string field) => Fields.TryGetValue(field, out var said) ? said : "";
}

/// <summary>
/// A platform's own workbook as a seller keeps it, with goods in it: read through the profile that fills such workbooks in, the other way round. What the
/// platform calls a category becomes ours again, kilograms become gram, a SKU that we gave leads back to its listing.
/// </summary>
public static class PartnerGoods
{
    /// <summary>More are brought in with another file.</summary>
    public const int MaxRows = 5_000;

    /// <summary>Transforms that a value keeps its meaning through, read backwards too.</summary>
    private static readonly string[] Plain = ["collapse", "trim", "first", "number", "cut", "ifEmpty"];

    /// <exception cref="WorkbookRefusedException">It is hostile, not the platform's, has no row with goods, or too many.</exception>
    public static List<PartnerRow> Read(byte[] file, Profile profile)
    {
        using var form = WorkbookForm.Open(file);
        var (sheet, heading, places) = PartnerTemplate.Find(form, profile);
        var read = profile.Columns.Select((c, i) => (Field: Recipe.NamesOf(c) is [var only, ..] ? only : null, Back: Back(c, profile), Place: places[i]))
            .Where(c => c is { Field: not null, Back: not null, Place: >= 0 }).DistinctBy(c => c.Field).ToList();
        var first = Math.Max(profile.Template?.FirstDataRow ?? 0, heading.Number + 1);
        var rows = new List<PartnerRow>();
        foreach (var row in form.Rows(sheet).Where(r => r.Number >= first))
        {
            var fields = read.Where(c => c.Place < row.Cells.Length && !string.IsNullOrWhiteSpace(row.Cells[c.Place])).ToDictionary(c => c.Field!, c => c.Back!(Vietnamese.CleanLines(row.Cells[c.Place])), StringComparer.Ordinal);
            if (fields.Count == 0)
                continue;
            if (rows.Count == MaxRows)
                throw new WorkbookRefusedException(new Said("Tệp có hơn {0} dòng. Hãy chia thành nhiều tệp.", Vietnamese.Number(MaxRows)));
            rows.Add(new(fields));
        }
        return rows.Count > 0 ? rows : throw new WorkbookRefusedException(new Said("Tệp chưa có dòng hàng nào. Hãy gửi tệp đã điền của sàn."));
    }

    /// <summary>From what stands in a cell to what our field would say; null of a column that cannot be read backwards.</summary>
    private static Func<string, string>? Back(Column column, Profile profile)
    {
        Func<string, string> back = v => v;
        foreach (var transform in (column.Transforms ?? []).Reverse())
        {
            var (name, argument) = transform.Split('(', 2) is [var n, var a] ? (n, a.TrimEnd(')')) : (transform, "");
            var after = back;
            if (name == "lookup" && profile.Lookups?.GetValueOrDefault(argument) is { } table)
            {
                // With the platform's number before it or without.
                var ours = table.SelectMany(w => new[] { (Theirs: w.Value, w.Key), (Theirs: PartnerTemplate.Words(w.Value), w.Key) }).GroupBy(w => Vietnamese.Slug(w.Theirs), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Key, StringComparer.Ordinal);
                back = v => ours.GetValueOrDefault(Vietnamese.Slug(after(v))) ?? ours.GetValueOrDefault(Vietnamese.Slug(PartnerTemplate.Words(after(v))), "");
            }
            else if (name == "unit" && argument.Split(',', StringSplitOptions.TrimEntries) is [var from, var to])
            {
                var swap = Transforms.Parse($"unit({to}, {from})", profile.Lookups ?? []);
                back = v => decimal.TryParse(after(v), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _) ? string.Concat(swap([after(v)], null!, null!)) : after(v);
            }
            else if (!Plain.Contains(name, StringComparer.Ordinal))
            {
                return null;
            }
        }
        return back;
    }

    /// <summary>Own listings by the SKU that we give them on platforms.</summary>
    public static async Task<Dictionary<string, string>> SkusAsync(Sql sql, long producerId, CancellationToken ct)
    {
        const string select = "select l.slug, p.code from catalog.listing l join producers.product p on p.id = l.product_id where l.producer_id = @producerId and l.status not in ('closed', 'suspended') and l.taken_back_at is null";
        return (await sql.QueryAsync<(string Slug, string Code)>(select, new { producerId }, ct)).ToDictionary(l => HandedOn.Sku(l.Code, l.Slug), l => l.Slug, StringComparer.OrdinalIgnoreCase);
    }
}
