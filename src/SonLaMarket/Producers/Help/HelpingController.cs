using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Producers.Help;

/// <summary>A helper's own page: whom they may act for, asking another producer, beginning and stopping.</summary>
[Authorize(Policy = Roles.Helper)]
[Route(Here)]
public sealed class HelpingController(Helpers helpers, OneTimeCodes codes, Messages messages, Channels channels, RowKeys keys, Db db, Texts t, TimeProvider clock, IHostEnvironment environment) : PageController(t)
{
    private const string Here = "/tai-khoan/lam-thay";
    private const string Purpose = "helper";
    private const string Key = "helping";

    [HttpGet("")]
    public async Task<IActionResult> Index(CancellationToken ct) => View("Helping", await PageAsync(new AskForm(), ct));

    /// <summary>Sends the owner a code to read out. The answer is the same for a phone that belongs to no producer.</summary>
    [HttpPost("")]
    public async Task<IActionResult> Ask([Bind(Prefix = "Form")] AskForm form, CancellationToken ct)
    {
        var phone = Vietnamese.Phone(form.Phone, !environment.IsProduction());
        if (form.Phone is not null && phone is null)
            ModelState.AddModelError("Form.Phone", T["Hãy nhập số điện thoại di động 10 số."]);
        if (form.Days is < 1 or > Helpers.MostDays)
            ModelState.AddModelError("Form.Days", T["Nhiều nhất là {0} ngày.", Helpers.MostDays]);
        if (!ModelState.IsValid)
            return Invalid("Helping", await PageAsync(form, ct));
        var until = Vietnamese.Today(clock).AddDays(form.Days!.Value);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var owner = await helpers.FindOwnerAsync(tx, phone!, ct);
        var asked = owner is null || owner.PersonId == User.Id() ? null as long? : await helpers.AskAsync(tx, owner.ProducerId, User.Id(), until, User.As(Roles.Helper));
        var sending = await codes.SendAsync(tx, Purpose, new Contact(phone!), HttpContext.Connection.RemoteIpAddress, asked is null || !channels.Offers(Channels.Text) ? null
            : code => T["{0} (tổ công nghệ số cộng đồng) xin làm thay {1} trên SonLaMarket đến hết ngày {2}. Đồng ý thì đọc mã {3} cho người này. Không đồng ý thì không đọc mã cho ai.", User.Identity!.Name, owner!.ProducerName, Vietnamese.Date(until), code],
            string.Create(CultureInfo.InvariantCulture, $"{User.Id()} {asked} {owner?.PersonId}"));
        if (sending is not CodeSending.Sent sent)
        {
            Response.StatusCode = StatusCodes.Status429TooManyRequests;
            ModelState.AddModelError("", T["Đã gửi quá nhiều mã. Hãy thử lại sau một giờ."]);
            return View("Helping", await PageAsync(form, ct));
        }
        await tx.CommitAsync(CancellationToken.None);
        CodeTicket.Hand(HttpContext, sent);
        return SeeOther(Here + "/ma");
    }

    [HttpGet("ma")]
    public IActionResult Enter() => CodeTicket.Of(Request) is { } ticket && codes.Read(Purpose, ticket) is var (contact, about) && about.Split(' ')[0] == $"{User.Id()}"
        ? View("Agree", new AgreePage(ticket, contact.Show, channels.OnOutboxPage))
        : SeeOther(Here);

    [HttpPost("ma")]
    public async Task<IActionResult> Agree(AgreeForm form)
    {
        switch (await codes.CheckAsync(db, Purpose, form.Ticket, form.Code))
        {
            case CodeCheck.Right(var contact, var about) when about.Split(' ') is [var helper, { Length: > 0 } asked, { Length: > 0 } owner] && helper == $"{User.Id()}":
                await using (var tx = await db.BeginAsync())
                {
                    var ownerId = long.Parse(owner, CultureInfo.InvariantCulture);
                    if (!await helpers.AgreeAsync(tx, long.Parse(asked, CultureInfo.InvariantCulture), ownerId, "code", new Actor(ownerId, Roles.Seller)))
                        return Conflict();
                    await messages.TellAsync(tx, [contact], "helper-agreed", "SonLaMarket", T["Bạn đã đồng ý để {0} làm thay cơ sở của bạn trên SonLaMarket. Dừng bất cứ lúc nào: đăng nhập, mở trang Thành viên.", User.Identity!.Name]);
                    await tx.CommitAsync();
                    return SeeOther(Here, T["Cơ sở đã đồng ý. Bấm Làm thay để bắt đầu."]);
                }
            case CodeCheck.Wrong(var left):
                ModelState.AddModelError(nameof(form.Code), T["Mã không đúng. Còn {0} lần thử.", left]);
                return Invalid("Agree", new AgreePage(form.Ticket!, codes.Read(Purpose, form.Ticket)!.Value.Contact.Show, channels.OnOutboxPage));
            default:
                ModelState.AddModelError("", T["Mã này đã dùng, đã quá 5 phút hoặc đã sai 5 lần. Hãy nhận mã mới."]);
                return Invalid("Helping", await PageAsync(new AskForm(), CancellationToken.None));
        }
    }

    [HttpPost("bat-dau")]
    public async Task<IActionResult> Begin(string? key)
    {
        await using var tx = await db.BeginAsync();
        if (keys.Open(Key, key) is not { } id || !await helpers.BeginAsync(tx, id, User.Id(), User.As(Roles.Helper)))
            return Conflict();
        await tx.CommitAsync();
        return SeeOther("/quan-ly");
    }

    /// <summary>The button of the bar that stands on every page meanwhile.</summary>
    [HttpPost("dung")]
    public async Task<IActionResult> Leave()
    {
        await using var tx = await db.BeginAsync();
        await helpers.LeaveAsync(tx, User.Id());
        await tx.CommitAsync();
        return SeeOther(Here, T["Đã dừng làm thay."]);
    }

    /// <summary>The helper gives back what they may do.</summary>
    [HttpPost("thoi")]
    public async Task<IActionResult> GiveUp(string? key)
    {
        await using var tx = await db.BeginAsync();
        if (keys.Open(Key, key) is not { } id || !await helpers.EndAsync(tx, id, User.Id(), new Actor(User.Id(), Roles.Helper)))
            return Conflict();
        await tx.CommitAsync();
        return SeeOther(Here, T["Bạn không còn làm thay cơ sở đó."]);
    }

    private async Task<HelpingPage> PageAsync(AskForm form, CancellationToken ct) =>
        new((await helpers.OfHelperAsync(db, User.Id(), ct)).ConvertAll(h => new HelpedRow(keys.Seal(Key, h.Id), h.ProducerName, h.EndsOn, h.AgreedAt, h.Acting)), form);
}

public sealed record HelpedRow(string Key, string ProducerName, DateOnly EndsOn, DateTimeOffset? AgreedAt, bool Acting);

public sealed record HelpingPage(List<HelpedRow> Producers, AskForm Form);

public sealed record AskForm
{
    [Required(ErrorMessage = "Hãy nhập số điện thoại của chủ cơ sở.")]
    [StringLength(40, ErrorMessage = "Số điện thoại quá dài.")]
    public string? Phone { get; init; }

    [Required(ErrorMessage = "Hãy chọn thời hạn.")]
    public int? Days { get; init; }
}

public sealed record AgreeForm(string? Ticket, string? Code);

public sealed record AgreePage(string Ticket, string Phone, bool OnOutboxPage)
{
    public string? Code => null;
}
