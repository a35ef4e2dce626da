using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.SignIn;

/// <summary>
/// In with a code sent to a phone or mailbox. The answer is the same whether an account exists; only who has typed the
/// right code learns that there is none, and may make one.
/// </summary>
[AllowAnonymous]
[Route(Here)]
public sealed class CodeController(OneTimeCodes codes, People people, Channels channels, Entrance entrance, Db db, Texts t, IHostEnvironment environment, IDataProtectionProvider protection) : EntryController(entrance, protection, t)
{
    private const string Here = "/dang-nhap/bang-ma";
    private static readonly TimeSpan ProvenFor = TimeSpan.FromMinutes(30);
    private readonly EntryCodes codes = new(codes, channels, db, t);
    private readonly ITimeLimitedDataProtector proven = protection.CreateProtector("sign-in.proven-contact").ToTimeLimitedDataProtector();

    [HttpGet("")]
    public IActionResult New(string? tiep) => channels.OffersAny ? View("ByCode", new ByCodeForm { Tiep = tiep }) : NotFound();

    [HttpPost("")]
    public async Task<IActionResult> Send(ByCodeForm form)
    {
        if (Contact.Parse(form.SignIn, !environment.IsProduction()) is { } contact && channels.Offers(contact.Channel))
            return await SendAsync(contact, new NewAccount { Tiep = form.Tiep, Shared = form.Shared });
        ModelState.AddModelError(nameof(form.SignIn), form.SignIn is null ? T["Hãy nhập e-mail hoặc số điện thoại."] : codes.WrongContact());
        return Invalid("ByCode", form);
    }

    [HttpPost("gui-lai")]
    public async Task<IActionResult> Again(EnterCodeForm form) => codes.Read(form.Ticket) is var (contact, account) ? await SendAsync(contact, account) : Ended();

    /// <summary>Where a code that was sent is typed; loaded again, it sends nothing.</summary>
    [HttpGet("nhap")]
    public IActionResult Enter() => CodeTicket.Of(Request) is { } ticket && codes.Read(ticket) is var (contact, _) ? View("EnterCode", codes.Page(ticket, contact)) : SeeOther(Here);

    [HttpPost("nhap")]
    public async Task<IActionResult> Check(EnterCodeForm form)
    {
        switch (await codes.CheckAsync(form))
        {
            case CodeCheck.Right(var contact, var about):
                var account = EntryCodes.Account(about);
                if (await people.FindBySignInAsync(db, contact.Value) is { } person)
                    return await EnterAsync(person, contact, account);
                return account.Name is null ? View("Finish", new FinishPage(new FinishForm { Proven = Prove(contact, account) }, contact.Show)) : await CreateAsync(contact, account);
            case CodeCheck.Wrong(var left):
                ModelState.AddModelError(nameof(form.Code), T["Mã không đúng. Còn {0} lần thử.", left]);
                return Invalid("EnterCode", codes.Page(form.Ticket!, codes.Read(form.Ticket)!.Value.Contact));
            default:
                return Ended();
        }
    }

    /// <summary>A new account for a contact that was proven a moment ago.</summary>
    [HttpPost("tao-tai-khoan")]
    public async Task<IActionResult> Create(FinishForm form)
    {
        if (ReadProven(form.Proven) is not var (contact, account))
            return Ended();
        if (!ModelState.IsValid)
            return Invalid("Finish", new FinishPage(form, contact.Show));
        return await CreateAsync(contact, account with { Name = Vietnamese.Clean(form.Name), Role = form.Role });
    }

    private async Task<IActionResult> SendAsync(Contact contact, NewAccount account) => await codes.SendAsync(contact, account, HttpContext.Connection.RemoteIpAddress) switch
    {
        CodeSending.Sent sent => AskForCode(sent, Here + "/nhap"),
        CodeSending.TooMany(var wait) => TooMany(wait, "ByCode", new ByCodeForm { SignIn = contact.Show, Tiep = account.Tiep, Shared = account.Shared }),
        _ => throw new InvalidOperationException(),
    };

    private async Task<IActionResult> EnterAsync(Person person, Contact contact, NewAccount account)
    {
        if (person.DisabledAt is not null)
        {
            ModelState.AddModelError("", T["Tài khoản này đã bị khóa. Hãy hỏi người quản trị sàn."]);
            return Invalid("ByCode", new ByCodeForm { SignIn = contact.Show });
        }
        await using (var tx = await db.BeginAsync())
        {
            await people.ProveAsync(tx, person, contact, new Actor(person.Id, "self"));
            await tx.CommitAsync();
        }
        return await AdmitAsync(person, "code", account);
    }

    private async Task<IActionResult> CreateAsync(Contact contact, NewAccount account)
    {
        var buys = account.Role == Foundation.Roles.Buyer;
        await using (var tx = await db.BeginAsync())
        {
            // Taken meanwhile: by the same person in another window.
            await people.AddAsync(tx, NewPerson.With(contact, account.Name!, null, buys ? Foundation.Roles.Buyer : Foundation.Roles.Seller, proven: true), Actor.System);
            await tx.CommitAsync();
        }
        var person = (await people.FindBySignInAsync(db, contact.Value))!;
        return await AdmitAsync(person, "code", Url.IsLocalUrl(account.Tiep) ? account : account with { Tiep = T.To(buys ? "/tai-khoan" : "/quan-ly/co-so") });
    }

    private ViewResult Ended()
    {
        ModelState.Clear();
        ModelState.AddModelError("", T["Mã này đã dùng, đã quá 5 phút hoặc đã sai 5 lần. Hãy nhận mã mới."]);
        return Invalid("ByCode", new ByCodeForm());
    }

    private string Prove(Contact contact, NewAccount account) => proven.Protect(JsonSerializer.Serialize(new ProvenContact(contact.Value, account)), ProvenFor);

    private (Contact Contact, NewAccount Account)? ReadProven(string? ticket)
    {
        try
        {
            return string.IsNullOrEmpty(ticket) || ticket.Length > 4000 ? null : JsonSerializer.Deserialize<ProvenContact>(proven.Unprotect(ticket)) is { } p ? (new Contact(p.Contact), p.Account) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private sealed record ProvenContact(string Contact, NewAccount Account);
}

public sealed record ByCodeForm : EntryForm
{
    [StringLength(200, ErrorMessage = "E-mail hoặc số điện thoại quá dài.")]
    public string? SignIn { get; init; }
}

public sealed record FinishForm
{
    public string? Proven { get; init; }

    [Required(ErrorMessage = "Hãy nhập họ và tên.")]
    [StringLength(120, ErrorMessage = "Họ và tên dài nhất 120 ký tự.")]
    public string? Name { get; init; }

    [Required(ErrorMessage = "Hãy chọn bạn muốn bán hay mua.")]
    public string? Role { get; init; }
}

/// <param name="Contact">What was proven.</param>
public sealed record FinishPage(FinishForm Form, string Contact);
