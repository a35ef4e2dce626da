using System.Text.Json;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Jobs;

namespace SonLaMarket.Imports;

public sealed record SaveImport(Guid Id, Importer Importer);

/// <summary>
/// Saves what was announced, all of it or nothing, in one transaction: if a row cannot be saved as it was announced, none is, and the file is open again with
/// the reason. Cut off and begun anew, it makes nothing twice.
/// </summary>
public sealed class ImportSaving(ImportRegister imports, Audit audit, Db db, TimeProvider clock) : ILongTask<SaveImport>
{
    private static readonly Said Changed = new("Từ lúc kiểm tra đã có thay đổi, nên chưa lưu dòng nào. Hãy xem lại các dòng cần sửa.");

    public async Task<TaskResult> RunAsync(SaveImport input, TaskProgress progress, CancellationToken ct)
    {
        var (id, importer) = input;
        await using (var tx = await db.BeginAsync(ct))
        {
            var import = await ImportRegister.LockAsync(tx, id, importer);
            if (import is not { State: "saving" })
                return new(import?.State == "saved" ? Done(import.Saved) : new Said("Tệp này không còn chờ lưu."), importer.PathOf(id));
            if (await MakeAsync(tx, import, importer, progress, ct) is { } made)
            {
                await KeepAsync(tx, import, made, importer);
                await tx.CommitAsync(CancellationToken.None);
                return new(Done(made.Count), importer.PathOf(id));
            }
        }
        await ReopenAsync(id, importer);
        return new(Changed, importer.PathOf(id), Failed: true);
    }

    private static Said Done(int count) => new("Đã lưu {0} dòng.", Vietnamese.Number(count));

    /// <summary>What each row became; null when one of them cannot become what was announced.</summary>
    private async Task<List<Made>?> MakeAsync(Tx tx, Import import, Importer importer, TaskProgress progress, CancellationToken ct)
    {
        var sheet = await imports.Kind(import.Kind).OpenAsync(tx, importer, import.Id, ct);
        var lines = await ImportRegister.LinesAsync(tx, import.Id, ct: ct);
        var made = new List<Made>(lines.Count);
        foreach (var line in lines.Where(l => l.Faults == 0))
        {
            ct.ThrowIfCancellationRequested();
            var reading = sheet.Read(line.Cells);
            if (reading.Unchanged && reading.Seen == line.Seen)
                continue;
            if (reading.Faults.Count > 0 || reading.Seen != line.Seen || await sheet.SaveAsync(tx, line.Cells) is not var (key, beside))
                return null;
            made.Add(new Made(line.Row, key, beside, reading.PictureIds.Length));
            await progress.ReportAsync(made.Count, import.Announced);
        }
        return made.Count == import.Announced ? made : null;
    }

    /// <summary>That as many were saved as were announced, the database holds too (<c>import_counts</c>, <c>import_picture_counts</c>).</summary>
    private async Task KeepAsync(Tx tx, Import import, List<Made> made, Importer importer)
    {
        const string lines = """
            update imports.line l set made = r.made, beside = r.beside from jsonb_to_recordset(@rows::jsonb) as r (row int, made text, beside text) where l.import_id = @Id and l.row = r.row
            """;
        await tx.ExecuteAsync(lines, new { import.Id, rows = JsonSerializer.Serialize(made.Select(m => new { row = m.Row, made = m.Key, beside = m.Beside })) });
        await tx.ExecuteAsync("update imports.import set state = 'saved', saved = @Count, pictures_saved = @pictures, saved_at = @now, changed_at = @now where id = @Id", new { import.Id, made.Count, pictures = made.Sum(m => m.Pictures), now = clock.GetUtcNow() });
        await audit.WriteAsync(tx, importer.Actor, "import.save", $"import:{import.Id}", detail: new { import.Kind, rows = made.Count, leftOut = import.Refused });
    }

    private async Task ReopenAsync(Guid id, Importer importer)
    {
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (await ImportRegister.LockAsync(tx, id, importer) is not { State: "saving" } import)
            return;
        await imports.JudgeAsync(tx, id, imports.Kind(import.Kind), await ImportRegister.LinesAsync(tx, id), importer);
        await tx.ExecuteAsync("update imports.import set state = 'checked', problem = @Text where id = @id", new { id, Changed.Text });
        await tx.CommitAsync(CancellationToken.None);
    }

    private sealed record Made(int Row, string Key, string? Beside, int Pictures);
}
