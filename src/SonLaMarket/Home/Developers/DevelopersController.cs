using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Home.Developers;

/// <summary>The partner API for people who write programs: what it is, and an example of each address that runs as it stands.</summary>
public sealed class DevelopersController(SiteOptions site, Texts t) : PageController(t)
{
    [PublicPage]
    [HttpGet("/api")]
    public IActionResult Show() => View("Developers", ApiExample.All(site.Absolute(ApiController.Root)));
}

/// <summary>A command that runs as it stands, with the key in the variable KEY, that of the run before it in RUN.</summary>
/// <param name="Operation">Its name in the OpenAPI document.</param>
/// <param name="Label">What it asks for.</param>
public sealed record ApiExample(string Operation, string Label, string Scope, string Command)
{
    /// <param name="root">Where the API stands.</param>
    public static IReadOnlyList<ApiExample> All(string root) =>
    [
        new("listListings", "Tin đang bán, từng trang", ApiScope.Listings, Get($"'{root}/listings?limit=20'")),
        new("getListing", "Một tin", ApiScope.Listings, Get($"'{root}/listings/ca-phe-mau'")),
        new("listProducers", "Cơ sở đã duyệt, của một xã", ApiScope.Producers, Get($"'{root}/producers?commune=03646'")),
        new("getProducer", "Một cơ sở", ApiScope.Producers, Get($"'{root}/producers/htx-mau'")),
        new("listOrders", "Đơn hàng của cơ sở, thay đổi từ một lúc", ApiScope.Orders, Get($"'{root}/orders?status=confirmed&changedSince=2026-01-01T00:00:00%2B07:00'")),
        new("getOrder", "Một đơn hàng", ApiScope.Orders, Get($"'{root}/orders/DH-MAU'")),
        new("listExportProfiles", "Các sàn nhận tệp", ApiScope.Exports, Get($"'{root}/export-profiles'")),
        new("startExportRun", "Tạo tệp mới cho một sàn", ApiScope.Exports, $$"""curl -i -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' -d '{"profile": "google-merchant"}' '{{root}}/export-runs'"""),
        new("getExportRun", "Xem đã tạo xong chưa", ApiScope.Exports, Get($"\"{root}/export-runs/$RUN\"")),
        new("getExportFile", "Tải một tệp", ApiScope.Exports, Get($"-o google-merchant.xml \"{root}/export-runs/$RUN/files/xml\"")),
    ];

    private static string Get(string rest) => $"curl -H \"Authorization: Bearer $KEY\" {rest}";
}
