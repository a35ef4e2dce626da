using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Accounts;

/// <summary>Passwords that everybody guesses first: keyboard rows, repeated characters, words of the place, one's own name (ASVS 5.0, 6.2).</summary>
public static class PasswordRules
{
    private static readonly string[] Guessed =
    [
        "12345678", "123456789", "1234567890", "87654321", "password", "password1", "passw0rd", "matkhau", "matkhau1", "qwertyui", "qwerty123",
        "abcd1234", "abc12345", "1q2w3e4r", "iloveyou", "anhyeuem", "emyeuanh", "vietnam1", "sonla", "sonlamarket", "mocchau", "yenchau", "maison",
        "xoai", "manhau", "nongsan", "hoptacxa", "admin", "administrator", "letmein", "welcome", "khongbiet", "00000000", "11111111", "88888888", "68686868",
    ];

    public static bool IsWeak(string password, params string?[] about)
    {
        var plain = new string(Vietnamese.Fold(password).Where(char.IsLetterOrDigit).ToArray());
        var letters = plain.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return plain.Distinct().Count() < 4
            || Guessed.Contains(plain) || Guessed.Contains(letters)
            || about.Any(a => a is not null && Own(a) is { Length: >= 6 } own && plain.Contains(own, StringComparison.Ordinal));
    }

    private static string Own(string text) => new(Vietnamese.Fold(text.Split('@')[0]).Where(char.IsLetterOrDigit).ToArray());
}
