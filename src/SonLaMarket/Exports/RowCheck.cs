using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports;

/// <summary>Makes and checks the row of one listing. A bad row is set aside with a reason; the file goes on without it.</summary>
/// <param name="today">In Vietnam: what dates are measured by.</param>
public sealed partial class RowCheck(Profile profile, SiteOptions site, DateOnly today)
{
    private const string SalePrice = "variant.salePriceVnd";
    private static readonly string[] DateFormats = ["yyyy-MM-dd", "dd/MM/yyyy"];

    private readonly Recipe[] recipes = [.. profile.Columns.Select(c => new Recipe(c, profile))];
    private readonly Condition? filter = profile.Filter is null ? null : Condition.Parse(profile.Filter);
    private readonly Dictionary<string, HashSet<UInt128>> seen = profile.Columns.Where(c => c.Unique).ToDictionary(c => c.Name, _ => new HashSet<UInt128>(), StringComparer.Ordinal);
    private readonly bool refusesFormulas = profile.Formula == "refuse" && profile.Formats.Any(f => f is "csv" or "tsv");
    private readonly string[] banned = [.. (profile.BannedWords ?? []).Select(Vietnamese.Fold)];
    private readonly Uri home = new(site.PublicBaseUrl);
    private readonly bool tellsSales = Array.Exists(profile.Columns, c => Recipe.NamesOf(c).Contains(SalePrice));
    private int made;

    /// <summary>True when the profile's filter lets the listing in; one that it leaves out is no fault.</summary>
    public bool Takes(ExportListing listing) => filter?.Holds(listing, site) != false;

    /// <param name="Value">What is wrong, where the cell does not show it.</param>
    private sealed record Found(string Code, string Rule, string Hint, string Suggestion = "", string? Value = null, bool Warning = false);

    /// <summary>The finished row; null where something is wrong with it.</summary>
    public (IReadOnlyList<string>[]? Row, List<SetAside> Faults) Make(ExportListing listing)
    {
        var (row, faults) = Look(listing);
        if (!faults.Exists(f => !f.Warning) && made >= profile.Limits?.MaxRows)
            faults.Add(new(listing.Id, "E04", "maxRows", "", $"maxRows={profile.Limits!.MaxRows}", "Tệp đã đủ số dòng mà sàn nhận. Hãy báo cho người quản trị sàn."));
        if (faults.Exists(f => !f.Warning))
            return (null, faults);
        made++;
        return (row, faults);
    }

