using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Jobs;

namespace SonLaMarket.Imports;

public sealed record CheckImport(Guid Id, Importer Importer);

/// <summary>The dry run: reads a file and says of each row what saving would make of it, or what is wrong.</summary>
public sealed class ImportChecking(ImportRegister imports, PictureTaking pictures, Db db) : ILongTask<CheckImport>
{
    public async Task<TaskResult> RunAsync(CheckImport input, TaskProgress progress, CancellationToken ct)
    {
        var (id, importer) = input;
        if (await ImportRegister.FindAsync(db, id, importer, ct) is not { State: "checking" } import || await ImportRegister.FileAsync(db, id, ct) is not { } file)
            return new(new Said("Tệp này không còn chờ đọc."), importer.PathOf(id));
        try
        {
            var content = SheetFile.Read(file, import.Kind == "" ? imports.KindsFor(importer) : [imports.Kind(import.Kind)]);
            await progress.ReportAsync(0, content.Lines.Count);
            await pictures.DrawAsync(id, importer, ct);
            await using var tx = await db.BeginAsync(CancellationToken.None);
            if (await ImportRegister.LockAsync(tx, id, importer) is not { State: "checking" })
                return new(new Said("Tệp này không còn chờ đọc."), importer.PathOf(id));
            await imports.ReadAsync(tx, id, content, importer);
            await tx.CommitAsync(CancellationToken.None);
            await progress.ReportAsync(content.Lines.Count, content.Lines.Count);
            return new(new Said("Đã đọc {0} dòng.", Vietnamese.Number(content.Lines.Count)), importer.PathOf(id));
        }
        catch (WorkbookRefusedException refused)
        {
            await db.ExecuteAsync("delete from imports.picture where import_id = @id; update imports.import set state = 'unreadable', problem = @Text, problem_args = @Args where id = @id and state = 'checking'", new { id, refused.Why.Text, refused.Why.Args }, CancellationToken.None);
            return new(refused.Why, importer.PathOf(id), Failed: true);
        }
    }
}
