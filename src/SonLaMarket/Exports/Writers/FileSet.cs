using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Exports.Writers;

public sealed record WrittenFile(string Extension, string Sha256, long Bytes);

/// <summary>The files of a profile, one for each of its formats.</summary>
public static class FileSet
{
    /// <summary>Makes all files of the same rows, one after the other. Where one is larger than the platform takes, rows from the end are left out of all until none is.</summary>
    /// <returns>How many of the rows are in the files, from the first on.</returns>
    public static async Task<(int Rows, List<WrittenFile> Files)> MakeAsync(Profile profile, string siteUrl, RowSpool rows, ExportFiles files)
    {
        var kept = rows.Count;
        var drafts = new List<ExportDraft>();
        try
        {
            while (drafts.Count < profile.Formats.Length)
            {
                var draft = files.Begin(profile.Formats[drafts.Count]);
                drafts.Add(draft);
                await WriteAsync(draft.Content, draft.Extension, profile, siteUrl, rows.Rows().Take(kept).Select(r => r.Cells));
                await draft.FinishAsync();
                if (kept > 0 && profile.Limits?.MaxBytes is { } most && draft.Bytes > most)
                {
                    kept = (int)Math.Min(kept - 1, kept * most / draft.Bytes);
                    await DropAsync(drafts);
                }
            }
            return (kept, drafts.ConvertAll(d => new WrittenFile(d.Extension, d.Keep(), d.Bytes)));
        }
        finally
        {
            await DropAsync(drafts);
        }
    }

    private static async Task DropAsync(List<ExportDraft> drafts)
    {
        foreach (var draft in drafts)
            await draft.DisposeAsync();
        drafts.Clear();
    }

    /// <summary>One file of these rows.</summary>
    public static Task WriteAsync(Stream output, string format, Profile profile, string siteUrl, IEnumerable<IReadOnlyList<string>[]> rows) => format switch
    {
        "xml" => Rss.WriteAsync(output, profile, siteUrl, rows),
        "tsv" => Tables.TsvAsync(output, profile, rows),
        "csv" => Tables.CsvAsync(output, profile, rows),
        "json" => Payload.WriteAsync(output, profile, rows),
        "xlsx" => Tables.XlsxAsync(output, profile, rows),
        _ => throw new ProfileException(new Said("Không có dạng tệp “{0}”.", format)),
    };
}