    /// <summary>The cells as they would be, beside what is wrong with them.</summary>
    public (IReadOnlyList<string>[] Row, List<SetAside> Faults) Look(ExportListing listing)
    {
        var row = new IReadOnlyList<string>[recipes.Length];
        var faults = new List<SetAside>();
        if (listing.ExpiredCertificates is { } expired)
            faults.Add(new(listing.Id, "E10", "product.expiredCertificates", Short(string.Join("; ", expired)), "state", "Tin này nêu chứng nhận đã hết hiệu lực. Hãy nộp chứng nhận mới, hoặc bỏ chứng nhận đó khỏi sản phẩm rồi gửi duyệt lại."));
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = recipes[i].Make(listing, site);
            if (Fault(recipes[i], row[i], listing) is { } fault)
                faults.Add(new(listing.Id, fault.Code, recipes[i].Column.Name, Short(fault.Value ?? string.Join(Column.Separator, row[i])), fault.Rule, fault.Hint, fault.Suggestion, fault.Warning));
        }
        return (row, faults);
    }

    private Found? Fault(Recipe recipe, IReadOnlyList<string> values, ExportListing listing)
    {
        var column = recipe.Column;
        if (values.All(string.IsNullOrWhiteSpace))
        {
            var required = recipe.Requires(listing, site);
            if ((required || column.OnMissing is not null) && recipe.LookedUp(listing, site) is { } word)
                return new("E13", "lookup", "Nhóm hàng này chưa có nhóm tương ứng của sàn. Hãy báo cho người quản trị sàn.", Value: word, Warning: !required && column.OnMissing == "warn");
            return !required ? null : new("E01", "required", "Mục này đang trống. Hãy bổ sung; tin sẽ có trong lần xuất sau.");
        }
        if (Recipe.IsTooMuch(values))
            return new("E02", $"maxLength={Recipe.MostCharacters}", "Mục này quá dài so với quy định của sàn. Hãy rút ngắn.");
        foreach (var value in values)
        {
            if ((Fault(column, value) ?? Fault(column, value, listing)) is { } fault)
                return fault;
        }
        if (seen.TryGetValue(column.Name, out var known) && !known.Add(BinaryPrimitives.ReadUInt128BigEndian(Codes.Hash(string.Join(Column.Separator, values)))))
            return new("E05", "unique", "Mã này đã có ở một dòng khác của tệp. Hãy báo cho người quản trị sàn.");
        return null;
    }

    private Found? Fault(Column column, string value)
    {
        if (column.MaxLength is { } max && Length(column, value) > max)
            return new("E02", $"maxLength={max}", "Mục này quá dài so với quy định của sàn. Hãy rút ngắn.");
        if (column.Allowed is { } allowed && !allowed.Contains(value, StringComparer.Ordinal))
            return new("E03", Short("allowed=" + string.Join('|', allowed)), "Giá trị này không có trong danh sách mà sàn nhận. Hãy báo cho người quản trị sàn.", Nearest.Choice(value, allowed) ?? "");
        if ((column.Kind == "number" || column.Min is not null || column.Max is not null) && Range(column, value) is { } range)
            return range;
        if (column.Kind == "boolean" && value is not ("true" or "false"))
            return new("E04", "boolean", "Mục này phải là “true” hoặc “false”. Hãy báo cho người quản trị sàn.");
        if (column.Check == "url" && !IsOurs(value))
            return new("E06", "url", "Địa chỉ trang hoặc ảnh chưa đúng. Hãy báo cho người quản trị sàn.");
        if (column.Check == "gtin" && !Gs1.Gtin.TryParse(value, out _))
            return new("E08", "gtin", "Mã GTIN sai độ dài hoặc sai số kiểm tra. Hãy sửa mã GTIN của sản phẩm.");
        if (column.Check == "date" && Date(column, value) is { } date)
            return date;
        if (column.Check == "title" && Word(value) is { } rule)
            return new("E12", rule, "Tên có số điện thoại, đường dẫn, biểu tượng, chữ in hoa toàn bộ hoặc lời quảng cáo mà sàn không nhận. Hãy bỏ đi.");
        if (refusesFormulas && column.Kind == "text" && CsvText.Safe(value) != value)
            return new("E14", "formula", "Mục này bắt đầu bằng một dấu mà bảng tính hiểu là công thức (= + - @). Hãy bỏ dấu đó.");
        return null;
    }

    /// <summary>What a value must have in common with its listing.</summary>
    private Found? Fault(Column column, string value, ExportListing listing)
    {
        if (column.Check == "price" && Price(column, value, listing) is { } price)
            return price;
        return column.Probe is { } probe ? Picture(probe, Array.FindIndex(listing.PictureIds, id => value.Contains(id.ToString(), StringComparison.Ordinal)), listing) : null;
    }

    /// <summary>The price is the page's: the usual one, or the promotion's while it runs; and the promotion's, where a column tells it, is lower.</summary>
    private Found? Price(Column column, string value, ExportListing listing)
    {
        var price = decimal.TryParse(value.Split(' ')[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : -1;
        if (Recipe.NamesOf(column).Contains(SalePrice))
            return price == listing.SaleVnd && price < listing.PriceVnd ? null
                : new("E11", string.Create(CultureInfo.InvariantCulture, $"sale<{listing.PriceVnd}"), "Giá khuyến mại trong tệp không phải của tin, hoặc không thấp hơn giá thường. Hãy xem lại khuyến mại của tin.");
        if (price == listing.ChargedVnd || (price == listing.PriceVnd && tellsSales))
            return null;
        var shown = listing.ChargedVnd.ToString(CultureInfo.InvariantCulture);
        return price == listing.PriceVnd ? new("E11", "price=" + shown, "Tin đang khuyến mại, mà tệp của sàn này không có chỗ cho giá khuyến mại: tệp ghi giá thường.", shown, Warning: true)
            : new("E11", "price=" + shown, "Giá trong tệp khác giá trên trang của tin. Hãy báo cho người quản trị sàn.", shown);
    }

    private static Found? Picture(Probe probe, int at, ExportListing listing)
    {
        if (at < 0 || listing.PictureWidths[at] == 0)
            return new("E07", "reachable", "Chưa ai xem được ảnh này. Hãy bỏ ảnh đi và tải ảnh khác lên.");
        var (width, height, bytes) = (listing.PictureWidths[at], listing.PictureHeights[at], listing.PictureBytes[at]);
        if (width < probe.MinWidth || height < probe.MinHeight)
            return new("E07", string.Create(CultureInfo.InvariantCulture, $"minSize={probe.MinWidth}×{probe.MinHeight}"), "Ảnh nhỏ hơn mức sàn nhận. Hãy thay bằng ảnh lớn hơn.", Value: string.Create(CultureInfo.InvariantCulture, $"{width}×{height}"));
        if (bytes > probe.MaxBytes)
            return new("E07", string.Create(CultureInfo.InvariantCulture, $"maxImageBytes={probe.MaxBytes}"), "Ảnh nặng hơn mức sàn nhận. Hãy thay bằng ảnh khác.", Value: bytes.ToString(CultureInfo.InvariantCulture));
        return null;
    }

    private static int Length(Column column, string value) => column.LengthIn == "characters" ? value.EnumerateRunes().Count() : value.Length;

    private static Found? Range(Column column, string value)
    {
        if (!decimal.TryParse(value.Split(' ')[0], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return new("E04", "number", "Mục này phải là một số.");
        if (number < column.Min)
            return new("E04", string.Create(CultureInfo.InvariantCulture, $"min={column.Min}"), "Số này nhỏ hơn mức sàn cho phép. Hãy kiểm tra lại.");
        if (number > column.Max)
            return new("E04", string.Create(CultureInfo.InvariantCulture, $"max={column.Max}"), "Số này lớn hơn mức sàn cho phép. Hãy kiểm tra lại.");
        return null;
    }

    private Found? Date(Column column, string value)
    {
        if (!DateOnly.TryParseExact(value.Split('T')[0], DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return new("E09", "date", "Mục này phải là một ngày.");
        if (date < today)
            return new("E09", "date", "Ngày này đã qua. Hãy kiểm tra lại.");
        if (date.DayNumber - today.DayNumber > column.MaxDays)
            return new("E09", $"maxDays={column.MaxDays}", "Ngày này xa hơn mức sàn cho phép. Hãy kiểm tra lại.");
        return null;
    }

    /// <summary>An absolute address of ours: https, or what the site itself runs on where that is a demonstration.</summary>
    private bool IsOurs(string value) =>
        value.Length <= 2000 && Uri.TryCreate(value, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == home.Scheme)
        && string.Equals(uri.Authority, home.Authority, StringComparison.OrdinalIgnoreCase);

    private string? Word(string title)
    {
        if (Contact().IsMatch(title))
            return "contact";
        if (Symbol().IsMatch(title))
            return "emoji";
        var letters = title.Where(char.IsLetter).ToList();
        if (letters.Count >= 10 && letters.TrueForAll(char.IsUpper))
            return "capitals";
        var folded = Vietnamese.Fold(title);
        return banned.FirstOrDefault(w => folded.Contains(w, StringComparison.Ordinal)) is { } word ? "banned=" + word : null;
    }

    private static string Short(string value) => value.Length > 200 ? value[..(char.IsHighSurrogate(value[199]) ? 199 : 200)] : value;

    // In time with the length whatever stands there: a clock would stop a whole file on a machine that is short of breath.
    [GeneratedRegex(@"https?://|www\.|(^|\D)(\+84|0)[ .]?\d{2,3}[ .]?\d{3}[ .]?\d{3,4}(\D|\z)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Contact();

    [GeneratedRegex(@"[\u2600-\u27BF\uFE0F]|[\uD83C-\uD83E][\uDC00-\uDFFF]", RegexOptions.NonBacktracking)]
    private static partial Regex Symbol();
}
