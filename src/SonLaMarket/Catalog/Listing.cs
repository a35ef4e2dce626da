using System.Text.RegularExpressions;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Catalog;

/// <summary>Units that produce is sold in.</summary>
public static partial class SaleUnit
{
    public static readonly (string Word, string Label)[] All = [("kg", "kg"), ("bunch", "bó"), ("box", "hộp"), ("piece", "sản phẩm")];

    public static string Label(string word) => Array.Find(All, u => u.Word == word).Label ?? word;

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
public sealed record Listing(
    long Id, string Slug, long ProducerId, long ProductId, string ProductCode, string ProductName, string BaseUnit, string Title, string TitleEn, string SaleUnit,
    long BasePerUnit, long NetWeightG, long PriceVnd, int[] SeasonMonths, int MinUnits, string Status, string StatusReason, string[] ReturnedParts, int Version, int? PublicVersion, string? PausedFor, DateTimeOffset ChangedAt);

public sealed record ListingDraft(string Title, string TitleEn, string SaleUnit, long BasePerUnit, long PriceVnd, int[] SeasonMonths, int MinUnits);

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
