using System.ComponentModel.DataAnnotations;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Accounts;

/// <summary>Where a person is reached and what they sign in with: an e-mail address in lower case, or a phone number in E.164.</summary>
public sealed record Contact(string Value)
{
    private static readonly EmailAddressAttribute Email = new();

    public bool IsEmail => Value.Contains('@', StringComparison.Ordinal);

    /// <summary>The word of a message's channel that gets there.</summary>
    public string Channel => IsEmail ? Channels.Email : Channels.Text;

    public string Show => IsEmail ? Value : Vietnamese.ShowPhone(Value);

    /// <summary>Enough to recognise one's own, too little for a stranger: "••• ••• 678", "n•••@hop.vn".</summary>
    public string Masked => IsEmail ? $"{Value[0]}•••{Value[Value.IndexOf('@', StringComparison.Ordinal)..]}" : "•••\u00a0•••\u00a0" + Value[^3..];

    /// <summary>Null when it is neither, in any of the usual writings of a Vietnamese mobile number.</summary>
    public static Contact? Parse(string? typed, bool samplesAllowed)
    {
        var text = Vietnamese.Clean(typed);
        if (text.Contains('@', StringComparison.Ordinal))
            return text.Length <= 200 && !text.Contains(' ', StringComparison.Ordinal) && Email.IsValid(text) ? new Contact(text.ToLowerInvariant()) : null;
        return Vietnamese.Phone(text, samplesAllowed) is { } phone ? new Contact(phone) : null;
    }
}
