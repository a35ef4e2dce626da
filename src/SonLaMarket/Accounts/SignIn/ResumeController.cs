using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts.SignIn;

/// <summary>Goes on with a form that came after the session had ended.</summary>
[Authorize]
[Route("/tiep-tuc/{token}")]
public sealed class ResumeController(KeptForms kept, ShownFor shown, Texts t) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Show(string token, CancellationToken ct)
    {
        if (await kept.FindAsync(token, User.Id(), ct) is not { } form)
            return View("Resume", new ResumePage(token, null, [], false));
        var fields = await FieldsAsync(form, ct);
        return View("Resume", new ResumePage(token, form.KeptAt, Shown(fields), Fits(fields)));
    }

    [HttpPost("")]
    [RequestSizeLimit(1 << 20)]
    public async Task<IActionResult> Create(string token, CancellationToken ct)
    {
        if (await kept.FindAsync(token, User.Id(), ct) is not { } form || !Fits(await FieldsAsync(form, ct)) || !await kept.TakeAsync(token))
            return SeeOther($"/tiep-tuc/{token}");
        HttpContext.Resume(form);
        return new EmptyResult();
    }

    private bool Fits(List<(string Name, string? Value)> fields) => shown.Fits(fields.Find(f => f.Name == ShownFor.Field).Value, User);

    private static async Task<List<(string Name, string? Value)>> FieldsAsync(KeptForm form, CancellationToken ct)
    {
        if (form.ContentType.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            using var reader = new FormReader(new MemoryStream(form.Body));
            return [.. (await reader.ReadFormAsync(ct)).SelectMany(f => f.Value, (f, value) => (f.Key, value))];
        }
        var boundary = Microsoft.Net.Http.Headers.MediaTypeHeaderValue.Parse(form.ContentType).Boundary.Value!.Trim('"');
        var parts = new MultipartReader(boundary, new MemoryStream(form.Body));
        var fields = new List<(string, string?)>();
        while (await parts.ReadNextSectionAsync(ct) is { } part)
        {
            if (part.AsFormDataSection() is { } field)
                fields.Add((field.Name, await field.GetValueAsync(ct)));
            else if (part.AsFileSection() is { FileName.Length: > 0 } file)
                fields.Add((file.Name, file.FileName));
        }
        return fields;
    }

    /// <summary>What was typed, so that its sender knows it again; without the marks of the form itself.</summary>
    private static List<string> Shown(IEnumerable<(string Name, string? Value)> fields) =>
        [.. fields.Where(f => !f.Name.StartsWith('_') && !f.Name.Contains("assword", StringComparison.Ordinal) && f.Value is { Length: > 1 and < 1000 } && f.Value is not ("true" or "false")).Select(f => f.Value!).Take(30)];
}

/// <param name="KeptAt">Null: nothing is kept under this key for this person.</param>
/// <param name="Fits">False: its sender works for another producer now than the form was filled in for.</param>
public sealed record ResumePage(string Token, DateTimeOffset? KeptAt, List<string> Typed, bool Fits);
