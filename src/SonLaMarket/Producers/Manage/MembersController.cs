using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Producers.Manage;

/// <summary>Who works for the producer and who helps it. Owners invite, change and take out; everybody may leave.</summary>
[Authorize(Policy = Roles.Diary)]
[Route(Here)]
public sealed class MembersController(Members members, Helpers helpers, ProducerRegister producers, Messages messages, RowKeys keys, SiteOptions site, Db db, Texts t, IHostEnvironment environment) : PageController(t)
{
    internal const string Here = "/quan-ly/thanh-vien";
    private const string MemberKey = "member";
    private const string InvitationKey = "invitation";
    private const string HelperKey = "helper";

    [HttpGet("")]
    public async Task<IActionResult> Index(CancellationToken ct) => User.ActsFor() is not null ? Forbid()
        : await producers.OfMemberAsync(db, User.Id(), ct) is { } producer ? View("Members", await PageAsync(producer, new InvitationForm(), ct))
        : SeeOther("/quan-ly/co-so", T["Hãy khai báo cơ sở trước."]);

    [Authorize(Policy = Roles.Owner)]
    [HttpPost("moi")]
    [CreatesOnce]
    public async Task<IActionResult> Invite([Bind(Prefix = "Form")] InvitationForm form, CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer)
            return NotFound();
        var contact = Contact.Parse(form.Contact, !environment.IsProduction());
        if (form.Contact is not null && contact is null)
            ModelState.AddModelError("Form.Contact", T["Hãy nhập một e-mail, hoặc số điện thoại di động 10 số."]);
        if (form.Role is not null && !Array.Exists(MemberRole.All, r => r.Word == form.Role))
            ModelState.AddModelError("Form.Role", T["Hãy chọn vai trò."]);
        if (!ModelState.IsValid)
            return Invalid("Members", await PageAsync(producer, form, ct));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (await members.InviteAsync(tx, producer.Id, contact!, form.Role!, User.Id(), User.As(Roles.Seller)) is not { } path)
            return NotFound();
        var link = site.Absolute(T.To(path));
        await messages.TellAsync(tx, [contact!], "invitation", "SonLaMarket", T["{0} mời bạn cùng làm việc cho {1} trên SonLaMarket. Mở liên kết này trong 7 ngày: {2}", User.Identity!.Name, producer.Name, link]);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther(Here, T["Đã mời {0}. Bạn cũng có thể tự gửi liên kết này qua Zalo, dùng một lần trong 7 ngày: {1}", contact!.Show, link]);
    }

    [Authorize(Policy = Roles.Owner)]
    [HttpPost("huy-moi")]
    public Task<IActionResult> Uninvite(string? key) => ChangeAsync(InvitationKey, key, (tx, producer, id) => members.CancelInvitationAsync(tx, producer, id, User.Id(), User.As(Roles.Seller)), T["Đã rút lời mời."]);

    [Authorize(Policy = Roles.Owner)]
    [HttpPost("vai-tro")]
    public Task<IActionResult> ChangeRole(string? key, string? role) => !Array.Exists(MemberRole.All, r => r.Word == role) ? Task.FromResult<IActionResult>(NotFound())
        : ChangeAsync(MemberKey, key, (tx, producer, id) => members.ChangeRoleAsync(tx, producer, id, role!, User.Id(), User.As(Roles.Seller)), T["Đã đổi vai trò."]);

    [Authorize(Policy = Roles.Owner)]
    [HttpPost("go")]
    public Task<IActionResult> Remove(string? key) => ChangeAsync(MemberKey, key, (tx, producer, id) => members.RemoveAsync(tx, producer, id, User.Id(), User.As(Roles.Seller)), T["Đã đưa người đó ra khỏi cơ sở."]);

    [HttpPost("roi")]
    public async Task<IActionResult> Leave()
    {
        if (User.ActsFor() is not null || await producers.OfMemberAsync(db, User.Id()) is not { } producer)
            return NotFound();
        await using var tx = await db.BeginAsync();
        if (!await members.RemoveAsync(tx, producer.Id, User.Id(), User.Id(), User.As(Roles.Seller)))
            return Conflict();
        await tx.CommitAsync();
        return SeeOther("/tai-khoan", T["Bạn đã rời {0}.", producer.Name]);
    }

    /// <summary>Works for another producer of one's own from now on.</summary>
    [HttpPost("doi")]
    public async Task<IActionResult> Switch(string? slug)
    {
        await using var tx = await db.BeginAsync();
        if (!await members.SwitchAsync(tx, slug ?? "", User.Id()))
            return NotFound();
        await tx.CommitAsync();
        return SeeOther("/quan-ly");
    }

    [Authorize(Policy = Roles.Owner)]
    [HttpPost("nguoi-giup/dong-y")]
    public Task<IActionResult> Agree(string? key) => ChangeAsync(HelperKey, key, (tx, _, id) => helpers.AgreeAsync(tx, id, User.Id(), "screen", User.As(Roles.Seller)), T["Đã đồng ý. Bạn dừng được bất cứ lúc nào ở trang này."]);

    [Authorize(Policy = Roles.Owner)]
    [HttpPost("nguoi-giup/dung")]
    public Task<IActionResult> Stop(string? key) => ChangeAsync(HelperKey, key, (tx, _, id) => helpers.EndAsync(tx, id, User.Id(), User.As(Roles.Seller)), T["Đã dừng. Người đó không làm thay được nữa."]);

    private async Task<IActionResult> ChangeAsync(string kind, string? key, Func<Tx, long, long, Task<bool>> change, string done)
    {
        if (keys.Open(kind, key) is not { } id || await producers.OfMemberAsync(db, User.Id()) is not { } producer)
            return NotFound();
        await using var tx = await db.BeginAsync();
        if (!await change(tx, producer.Id, id))
            return Conflict();
        await tx.CommitAsync();
        return SeeOther(Here, done);
    }

    private async Task<MembersPage> PageAsync(Producer producer, InvitationForm form, CancellationToken ct)
    {
        var owner = User.IsInRole(Roles.Owner);
        var all = await members.OfProducerAsync(db, producer.Id, ct);
        var me = all.Find(m => m.PersonId == User.Id());
        var lastOwner = all.Count(m => m.Role == MemberRole.Owner) == 1;
        return new(
            producer.Name,
            [.. all.Select(m => new MemberRow(keys.Seal(MemberKey, m.PersonId), m.Name, owner ? Shown(m) : null, m.Role, m.JoinedAt, m.PersonId == User.Id(), lastOwner && m.Role == MemberRole.Owner))],
            owner ? (await members.OpenInvitationsAsync(db, producer.Id, ct)).ConvertAll(i => new InvitationRow(keys.Seal(InvitationKey, i.Id), new Contact(i.Contact).Show, i.Role, i.ExpiresAt)) : [],
            owner ? (await helpers.OfProducerAsync(db, producer.Id, ct)).ConvertAll(h => new HelperRow(keys.Seal(HelperKey, h.Id), h.HelperName, h.EndsOn, h.AskedAt, h.AgreedAt, h.AgreedBy)) : [],
            owner ? await helpers.ActsAsync(db, producer.Id, ct) : [],
            await members.WorkplacesAsync(db, User.Id(), ct),
            owner,
            me is not null && !(me.Role == MemberRole.Owner && lastOwner),
            form);
    }

    private static string? Shown(Member m) => m.Phone is not null ? Vietnamese.ShowPhone(m.Phone) : m.Email;
}

public sealed record MemberRow(string Key, string Name, string? Contact, string Role, DateTimeOffset JoinedAt, bool Me, bool LastOwner);

public sealed record InvitationRow(string Key, string Contact, string Role, DateTimeOffset ExpiresAt);

public sealed record HelperRow(string Key, string Name, DateOnly EndsOn, DateTimeOffset AskedAt, DateTimeOffset? AgreedAt, string? AgreedBy);

public sealed record MembersPage(
    string ProducerName, List<MemberRow> Members, List<InvitationRow> Invitations, List<HelperRow> Helpers, List<HelperAct> Acts, List<Workplace> Workplaces, bool Owner, bool MayLeave, InvitationForm Form);

public sealed record InvitationForm
{
    [Required(ErrorMessage = "Hãy nhập e-mail hoặc số điện thoại.")]
    [StringLength(200, ErrorMessage = "E-mail hoặc số điện thoại quá dài.")]
    public string? Contact { get; init; }

    [Required(ErrorMessage = "Hãy chọn vai trò.")]
    public string? Role { get; init; }
}
