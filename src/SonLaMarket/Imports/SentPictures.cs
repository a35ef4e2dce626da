using System.Text.RegularExpressions;
using SonLaMarket.Files;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Imports;

/// <param name="Id">Under which it is stored, drawn anew; null for what was refused.</param>
/// <param name="Refused">Why it is not taken.</param>
public sealed record SentPicture(string Name, Guid? Id, string? Refused);

/// <summary>
/// The pictures that came beside a sheet, by the names that its rows say: "man-1.jpg; man-2.jpg", or "man" for man.jpg, man_1.jpg and man_2.jpg.
/// A row that names none takes those that are called as its goods are.
/// </summary>
public sealed partial class SentPictures(IReadOnlyList<SentPicture> pictures)
{
    public const string Field = "Pictures";

    public static readonly ImportColumn Column = new(Field, "Ảnh", false, "", "Tên các ảnh gửi kèm, cách nhau bằng dấu chấm phẩy: man-1.jpg; man-2.jpg. Ghi “man” là mọi ảnh man_1, man_2… Để trống: ảnh mang tên hàng.", "hinh", "hinh anh", "anh san pham", "ten anh", "ten tep anh", "tep anh", "sku", "ma hang", "pictures", "images", "photos");

    private readonly ILookup<string, (SentPicture Picture, int Number)> byName = pictures.SelectMany(Names).ToLookup(n => n.Name, n => (n.Picture, n.Number), StringComparer.Ordinal);

    public static async Task<SentPictures> LoadAsync(Sql sql, Guid? import, CancellationToken ct) =>
        new(import is null ? [] : await sql.QueryAsync<SentPicture>("select name, picture_id as id, refused from imports.picture where import_id = @import order by no", new { import }, ct));

    /// <summary>The pictures of a row. Where none were sent the column says nothing.</summary>
    /// <param name="goods">What the row calls its goods.</param>
    public Guid[] Of(string typed, string goods, List<CellFault> faults, Texts t)
    {
        if (pictures.Count == 0)
            return [];
        var said = typed.Split([';', ',', '\n', '|'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var taken = new List<SentPicture>();
        foreach (var name in said.DefaultIfEmpty(goods))
        {
            var found = byName[Key(name)].OrderBy(f => f.Number).Select(f => f.Picture).ToList();
            if (found.Count == 0 && said.Length > 0)
                faults.Add(new(Field, t["Trong ảnh gửi kèm không có “{0}”.", name], With(typed, name, Nearest.Choice(name, [.. pictures.Select(p => p.Name)]))));
            if (found.Find(p => p.Refused is not null) is { Refused: { } refused } bad)
                faults.Add(new(Field, $"{bad.Name}: {t[refused]}", With(typed, bad.Name, null)));
            taken.AddRange(found.Except(taken));
        }
        if (taken.Count > Uploads.MaxPictures)
            faults.Add(new(Field, t["Nhiều nhất {0} ảnh cho mỗi mục.", Uploads.MaxPictures], string.Join("; ", taken.Take(Uploads.MaxPictures).Select(p => p.Name))));
        return [.. taken.Select(p => p.Id).OfType<Guid>()];
    }

    /// <summary>Names of pictures that no row took.</summary>
    public IEnumerable<string> Spare(IReadOnlySet<Guid> taken) => pictures.Where(p => p.Id is not { } id || !taken.Contains(id)).Select(p => p.Name);

    private static string? With(string typed, string wrong, string? right) => right is null ? null : typed.Replace(wrong, right, StringComparison.Ordinal);

    /// <summary>Under its whole name, and under what stands before a number at its end.</summary>
    private static IEnumerable<(string Name, SentPicture Picture, int Number)> Names(SentPicture picture)
    {
        var key = Key(picture.Name);
        yield return (key, picture, -1);
        if (Numbered().Match(key) is { Success: true } match)
            yield return (match.Groups["name"].Value, picture, int.Parse(match.Groups["no"].Value, System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>A name without what tells its format, as it is compared.</summary>
    internal static string Key(string name) => Vietnamese.Slug(Extension().Replace(name, ""));

    [GeneratedRegex(@"\.(jpe?g|png|webp|heic|heif)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Extension();

    [GeneratedRegex("^(?<name>.+)-(?<no>[0-9]{1,3})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Numbered();
}

/// <summary>Draws what was sent anew and stores it, as a photo on a page is: what is kept of it is ours, without places and cameras. Cut off and begun anew, it goes on where it stopped.</summary>
public sealed class PictureTaking(Uploads uploads, Db db)
{
    /// <summary>Keeps what was sent, to be drawn anew by the work that follows.</summary>
    public static async Task KeepAsync(Tx tx, Guid import, IEnumerable<SentFile> sent)
    {
        const string insert = "insert into imports.picture (import_id, no, name, bytes, refused) values (@import, @no, @name, @bytes, @refused)";
        var no = 0;
        foreach (var (name, bytes) in PictureZip.Read(sent))
            await tx.ExecuteAsync(insert, new { import, no = ++no, name, bytes, refused = bytes is null ? "Ảnh lớn hơn 10 MB. Hãy chọn ảnh nhỏ hơn hoặc chụp ở cỡ vừa." : null });
    }

    public async Task DrawAsync(Guid import, Importer importer, CancellationToken ct)
    {
        const string next = "select no, name, bytes from imports.picture where import_id = @import and bytes is not null order by no limit 1";
        while (await db.FirstOrDefaultAsync<Waiting>(next, new { import }, ct) is { } picture)
        {
            await using var tx = await db.BeginAsync(CancellationToken.None);
            var (id, refused) = await uploads.AddPictureAsync(tx, $"producer:{importer.ProducerId}", picture.Name, picture.Bytes, importer.Actor);
            await tx.ExecuteAsync("update imports.picture set bytes = null, picture_id = @id, refused = @Message where import_id = @import and no = @No and bytes is not null", new { import, picture.No, id, refused?.Message });
            await tx.CommitAsync(CancellationToken.None);
        }
    }

    private sealed record Waiting(int No, string Name, byte[] Bytes);
}
