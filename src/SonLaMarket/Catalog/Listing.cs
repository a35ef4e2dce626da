using System.Globalization;
using System.Text.RegularExpressions;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Catalog;

/// <summary>Units that produce is sold in.</summary>
public static partial class SaleUnit
{
    public static readonly (string Word, string Label)[] All = [("kg", "kg"), ("bunch", "bó"), ("box", "hộp"), ("piece", "sản phẩm")];

    /// <summary>As sellers say it: a bag is sold by the piece, and its title calls it one.</summary>
    public static readonly (string Word, string Label)[] Offered = [.. All, (Bag, "túi")];

    private const string Bag = "bag";

    /// <summary>The unit that is kept of one that is offered; null when there is none of that name.</summary>
    public static string? Kept(string? offered) => offered == Bag ? "piece" : Array.Exists(All, u => u.Word == offered) ? offered : null;

    public static string Label(string word) => Array.Find(Offered, u => u.Word == word).Label ?? word;

    /// <summary>What people call what is sold by the piece, as its title says: "…, gói 200 g" goes by the pack. Otherwise <see cref="Piece"/>.</summary>
    public static readonly string[] Packs = ["gói", "túi", "chai", "lọ", "hũ", "lon", "thùng", "chậu", "quả", "bộ", "hộp", "bó", Piece];

    private const string Piece = "cái";

    /// <summary>The word for one of what a listing sells.</summary>
    public static string Word(string word, string title) => word != "piece" ? Label(word) : PackIn().Matches(title.ToLowerInvariant()) is { Count: > 0 } found ? found[^1].Groups["pack"].Value : Piece;

    /// <summary>The word after a number: "hộp" always, in English "box" or "boxes".</summary>
    public static string Of(long count, string word, string title, Texts t) => t[Word(word, title), count];

