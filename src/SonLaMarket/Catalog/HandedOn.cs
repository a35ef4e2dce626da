using System.Globalization;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Catalog;

/// <summary>What platforms, search engines and programs are told of a listing beside its fields, the same in files, in the data of its page and in the API.</summary>
public static class HandedOn
{
    /// <summary>What others call it. Stable as long as it stands, and short: an address may be longer than platforms allow an id to be.</summary>
    public static string Sku(string productCode, string slug) => $"{productCode}-{Convert.ToHexString(Codes.Hash(slug).AsSpan(0, 4))}";

    /// <summary>Under what name its producer sells.</summary>
    public static string Brand(string brand, string producerName) => brand.Length > 0 ? brand : producerName;

    /// <summary>Who approved it: the body, never a person. Of samples it says that they are.</summary>
    public static string ApprovedBy(SiteOptions site) => site.ShowsSamples ? "Sở Công Thương (dữ liệu mẫu)" : "Sở Công Thương tỉnh Sơn La";

    /// <summary>The last day on which what it tells holds by itself: the season in which it is sold ends, or the first of the certificates that it names; null where nothing of it has an end.</summary>
    public static DateOnly? ValidTo(DateOnly? seasonEnd, IEnumerable<DateOnly> certificateEnds) => certificateEnds.Select(d => (DateOnly?)d).Append(seasonEnd).Min();

    /// <summary>What a picture shows, for who does not see it: whose picture it is, no more than its seller said.</summary>
    /// <param name="number">Its place, from 1.</param>
    public static string PictureText(string title, int number, int count) => count == 1 ? $"Ảnh của {title}" : string.Create(CultureInfo.InvariantCulture, $"Ảnh {number} trong {count} của {title}");
}
