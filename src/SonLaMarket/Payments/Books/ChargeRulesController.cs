using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Payments.Books;

/// <summary>Rules of fees and taxes: proposed with their source, adopted by somebody who compared them with it, ended on a day.</summary>
[Authorize(Policy = Roles.Operator)]
[Route("/quan-tri/phi-thue")]
public sealed class ChargeRulesController(Charges charges, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Index(CancellationToken ct) => View("Rules", await PageAsync(new RuleForm { Kind = Charges.Fee, ValidFrom = Vietnamese.Today(clock) }, ct));

    [HttpPost("")]
    [CreatesOnce]
    public async Task<IActionResult> Create(RuleForm form, CancellationToken ct)
    {
        var kinds = (form.ProducerKinds ?? []).Where(k => ProducerKind.All.Any(a => a.Word == k)).Distinct().ToArray();
        if (kinds.Length == 0)
            ModelState.AddModelError(nameof(form.ProducerKinds), T["Hãy chọn ít nhất một loại người bán."]);
        if (form.Rate is { } rate && decimal.Round(rate, 2) != rate)
            ModelState.AddModelError(nameof(form.Rate), T["Tỷ lệ có nhiều nhất hai chữ số sau dấu phẩy."]);
        if (form.ValidUntil < form.ValidFrom)
            ModelState.AddModelError(nameof(form.ValidUntil), T["Ngày cuối kỳ đứng trước ngày đầu kỳ."]);
        if (form.FreeYearly is { Amount: < 0 })
            ModelState.AddModelError(nameof(form.FreeYearly), T["Hãy nhập số tiền."]);
        if (!ModelState.IsValid)
            return Invalid("Rules", await PageAsync(form, ct) with { FormOpen = true });
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var rule = new ChargeRule(Vietnamese.Slug($"{form.Name} {form.ValidFrom:yyyy-MM-dd}"), form.Kind!, Vietnamese.Clean(form.Name), kinds, (int)(form.Rate!.Value * 100), form.FreeYearly?.Amount ?? 0, form.ValidFrom!.Value, form.ValidUntil, Vietnamese.Clean(form.Source), form.SourceUrl ?? "", Vietnamese.Clean(form.Note), null, null);
        if (!await charges.ProposeAsync(tx, rule, User.As(Roles.Operator)))
        {
            ModelState.AddModelError(nameof(form.Name), T["Đã có quy tắc cùng tên bắt đầu ngày này."]);
            return Invalid("Rules", await PageAsync(form, ct) with { FormOpen = true });
        }
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-tri/phi-thue", T["Đã thêm đề xuất. Đối chiếu với văn bản rồi bấm “Áp dụng”."]);
    }

    [HttpPost("{code}/ap-dung")]
    public Task<IActionResult> Adopt(string code) => ChangeAsync(code, tx => charges.AdoptAsync(tx, code, User.As(Roles.Operator)), T["Quy tắc được áp dụng cho các lần bán từ bây giờ."]);

    [HttpPost("{code}/ket-thuc")]
    public async Task<IActionResult> End(string code, [FromForm(Name = "lastDay")] DateOnly? lastDay, CancellationToken ct)
    {
        if (lastDay is null || lastDay < Vietnamese.Today(clock))
        {
            ModelState.TryAddModelError("lastDay", T["Ngày cuối phải từ hôm nay trở đi."]);
            return Invalid("Rules", await PageAsync(new RuleForm { Kind = Charges.Fee, ValidFrom = Vietnamese.Today(clock) }, ct) with { Refused = code });
        }
        return await ChangeAsync(code, tx => charges.EndAsync(tx, code, lastDay.Value, User.As(Roles.Operator)), T["Quy tắc hết áp dụng sau ngày {0}.", Vietnamese.Date(lastDay.Value)]);
    }

    private async Task<IActionResult> ChangeAsync(string code, Func<Tx, Task<bool>> change, string done)
    {
        await using var tx = await db.BeginAsync();
        if (!await tx.SingleAsync<bool>("select exists (select 1 from payments.charge_rule where code = @code)", new { code }))
            return NotFound();
        if (!await change(tx))
            return Conflict();
        await tx.CommitAsync();
        return SeeOther("/quan-tri/phi-thue", done);
    }

    private async Task<RulesPage> PageAsync(RuleForm form, CancellationToken ct) => new(await Charges.RulesAsync(db, ct), form, Vietnamese.Today(clock));
}

public sealed record RuleForm
{
    [Required(ErrorMessage = "Hãy chọn phí hay thuế.")]
    [AllowedValues(Charges.Fee, Charges.Tax, ErrorMessage = "Hãy chọn phí hay thuế.")]
    public string? Kind { get; init; }

    [Required(ErrorMessage = "Hãy ghi tên quy tắc.")]
    [StringLength(120, MinimumLength = 3, ErrorMessage = "Tên có từ 3 đến 120 ký tự.")]
    public string? Name { get; init; }

    public string[]? ProducerKinds { get; init; }

    [Required(ErrorMessage = "Hãy nhập tỷ lệ.")]
    [Range(0, 100, ErrorMessage = "Tỷ lệ từ 0 đến 100 %.")]
    public decimal? Rate { get; init; }

    public Vnd? FreeYearly { get; init; }

    [Required(ErrorMessage = "Hãy nhập ngày bắt đầu.")]
    public DateOnly? ValidFrom { get; init; }

    public DateOnly? ValidUntil { get; init; }

    [Required(ErrorMessage = "Hãy ghi văn bản, điều khoản làm căn cứ.")]
    [StringLength(300, MinimumLength = 5, ErrorMessage = "Căn cứ có từ 5 đến 300 ký tự.")]
    public string? Source { get; init; }

    [StringLength(300, ErrorMessage = "Đường dẫn dài nhất 300 ký tự.")]
    [RegularExpression("https://.*", ErrorMessage = "Đường dẫn bắt đầu bằng https://.")]
    public string? SourceUrl { get; init; }

    [StringLength(500, ErrorMessage = "Ghi chú dài nhất 500 ký tự.")]
    public string? Note { get; init; }
}

/// <param name="Refused">The rule whose last day was refused.</param>
public sealed record RulesPage(IReadOnlyList<ChargeRule> Rules, RuleForm Form, DateOnly Today, bool FormOpen = false, string? Refused = null);
