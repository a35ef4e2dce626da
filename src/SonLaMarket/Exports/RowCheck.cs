using System.Text.RegularExpressions;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports;

/// <summary>Why a listing is not in a file: code of the check, column, what stood there, and what to do.</summary>
public sealed record SetAside(long ListingId, string Code, string Field, string Value, string Rule, string Hint);

/// <summary>Makes and checks the row of one listing. A bad row is set aside with a reason; the file goes on without it.</summary>
public sealed partial class RowCheck(Profile profile, SiteOptions site)
{
    private readonly Dictionary<string, HashSet<string>> seen = profile.Columns.Where(c => c.Unique).ToDictionary(c => c.Name, _ => new HashSet<string>(StringComparer.Ordinal), StringComparer.Ordinal);

    public (string?[]? Row, List<SetAside> Faults) Make(ExportListing listing)
    {
        var row = new string?[profile.Columns.Length];
        var faults = new List<SetAside>();
        for (var i = 0; i < row.Length; i++)
        {
            var column = profile.Columns[i];
            var value = column.From is null ? null : Clean(listing.Value(column.From, site));
            foreach (var transform in column.Transforms ?? [])
                value = Transforms.Apply(transform, value);
            row[i] = value;
            if (Fault(column, value) is var (code, rule, hint))
                faults.Add(new(listing.Id, code, column.Name, value is null ? "" : value.Length > 200 ? value[..200] : value, rule, hint));
        }
        return (faults.Count == 0 ? row : null, faults);
    }

    private (string Code, string Rule, string Hint)? Fault(Column column, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
            return column.Required ? ("E01", "bắt buộc", $"Hãy điền mục này cho tin đăng; “{column.Name}” không được để trống.") : null;
        if (column.MaxLength is { } max && value.Length > max)
            return ("E02", $"dài nhất {max} ký tự", $"Đang dài {value.Length} ký tự; hãy rút ngắn.");
        if (column.Kind == "number" && !long.TryParse(value, out _))
            return ("E04", "số nguyên", "Hãy nhập một số.");
        if (column.Check == "url" && (value.Length > 2000 || !Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")))
            return ("E06", "địa chỉ đầy đủ", "Địa chỉ trang hoặc ảnh chưa đúng.");
        if (column.Check == "gtin" && !Gs1.Gtin.TryParse(value, out _))
            return ("E08", "GTIN 8–14 số có số kiểm tra", "Hãy sửa mã GTIN của sản phẩm.");
        if (column.Check == "title" && Contact().IsMatch(value))
            return ("E12", "không có số điện thoại hay đường dẫn", "Hãy bỏ số điện thoại và đường dẫn khỏi tên.");
        if (seen.TryGetValue(column.Name, out var known) && !known.Add(value))
            return ("E05", "không trùng", "Mã này đã có ở một dòng khác của tệp.");
        return null;
    }

    /// <summary>Control characters that neither XML nor a sheet can hold are taken out; tabs and line ends become blanks.</summary>
    private static string? Clean(string? value) => value is null ? null : Control().Replace(value, " ").Trim();

    [GeneratedRegex(@"[\p{Cc}\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]", RegexOptions.None, 200)]
    private static partial Regex Control();

    [GeneratedRegex(@"https?://|www\.|\b0\d{9}\b|\b0\d{2,3}[ .]\d{3}[ .]\d{3,4}\b", RegexOptions.IgnoreCase, 200)]
    private static partial Regex Contact();
}
