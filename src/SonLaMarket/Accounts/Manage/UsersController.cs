using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.Manage;

/// <summary>People with accounts, for operators: new ones by a one-time link, closing, ending sessions.</summary>
[Authorize(Policy = Roles.Operator)]
[Route("/quan-tri/nguoi-dung")]
public sealed class UsersController(People people, Sessions sessions, SecondFactors factors, Messages messages, OneTimeLinks links, SealedText searches, SiteOptions site, Db db, Texts t) : PageController(t)
{
    private const int Take = 50;
    private const string Here = "/quan-tri/nguoi-dung";
    private const string Search = "users";

    [HttpGet("")]
    public async Task<IActionResult> Index([FromQuery] UserFilter filter, string? sau, CancellationToken ct) => View("Users", await LoadAsync(new UserForm(), filter, sau, ct));

    /// <summary>Names, phones and e-mails stay out of addresses: the list is asked for by a key that ends soon.</summary>
    [HttpPost("tim")]
    public async Task<IActionResult> Find(string? q, [FromForm(Name = "vai-tro")] string? role, CancellationToken ct)
    {
        if (q?.Length > UsersPage.LongestSearch)
        {
            ModelState.AddModelError("q", T["Nội dung tìm dài nhất {0} ký tự.", UsersPage.LongestSearch]);
            return Invalid("Users", await LoadAsync(new UserForm(), new UserFilter { VaiTro = role }, null, ct) with { Search = q });
        }
        return SeeOther(Here + Addresses.With(QueryCollection.Empty, ("tim", string.IsNullOrWhiteSpace(q) ? null : searches.Seal(Search, q)), ("vai-tro", role)));
    }

    [HttpPost("")]
    [CreatesOnce]
    public async Task<IActionResult> Create([Bind(Prefix = "Form")] UserForm form, CancellationToken ct)
    {
        var email = form.Email?.ToLowerInvariant();
        if (form.Role is not (Roles.Buyer or Roles.Officer or Roles.Operator or Roles.Helper))
            ModelState.AddModelError("Form.Role", T["Hãy chọn vai trò."]);
        if (!ModelState.IsValid)
            return Invalid("Users", await LoadAsync(form, new UserFilter(), null, ct));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var id = await people.AddAsync(tx, new NewPerson(email, null, Vietnamese.Clean(form.Name), null, [form.Role!]), User.As(Roles.Operator));
        if (id is null)
        {
            ModelState.AddModelError("Form.Email", T["E-mail này đã có tài khoản."]);
            return Invalid("Users", await LoadAsync(form, new UserFilter(), null, ct));
        }
        return await WithLinkAsync(tx, id.Value);
    }

    [HttpPost("lien-ket")]
    public async Task<IActionResult> Link(string? person)
    {
        await using var tx = await db.BeginAsync();
        if (await FindAsync(tx, person) is not { } found)
            return NotFound();
        return found.DisabledAt is null ? await WithLinkAsync(tx, found.Id) : Conflict();
    }

    [HttpPost("khoa")]
    public Task<IActionResult> Disable(string? person) => ChangeAsync(person, (tx, id, me) => people.DisableAsync(tx, id, me), T["Đã khóa tài khoản và kết thúc mọi phiên."]);

    [HttpPost("mo-khoa")]
    public Task<IActionResult> Enable(string? person) => ChangeAsync(person, (tx, id, me) => people.EnableAsync(tx, id, me), T["Đã mở lại tài khoản."]);

    /// <summary>Of a community digital team, or no longer.</summary>
    [HttpPost("to-cong-nghe-so")]
    public Task<IActionResult> Helper(string? person, bool yes) => ChangeAsync(
        person,
        async (tx, id, me) =>
        {
            if (!yes)
                return await people.RevokeAsync(tx, id, Roles.Helper, me);
            await people.GrantAsync(tx, id, Roles.Helper, me);
            return true;
        },
        yes ? T["Đã cấp vai trò tổ công nghệ số."] : T["Đã thu vai trò tổ công nghệ số."]);

    /// <summary>The authenticator app of somebody who lost both phone and recovery codes; who they are was made sure of in person.</summary>
    [HttpPost("go-hai-buoc")]
    public Task<IActionResult> RemoveSecondFactor(string? person) => ChangeAsync(
        person,
        async (tx, id, me) =>
        {
            if (!await factors.RemoveAsync(tx, id, me))
                return false;
            await sessions.EndOthersAsync(tx, id, null, me);
            await messages.TellAsync(tx, (await people.FindAsync(tx, id))!.Contacts, "second-factor-off", "SonLaMarket", T["Đã tắt xác thực hai bước của tài khoản SonLaMarket. Nếu không phải bạn, hãy báo ngay cho người quản trị sàn."]);
            return true;
        },
        T["Đã gỡ ứng dụng xác thực và kết thúc mọi phiên."]);

