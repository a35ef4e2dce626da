using System.Text.Json;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Jobs;

namespace SonLaMarket.Imports;

public sealed record UndoImport(Guid Id, Importer Importer);

/// <summary>Takes back what a file made, in one transaction: each row on which nothing was built since. The others stay, with the reason beside them.</summary>
public sealed class ImportUndoing(ImportRegister imports, Audit audit, Db db, TimeProvider clock) : ILongTask<UndoImport>
{
    public async Task<TaskResult> RunAsync(UndoImport input, TaskProgress progress, CancellationToken ct)
    {
        const string kept = """
            update imports.line l set kept_because = r.text, kept_args = r.args from jsonb_to_recordset(@rows::jsonb) as r (row int, text text, args text[]) where l.import_id = @Id and l.row = r.row
            """;
        var (id, importer) = input;
        await using var tx = await db.BeginAsync(ct);
        if (await ImportRegister.LockAsync(tx, id, importer) is not { State: "undoing" } import)
            return new(new Said("Tệp này không còn chờ hoàn tác."), importer.PathOf(id));
        var reasons = await TakeBackAsync(tx, import, importer, progress, ct);
        await tx.ExecuteAsync(kept, new { import.Id, rows = JsonSerializer.Serialize(reasons.Select(r => new { row = r.Row, text = r.Why.Text, args = r.Why.Args })) });
        await tx.ExecuteAsync("update imports.import set state = 'undone', kept = @Count, undone_at = @now, changed_at = @now where id = @Id", new { import.Id, reasons.Count, now = clock.GetUtcNow() });
        await audit.WriteAsync(tx, importer.Actor, "import.undo", $"import:{id}", detail: new { undone = import.Saved - reasons.Count, kept = reasons.Count });
        await tx.CommitAsync(CancellationToken.None);
        return new(new Said("Đã hoàn tác {0} dòng, giữ lại {1} dòng.", Vietnamese.Number(import.Saved - reasons.Count), Vietnamese.Number(reasons.Count)), importer.PathOf(id));
    }

    /// <summary>The last row first: what came later may stand on what came before.</summary>
    private async Task<List<(int Row, Said Why)>> TakeBackAsync(Tx tx, Import import, Importer importer, TaskProgress progress, CancellationToken ct)
    {
        var sheet = await imports.Kind(import.Kind).OpenAsync(tx, importer, import.Id, ct);
        var reasons = new List<(int, Said)>();
        var done = 0;
        foreach (var line in (await ImportRegister.LinesAsync(tx, import.Id, ct: ct)).Where(l => l.Made is not null).Reverse())
        {
            ct.ThrowIfCancellationRequested();
            // What is kept is kept whole: it may be found late that something was built on it, when its goods are off the shelf already.
            await tx.ExecuteAsync("savepoint one_row");
            if (await sheet.TakeBackAsync(tx, line.Made!, line.Beside, import.SavedAt!.Value) is { } why)
            {
                reasons.Add((line.Row, why));
                await tx.ExecuteAsync("rollback to savepoint one_row");
            }
            await tx.ExecuteAsync("release savepoint one_row");
            await progress.ReportAsync(++done, import.Saved);
        }
        return reasons;
    }
}
