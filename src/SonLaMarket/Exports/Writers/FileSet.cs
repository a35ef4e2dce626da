namespace SonLaMarket.Exports.Writers;

/// <summary>The finished row of one listing: the values of each column.</summary>
public sealed record ExportRow(long ListingId, IReadOnlyList<string>[] Cells);

/// <summary>The files of a profile, one for each of its formats.</summary>
public static class FileSet
{
    /// <summary>Makes all files of the same rows. Where one is larger than the platform takes, rows from the end are set aside until none is.</summary>
    /// <param name="rows">Left with the rows that are in the files.</param>
    /// <param name="faults">Gets those that are not.</param>
    public static async Task<List<(string Extension, byte[] Content)>> MakeAsync(Profile profile, string siteUrl, List<ExportRow> rows, List<SetAside> faults)
    {
        var files = new List<(string, byte[])>();
        while (files.Count < profile.Formats.Length)
        {
            var format = profile.Formats[files.Count];
            using var bytes = new MemoryStream();
            await WriteAsync(bytes, format, profile, siteUrl, rows.Select(r => r.Cells));
            if (rows.Count > 0 && profile.Limits?.MaxBytes is { } most && bytes.Length > most)
            {
                var kept = (int)Math.Min(rows.Count - 1, rows.Count * most / bytes.Length);
                faults.AddRange(rows.Skip(kept).Select(r => new SetAside(r.ListingId, "E04", "maxBytes", "", $"maxBytes={most}", "Tệp đã đạt dung lượng lớn nhất mà sàn nhận. Hãy báo cho người quản trị sàn.")));
                rows.RemoveRange(kept, rows.Count - kept);
                files.Clear();
            }
            else
            {
                files.Add((format, bytes.ToArray()));
            }
        }
        return files;
    }

    private static Task WriteAsync(Stream output, string format, Profile profile, string siteUrl, IEnumerable<IReadOnlyList<string>[]> rows) => format switch
    {
        "xml" => Rss.WriteAsync(output, profile, siteUrl, rows),
        "tsv" => Tables.TsvAsync(output, profile, rows),
        "csv" => Tables.CsvAsync(output, profile, rows),
        "json" => Payload.WriteAsync(output, profile, rows),
        "xlsx" => Tables.XlsxAsync(output, profile, rows),
        _ => throw new ProfileException($"Không có dạng tệp “{format}”."),
    };
}
