using System.Text;

namespace Gs1;

/// <summary>Percent-encoding by RFC 3986, strict: a broken escape is an error, not a literal percent sign.</summary>
internal static class PercentEncoding
{
    private const string Hex = "0123456789ABCDEF";

    public static bool IsWellFormed(ReadOnlySpan<char> text) => TryDecode(text, plusIsSpace: false, out _);

    /// <summary>Decodes to one character per byte: no identifier has characters beyond ASCII, so the caller refuses those above.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, bool plusIsSpace, out string decoded)
    {
        decoded = "";
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                    return false;
                c = (char)((Value(text[i + 1]) << 4) | Value(text[i + 2]));
                i += 2;
            }
            else if (c == '+' && plusIsSpace)
            {
                c = ' ';
            }
            result.Append(c);
        }
        decoded = result.ToString();
        return true;
    }

    /// <summary>Encodes everything but unreserved characters; the value has only ASCII characters.</summary>
    public static void AppendEncoded(StringBuilder target, string value)
    {
        foreach (var c in value)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~')
                target.Append(c);
            else
                target.Append('%').Append(Hex[c >> 4]).Append(Hex[c & 15]);
        }
    }

    private static int Value(char hex) => char.IsAsciiDigit(hex) ? hex - '0' : (hex | 0x20) - 'a' + 10;
}