    [GeneratedRegex(@"([,(–-]\s*(?<pack>gói|túi|chai|lọ|hũ|lon|thùng|chậu|quả|bộ|hộp|bó)(?!\p{L}))|((?<!\p{L})(?<pack>gói|túi|chai|lọ|hũ|lon|thùng|hộp|bộ|bó)\s+\d)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PackIn();
}

/// <summary>A listing as its seller works on it. Text and claims become public as an approved version; price, season and stock at once.</summary>
/// <param name="BasePerUnit">Base units (gram or piece) in one sale unit.</param>
/// <param name="NetWeightG">Grams in one sale unit.</param>
/// <param name="PriceVnd">The usual price: what is charged unless a promotion runs.</param>
/// <param name="SaleVnd">Of a promotion that is planned or runs, like the next two: from when, and until just before when.</param>
/// <param name="OnSale">It runs.</param>
public sealed record Listing(
    long Id, string Slug, long ProducerId, long ProductId, string ProductCode, string ProductName, string BaseUnit, string Title, string TitleEn, string SaleUnit,
    long BasePerUnit, long NetWeightG, long PriceVnd, int[] SeasonMonths, int MinUnits, int? MaxUnits, long? GrossWeightG, int? LengthCm, int? WidthCm, int? HeightCm, string Status, string StatusReason, string[] ReturnedParts, int Version, int? PublicVersion, string? PausedFor, DateTimeOffset ChangedAt,
    long? SaleVnd, DateTimeOffset? SaleFrom, DateTimeOffset? SaleUntil, bool OnSale)
{
    public ListingPack Pack => ListingPack.Of(MaxUnits, GrossWeightG, LengthCm, WidthCm, HeightCm);
}

public sealed record ListingDraft(string Title, string TitleEn, string SaleUnit, long BasePerUnit, long PriceVnd, int[] SeasonMonths, int MinUnits)
{
    /// <summary>Null leaves what is there, as long as the pack is the same.</summary>
    public ListingPack? Pack { get; init; }
}

/// <summary>What is asked of a packed unit beside what it holds; nothing has to be said.</summary>
/// <param name="MaxUnits">The most sale units of one order.</param>
/// <param name="GrossWeightG">Grams of one sale unit with its packing.</param>
public sealed record ListingPack(int? MaxUnits, long? GrossWeightG, PackSize? Size)
{
    /// <summary>As it is stored: three sides or none.</summary>
    public static ListingPack Of(int? maxUnits, long? grossWeightG, int? lengthCm, int? widthCm, int? heightCm) =>
        new(maxUnits, grossWeightG, lengthCm is { } length ? new(length, widthCm!.Value, heightCm!.Value) : null);

    /// <summary>What cannot be, each with its field: <see cref="MaxUnits"/>, <see cref="GrossWeightG"/> or <see cref="Size"/>.</summary>
    /// <param name="maxUnits">As typed, like the next two; a number that cannot be read is 0.</param>
    /// <param name="netWeightG">Of one sale unit; null while it is not known.</param>
    public static IEnumerable<(string Field, string Message)> Faults(decimal? maxUnits, long? grossWeightG, string? size, int minUnits, decimal? netWeightG, Texts t)
    {
        if (maxUnits is { } most && (most is < 1 or > 999 || most != decimal.Truncate(most)))
            yield return (nameof(MaxUnits), t["Mua nhiều nhất từ 1 đến 999 đơn vị."]);
        else if (maxUnits < minUnits)
            yield return (nameof(MaxUnits), t["Mua nhiều nhất không thể ít hơn mua ít nhất."]);
        if (grossWeightG is < 1 or > 2_000_000)
            yield return (nameof(GrossWeightG), t["Khối lượng cả bao bì từ 1 g đến 2 tấn."]);
        else if (grossWeightG < netWeightG)
            yield return (nameof(GrossWeightG), t["Khối lượng cả bao bì không thể nhẹ hơn khối lượng tịnh."]);
        if (!string.IsNullOrWhiteSpace(size) && PackSize.Parse(size) is null)
            yield return (nameof(Size), t["Hãy ghi ba cạnh bằng xăng-ti-mét, mỗi cạnh từ 1 đến 500, ví dụ 40 x 30 x 20."]);
    }
}

/// <summary>The outside of a packed unit in whole centimetres, as people write it: "40 × 30 × 20", "40x30x20 cm".</summary>
public sealed record PackSize(int LengthCm, int WidthCm, int HeightCm)
{
    public const int Most = 500;

    /// <summary>Null where it cannot be read, or a side is not from 1 to 500 cm.</summary>
    public static PackSize? Parse(string? text)
    {
        var sides = (text ?? "").ToLowerInvariant().Replace("cm", "", StringComparison.Ordinal).Split(['x', '×', '*'], StringSplitOptions.TrimEntries)
            .Select(s => int.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out var side) && side is >= 1 and <= Most ? side : 0).ToArray();
        return sides is [> 0, > 0, > 0] ? new(sides[0], sides[1], sides[2]) : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{LengthCm} × {WidthCm} × {HeightCm}");
}

/// <summary>Why a seller rests a listing.</summary>
public static class Pause
{
    public const string Break = "break";
    public const string Season = "season";

    /// <summary>The next lot is another season's: until then a new one is more of the same.</summary>
    public static bool SeasonOver(string? pausedFor, string status) => pausedFor == Season || status == "closed";

    public static string Label(string word) => word == Season ? "Hết mùa" : "Tạm nghỉ bán";
}

/// <summary>What becomes of the goods that are left when a season ends.</summary>
public static class SeasonRest
{
    public const string TakeOff = "take-off";
    public const string Keep = "keep";
    public const string WriteOff = "write-off";

    public static readonly (string Word, string Label)[] All =
    [
        (TakeOff, "Rút khỏi bán: tôi bán nơi khác hoặc tự dùng"), (Keep, "Giữ trong kho: còn tốt, mở lại thì bán tiếp"), (WriteOff, "Ghi hao hụt: hỏng hoặc không bán được nữa"),
    ];
}

/// <summary>Announced when anything changed that buyers or platforms see: text, price, stock, or that it may be seen at all.</summary>
public sealed record ListingChanged(long ListingId, string Slug);
