using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Primitives;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Origin.Keep;

/// <summary>
/// An entry as a phone sends it: <c>{lot, writtenAt, entry: {…}, photos: [uuid], labelPhoto: uuid}</c>. The fields of <c>entry</c> are those of the form, read as if they had been typed there;
/// the photos are announced by ids and follow one by one.
/// </summary>
/// <param name="Hash">SHA-256 of the bytes: what makes a second send the same.</param>
internal sealed partial record SentEntry(string Lot, IValueProvider Fields, string? WrittenAtTyped, Guid[] Photos, Guid? LabelPhoto, string Hash)
{
    /// <summary>More than every field at its longest.</summary>
    public const int MaxBytes = 64 << 10;

    /// <summary>How far the clock of a phone may run ahead.</summary>
    private static readonly TimeSpan ClockAhead = TimeSpan.FromMinutes(5);

    /// <summary>Null without an offset: the hour of a phone means nothing without it.</summary>
    public DateTimeOffset? WrittenAt => WrittenAtTyped is { } typed && WithOffset().IsMatch(typed) && DateTimeOffset.TryParse(typed, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : null;

    public IEnumerable<(string Field, string Message)> Faults(DateTimeOffset now)
    {
        if (WrittenAtTyped is not null && WrittenAt is null)
            yield return (nameof(WrittenAt), "Giờ ghi phải có múi giờ, ví dụ 2026-07-05T14:03:00+07:00.");
        if (WrittenAt > now + ClockAhead)
            yield return (nameof(WrittenAt), "Giờ ghi ở tương lai. Hãy xem lại ngày giờ của máy.");
        if (Photos.Length > Files.Uploads.MaxPictures)
            yield return (nameof(Photos), "Nhiều ảnh quá. Mỗi mục nhiều nhất 8 ảnh.");
        if (Photos.Concat(LabelPhoto is { } label ? [label] : []).ToList() is var all && (all.Exists(p => p.Version != 7) || all.Distinct().Count() < all.Count))
            yield return (nameof(Photos), "Mỗi ảnh phải có mã UUIDv7 riêng.");
    }

    /// <summary>Null when it cannot be read as one.</summary>
    public static SentEntry? Read(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Member(root, "lot") is not { ValueKind: JsonValueKind.String } lot || lot.GetString() is not { Length: > 0 and <= 40 } code
                || Member(root, "entry") is not { ValueKind: JsonValueKind.Object } entry)
                return null;
            var fields = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
            foreach (var field in entry.EnumerateObject().Where(f => f.Value.ValueKind != JsonValueKind.Null))
                fields[field.Name] = Typed(field.Value);
            var photos = Member(root, "photos") is { ValueKind: not JsonValueKind.Null } many ? many.EnumerateArray().Select(p => p.GetGuid()).ToArray() : [];
            var label = Member(root, "labelPhoto") is { ValueKind: not JsonValueKind.Null } one ? one.GetGuid() : (Guid?)null;
            var writtenAt = Member(root, "writtenAt") is { ValueKind: not JsonValueKind.Null } at ? at.GetString() : null;
            return new(code, new FormValueProvider(BindingSource.Form, new FormCollection(fields), CultureInfo.InvariantCulture), writtenAt, photos, label, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static JsonElement? Member(JsonElement root, string name)
    {
        foreach (var member in root.EnumerateObject())
        {
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return member.Value;
        }
        return null;
    }

    private static string Typed(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetDecimal().ToString(Vietnamese.Culture),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => throw new FormatException("a field of an entry is a text, a number or a yes or no"),
    };

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d.*(Z|[+-]\d\d:\d\d)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WithOffset();
}
