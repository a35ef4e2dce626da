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
