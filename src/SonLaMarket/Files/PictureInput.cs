using System.Globalization;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Files;

/// <summary>What a form shows of its pictures.</summary>
/// <param name="Cut">Lists cut them to a square: their seller may say what has to stay in view.</param>
/// <param name="Prefix">Before the names of the hidden fields, where a form has a second set of pictures.</param>
/// <param name="Optional">The form is taken without a picture too, as nearly all are.</param>
/// <param name="Needed">When it is not, said in the place of "(không bắt buộc)".</param>
public sealed record PictureEdit(string Name, Guid[] Ids, string? Error, string Label, string Hint, bool Cut = true, string Prefix = "", bool Optional = true, string Needed = "");

/// <summary>
/// The pictures of a form: those kept, those taken out, those newly sent. New ones are stored at once, so that a message
/// about another field never costs a photo.
/// </summary>
public sealed class PictureInput(Uploads uploads, FocalPoints points, Db db, Texts t)
{
    /// <summary>"Focus:" and the id of a picture name the choice of what stays in view.</summary>
    public const string Focus = "Focus:";

    /// <summary>After the name of the field that takes pictures which are there: its camera, one picture at a time. Browsers inside other apps often do not let people choose between both.</summary>
    public const string Camera = "Camera";

    public const string Accept = "image/jpeg,image/png,image/webp";

    /// <param name="kept">Ids that the form carried; foreign ones are dropped.</param>
    /// <param name="field">The field whose files are meant, where a form has several sets of pictures.</param>
    public async Task<(Guid[] Ids, string? Error)> TakeAsync(string owner, Guid[]? kept, Guid[]? removed, HttpRequest request, Actor actor, string? field = null)
    {
        var ids = await uploads.CarryPicturesAsync(db, owner, [.. (kept ?? []).Except(removed ?? [])]);
        string? error = null;
        if (!request.HasFormContentType)
            return ([.. ids], error);
        await points.SetAsync(db, owner, Chosen(request.Form, ids));
        foreach (var file in request.Form.Files)
        {
            if (file.Length == 0 || (field is not null && file.Name != field && file.Name != field + Camera))
                continue;
            if (ids.Count >= Uploads.MaxPictures)
                return ([.. ids], t["Nhiều nhất {0} ảnh cho mỗi mục.", Uploads.MaxPictures]);
            if (file.Length > Images.MaxBytes)
            {
                error = t[Images.TooLarge];
                continue;
            }
            using var bytes = new MemoryStream((int)file.Length);
            await file.CopyToAsync(bytes);
            await using var tx = await db.BeginAsync();
            var (id, refused) = await uploads.AddPictureAsync(tx, owner, Path.GetFileName(file.FileName), bytes.ToArray(), actor);
            await tx.CommitAsync();
            if (id is null)
                error = t[refused!.Message];
            else
                ids.Add(id.Value);
        }
        return ([.. ids], error);
    }

    private static Dictionary<Guid, int> Chosen(IFormCollection form, IEnumerable<Guid> ids)
    {
        var cells = new Dictionary<Guid, int>();
        foreach (var id in ids)
        {
            if (int.TryParse(form[$"{Focus}{id}"], NumberStyles.None, CultureInfo.InvariantCulture, out var cell) && cell < FocalPoints.Cells)
                cells[id] = cell;
        }
        return cells;
    }
}
