using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Foundation.Web;

/// <summary>The files of this action's form wait for it to be sent again when something else of it is refused (<see cref="KeptFiles"/>). Photos and papers are stored at once and need no such care.</summary>
/// <param name="fields">Of the form, as the parameters of the action are called.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KeepsFilesAttribute(params string[] fields) : Attribute
{
    public IReadOnlyList<string> Fields { get; } = fields;
}

/// <summary>
/// No browser puts a chosen file back into a form that was refused. What was right of them is kept for its sender, under a key that the form carries, and stands in for what is
/// not chosen anew.
/// </summary>
public sealed class KeptFiles(Db db, TimeProvider clock) : IAsyncActionFilter
{
    public const string Field = "_files";

    /// <summary>So many refused forms of a person wait at a time.</summary>
    private const int Most = 2;

    private static readonly TimeSpan Kept = TimeSpan.FromHours(12);
    private static readonly object Shown = new();

    private sealed record KeptFile(string Field, string Name, byte[] Bytes);

    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        var http = context.HttpContext;
        if (http.GetEndpoint()?.Metadata.GetMetadata<KeepsFilesAttribute>() is not { } keeps || !http.Request.HasFormContentType || http.User.FindId() is not { } personId)
        {
            await next();
            return;
        }
        var before = Guid.TryParse(http.Request.Form[Field], out var key) ? await db.QueryAsync<KeptFile>("select field, name, bytes from foundation.kept_file where key = @key and person_id = @personId order by field, no", new { key, personId }) : [];
        var files = new List<IFormFile>();
        foreach (var field in keeps.Fields)
        {
            var sent = http.Request.Form.Files.GetFiles(field).Where(f => f.Length > 0).ToList();
            if (sent.Count == 0 && before.Exists(f => f.Field == field))
            {
                sent = before.FindAll(f => f.Field == field).ConvertAll(Again);
                context.ActionArguments[field] = IsList(context, field) ? sent : sent[0];
            }
            files.AddRange(sent);
        }
        var executed = await next();
        // What was carried and is not there any more, or another's, is no key to keep something under.
        if (executed.Result is ViewResult && http.Response.StatusCode is StatusCodes.Status422UnprocessableEntity or StatusCodes.Status409Conflict)
            await KeepAsync(http, before.Count > 0 ? key : Guid.CreateVersion7(clock.GetUtcNow()), personId, files.FindAll(f => context.ModelState.GetFieldValidationState(f.Name) != ModelValidationState.Invalid));
        else if (before.Count > 0 && executed.Exception is null)
            await db.ExecuteAsync("delete from foundation.kept_file where key = @key and person_id = @personId", new { key, personId });
    }

    /// <summary>The key that the refused form carries; null where nothing was kept of it.</summary>
    public static Guid? KeyOf(HttpContext http) => http.Items[Shown] is (Guid key, _) ? key : null;

    /// <summary>What is kept of this field, as its sender's device calls it.</summary>
    public static IReadOnlyList<string> NamesOf(HttpContext http, string field) => http.Items[Shown] is (_, ILookup<string, string> names) ? [.. names[field]] : [];

    /// <summary>Forgets what nobody sends again.</summary>
    public static Task<int> ForgetAsync(Sql sql, DateTimeOffset now) => sql.ExecuteAsync("delete from foundation.kept_file where kept_at < @before", new { before = now - Kept });

    /// <summary>Forgets what this person sent.</summary>
    public static Task<int> ForgetAsync(Tx tx, long personId) => tx.ExecuteAsync("delete from foundation.kept_file where person_id = @personId", new { personId });

    private async Task KeepAsync(HttpContext http, Guid key, long personId, List<IFormFile> files)
    {
        const string others = """
            delete from foundation.kept_file where person_id = @personId and (key = @key or key not in (select k.key from foundation.kept_file k where k.person_id = @personId and k.key <> @key group by k.key order by max(k.kept_at) desc limit @most))
            """;
        const string insert = "insert into foundation.kept_file (key, field, no, person_id, name, bytes, kept_at) values (@key, @field, @no, @personId, @name, @bytes, @now)";
        await using var tx = await db.BeginAsync(CancellationToken.None);
        await tx.ExecuteAsync(others, new { key, personId, most = Most - 1 });
        for (var no = 0; no < files.Count; no++)
        {
            using var bytes = new MemoryStream();
            await using var content = files[no].OpenReadStream();
            await content.CopyToAsync(bytes);
            await tx.ExecuteAsync(insert, new { key, field = files[no].Name, no, personId, name = files[no].FileName, bytes = bytes.ToArray(), now = clock.GetUtcNow() });
        }
        await tx.CommitAsync(CancellationToken.None);
        if (files.Count > 0)
            http.Items[Shown] = (key, files.ToLookup(f => f.Name, f => f.FileName, StringComparer.Ordinal));
    }

    private static bool IsList(ActionExecutingContext context, string field) => context.ActionDescriptor.Parameters.First(p => p.Name == field).ParameterType != typeof(IFormFile);

    private static IFormFile Again(KeptFile kept) => new FormFile(new MemoryStream(kept.Bytes), 0, kept.Bytes.Length, kept.Field, kept.Name) { Headers = new HeaderDictionary() };
}
