using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Payments.Manage;

/// <summary>Which ways to pay a seller takes: VNPAY, transfers to an account of theirs, cash. What they take is what the check-out offers.</summary>
[Authorize(Policy = Roles.Owner)]
[Confirmed]
[Route("/quan-ly/cach-nhan-tien")]
public sealed class PayeeMethodsController(ProducerRegister producers, PayeeMethods methods, SiteOptions site, Db db, Texts t) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Edit(CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer)
            return SeeOther("/quan-ly/co-so", T["Hãy khai báo cơ sở trước."]);
        return View("Methods", await PageAsync(null, producer.Id, ct));
    }

    [HttpPost("chuyen-khoan")]
    public async Task<IActionResult> Update(BankAccountForm form, CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer)
            return NotFound();
        if (form.BankBin is { } bin && !(await PayeeMethods.BanksAsync(db, site, ct)).Exists(b => b.Bin == bin))
            ModelState.AddModelError("BankBin", T["Hãy chọn ngân hàng trong danh sách."]);
        if (!ModelState.IsValid)
            return Invalid("Methods", await PageAsync(form, producer.Id, ct));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (BankAccountForm.Of(await PayeeMethods.LockBankAccountAsync(tx, producer.Id)) is var stored && Request.IsOutdated(stored))
        {
            var page = await PageAsync(form, producer.Id, ct);
            return ChangedMeanwhile("Methods", page, form, stored, (field, value) => field switch
            {
                nameof(form.BankBin) => page.Banks.Find(b => b.Value == value)?.Text,
                nameof(form.Active) => stored.Active ? T["Đang nhận"] : T["Chưa nhận"],
                _ => null,
            });
        }
        await methods.SetBankAccountAsync(tx, producer.Id, new BankAccount(form.BankBin!, form.Account!.ToUpperInvariant(), Vietnamese.Clean(form.Holder)), form.Active, User.As(Roles.Seller));
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-ly/cach-nhan-tien", form.Active ? T["Đã lưu. Người mua chuyển thẳng vào tài khoản này."] : T["Đã ngừng nhận chuyển khoản."]);
    }

    /// <param name="typed">Null for what is stored.</param>
    private async Task<MethodsPage> PageAsync(BankAccountForm? typed, long producerId, CancellationToken ct)
    {
        var known = await PayeeMethods.BankAccountAsync(db, producerId, ct);
        var banks = (await PayeeMethods.BanksAsync(db, site, ct)).ConvertAll(b => new SelectListItem(b.Bin == BankAccount.NoBank ? T[BankAccount.SampleBank] : b.Name, b.Bin));
        var terminal = await db.FirstOrDefaultAsync<string>("select tmn_code from payments.terminal where producer_id = @producerId and active", new { producerId }, ct);
        var stored = BankAccountForm.Of(known);
        return new MethodsPage(typed ?? stored, stored, banks, terminal, known is (_, true));
    }
}

/// <param name="Terminal">Code of the VNPAY terminal in use.</param>
/// <param name="TakesTransfers">As it is saved now.</param>
public sealed record MethodsPage(BankAccountForm Form, BankAccountForm Stored, List<SelectListItem> Banks, string? Terminal, bool TakesTransfers);

public sealed record BankAccountForm
{
    [Required(ErrorMessage = "Hãy chọn ngân hàng trong danh sách.")]
    public string? BankBin { get; init; }

    [Required(ErrorMessage = "Hãy nhập số tài khoản.")]
    [RegularExpression("[A-Za-z0-9]{6,19}", ErrorMessage = "Số tài khoản có từ 6 đến 19 chữ và số, không có dấu cách.")]
    public string? Account { get; init; }

    [Required(ErrorMessage = "Hãy nhập tên chủ tài khoản đúng như ngân hàng ghi.")]
    [StringLength(100, ErrorMessage = "Tên chủ tài khoản dài nhất 100 ký tự.")]
    public string? Holder { get; init; }

    public bool Active { get; init; }

    internal static BankAccountForm Of((BankAccount Account, bool Active)? known) =>
        known is var (account, active) ? new() { BankBin = account.BankBin, Account = account.Account, Holder = account.Holder, Active = active } : new() { Active = true };
}
