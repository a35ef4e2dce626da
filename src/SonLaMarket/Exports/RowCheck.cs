using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports;

/// <summary>Why a listing is not in a file: code of the check, column, what stood there, the rule in the profile's words, and what its seller can do.</summary>
public sealed record SetAside(long ListingId, string Code, string Field, string Value, string Rule, string Hint);

/// <summary>Makes and checks the row of one listing. A bad row is set aside with a reason; the file goes on without it.</summary>
public sealed partial class RowCheck(Profile profile, SiteOptions site)
{
    private readonly Dictionary<string, HashSet<string>> seen = profile.Columns.Where(c => c.Unique).ToDictionary(c => c.Name, _ => new HashSet<string>(StringComparer.Ordinal), StringComparer.Ordinal);
    private readonly bool refusesFormulas = profile.Formula == "refuse" && profile.Formats.Any(f => f is "csv" or "tsv");
    private readonly string[] banned = [.. (profile.BannedWords ?? []).Select(Vietnamese.Fold)];
    private readonly Uri home = new(site.PublicBaseUrl);

    public (string?[]? Row, List<SetAside> Faults) Make(ExportListing listing)
    {
        var row = new string?[profile.Columns.Length];
        var faults = new List<SetAside>();
        if (listing.ExpiredCertificates is { } expired)
            faults.Add(new(listing.Id, "E10", "expiredCertificates", Short(string.Join("; ", expired)), "state", "Tin này nêu chứng nhận đã hết hiệu lực. Hãy nộp chứng nhận mới, hoặc bỏ chứng nhận đó khỏi sản phẩm rồi gửi duyệt lại."));
        for (var i = 0; i < row.Length; i++)
        {
            var column = profile.Columns[i];
            var value = column.From is null ? null : Clean(ExportFields.All[column.From].Value(listing, site));
            if (column.Many > 1 && value is not null)
                value = string.Join(ExportFields.Separator, value.Split(ExportFields.Separator).Take(column.Many));
            foreach (var transform in column.Transforms ?? [])
                value = Transforms.Apply(transform, value);
            row[i] = value;
            if (Fault(column, value) is var (code, rule, hint))
                faults.Add(new(listing.Id, code, column.Name, Short(value ?? ""), rule, hint));
        }
        return (faults.Count == 0 ? row : null, faults);
    }

    private (string Code, string Rule, string Hint)? Fault(Column column, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
            return column.Required ? ("E01", "required", "Mục này đang trống. Hãy bổ sung; tin sẽ có trong lần xuất sau.") : null;
        if (column.MaxLength is { } max && value.Length > max)
            return ("E02", $"maxLength={max}", "Mục này quá dài so với quy định của sàn. Hãy rút ngắn.");
        if ((column.Kind == "number" || column.Min is not null) && Number(value) is not { } number)
            return ("E04", "number", "Mục này phải là một số.");
        else if (column.Min is { } min && Number(value) < min)
            return ("E04", $"min={min}", "Số này nhỏ hơn mức sàn cho phép. Hãy kiểm tra lại.");
        if (column.Check == "url" && !value.Split(ExportFields.Separator).All(IsOurs))
            return ("E06", "url", "Địa chỉ trang hoặc ảnh chưa đúng. Hãy báo cho người quản trị sàn.");
        if (column.Check == "gtin" && !Gs1.Gtin.TryParse(value, out _))
            return ("E08", "gtin", "Mã GTIN sai độ dài hoặc sai số kiểm tra. Hãy sửa mã GTIN của sản phẩm.");
        if (column.Check == "title" && Word(value) is { } rule)
            return ("E12", rule, "Tên có số điện thoại, đường dẫn, biểu tượng, chữ in hoa toàn bộ hoặc lời quảng cáo mà sàn không nhận. Hãy bỏ đi.");
        if (refusesFormulas && column.Kind == "text" && CsvText.Safe(value) != value)
            return ("E14", "formula", "Mục này bắt đầu bằng một dấu mà bảng tính hiểu là công thức (= + - @). Hãy bỏ dấu đó.");
        if (seen.TryGetValue(column.Name, out var known) && !known.Add(value))
            return ("E05", "unique", "Mã này đã có ở một dòng khác của tệp. Hãy báo cho người quản trị sàn.");
        return null;
    }

    private static long? Number(string value) => long.TryParse(value.Split(' ')[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>An absolute address of ours: https, or what the site itself runs on where that is a demonstration.</summary>
    private bool IsOurs(string value) =>
        value.Length <= 2000 && Uri.TryCreate(value, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == home.Scheme)
        && string.Equals(uri.Authority, home.Authority, StringComparison.OrdinalIgnoreCase);

    private string? Word(string title)
    {
        if (Contact().IsMatch(title))
            return "contact";
        if (Picture().IsMatch(title))
            return "emoji";
        var letters = title.Where(char.IsLetter).ToList();
        if (letters.Count >= 10 && letters.TrueForAll(char.IsUpper))
            return "capitals";
        var folded = Vietnamese.Fold(title);
        return banned.FirstOrDefault(w => folded.Contains(w, StringComparison.Ordinal)) is { } word ? "banned=" + word : null;
    }

    /// <summary>Control characters that neither XML nor a sheet can hold are taken out; tabs and line ends become blanks.</summary>
    private static string? Clean(string? value) => value is null ? null : Control().Replace(value, " ").Normalize(NormalizationForm.FormC).Trim();

    private static string Short(string value) => value.Length > 200 ? value[..(char.IsHighSurrogate(value[199]) ? 199 : 200)] : value;

    [GeneratedRegex(@"[\p{Cc}\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]", RegexOptions.None, 200)]
    private static partial Regex Control();

    [GeneratedRegex(@"https?://|www\.|(?<!\d)(\+84|0)[ .]?\d{2,3}[ .]?\d{3}[ .]?\d{3,4}(?!\d)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Contact();

    [GeneratedRegex(@"[\u2600-\u27BF\uFE0F]|[\uD83C-\uD83E][\uDC00-\uDFFF]", RegexOptions.None, 200)]
    private static partial Regex Picture();
}
