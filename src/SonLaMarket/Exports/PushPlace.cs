using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Exports;

/// <summary>
/// How listings go to a platform's own program, in the platform's words: paths, members of its JSON ("result.id"), headers. Where to, and with which key, an installation
/// says (<see cref="PushSettings"/>).
/// </summary>
/// <param name="SignIn">Path that gives a token for {key} and {secret}, which stand in <paramref name="Credentials"/>.</param>
/// <param name="Token">Member of its answer.</param>
/// <param name="Sku">The column by which the platform knows a listing again.</param>
/// <param name="Find">Path that answers with the listing of a {sku}.</param>
/// <param name="Send">Path that makes a listing, or changes the one whose id stands in <paramref name="Id"/>.</param>
/// <param name="Withdraw">Path that ends an offer, with <paramref name="Withdrawal"/> and the {id} in it.</param>
/// <param name="Ok">Member that says true where the platform did as asked.</param>
/// <param name="SentId">Member with the platform's id of the listing.</param>
/// <param name="Message">Member with the platform's words where it did not.</param>
/// <param name="Absent">Parts of these words where it knows no such SKU.</param>
/// <param name="PerMinute">So many requests of one process at most.</param>
public sealed record PushPlace(
    string SignIn, string Credentials, string Token, string Sku, string Find, string Send, string Id, string Withdraw, string Withdrawal, string Ok, string SentId, string Message,
    string[]? Absent = null, string Header = "Authorization", string Scheme = "bearer", int PerMinute = 60)
{
    /// <summary>Null where a request can be made of it.</summary>
    internal Said? Fault(Column[] columns, string[] formats)
    {
        var paths = new[] { SignIn, Find, Send, Withdraw };
        var words = new[] { Credentials, Token, Id, Withdrawal, Ok, SentId, Message, Header };
        return Array.TrueForAll(paths, p => p?.StartsWith('/') == true && !p.StartsWith("//", StringComparison.Ordinal)) && Array.TrueForAll(words, w => !string.IsNullOrWhiteSpace(w)) && Find.Contains("{sku}", StringComparison.Ordinal)
            && Withdrawal.Contains("{id}", StringComparison.Ordinal) && PerMinute is >= 1 and <= 60_000 && Array.Exists(columns, c => c.Name == Sku) && formats.Contains("json")
            ? null : new("Phần gửi tự động của hồ sơ thiếu hoặc sai một mục.");
    }
}

/// <param name="Key">Of the shop there.</param>
public sealed record PushAddress(Uri Address, string Key, string Secret);

/// <summary>Where this installation sends listings by itself: settings Push:PROFILE:Address, Key and Secret, and Push:TimeoutSeconds. Nothing is sent where they are not set.</summary>
public sealed class PushSettings(IConfiguration configuration)
{
    /// <summary>A platform that has not answered by then may still do what it was asked.</summary>
    public TimeSpan Timeout { get; } = TimeSpan.FromSeconds(configuration.GetValue("Push:TimeoutSeconds", 10d));

    /// <summary>So long telling one listing may take, and it is nobody else's: signing in, search and change, the latter two each once more after signing in again.</summary>
    public TimeSpan LongestOf(PushPlace place) => TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerMinute, 7 * (Timeout + TimeSpan.FromMinutes(1) / place.PerMinute).Ticks));

    /// <summary>Null where nothing is sent: not set up, or to no address that is safe.</summary>
    public PushAddress? For(Profile profile) => profile is { Push: not null, Status: not "legacy" } && configuration.GetSection("Push").GetSection(profile.Code) is var set
        && Uri.TryCreate(set["Address"], UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address is { IsLoopback: true, Scheme: "http" })
        && set["Key"] is { Length: > 0 } key ? new(address, key, set["Secret"] ?? "") : null;

    /// <summary>Of the profiles for which anything is set.</summary>
    public IEnumerable<string> Codes => configuration.GetSection("Push").GetChildren().Where(s => s["Address"] is not null).Select(s => s.Key);
}
