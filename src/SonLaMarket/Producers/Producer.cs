using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Producers;

/// <summary>The kinds of producers, as the Department counts them.</summary>
public static class ProducerKind
{
    public const string Cooperative = "cooperative";
    public const string Enterprise = "enterprise";
    public const string Household = "household";
    public const string HouseholdGroup = "household_group";

    public static readonly (string Word, string Label)[] All =
    [
        (Cooperative, "Hợp tác xã"), (Enterprise, "Doanh nghiệp"), (Household, "Hộ sản xuất"), (HouseholdGroup, "Nhóm hộ sản xuất"),
    ];

    /// <summary>Those that are no people and have a tax code of their own: households and their groups go by the name of a person.</summary>
    public static readonly string[] Organisations = [Cooperative, Enterprise];

    public static string Label(string word) => All.First(k => k.Word == word).Label;

    public static bool IsOrganisation(string? word) => Organisations.Contains(word);
}

/// <summary>Words of a state, for badges.</summary>
public static class ReviewState
{
    public static string Label(string status) => status switch
    {
        "draft" => "Bản nháp",
        "submitted" => "Chờ duyệt",
        "returned" => "Cần sửa",
        "approved" => "Đã duyệt",
        "withdrawn" => "Đã rút lại",
        "suspended" => "Tạm ngừng",
        "closed" => "Đã đóng",
        "verified" => "Đã kiểm tra",
        "rejected" => "Bị từ chối",
        "revoked" => "Bị thu hồi hiệu lực",
        _ => status,
    };

    public static string Badge(string status) => status switch
    {
        "approved" or "verified" => "ok",
        "submitted" => "info",
        "returned" or "rejected" or "suspended" or "revoked" => "bad",
        _ => "quiet",
    };
}

/// <summary>A producer as its members work on it. The public sees only the approved version.</summary>
public sealed record Producer(
    long Id, string Slug, string Kind, string Name, string? TaxCode, string Representative, string Phone, string Email, string CommuneCode,
    string AddressLine, string Postcode, string DigitalAddress, decimal? Lat, decimal? Lon, string About, Guid[] PictureIds, bool IsSample,
    string Status, string StatusReason, string[] ReturnedParts, int Version, int? PublicVersion, DateTimeOffset ChangedAt, string Brand)
{
    /// <summary>What a member filled in, to change a part of it.</summary>
    public ProducerDraft Draft() => new(Kind, Name, TaxCode, Representative, Phone, Email, CommuneCode, AddressLine, Postcode, DigitalAddress, Lat, Lon, About, PictureIds, IsSample, Brand);
}

/// <summary>What a member fills in.</summary>
/// <param name="Brand">What its goods are called elsewhere; "" where that is the name.</param>
public sealed record ProducerDraft(
    string Kind, string Name, string? TaxCode, string Representative, string Phone, string Email, string CommuneCode, string AddressLine,
    string Postcode, string DigitalAddress, decimal? Lat, decimal? Lon, string About, Guid[] PictureIds, bool IsSample = false, string Brand = "");

/// <summary>Announced when what the public sees of a producer changed.</summary>
public sealed record ProducerChanged(long ProducerId, string Slug);

/// <summary>Announced when a producer may no longer sell: its listings leave the shop and the feeds.</summary>
public sealed record ProducerSuspended(long ProducerId, string Reason);
