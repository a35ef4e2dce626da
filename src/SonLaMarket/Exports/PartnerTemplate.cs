using System.Globalization;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports;

/// <param name="File">The platform's workbook with the rows in it.</param>
/// <param name="Heads">Its headings.</param>
/// <param name="SetAside">So many listings have a fault.</param>
/// <param name="Faults">The first of them.</param>
public sealed record FilledTemplate(byte[] File, int Written, int SetAside, List<TemplateFault> Faults, string[] Heads);

/// <summary>Why a listing is not in the workbook.</summary>
public sealed record TemplateFault(string Slug, string Title, string ProductCode, SetAside Fault, string Source)
{
    /// <summary>Where its seller changes it.</summary>
    public string Path => ExportFields.EditPath(Source, Slug, ProductCode);
}

/// <summary>
/// A platform's own blank workbook: where the columns of a profile stand in it. They are found by key, by the Vietnamese heading or by another name of
/// the column, wherever they stand; a required one that is nowhere refuses the workbook.
/// </summary>
public sealed class PartnerTemplate : IDisposable
{
    /// <summary>More are filled in with another file.</summary>
    public const int MaxRows = 5_000;

    private const int HeadingWithin = 30;
    private const int MostFaults = 200;

    private readonly WorkbookForm form;
    private readonly Profile profile;
    private readonly int sheet;
    private readonly int firstRow;
    private readonly int[] places;
    private readonly string[] heads;
    private readonly List<SheetChoices> choices;

    private PartnerTemplate(WorkbookForm form, Profile profile, int sheet, int firstRow, int[] places, string[] heads, List<SheetChoices> choices) =>
        (this.form, this.profile, this.sheet, this.firstRow, this.places, this.heads, this.choices) = (form, profile, sheet, firstRow, places, heads, choices);

    /// <exception cref="WorkbookRefusedException">It is hostile, not the platform's, not blank, or lacks what the profile has to say.</exception>
    public static PartnerTemplate Open(byte[] file, Profile profile)
    {
        var form = WorkbookForm.Open(file);
        try
        {
            var (sheet, heading, places) = Find(form, profile);
            var lacking = profile.Columns.Where((c, i) => c.Required && places[i] < 0).Select(c => c.Name).ToList();
            if (lacking.Count > 0)
                throw new WorkbookRefusedException(new Said("Mẫu thiếu cột bắt buộc: {0}. Hãy tải mẫu mới nhất của sàn; nếu sàn đã đổi tên cột, người quản trị ghi tên mới vào hồ sơ.", string.Join(", ", lacking)));
            // "key|1|type" says that the platform does not take a row without it.
            var unknown = heading.Cells.Where((c, i) => !places.Contains(i) && c.Split('|') is [_, "1", ..]).Select(c => c.Split('|')[0]).ToList();
            if (unknown.Count > 0)
                throw new WorkbookRefusedException(new Said("Sàn bắt buộc điền cột {0}, mà hồ sơ chưa có. Người quản trị thêm cột đó vào hồ sơ rồi hãy gửi lại.", string.Join(", ", unknown)));
            var firstRow = Math.Max(profile.Template?.FirstDataRow ?? 0, heading.Number + 1);
            if (form.Rows(sheet).FirstOrDefault(r => r.Number >= firstRow && places.Any(p => p >= 0 && p < r.Cells.Length && r.Cells[p].Length > 0)) is { } filled)
                throw new WorkbookRefusedException(new Said("Dòng {0} của mẫu đã có dữ liệu. Hãy gửi mẫu trống, như sàn cho tải về.", filled.Number.ToString(CultureInfo.InvariantCulture)));
            return new(form, profile, sheet, firstRow, places, [.. heading.Cells.Select(c => c.Split('|')[0].Trim()).Where(c => c.Length > 0)], form.Choices(sheet));
        }
        catch
        {
            form.Dispose();
            throw;
        }
    }

    /// <summary>Fills the listings in, in their order. One with a fault is left out.</summary>
    public async Task<FilledTemplate> FillAsync(IAsyncEnumerable<ExportListing> listings, SiteOptions site, DateOnly today, CancellationToken ct)
    {
        var check = new RowCheck(profile with { Limits = new(Math.Min(profile.Limits?.MaxRows ?? MaxRows, MaxRows)) }, site, today);
        var demanded = profile.Columns.Where((c, i) => places[i] < 0 && c.RequiredWhen is not null).Select(c => new Recipe(c, profile)).ToList();
        var rows = new List<IReadOnlyList<(int, object)>>();
        var faults = new List<TemplateFault>();
        var aside = 0;
        await foreach (var listing in listings.WithCancellation(ct))
        {
            if (!check.Takes(listing))
                continue;
            var (row, found) = check.Make(listing);
            found.AddRange(demanded.Where(r => r.Requires(listing, site)).Select(r => new SetAside(listing.Id, "E15", r.Column.Name, "", "template", "Mẫu của sàn không có cột này. Hãy tải mẫu mới nhất của sàn, hoặc báo cho người quản trị sàn.")));
            var cells = row is null ? [] : Cells(row, listing, firstRow + rows.Count, found);
            if (!found.Exists(f => !f.Warning))
            {
                rows.Add(cells);
                continue;
            }
            aside++;
            faults.AddRange(found.Take(MostFaults - faults.Count).Select(f => new TemplateFault(listing.Slug, listing.Title, listing.ProductCode, f, profile.Columns.FirstOrDefault(c => c.Name == f.Field)?.From ?? f.Field)));
        }
        return new(form.Fill(sheet, firstRow, rows), rows.Count, aside, faults, heads);
    }

