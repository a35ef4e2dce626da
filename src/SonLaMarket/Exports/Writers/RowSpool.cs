using System.Text;

namespace SonLaMarket.Exports.Writers;

/// <summary>The finished row of one listing: the values of each column.</summary>
public sealed record ExportRow(long ListingId, IReadOnlyList<string>[] Cells);

/// <summary>
/// The finished rows of a run, in a file that goes with it: listings are read once, every format is written from the same rows, and however many there are,
/// memory holds one of them. Written first, then read as often as needed, one reading after the other.
/// </summary>
/// <param name="columns">So many cells has a row.</param>
public sealed class RowSpool(string path, int columns) : IDisposable
{
    private readonly BinaryWriter writer = new(new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose), Encoding.UTF8);

    public int Count { get; private set; }

    public void Add(ExportRow row)
    {
        writer.Write(row.ListingId);
        foreach (var values in row.Cells)
        {
            writer.Write7BitEncodedInt(values.Count);
            foreach (var value in values)
                writer.Write(value);
        }
        Count++;
    }

    /// <summary>In the order in which they were added.</summary>
    public IEnumerable<ExportRow> Rows()
    {
        // The writer's stream, with all that was written.
        var file = writer.BaseStream;
        file.Position = 0;
        using var reader = new BinaryReader(file, Encoding.UTF8, leaveOpen: true);
        for (var row = 0; row < Count; row++)
            yield return new ExportRow(reader.ReadInt64(), [.. Enumerable.Range(0, columns).Select(_ => Values(reader))]);
    }

    public void Dispose() => writer.Dispose();

    private static string[] Values(BinaryReader reader)
    {
        var values = new string[reader.Read7BitEncodedInt()];
        for (var i = 0; i < values.Length; i++)
            values[i] = reader.ReadString();
        return values;
    }
}
