using System.Data.Common;
using Dapper;

namespace SonLaMarket.Foundation.Data;

/// <summary>
/// A statement of a page that is made thousands of times a minute, and what its rows become. Its text is looked through once and not each time: its arguments become places ($1),
/// its columns are matched once. Of long statements that is a twentieth of a page. Kept in a static field, sent by <see cref="Sql.TogetherAsync"/>.
/// </summary>
public sealed class Statement<T>
{
    private readonly string placed;
    private readonly string[] names;
    private Func<DbDataReader, T>? parse;

    public Statement(string text)
    {
        Text = text;
        (placed, names) = Parameters.Places(text);
    }

    /// <summary>As it was written, with the names of its arguments.</summary>
    public string Text { get; }

    internal void AddTo(DbBatch batch, object args)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = placed;
        Parameters.Fill(command.Parameters, args, names);
        batch.BatchCommands.Add(command);
    }

    /// <summary>Its rows, and on to those of the next one.</summary>
    internal async Task<List<T>> ReadAsync(DbDataReader reader, CancellationToken ct)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
            rows.Add((parse ??= reader.GetRowParser<T>())(reader));
        await reader.NextResultAsync(ct);
        return rows;
    }
}
