using System.Globalization;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts;

/// <summary>What Accounts holds of a person.</summary>
public sealed class AccountsOfPerson(Texts t, TimeProvider clock) : IPersonalData
{
    public async Task<IReadOnlyList<DataSection>> SeeAsync(Sql sql, DataSubject subject, int take, CancellationToken ct)
    {
        var messages = new DataSection("messages", t["Thư và tin nhắn đã gửi cho bạn"], t["Để báo việc bạn cần biết: mã, đơn hàng, thay đổi của tài khoản."], t["Giữ 30 ngày rồi xóa nội dung. Xóa ngay khi bạn yêu cầu."], await MessagesAsync(sql, subject, take, ct));
        if (subject.PersonId is not { } id)
            return [messages];
        return
        [
            new("account", t["Tài khoản"], t["Để bạn đăng nhập và dùng sàn, theo thỏa thuận với bạn."], t["Giữ đến khi bạn xóa. Sau đó chỉ còn một số thứ tự không tên."], await AccountAsync(sql, id, ct), "/tai-khoan"),
            new("access", t["Lần đăng nhập, đăng xuất"], t["Luật an ninh mạng buộc ghi lại tài khoản, thời điểm, địa chỉ IP và cổng."], t["Giữ 12 tháng, kể cả sau khi xóa tài khoản (Nghị định 333/2026/NĐ-CP, Điều 16); không kèm tên hay số điện thoại."], await AccessAsync(sql, id, take, ct)),
            new("passkeys", t["Khóa truy cập"], t["Để đăng nhập không cần mật khẩu."], t["Giữ đến khi bạn gỡ hoặc xóa tài khoản."], await PasskeysAsync(sql, id, ct), "/tai-khoan/khoa"),
            messages,
            new("consents", t["Đồng ý và rút đồng ý"], t["Để chứng minh bạn đã đồng ý điều gì, lúc nào."], t["Giữ làm bằng chứng, kể cả sau khi xóa tài khoản; không kèm tên hay số điện thoại."], await ConsentsAsync(sql, id, take, ct)),
            new("acts", t["Việc đã làm trên sàn"], t["Nhật ký hệ thống: ai đã đổi gì, lúc nào, để bảo vệ bạn và người mua."], t["Giữ theo luật, kể cả sau khi xóa tài khoản; không kèm tên hay số điện thoại."], await ActsAsync(sql, id, take, ct)),
        ];
    }

    public async Task<IReadOnlyList<string>> HindrancesAsync(Sql sql, DataSubject subject, CancellationToken ct) =>
        subject.PersonId is { } id && await sql.SingleAsync<bool>("select exists (select 1 from accounts.person_role where person_id = @id and role in ('officer', 'operator'))", new { id }, ct)
            ? [t["Tài khoản công vụ do người quản trị sàn đóng, vì quyết định đã ký phải còn tên người ký."]] : [];

    public async Task EraseAsync(Tx tx, DataSubject subject, Actor actor)
    {
        const string contacts = """
            delete from accounts.one_time_code where recipient_hash = any(@hashes);
            delete from accounts.sign_in_failure where sign_in_hash = any(@hashes);
            update accounts.message set recipient = '', subject = '', body = '' where recipient = any(@contacts);
            update accounts.data_request set wish = '', contact = '', answer = case when outcome = 'refused' then '(đã xóa theo yêu cầu)' else '' end where person_id = @id or purchase_code = @Purchase or contact = any(@contacts)
            """;
        const string person = """
            delete from accounts.session where person_id = @id;
            delete from accounts.passkey where person_id = @id;
            delete from accounts.recovery_code where person_id = @id;
            delete from accounts.one_time_link where person_id = @id;
            delete from accounts.kept_form where person_id = @id;
            delete from accounts.person_role where person_id = @id;
            update accounts.person set email = null, email_proven_at = null, phone = null, phone_proven_at = null, name = '(đã xóa)', password_hash = null, totp_secret = null, totp_last_step = null,
              security_stamp = @stamp, public_id = gen_random_uuid(), disabled_at = coalesce(disabled_at, @now), erased_at = coalesce(erased_at, @now) where id = @id
            """;
        // What was only typed is theirs to lose too.
        var own = subject.PersonId is null ? [] : await tx.QueryAsync<string>("select c from accounts.person p, unnest(array[p.email, p.phone]) c where p.id = @PersonId and c is not null", new { subject.PersonId });
        string[] all = [.. own.Concat(new[] { subject.Phone, subject.Email }.OfType<string>()).Distinct(StringComparer.Ordinal)];
        await tx.ExecuteAsync(contacts, new { contacts = all, hashes = all.Select(Codes.Hash).ToArray(), id = subject.PersonId, subject.Purchase });
        if (subject.PersonId is not { } id)
            return;
        await tx.ExecuteAsync(person, new { id, stamp = Guid.NewGuid().ToString("N"), now = clock.GetUtcNow() });
        await KeptFiles.ForgetAsync(tx, id);
    }

    private async Task<IReadOnlyList<IReadOnlyList<DataField>>> AccountAsync(Sql sql, long id, CancellationToken ct)
    {
        var p = await sql.SingleAsync<Row>("select name, phone, email, created_at, array(select role from accounts.person_role r where r.person_id = p.id order by role) as roles from accounts.person p where id = @id", new { id }, ct);
        return [[new("name", t["Họ và tên"], p.Name), new("phone", t["Điện thoại"], p.Phone), new("email", "E-mail", p.Email), new("roles", t["Vai trò"], string.Join(", ", p.Roles.Select(r => t[Manage.UsersPage.RoleLabel(r)]))), new("createdAt", t["Tạo lúc"], Vietnamese.DateTime(p.CreatedAt))]];
    }

