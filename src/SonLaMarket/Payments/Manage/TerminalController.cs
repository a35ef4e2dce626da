using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Payments.Manage;

/// <summary>The seller's own VNPAY terminal. Its secret goes in and never comes out again.</summary>
[Authorize(Policy = Roles.Owner)]
[Confirmed]
[Route("/quan-ly/cong-thanh-toan")]
public sealed class TerminalController(ProducerRegister producers, Terminals terminals, SiteOptions site, Db db, Texts t) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Edit(CancellationToken ct) =>
        await producers.OfMemberAsync(db, User.Id(), ct) is { } producer
            ? View("Terminal", await PageAsync(new TerminalForm(), producer.Id, ct))
            : SeeOther("/quan-ly/co-so", T["Hãy khai báo cơ sở trước."]);

    [HttpPost("")]
    public async Task<IActionResult> Update(TerminalForm form, CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer)
            return NotFound();
        if (!ModelState.IsValid)
            return Invalid("Terminal", await PageAsync(form, producer.Id, ct));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await terminals.AddAsync(tx, producer.Id, form.TmnCode!.ToUpperInvariant(), form.Secret!, User.As(Roles.Seller)))
        {
            ModelState.AddModelError(nameof(form.TmnCode), T["Mã website này đã thuộc một người bán khác trên sàn."]);
            return Invalid("Terminal", await PageAsync(form, producer.Id, ct));
        }
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-ly/cong-thanh-toan", T["Đã lưu. Người mua trả tiền thẳng vào cổng của bạn."]);
    }

    private async Task<TerminalPage> PageAsync(TerminalForm form, long producerId, CancellationToken ct)
    {
        const string select = "select tmn_code from payments.terminal where producer_id = @producerId and active";
        return new(form, await db.FirstOrDefaultAsync<string>(select, new { producerId }, ct), site.Absolute("/vnpay/ipn"));
    }
}

/// <param name="Present">Code of the terminal in use.</param>
public sealed record TerminalPage(TerminalForm Form, string? Present, string IpnUrl);

public sealed record TerminalForm
{
    [Required(ErrorMessage = "Hãy nhập mã website.")]
    [RegularExpression("[A-Za-z0-9]{8}", ErrorMessage = "Mã website có đúng 8 chữ và số.")]
    public string? TmnCode { get; init; }

    [Required(ErrorMessage = "Hãy nhập chuỗi bí mật.")]
    [StringLength(200, MinimumLength = 8, ErrorMessage = "Chuỗi bí mật có từ 8 đến 200 ký tự.")]
    [DataType(DataType.Password)]
    public string? Secret { get; init; }
}
