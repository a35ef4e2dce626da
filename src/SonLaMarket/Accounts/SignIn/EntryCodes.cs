using System.Net;
using System.Text.Json;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Accounts.SignIn;

/// <summary>What travels with a code: where its owner goes on, and who is to be made an account for should there be none.</summary>
internal sealed record NewAccount : EntryForm
{
    public string? Name { get; init; }

    public string? Role { get; init; }
}

/// <summary>Codes that let people in, for sign-in and sign-up alike.</summary>
internal sealed class EntryCodes(OneTimeCodes codes, Channels channels, Db db, Texts t)
{
    private const string Purpose = "enter";

    public async Task<CodeSending> SendAsync(Contact to, NewAccount account, IPAddress? from)
    {
        await using var tx = await db.BeginAsync();
        var sending = await codes.SendAsync(tx, Purpose, to, from,
            code => t["{0} là mã vào SonLaMarket, dùng trong 5 phút. Không đưa mã này cho ai, kể cả người tự xưng là nhân viên sàn.", code], JsonSerializer.Serialize(account));
        await tx.CommitAsync();
        return sending;
    }

    public Task<CodeCheck> CheckAsync(EnterCodeForm form) => codes.CheckAsync(db, Purpose, form.Ticket, form.Code);

    public (Contact Contact, NewAccount Account)? Read(string? ticket) => codes.Read(Purpose, ticket) is var (contact, about) ? (contact, Account(about)) : null;

    public static NewAccount Account(string about) => JsonSerializer.Deserialize<NewAccount>(about)!;

    public EnterCodePage Page(string ticket, Contact contact) => new(
        t["Nhập mã"], "/dang-nhap/bang-ma/nhap", "/dang-nhap/bang-ma/gui-lai", "/dang-nhap/bang-ma", ticket, contact.Show, t["Tiếp tục"], channels.OnOutboxPage);

    /// <summary>What can be typed as a contact here, as far as there are channels for it.</summary>
    public string WrongContact() => (channels.Offers(Channels.Text), channels.Offers(Channels.Email)) switch
    {
        (true, false) => t["Hãy nhập số điện thoại di động 10 số."],
        (false, true) => t["Hãy nhập một địa chỉ e-mail."],
        _ => t["Hãy nhập một e-mail, hoặc số điện thoại di động 10 số."],
    };
}