    public void Dispose() => form.Dispose();

    private List<(int, object)> Cells(IReadOnlyList<string>[] row, ExportListing listing, int number, List<SetAside> faults)
    {
        var cells = new List<(int, object)>();
        for (var i = 0; i < row.Length; i++)
        {
            if (places[i] < 0 || row[i].Count == 0)
                continue;
            var (column, value) = (profile.Columns[i], string.Join(Column.Separator, row[i]));
            if (choices.Find(c => c.Covers(places[i], number)) is { } offered)
            {
                if (Chosen(value, offered.Values) is not { } chosen)
                {
                    var allowed = "allowed=" + string.Join('|', offered.Values);
                    faults.Add(new(listing.Id, "E03", column.Name, value.Length > 200 ? value[..200] : value, allowed.Length > 200 ? allowed[..200] : allowed,
                        "Giá trị này không có trong danh sách mà sàn nhận. Hãy báo cho người quản trị sàn.", Suggested(value, offered.Values)));
                    continue;
                }
                value = chosen;
            }
            cells.Add((places[i], column.Kind == "number" && decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) ? amount : value));
        }
        return cells;
    }

    /// <summary>What the drop-down offers: the same, or the same but for marks, case, blanks and the platform's number before it.</summary>
    private static string? Chosen(string value, IReadOnlyList<string> offered) =>
        offered.FirstOrDefault(o => o == value) ?? (offered.Where(o => Vietnamese.Slug(o) == Vietnamese.Slug(value) || Vietnamese.Slug(Words(o)) == Vietnamese.Slug(value)).ToList() is [var one] ? one : null);

    private static string Suggested(string value, IReadOnlyList<string> offered)
    {
        var words = offered.Select(Words).ToList();
        return Nearest.Choice(value, words) is { } near ? offered[words.IndexOf(near)] : "";
    }

    /// <summary>"100870 - Cà phê" without its number.</summary>
    internal static string Words(string offered) => offered.Split(" - ", 2) is [var number, var words] && number.All(char.IsAsciiDigit) ? words : offered;

    /// <summary>The row with the most columns of the profile among the first ones, of the sheet that the profile names or of those that people see.</summary>
    internal static (int Sheet, SheetRow Heading, int[] Places) Find(WorkbookForm form, Profile profile)
    {
        var names = Array.ConvertAll(profile.Columns, c => ((string[])[c.Name, .. c.Aliases ?? []]).Select(Vietnamese.Slug).Where(n => n.Length > 0).ToHashSet(StringComparer.Ordinal));
        var sheets = form.Sheets.Select((s, i) => (s.Name, s.Hidden, Place: i)).ToList();
        var named = sheets.Where(s => string.Equals(s.Name, profile.Template?.Sheet, StringComparison.OrdinalIgnoreCase)).ToList();
        (int Sheet, SheetRow Heading, int[] Places, int Found)? best = null;
        foreach (var (_, _, place) in named.Count > 0 ? named : sheets.Where(s => !s.Hidden))
        {
            foreach (var row in form.Rows(place).TakeWhile(r => r.Number <= (profile.Template?.HeaderRow ?? HeadingWithin)).Where(r => profile.Template?.HeaderRow is null || r.Number == profile.Template.HeaderRow))
            {
                var heads = Array.ConvertAll(row.Cells, c => Vietnamese.Slug(c.Split('|')[0]));
                var places = Array.ConvertAll(names, n => Array.FindIndex(heads, n.Contains));
                var found = places.Count(p => p >= 0);
                if (found > (best?.Found ?? 0))
                    best = (place, row, places, found);
            }
        }
        return best is var (sheet, heading, at, _) ? (sheet, heading, at)
            : throw new WorkbookRefusedException(new Said("Không tìm thấy dòng tiêu đề: không ô nào là tên một cột của hồ sơ “{0}”. Hãy gửi mẫu trống của đúng sàn này.", profile.Name));
    }
}