    private async Task<IReadOnlyList<IReadOnlyList<DataField>>> AccessAsync(Sql sql, long id, int take, CancellationToken ct) =>
        [.. (await sql.QueryAsync<AccessRow>("select at, what, method, host(ip) as ip, port from accounts.access where person_id = @id order by id desc limit @take", new { id, take }, ct)).Select(a => (IReadOnlyList<DataField>)
            [new("at", t["Lúc"], Vietnamese.DateTime(a.At)), new("what", t["Việc"], a.What == "begin" ? t["Đăng nhập"] : t["Đăng xuất"]), new("method", t["Bằng"], Shown(a.Method)), new("ip", "IP", a.Ip), new("port", t["Cổng"], a.Port?.ToString(CultureInfo.InvariantCulture))])];

    private async Task<IReadOnlyList<IReadOnlyList<DataField>>> PasskeysAsync(Sql sql, long id, CancellationToken ct) =>
        [.. (await sql.QueryAsync<PasskeyLine>("select name, created_at, used_at from accounts.passkey where person_id = @id order by created_at desc", new { id }, ct)).Select(k => (IReadOnlyList<DataField>)
            [new("name", t["Tên"], k.Name), new("createdAt", t["Tạo lúc"], Vietnamese.DateTime(k.CreatedAt)), new("usedAt", t["Dùng lần cuối"], k.UsedAt is { } at ? Vietnamese.DateTime(at) : null)])];

    /// <summary>Codes are left out: they are of no use, and were not for reading twice.</summary>
    private async Task<IReadOnlyList<IReadOnlyList<DataField>>> MessagesAsync(Sql sql, DataSubject subject, int take, CancellationToken ct)
    {
        string[] contacts = [.. new[] { subject.Phone, subject.Email }.OfType<string>()];
        return [.. (await sql.QueryAsync<MessageLine>("select created_at, channel, recipient, body from accounts.message where recipient = any(@contacts) and key not like 'code:%' order by id desc limit @take", new { contacts, take }, ct)).Select(m => (IReadOnlyList<DataField>)
            [new("at", t["Lúc"], Vietnamese.DateTime(m.CreatedAt)), new("channel", t["Kênh"], m.Channel == Channels.Email ? "E-mail" : "SMS"), new("recipient", t["Người nhận"], m.Recipient), new("body", t["Nội dung"], m.Body)])];
    }

    private async Task<IReadOnlyList<IReadOnlyList<DataField>>> ConsentsAsync(Sql sql, long id, int take, CancellationToken ct) =>
        [.. (await sql.QueryAsync<ConsentLine>("select at, purpose, given, text_version, text_hash, channel from accounts.consent where person_id = @id order by id desc limit @take", new { id, take }, ct)).Select(c => (IReadOnlyList<DataField>)
            [new("at", t["Lúc"], Vietnamese.DateTime(c.At)), new("purpose", t["Mục đích"], ConsentPurpose.Find(c.Purpose) is { } p ? t[p.Label] : c.Purpose), new("given", t["Trả lời"], c.Given ? t["Đồng ý"] : t["Rút đồng ý"]), new("text", t["Bản chữ"], $"{c.TextVersion} (SHA-256 {c.TextHash})"), new("channel", t["Kênh"], c.Channel == "web" ? t["Trang web"] : c.Channel)])];

    private async Task<IReadOnlyList<IReadOnlyList<DataField>>> ActsAsync(Sql sql, long id, int take, CancellationToken ct) =>
        [.. (await sql.QueryAsync<ActLine>("select at, action, subject from accounts.audit where actor_id = @id order by id desc limit @take", new { id, take }, ct)).Select(a => (IReadOnlyList<DataField>)
            [new("at", t["Lúc"], Vietnamese.DateTime(a.At)), new("action", t["Việc"], t[AuditWords.Action(a.Action)]), new("subject", t["Đối tượng"], AuditWords.Subject(a.Subject) is var (kind, key) ? $"{t[kind]} {key}" : null)])];

    /// <summary>What was shown on the way in or out, as <see cref="Entrance"/> notes it: "password+totp".</summary>
    private string Shown(string method) => string.Join(" + ", method.Split('+').Select(part => t[part switch
    {
        "password" => "Mật khẩu",
        "code" => "Mã gửi qua tin nhắn hoặc e-mail",
        "passkey" => "Khóa truy cập",
        "totp" => "Mã của ứng dụng xác thực",
        "recovery" => "Mã dự phòng",
        "sign-out" => "Nút đăng xuất",
        _ => part,
    }]));

    private sealed record Row(string Name, string? Phone, string? Email, DateTimeOffset CreatedAt, string[] Roles);

    private sealed record AccessRow(DateTimeOffset At, string What, string Method, string? Ip, int? Port);

    private sealed record PasskeyLine(string Name, DateTimeOffset CreatedAt, DateTimeOffset? UsedAt);

    private sealed record MessageLine(DateTimeOffset CreatedAt, string Channel, string Recipient, string Body);

    private sealed record ConsentLine(DateTimeOffset At, string Purpose, bool Given, string TextVersion, string TextHash, string Channel);

    private sealed record ActLine(DateTimeOffset At, string Action, string Subject);
}
