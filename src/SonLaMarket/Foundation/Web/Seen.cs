using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web;

/// <summary>
/// What a form of a change was filled in over. <c>&lt;form method="post" seen="@ProductForm.Of(product)"&gt;</c> carries a mark of it; who
/// saves compares it with what is stored now, its row locked: of two open pages the last one does not win unnoticed
/// (<see cref="PageController.ChangedMeanwhile"/>).
/// </summary>
public static class Seen
{
    public const string Field = "_seen";

    /// <summary>The mark of a form as its page shows it.</summary>
    public static string Of(object shown) => WebEncoders.Base64UrlEncode(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(shown, shown.GetType())).AsSpan(0, 15));

    /// <summary>Somebody stored something else since the page of this form was loaded. A form that carries no mark is believed.</summary>
    /// <param name="stored">The form as its page would show it now.</param>
    public static bool IsOutdated(this HttpRequest request, object stored) => request.HasFormContentType && request.Form[Field] is { Count: 1 } seen && seen[0] != Of(stored);

    /// <summary>The fields in which two forms of the same kind differ, each with what the second has there; in rows as "Rows[2].Price".</summary>
    /// <param name="say">The words for a field's value where people don't read the value itself: a choice of a list.</param>
    internal static IEnumerable<(string Field, string Stored)> Differences(object typed, object stored, Func<string, string, string?> say, string prefix = "")
    {
        foreach (var property in stored.GetType().GetProperties().Where(p => p.CanWrite && p.GetIndexParameters().Length == 0))
        {
            var (mine, now) = (property.GetValue(typed), property.GetValue(stored));
            var name = prefix + property.Name;
            if (now is IList rows && rows.Count > 0 && rows[0]!.GetType() is { IsClass: true } row && row != typeof(string))
            {
                for (var i = 0; i < rows.Count; i++)
                {
                    var beside = mine is IList own && i < own.Count ? own[i]! : Activator.CreateInstance(row)!;
                    foreach (var difference in Differences(beside, rows[i]!, say, string.Create(CultureInfo.InvariantCulture, $"{name}[{i}].")))
                        yield return difference;
                }
            }
            else if (Written(mine) != Written(now))
            {
                yield return (name, string.Join(", ", Written(now).Split('\u001f').Select(v => say(name, v) ?? v)));
            }
        }
    }

    private static string Written(object? value) => value switch
    {
        null => "",
        string text => text.ReplaceLineEndings("\n").Trim(),
        Vnd vnd => Vietnamese.Number(vnd.Amount),
        decimal number => Vietnamese.Number(number),
        DateOnly day => Vietnamese.Date(day),
        IEnumerable many => string.Join('\u001f', many.Cast<object>()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
