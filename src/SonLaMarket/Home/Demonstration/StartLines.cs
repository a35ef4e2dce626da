using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Producers;

namespace SonLaMarket.Home.Demonstration;

/// <summary>What the start prints once the marketplace answers: lines for programs, fields separated by one tab, the same at every start (docs/contract.md, section 1).</summary>
public static class StartLines
{
    public static void Print(TextWriter output, string siteUrl, string? simulatorUrl)
    {
        Write(output, "site", siteUrl);
        if (simulatorUrl is not null)
            Write(output, "simulator", simulatorUrl);
        foreach (var account in SampleAccount.Printed)
            Write(output, "account", account.Role, account.SignIn, account.Password);
        foreach (var key in SampleKey.All)
            Write(output, "api-key", string.Join(' ', key.Scopes), key.Secret);
        foreach (var (profile, token) in SampleFeed.Tokens)
            Write(output, "feed-token", profile, token);
        Write(output, "vnpay", SampleTerminal.Code(0), SampleTerminal.Secret(0));
        output.WriteLine("ready");
        output.Flush();
    }

    private static void Write(TextWriter output, params string[] fields) => output.WriteLine(string.Join('\t', fields));
}

/// <summary>Feed tokens of the demonstration.</summary>
public static class SampleFeed
{
    public static readonly (string Profile, string Token)[] Tokens =
    [
        ("google-merchant", "mau-google-merchant-4f1c9a72d0"),
        ("postmart", "mau-postmart-8be35d1607"),
    ];
}

/// <summary>A key of the demonstration.</summary>
/// <param name="SellerSignIn">Who sells for the producer that it is bound to; null for one of the marketplace.</param>
public sealed record SampleKey(string Code, string Secret, string[] Scopes, string? SellerSignIn)
{
    private const int PerMinute = 600;

    public static readonly SampleKey[] All =
    [
        new("MAU00001", "slm_MAU00001_mau-ghi-va-doc-su-kien-5b8e03d7", ["epcis:capture:any", "epcis:query"], null),
        new("MAU00002", "slm_MAU00002_mau-phan-mem-cua-htx-c1f4a96e", ["epcis:capture", "epcis:query", ApiScope.Listings], SampleAccount.Printed.First(a => a.Role == Roles.Seller).SignIn),
    ];

    /// <summary>Repeatable. Without the samples the seller has no producer yet, and the key bound to it opens nothing until a later start.</summary>
    public static async Task AddAsync(Tx tx, ApiKeys keys)
    {
        const string find = "select m.producer_id from producers.member m join accounts.person p on p.id = m.person_id where p.email = @SellerSignIn order by m.joined_at, m.producer_id limit 1";
        foreach (var key in All)
        {
            var producer = key.SellerSignIn is null ? null : await tx.FirstOrDefaultAsync<long?>(find, new { key.SellerSignIn });
            if (key.SellerSignIn is null || producer is not null)
                await keys.AddSampleAsync(tx, key.Code, key.Secret, new(producer, "Phần mềm mẫu", key.Scopes, PerMinute, null));
        }
    }
}
