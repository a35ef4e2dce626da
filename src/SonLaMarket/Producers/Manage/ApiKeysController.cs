using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Producers.Manage;

/// <summary>Keys for programs: of the producer, by its owner; of the marketplace, by an operator.</summary>
[Confirmed]
public sealed class ApiKeysController(ApiKeys keys, ProducerRegister producers, TimeProvider clock, Db db, Texts t) : PageController(t)
{
    private const string OfProducer = "/quan-ly/khoa-api";
    private const string OfMarket = "/quan-tri/khoa-api";

    [Authorize(Policy = Roles.Owner)]
    [HttpGet(OfProducer)]
    public async Task<IActionResult> Mine(CancellationToken ct) => await MyProducerAsync(ct) is { } producer ? View("ApiKeys", await PageAsync(OfProducer, producer, new(), ct)) : SeeOther("/quan-ly/co-so", T["Hãy khai báo cơ sở trước."]);

    [Authorize(Policy = Roles.Owner)]
    [HttpPost(OfProducer)]
    [CreatesOnce]
    public async Task<IActionResult> AddMine([Bind(Prefix = "Form")] ApiKeyForm form, CancellationToken ct) => await MyProducerAsync(ct) is { } producer ? await AddAsync(OfProducer, producer, form, Roles.Seller, ct) : NotFound();

    [Authorize(Policy = Roles.Owner)]
    [HttpPost(OfProducer + "/thu-hoi")]
    public async Task<IActionResult> RevokeMine(string? code) => await MyProducerAsync(default) is { } producer ? await RevokeAsync(OfProducer, producer, code, Roles.Seller) : NotFound();

    [Authorize(Policy = Roles.Operator)]
    [HttpGet(OfMarket)]
    public async Task<IActionResult> OfTheMarket(CancellationToken ct) => View("ApiKeys", await PageAsync(OfMarket, null, new(), ct));

    [Authorize(Policy = Roles.Operator)]
    [HttpPost(OfMarket)]
    [CreatesOnce]
    public Task<IActionResult> AddOfTheMarket([Bind(Prefix = "Form")] ApiKeyForm form, CancellationToken ct) => AddAsync(OfMarket, null, form, Roles.Operator, ct);

    [Authorize(Policy = Roles.Operator)]
    [HttpPost(OfMarket + "/thu-hoi")]
    public Task<IActionResult> RevokeOfTheMarket(string? code) => RevokeAsync(OfMarket, null, code, Roles.Operator);

    private Task<Producer?> MyProducerAsync(CancellationToken ct) => User.ActsFor() is null ? producers.OfMemberAsync(db, User.Id(), ct) : Task.FromResult<Producer?>(null);

    private async Task<IActionResult> AddAsync(string here, Producer? producer, ApiKeyForm form, string role, CancellationToken ct)
    {
        string[] scopes = [.. ApiKeysPage.Offered(producer is not null).Select(s => s.Word).Intersect(form.Scopes ?? [], StringComparer.Ordinal)];
        if (scopes.Length == 0)
            ModelState.AddModelError("Form.Scopes", T["Hãy chọn ít nhất một quyền."]);
        if (form.Lifetime is null || !ApiKeyForm.Lifetimes.ContainsKey(form.Lifetime))
            ModelState.AddModelError("Form.Lifetime", T["Hãy chọn thời hạn."]);
        if (!ApiKeyForm.Paces.Contains(form.PerMinute))
            ModelState.AddModelError("Form.PerMinute", T["Hãy chọn số lần gọi mỗi phút."]);
        if (!ModelState.IsValid)
            return Invalid("ApiKeys", await PageAsync(here, producer, form, ct));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var ends = ApiKeyForm.Lifetimes[form.Lifetime!] is { } days ? clock.GetUtcNow().AddDays(days) : (DateTimeOffset?)null;
        if (await keys.AddAsync(tx, new(producer?.Id, Vietnamese.Clean(form.Label), scopes, form.PerMinute, ends), User.Id(), User.As(role)) is not { } secret)
            return NotNow("ApiKeys", await PageAsync(here, producer, form, ct), T["Đã đủ {0} khóa. Hãy thu hồi một khóa không dùng nữa rồi tạo khóa mới.", ApiKeys.Most]);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther(here, T["Khóa mới, chỉ hiện một lần, hãy chép ngay vào phần mềm: {0}", secret]);
    }

    private async Task<IActionResult> RevokeAsync(string here, Producer? producer, string? code, string role)
    {
        await using var tx = await db.BeginAsync();
        if (!await keys.RevokeAsync(tx, code ?? "", producer?.Id, User.Id(), User.As(role)))
            return NotFound();
        await tx.CommitAsync();
        return SeeOther(here, T["Đã thu hồi khóa {0}. Phần mềm dùng khóa này bị từ chối từ bây giờ.", code]);
    }

    private async Task<ApiKeysPage> PageAsync(string here, Producer? producer, ApiKeyForm form, CancellationToken ct)
    {
        var all = await ApiKeys.ListAsync(db, producer?.Id, ct);
        return new(here, producer?.Name, all, ApiKeysPage.Offered(producer is not null), form, clock.GetUtcNow());
    }
}

public sealed record ApiKeyForm
{
    /// <summary>Days by the word of the form; none for a key without an end.</summary>
    public static readonly IReadOnlyDictionary<string, int?> Lifetimes = new Dictionary<string, int?>(StringComparer.Ordinal) { ["90"] = 90, ["365"] = 365, ["none"] = null };

    public static readonly IReadOnlyList<int> Paces = [60, 120, 600];

    [Required(ErrorMessage = "Hãy ghi tên để nhận ra khóa, ví dụ tên phần mềm.")]
    [StringLength(80, ErrorMessage = "Ghi tên dài nhất 80 ký tự.")]
    public string? Label { get; init; }

    public string[]? Scopes { get; init; }

    public string? Lifetime { get; init; } = "365";

    public int PerMinute { get; init; } = 120;
}

/// <param name="ProducerName">Null for the marketplace's keys.</param>
public sealed record ApiKeysPage(string Path, string? ProducerName, List<ApiKey> Keys, IReadOnlyList<ApiScope> Scopes, ApiKeyForm Form, DateTimeOffset Now)
{
    public static IReadOnlyList<ApiScope> Offered(bool ofProducer) => [.. ApiScope.All.Where(s => ofProducer ? s.OfProducer : s.OfMarket)];

    public bool InForce(ApiKey key) => key is { RevokedAt: null, MakerMay: true } && !(key.ExpiresAt <= Now);

    public bool IsFull => Keys.Count(InForce) >= ApiKeys.Most;
}
