using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.Manage;

/// <summary>One's own account at a glance, and one's name.</summary>
[Authorize]
[Route("/tai-khoan")]
public sealed class AccountController(People people, Db db, Texts t) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Show(CancellationToken ct)
    {
        const string counts = """
            select (select count(*) from accounts.session where person_id = @id and expires_at > now())::int as sessions, (select count(*) from accounts.passkey where person_id = @id)::int as passkeys,
              (select count(*) from accounts.recovery_code where person_id = @id and used_at is null)::int as recovery
            """;
        var me = (await people.FindAsync(db, User.Id(), ct))!;
        return View("Show", new AccountPage(me, await db.SingleAsync<AccountCounts>(counts, new { id = me.Id }, ct)));
    }

    [HttpGet("ho-ten")]
    public async Task<IActionResult> EditName(CancellationToken ct) => View("Name", new NameForm { Name = (await people.FindAsync(db, User.Id(), ct))!.Name });

    [HttpPost("ho-ten")]
    public async Task<IActionResult> UpdateName(NameForm form)
    {
        if (!ModelState.IsValid)
            return Invalid("Name", form);
        await using var tx = await db.BeginAsync();
        await people.RenameAsync(tx, User.Id(), Vietnamese.Clean(form.Name), User.As("self"));
        await tx.CommitAsync();
        return SeeOther("/tai-khoan", T["Đã đổi họ và tên."]);
    }
}

public sealed record AccountCounts(int Sessions, int Passkeys, int Recovery);

public sealed record AccountPage(Person Me, AccountCounts Counts);

public sealed record NameForm
{
    [Required(ErrorMessage = "Hãy nhập họ và tên.")]
    [StringLength(120, ErrorMessage = "Họ và tên dài nhất 120 ký tự.")]
    public string? Name { get; init; }
}
