using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace SonLaMarket.Foundation.Data;

/// <summary>One page of a list and the cursor of the next, null at the end. Lists are paged by key, never by offset.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next)
{
    /// <summary>Cuts the one row more that the query fetched and makes the cursor from the last row shown.</summary>
    public static Page<T> Of(IReadOnlyList<T> rows, int take, Func<T, string> cursor) =>
        rows.Count > take ? new(rows.Take(take).ToList(), cursor(rows[take - 1])) : new(rows, null);
}

/// <summary>The key of a row as text in an address: opaque to the reader, checked on the way back.</summary>
public static class Cursor
{
    public static string Of(params string[] parts) =>
        WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(string.Join('\n', parts)));

    /// <summary>The parts, or null when the text is not a cursor with exactly <paramref name="count"/> of them.</summary>
    public static string[]? Parse(string? text, int count)
    {
        if (string.IsNullOrEmpty(text) || text.Length > 400)
            return null;
        try
        {
            var parts = new UTF8Encoding(false, true).GetString(WebEncoders.Base64UrlDecode(text)).Split('\n');
            return parts.Length == count ? parts : null;
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }
}