    [HttpPost("ket-thuc-phien")]
    public Task<IActionResult> EndSessions(string? person) => ChangeAsync(
        person,
        async (tx, id, me) =>
        {
            await sessions.EndOthersAsync(tx, id, null, me);
            return true;
        },
        T["Đã kết thúc mọi phiên của tài khoản."]);

    /// <summary>Operators do not close themselves out.</summary>
    private async Task<IActionResult> ChangeAsync(string? person, Func<Tx, long, Actor, Task<bool>> change, string done)
    {
        await using var tx = await db.BeginAsync();
        if (await FindAsync(tx, person) is not { } found)
            return NotFound();
        if (found.Id == User.Id() || !await change(tx, found.Id, User.As(Roles.Operator)))
            return Conflict();
        await tx.CommitAsync();
        return SeeOther(Here, done);
    }

    private async Task<IActionResult> WithLinkAsync(Tx tx, long id)
    {
        var link = await links.CreateAsync(tx, id, User.As(Roles.Operator));
        await tx.CommitAsync();
        return SeeOther(Here, T["Liên kết đặt mật khẩu, chỉ hiện một lần, dùng được trong 24 giờ: {0}", site.Absolute(link)]);
    }

    private async Task<Person?> FindAsync(Tx tx, string? signIn) => string.IsNullOrEmpty(signIn) ? null : await people.FindBySignInAsync(tx, signIn);

    private async Task<UsersPage> LoadAsync(UserForm form, UserFilter filter, string? sau, CancellationToken ct)
    {
        const string select = """
            select p.id, coalesce(p.email, p.phone) as sign_in, p.name, p.created_at, p.disabled_at, p.password_hash is not null as has_password, p.totp_secret is not null as second_factor,
              array(select role from accounts.person_role r where r.person_id = p.id order by role) as roles,
              (select count(*) from accounts.session s where s.person_id = p.id and s.expires_at > now()) as sessions, (select max(s.seen_at) from accounts.session s where s.person_id = p.id) as seen_at
            from accounts.person p
            where (@q::text is null or foundation.fold(p.name) like '%' || foundation.fold(@q) || '%' or p.email like '%' || lower(@q) || '%' or p.phone = @phone)
              and (@role::text is null or exists (select 1 from accounts.person_role r where r.person_id = p.id and r.role = @role)) and (@before::bigint is null or p.id < @before)
            order by p.id desc limit @take
            """;
        var before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, out var key) ? key : (long?)null;
        var asked = searches.Open(Search, filter.Tim);
        var q = asked?.Replace("%", "", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
        var rows = await db.QueryAsync<UserRow>(select, new { q, phone = Vietnamese.Phone(asked, samplesAllowed: true), role = string.IsNullOrEmpty(filter.VaiTro) ? null : filter.VaiTro, before, take = Take + 1 }, ct);
        return new(form, filter, asked, Page<UserRow>.Of(rows, Take, r => Cursor.Of(r.Id.ToString(CultureInfo.InvariantCulture))), User.Id());
    }
}

public sealed record UserFilter
{
    /// <summary>The key of a search.</summary>
    public string? Tim { get; init; }

    [FromQuery(Name = "vai-tro")]
    public string? VaiTro { get; init; }
}

public sealed record UserForm
{
    [Required(ErrorMessage = "Hãy nhập họ và tên.")]
    [StringLength(120, ErrorMessage = "Họ và tên dài nhất 120 ký tự.")]
    public string? Name { get; init; }

    [Required(ErrorMessage = "Hãy nhập e-mail.")]
    [EmailAddress(ErrorMessage = "E-mail không đúng dạng.")]
    [StringLength(200, ErrorMessage = "E-mail quá dài.")]
    public string? Email { get; init; }

    public string? Role { get; init; }
}

public sealed record UserRow(
    long Id, string SignIn, string Name, DateTimeOffset CreatedAt, DateTimeOffset? DisabledAt, bool HasPassword, bool SecondFactor, string[] Roles, long Sessions, DateTimeOffset? SeenAt);

public sealed record UsersPage(UserForm Form, UserFilter Filter, string? Search, Page<UserRow> Page, long Me)
{
    public const int LongestSearch = 100;

    public bool SearchTooLong => Search?.Length > LongestSearch;

    public bool SearchEnded => Search is null && !string.IsNullOrEmpty(Filter.Tim);

    public static readonly (string Word, string Label)[] RoleWords =
        [(Foundation.Roles.Officer, "Cán bộ"), (Foundation.Roles.Operator, "Người quản trị"), (Foundation.Roles.Seller, "Người bán"), (Foundation.Roles.Helper, "Tổ công nghệ số"), (Foundation.Roles.Buyer, "Người mua")];

    public static string RoleLabel(string word) => Array.Find(RoleWords, r => r.Word == word).Label ?? word;
}
