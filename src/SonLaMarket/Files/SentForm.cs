using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Primitives;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Files;

/// <summary>
/// A form that a device kept and sends later, perhaps twice: <c>{lot, writtenAt, entry: {…}, photos: [uuid], labelPhoto: uuid}</c>. What it is about has a name of its own (<c>lot</c>, <c>visit</c>);
/// the fields of <c>entry</c> are those of the form, read as if they had been typed there; the photos are announced by ids and follow one by one.
/// </summary>
/// <param name="Hash">SHA-256 of the bytes: what makes a second send the same.</param>
public sealed partial record SentForm(string About, IValueProvider Fields, string? WrittenAtTyped, Guid[] Photos, Guid? LabelPhoto, string Hash)
{
    /// <summary>More than every field at its longest.</summary>
    public const int MaxBytes = 64 << 10;

    /// <summary>No code or number of ours is longer.</summary>
    private const int MostAbout = 40;

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
        if (Photos.Length > Uploads.MaxPictures)
            yield return (nameof(Photos), "Nhiều ảnh quá. Mỗi mục nhiều nhất 8 ảnh.");
        if (Photos.Concat(LabelPhoto is { } label ? [label] : []).ToList() is var all && (all.Exists(p => p.Version != 7) || all.Distinct().Count() < all.Count))
            yield return (nameof(Photos), "Mỗi ảnh phải có mã UUIDv7 riêng.");
    }

    /// <summary>What a request carries under an id of its device; else how it is refused.</summary>
    /// <param name="about">The name of the member that says what it is about.</param>
    public static async Task<(SentForm? Sent, ObjectResult? Refused)> TakeAsync(HttpRequest request, Guid id, string about, Texts t)
    {
        if (await BytesAsync(request, MaxBytes) is not { } bytes)
            return (null, Machines.Problem(StatusCodes.Status413PayloadTooLarge, "entry-too-large", t["Mục gửi lên quá dài."]));
        if (Read(bytes, about) is not { } sent)
            return (null, Machines.Problem(StatusCodes.Status400BadRequest, "unreadable-entry", t["Mục gửi lên không đọc được."]));
        if (sent.About.Length > MostAbout)
        {
            var state = new ModelStateDictionary();
            state.AddModelError(about, t["Mã gửi lên dài nhất {0} ký tự.", MostAbout]);
            return (null, Machines.InvalidForm("invalid-entry", t["Mục gửi lên chưa đúng."], state));
        }
        return id.Version == 7 ? (sent, null) : (null, Machines.Problem(StatusCodes.Status422UnprocessableEntity, "not-uuidv7", t["Mã của mục gửi lên phải là UUIDv7."]));
    }

    /// <summary>A photo that such a form has announced, as its bytes; else how it is refused.</summary>
    /// <param name="field">Where the form has such photos: what is wrong with one stands there.</param>
    /// <param name="taken">Something else has its id.</param>
    public static async Task<(IReadOnlyList<Rendered>? Renditions, ObjectResult? Refused)> PhotoAsync(HttpRequest request, string field, bool taken, Texts t)
    {
        if (taken)
            return (null, Machines.Problem(StatusCodes.Status409Conflict, "id-taken", t["Mã này đã thuộc về một ảnh khác."]));
        if (await BytesAsync(request, Images.MaxBytes) is not { } bytes)
            return (null, Refusal(field, Images.TooLarge, t, StatusCodes.Status413PayloadTooLarge));
        var (renditions, refused) = Images.Render(bytes);
        return renditions is null ? (null, Refusal(field, refused!.Message, t)) : (renditions, null);
    }

    /// <summary>What the code on a photo says that a device sends as its bytes, else how it is refused. Nothing of the photo is kept.</summary>
    public static async Task<(string? Code, ObjectResult? Refused)> CodeAsync(HttpRequest request, string field, Texts t)
    {
        if (await BytesAsync(request, Images.MaxBytes) is not { } bytes)
            return (null, Refusal(field, Images.TooLarge, t, StatusCodes.Status413PayloadTooLarge));
        var (code, refused) = Images.ReadCode(bytes);
        return code is null ? (null, Refusal(field, refused!.Message, t)) : (code, null);
    }

    private static ObjectResult Refusal(string field, string message, Texts t, int status = StatusCodes.Status422UnprocessableEntity)
    {
        var state = new ModelStateDictionary();
        state.AddModelError(field, t[message]);
        return Machines.InvalidForm("invalid-photo", t["Ảnh này không được nhận."], state, status);
    }

    /// <summary>The body; null where it is longer: no more than that is read.</summary>
    private static async Task<byte[]?> BytesAsync(HttpRequest request, int most)
    {
        if (request.ContentLength > most)
            return null;
        using var bytes = new MemoryStream();
        var part = new byte[16 << 10];
        while (await request.Body.ReadAsync(part) is > 0 and var read)
        {
            if (bytes.Length + read > most)
                return null;
            bytes.Write(part, 0, read);
        }
        return bytes.ToArray();
    }

    private static SentForm? Read(byte[] bytes, string about)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Member(root, about) is not { ValueKind: JsonValueKind.String } member || member.GetString() is not { Length: > 0 } subject
                || Member(root, "entry") is not { ValueKind: JsonValueKind.Object } entry)
                return null;
            var fields = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
            foreach (var field in entry.EnumerateObject().Where(f => f.Value.ValueKind != JsonValueKind.Null))
                fields[field.Name] = Typed(field.Value);
            var photos = Member(root, "photos") is { ValueKind: not JsonValueKind.Null } many ? many.EnumerateArray().Select(p => p.GetGuid()).ToArray() : [];
            var label = Member(root, "labelPhoto") is { ValueKind: not JsonValueKind.Null } one ? one.GetGuid() : (Guid?)null;
            var writtenAt = Member(root, "writtenAt") is { ValueKind: not JsonValueKind.Null } at ? at.GetString() : null;
            return new(subject, new FormValueProvider(BindingSource.Form, new FormCollection(fields), CultureInfo.InvariantCulture), writtenAt, photos, label, Convert.ToHexStringLower(SHA256.HashData(bytes)));
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
