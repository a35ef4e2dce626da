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

    private readonly List<long> listings = [];
    private readonly HashSet<long> left = [];

    /// <summary>So many are in it, without those that were left out.</summary>
    public int Count { get; private set; }

    /// <summary>Of the rows, in their order, with those that were left out.</summary>
    public IReadOnlyCollection<long> Listings => listings;

    public void Add(ExportRow row)
    {
        writer.Write(row.ListingId);
        foreach (var values in row.Cells)
        {
            writer.Write7BitEncodedInt(values.Count);
            foreach (var value in values)
                writer.Write(value);
        }
        listings.Add(row.ListingId);
        Count++;
    }

    /// <summary>Leaves the rows of these listings out of every reading from now on; how many were in.</summary>
    public int Leave(IEnumerable<long> gone)
    {
        var before = Count;
        left.UnionWith(gone);
        Count = left.Count == 0 ? before : listings.Count(l => !left.Contains(l));
        return before - Count;
    }

    /// <summary>In the order in which they were added.</summary>
    public IEnumerable<ExportRow> Rows()
    {
        // The writer's stream, with all that was written.
        var file = writer.BaseStream;
        file.Position = 0;
        using var reader = new BinaryReader(file, Encoding.UTF8, leaveOpen: true);
        for (var at = 0; at < listings.Count; at++)
        {
            var row = new ExportRow(reader.ReadInt64(), [.. Enumerable.Range(0, columns).Select(_ => Values(reader))]);
            if (!left.Contains(row.ListingId))
                yield return row;
        }
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
